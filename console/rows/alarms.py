"""Alarms as rows, the one number of them that is always on screen, and which are of a thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from adapters.records import Alarm, AlarmSeverity, AlarmState, Key
from console.rows import marks, numbers, sorting, tally, times
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context
from console.rows.summary import WORST_KEPT, Summary
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("severity", "SEVERITY", 8, priority=1),
    Column("thing", "THING", 30, least=24, flex=2, priority=10),
    Column("value", "VALUE", 30, least=24, flex=3, priority=8),
    Column("limit", "LIMIT", 26, least=20, flex=1, priority=4),
    Column("since", "RAISED", 10, priority=7),
    Column("state", "STATE", 14, priority=6),
    Column("by", "BY", 20, least=17, priority=3),
    Column("times", "TIMES", 5, align="right", priority=2),
    Column("rule", "RULE", 16, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = ("thing", "severity", "state", "rule", "value", "by", "name")
EMPTY = "No alarm: everything that is watched is within its limits."
VALUES = (
    Value("name", lambda one: one.name),
    Value("severity", lambda one: one.severity.value),
    Value("state", lambda one: one.state.value),
    Value("thing", lambda one: one.thing),
    Value("rule", lambda one: one.rule),
    Value("value", lambda one: one.value),
    Value("limit", lambda one: one.limit),
    Value("since", lambda one: one.since, "time"),
    Value("returned", lambda one: one.returned, "time"),
    Value("acknowledged_by", lambda one: one.acked_by),
    Value("shelved_until", lambda one: one.shelved_until, "time"),
    Value("times", lambda one: one.times, "number"),
)

RANK: Final = {AlarmSeverity.CRITICAL: 0, AlarmSeverity.WARNING: 1, AlarmSeverity.ADVISORY: 2}
_SHAPES: Final[dict[AlarmSeverity, tuple[str, Tone]]] = {
    AlarmSeverity.CRITICAL: (marks.BAD, "bad"),
    AlarmSeverity.WARNING: (marks.WARN, "warn"),
    AlarmSeverity.ADVISORY: ("◆", "info"),
}
_SIGNS: Final = {
    AlarmState.UNACKNOWLEDGED: "!",
    AlarmState.CLEARED: "↓",
    AlarmState.ACKNOWLEDGED: " ",
    AlarmState.SHELVED: "z",
}
_ORDER: Final = {
    AlarmState.UNACKNOWLEDGED: 0,
    AlarmState.CLEARED: 1,
    AlarmState.ACKNOWLEDGED: 2,
    AlarmState.SHELVED: 3,
}


def shape(severity: AlarmSeverity) -> Cell:
    """Return the shape and tone of *severity*: ✖ ▲ ◆."""
    return Cell(*_SHAPES[severity])


def mark(alarm: Alarm) -> Cell:
    """Return the mark of *alarm*, two cells: how bad, and what people did about it.

    "!" calls, "↓" is gone and calls still, a space was seen, "z" is shelved.
    """
    text, tone = _SHAPES[alarm.severity]
    loud = alarm.state is AlarmState.UNACKNOWLEDGED
    return Cell(text + _SIGNS[alarm.state], tone if loud else "dim" if not calls(alarm) else "info")


def calls(alarm: Alarm) -> bool:
    """Whether somebody is still to look at *alarm*."""
    return alarm.state.calls


def cells(alarm: Alarm, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    said = mark(alarm)
    quiet: Tone = "" if calls(alarm) else "dim"
    return (
        said,
        Cell(str(alarm.severity.value), quiet),
        Cell(alarm.thing, quiet),
        Cell(value_text(alarm), said.tone),
        Cell(alarm.limit, "dim"),
        Cell(times.brief(alarm.since, context.now), quiet),
        Cell(state_text(alarm), said.tone),
        Cell(by_text(alarm, context.now), "dim"),
        Cell(numbers.count(alarm.times), "dim"),
        Cell(alarm.rule, "dim"),
    )


def value_text(alarm: Alarm) -> str:
    """Return what was measured, how far that can be trusted, and what follows from it."""
    doubt = f"{marks.STALE} {alarm.quality}" if alarm.quality else ""
    follow = "follows" if alarm.follows == 1 else "follow"
    more = f"and {alarm.follows} that {follow} from it" if alarm.follows else ""
    return " · ".join(part for part in (doubt, alarm.value, more) if part)


def state_text(alarm: Alarm) -> str:
    """Return where *alarm* stands, with who saw it."""
    if alarm.state is AlarmState.ACKNOWLEDGED and alarm.acked_by:
        return f"seen by {who(alarm.acked_by)}"
    return str(alarm.state.value)


def by_text(alarm: Alarm, now: float) -> str:
    """Return who acknowledged *alarm* and when, or shelved it and until when."""
    if alarm.state is AlarmState.SHELVED:
        return f"{who(alarm.shelved_by)} until {times.brief(alarm.shelved_until, now)}"
    if alarm.state is not AlarmState.ACKNOWLEDGED:
        return ""
    return f"{who(alarm.acked_by)} at {times.brief(alarm.acked_at, now)}"


def who(name: str) -> str:
    """Return a person's name without the host: "ana (ops)" of "ana (ops@tycho)"."""
    person, _, user = name.rpartition(" (")
    user = user.removesuffix(")").partition("@")[0]
    return f"{person} ({user})" if person else user


def order(alarm: Alarm) -> tuple[Any, ...]:
    """Return what sorts what calls to the top, the worst first, the newest first among equals."""
    return (_ORDER[alarm.state], RANK[alarm.severity], -(alarm.since or 0.0), alarm.name)


def sort_key(column: str) -> Callable[[Alarm], Any]:
    """Return the key by which *column* sorts."""
    keys: dict[str, Callable[[Alarm], Any]] = {
        "mark": order,
        "severity": lambda one: (RANK[one.severity], order(one)),
        "value": lambda one: (sorting.told(one.value), order(one)),
        "limit": lambda one: (sorting.told(one.limit), order(one)),
        "since": lambda one: (sorting.known(one.since), one.name),
        "state": lambda one: (_ORDER[one.state], order(one)),
        "by": lambda one: (sorting.told(one.acked_by or one.shelved_by), order(one)),
        "times": lambda one: (-one.times, order(one)),
        "rule": lambda one: (one.rule, order(one)),
    }
    return keys.get(column, lambda one: (sorting.told(one.thing), order(one)))


def haystack(alarm: Alarm) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "thing": alarm.thing,
        "severity": alarm.severity.value,
        "state": alarm.state.value,
        "rule": alarm.rule,
        "value": alarm.value,
        "by": alarm.acked_by or alarm.shelved_by,
        "name": alarm.name,
    }


class Counted(NamedTuple):
    """How many alarms call of how many there are, and the worst of those that do.

    Shelved ones are in neither: they were put aside. `worst` is None where none calls. `known`
    is how many critical ones somebody has seen or put aside.
    """

    calling: int
    total: int
    worst: AlarmSeverity | None
    known: int = 0


def counted(found: Iterable[Alarm]) -> Counted:
    """Count *found*: the one number that is always on screen."""
    calling = total = known = 0
    worst: AlarmSeverity | None = None
    for alarm in found:
        if alarm.severity is AlarmSeverity.CRITICAL and not alarm.state.calls:
            known += 1
        if alarm.state is AlarmState.SHELVED:
            continue
        total += 1
        if alarm.state.calls:
            calling += 1
            if worst is None or RANK[alarm.severity] < RANK[worst]:
                worst = alarm.severity
    return Counted(calling, total, worst, known)


def count(context: Context) -> Counted:
    """Return the count of all alarms that the store has."""
    return counted(context.store.every(Alarm))


def of(key: Key | None, context: Context) -> list[Alarm]:
    """Return the alarms of the thing *key*, or the one that it is, the loudest first."""
    if key is None:
        return []
    if key.kind == "Alarm":
        found = context.store.get(key)
        return [found] if isinstance(found, Alarm) else []
    return sorted((one for one in context.store.every(Alarm) if one.about == key), key=order)


def summary(context: Context) -> Summary:
    """Return the alarms in a line of the overview: how many call, how many there are, the worst."""
    found = sorted(context.store.every(Alarm), key=order)
    one = counted(found)
    shelved = len(found) - one.total
    counts = [Cell(tally.beside(one.calling, one.total), _tone(one))] if one.total else []
    if shelved:
        counts.append(Cell(f"{shelved} shelved", "dim"))
    words = [Cell(f"{mark(each).text.strip()} {each.thing}", mark(each).tone)
             for each in found[:WORST_KEPT] if each.state is not AlarmState.SHELVED]  # fmt: skip
    return Summary("alarms", "Alarms", tuple(counts) or (Cell("none", "good"),), tuple(words))


def _tone(one: Counted) -> Tone:
    return _SHAPES[one.worst][1] if one.worst is not None else "dim"
