"""`colony why APP`: what an app stands on, what broke first, what changed before, what fits."""

from __future__ import annotations

import argparse

from console.choice import Choice
from console.feed.answers import Why
from console.feed.client import Feed, FeedRefused
from console.feed.messages import Interest
from console.headless.answers import Answers
from console.headless.session import complain, connected, emit, show
from console.rows.why import EXIT, grade, report, why_json
from console.store import clock_of

REFUSED = 21
"""Exit status where the station knows no such app, or several."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print why; exit 0 healthy, 10 degraded, 11 critical, 21 where there is no such app."""
    answers = Answers()

    async def work(feed: Feed) -> int:
        await feed.want([Interest("AdapterStatus")])
        await answers.first(options.wait)  # before that, links would be of half a colony
        try:
            why: Why = await feed.ask("why", Why, app=options.app)
        except FeedRefused as error:
            complain(str(error))
            return REFUSED
        if options.json:
            emit(why_json(why))
        else:
            show(*report(why, clock_of(feed.welcome).now()))
        return EXIT[grade(why)]

    return connected(choice, work, answers.deliver)
