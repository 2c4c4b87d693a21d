"""`colony alarms`: list them, acknowledge, shelve, or take one off the shelf."""

from __future__ import annotations

import argparse
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


def run(choice: Choice, options: argparse.Namespace) -> int:
    """List the alarms, or do something about some; exit 21 if the station says no."""
    answers = Answers()
    what = options.what or "list"

    async def work(feed: Feed) -> int:
        answers.store.clock = clock_of(feed.welcome)
        try:
            if what == "list":
                return await _list(feed, answers, options)
            return await _do(feed, what, options)
        except FeedRefused as error:
            complain(str(error))
            return REFUSED

    return connected(choice, work, answers.deliver)


async def _list(feed: Feed, answers: Answers, options: argparse.Namespace) -> int:
    kinds = ("AdapterStatus", "Scope", "Alarm")
    await feed.want([Interest(kind) for kind in kinds])
    await answers.first()
    found = sorted(answers.store.every(Alarm), key=alarms.order)
    counted = alarms.counted(found)
    if options.json:
        emit({"unacknowledged": counted.calling, "total": counted.total,
              "alarms": [alarm_json(one) for one in found]})  # fmt: skip
        return 0
    now = answers.store.clock.now()
    show(*([as_line(one, now) for one in found] or ["no alarm"]))
    return 0


async def _do(feed: Feed, what: str, options: argparse.Namespace) -> int:
    if what == "ack":
        said: Any = await feed.ask("alarm.ack", names=options.names)
        refused = list(said.get("refused", ()))
        for line in refused:
            complain(str(line))
        if options.json:
            emit(said)
        else:
            tell(*(f"{name}: acknowledged" for name in said.get("acknowledged", ())))
        return REFUSED if refused else 0
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
