"""`colony alarms`: list them, acknowledge, shelve, or take one off the shelf."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from adapters.records import Alarm, AlarmState
from console.choice import Choice
from console.feed.client import Feed, FeedRefused
from console.feed.messages import Interest
from console.headless.answers import Answers
from console.headless.session import complain, connected, emit, show, tell
from console.rows import alarms
from console.rows.status import alarm_json
from console.store import clock_of

REFUSED = 21
"""Exit status where the station says no."""
AT_ONCE = 50
"""Alarms that the station is asked to acknowledge in one go: each is written before it answers."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """List the alarms, or do something about some; exit 21 if the station says no."""
    answers = Answers()
    what = options.what or "list"

    async def work(feed: Feed) -> int:
        answers.store.clock = clock_of(feed.welcome)
        try:
            if what == "list":
                return await _list(feed, answers, options)
            if what == "ack":
                names = await _calling(feed, answers) if options.all else options.names
                return await _acknowledge(feed, names, options)
            return await _do(feed, what, options)
        except FeedRefused as error:
            complain(str(error))
            return REFUSED

    return connected(choice, work, answers.deliver)


async def _all(feed: Feed, answers: Answers) -> list[Alarm]:
    """Return all alarms that there are now, what calls first."""
    kinds = ("AdapterStatus", "Scope", "Alarm")
    await feed.want([Interest(kind) for kind in kinds])
    await answers.first()
    return sorted(answers.store.every(Alarm), key=alarms.order)


async def _calling(feed: Feed, answers: Answers) -> list[str]:
    return [one.name for one in await _all(feed, answers) if alarms.calls(one)]


async def _list(feed: Feed, answers: Answers, options: argparse.Namespace) -> int:
    found = await _all(feed, answers)
    counted = alarms.counted(found)
    if options.json:
        emit({"unacknowledged": counted.calling, "total": counted.total,
              "alarms": [alarm_json(one) for one in found]})  # fmt: skip
        return 0
    now = answers.store.clock.now()
    show(*([as_line(one, now) for one in found] or ["no alarm"]))
    return 0


async def _acknowledge(feed: Feed, names: Sequence[str], options: argparse.Namespace) -> int:
    done: list[str] = []
    refused: list[str] = []
    for at in range(0, len(names), AT_ONCE):
        some = names[at : at + AT_ONCE]
        try:
            said: Any = await feed.ask("alarm.ack", names=some)
        except FeedRefused as error:
            refused.append(str(error))
            continue
        done += said.get("acknowledged", ())
        refused += said.get("refused", ())
        if not options.json:
            tell(*(f"{name}: acknowledged" for name in said.get("acknowledged", ())))
    for line in refused:
        complain(line)
    if options.json:
        emit({"acknowledged": done, "refused": refused})
    elif not names:
        tell("no alarm waits for anybody")
    return REFUSED if refused else 0


async def _do(feed: Feed, what: str, options: argparse.Namespace) -> int:
    topic = "alarm.shelve" if what == "shelve" else "alarm.unshelve"
    given: dict[str, Any] = {"name": options.name}
    if what == "shelve":
        given |= {"minutes": options.minutes, "reason": options.reason}
    alarm = await feed.ask(topic, Alarm, **given)
    if options.json:
        emit(alarm_json(alarm))
    else:
        tell(f"{alarm.name}: {alarm.state.value if what == 'shelve' else 'taken off the shelf'}")
    return 0


def as_line(alarm: Alarm, now: float) -> str:
    """Return an alarm as a line for a person: what calls begins with "!"."""
    by = alarms.by_text(alarm, now)
    state = alarm.state.value if not by else f"{alarm.state.value} by {by}"
    if alarm.state is AlarmState.SHELVED:
        state += f" “{alarm.shelved_reason}”"
    return (
        f"{alarms.mark(alarm).text}  {alarm.severity.value:<8}  {alarm.name}  "
        f"{alarms.value_text(alarm)}  (limit {alarm.limit})  {state}"
    )
