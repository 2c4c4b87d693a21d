"""An alarm's page as plain data: what it says, whose it is, and what happened to it."""

from __future__ import annotations

from adapters.records import Alarm, AlarmState
from console.rows import alarms, marks, numbers, times
from console.rows.context import Context
from console.screens.labelled import labelled
from console.widgets.spans import Row, line, row, rule, spread

_CALLS = {
    AlarmState.UNACKNOWLEDGED: "nobody has seen it yet",
    AlarmState.CLEARED: "its cause is gone, and nobody has seen it yet",
    AlarmState.ACKNOWLEDGED: "seen; it goes when its cause does",
    AlarmState.SHELVED: "put aside",
}


def alarm_rows(alarm: Alarm, context: Context, width: int) -> list[Row]:
    """Return the page of *alarm* in *width* cells."""
    now = context.now
    mark = alarms.mark(alarm)
    right = line((str(alarm.state.value), mark.tone), " ")
    head = line((f" {mark.text} ", mark.tone), (alarm.thing, "title"),
                (f"   {alarm.severity.value}", mark.tone))  # fmt: skip
    rows = [Row(spread(head, right, width)), row(f"    {_CALLS[alarm.state]}"), Row(())]
    rows += labelled("value", alarms.value_text(alarm), mark.tone, width)
    rows += labelled("limit", alarm.limit, "", width)
    rows += labelled("raised", times.when(alarm.since, now), "", width)
    if alarm.times > 1:
        rows += labelled("", f"{numbers.count(alarm.times)} times so far", "warn", width)
    if alarm.returned is not None:
        rows += labelled("returned", times.when(alarm.returned, now), "", width)
    if alarm.acked_by:
        said = f"{alarm.acked_by}, {times.when(alarm.acked_at, now)}"
        rows += labelled("acknowledged by", said, "", width)
    if alarm.state is AlarmState.SHELVED:
        until = f"{alarm.shelved_by}, until {times.utc(alarm.shelved_until, now)}"
        rows += labelled("shelved by", until, "", width)
        rows += labelled("why", alarm.shelved_reason or marks.NOTHING, "", width)
    if alarm.about is not None:
        known = context.store.get(alarm.about) is not None
        hint = "enter opens it" if known else "not known here any more"
        target = alarm.about if known else None
        rows += labelled("thing", alarm.thing, "", width, target=target, hint=hint)
    rows += labelled("rule", alarm.rule, "dim", width)
    rows += labelled("name", alarm.name, "dim", width)
    rows += [Row(()), rule(width, line(("HISTORY", "title"), (f"  {len(alarm.history)}", "dim")))]
    for one in reversed(alarm.history):
        who = f"by {one.who}" if one.who else ""
        text = "   ".join(part for part in (one.what, who, one.text) if part)
        rows += labelled(times.utc(one.at, now), text, "", width)
    return rows
