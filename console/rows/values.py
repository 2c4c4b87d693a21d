"""What a record says, as values under names: what is saved, and what a filter compares.

A cell is made to be read ("3 d", "12.1 kW"); a value is what the record has (a moment, watts).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from console.rows import amounts, times

Sort: TypeAlias = Literal["text", "number", "time", "seconds", "hours", "wei"]
"""What a value is: text (also of several words, and yes or no), a number, a moment in seconds
since the epoch, a span, or an amount in wei as decimal text."""


class Value(NamedTuple):
    """One value of a record. `of` returns it, None or "" where the record does not say.

    `unit` is that of a number; `also` are the names under which a filter finds it, too.
    """

    name: str
    of: Callable[[Any], Any]
    sort: Sort = "text"
    unit: str = ""
    also: tuple[str, ...] = ()


def values_of(rows: Any) -> Sequence[Value]:
    """Return the values of *rows*, a module or an object for one kind of record; none if it has
    none.
    """
    found: Sequence[Value] = getattr(rows, "VALUES", ())
    return found


def measures(values: Sequence[Value]) -> dict[str, Value]:
    """Return those of *values* that can be compared, by every name that they have."""
    return {
        name: one for one in values if one.sort != "text" for name in (one.name, *one.also)
    }  # fmt: skip


def number(value: Value, record: Any) -> float | None:
    """Return *value* of *record* to compare: seconds of what is time, ether of wei.

    None where the record does not say, and where what it says is no number.
    """
    found = value.of(record)
    if value.sort == "wei":
        wei = amounts.wei_of(found or "")
        return None if wei is None else wei / amounts.ETHER
    if not isinstance(found, (int, float)):
        return None
    try:
        known = float(found)
    except OverflowError:
        return None
    if not math.isfinite(known):
        return None
    return known * times.HOUR if value.sort == "hours" else known


def plain(value: Value, record: Any) -> Any:
    """Return *value* of *record* as a file has it: None where it is not known, times as ISO 8601.

    Several texts are a list; numbers are numbers.
    """
    found = value.of(record)
    if value.sort == "time":
        return times.iso(found, milliseconds=True) if isinstance(found, (int, float)) else None
    if isinstance(found, float) and not math.isfinite(found):
        return None
    if found is None or found == "":
        return None
    if isinstance(found, (bool, int, float)):
        return found
    if isinstance(found, (tuple, list)):
        return [str(one) for one in found]
    return str(found)


def quality_values(quality: str, since: float | None) -> Mapping[str, Any]:
    """Return how far a record can be trusted, as a file has it beside the values."""
    return {"quality": quality, "quality_since": times.iso(since, milliseconds=True)}
