"""Comparisons in a filter: `restarts:>3`, `power:<2kW`, `age:>1h`, `since:>14:00`, `ready:?`.

What a record does not say meets no comparison but `?`: an unknown number is never 0.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from console.rows.times import DAY, HOUR, MINUTE
from console.rows.values import Value, number

UNKNOWN = "?"
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_BEGINS = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)
_NUMBER = re.compile(
    r"([+-]?\d{1,30}(?:[.]\d{1,30})?)\s?(k|M|G|T)?(wh|w|v|a|hz|%|°c|c|ether|gwei|wei)?",
    re.ASCII | re.IGNORECASE,
)
_PREFIXES = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_AMOUNTS = {"ether": 1.0, "": 1.0, "gwei": 1e-9, "wei": 1e-18}
_SPAN = re.compile(r"(?:\d{1,9}(?:[.]\d{1,9})?(?:min|s|m|h|d))+", re.ASCII)
_PART = re.compile(r"(\d{1,9}(?:[.]\d{1,9})?)(min|s|m|h|d)", re.ASCII)
_SECONDS = {"s": 1, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?z?", re.ASCII | re.IGNORECASE)


class Comparison(NamedTuple):
    """One condition on a value. `than` is in the unit of `values.number`.

    With `ago`, `than` is how many seconds ago a moment was, else the moment itself; with `clock`
    it is the last time when the clock said so, in seconds since midnight. `sign` is `UNKNOWN` where
    only what is not known is wanted.
    """

    value: Value
    sign: str
    than: float = 0.0
    ago: bool = False
    clock: bool = False
    negated: bool = False

    def matches(self, record: Any, now: float) -> bool:
        """Whether *record* meets this condition at *now*, seconds since the epoch."""
        found = number(self.value, record)
        if self.sign == UNKNOWN:
            return (found is None) is not self.negated
        if found is None:
            return self.negated
        if self.ago:
            found = now - found
        than = self.than
        if self.clock:
            than += now // DAY * DAY
            than -= DAY if than > now else 0
        return _OPERATORS[self.sign](found, than) is not self.negated


def parse_comparison(text: str, value: Value, *, negated: bool = False) -> Comparison | str:
    """Return what *text*, the part after the colon, asks of *value*; else a line on what is wrong.

    Without a sign it is equal to.
    """
    if text.strip() == UNKNOWN:
        return Comparison(value, UNKNOWN, negated=negated)
    match = _BEGINS.fullmatch(text)
    sign, wanted = (match.group(1) or "", match.group(2).strip()) if match else ("", text)
    if value.sort in ("time", "seconds", "hours"):
        return _of_time(sign, wanted, value, negated)
    found = _NUMBER.fullmatch(wanted)
    if found is None:
        return f"{value.name}: wants a number, as in {value.name}:>3"
    than = float(found[1]) * _PREFIXES[(found[2] or "").lower()]
    if value.sort == "wei":
        than *= _AMOUNTS.get((found[3] or "").lower(), 1.0)
    return Comparison(value, sign or "=", than, negated=negated)


def _of_time(sign: str, wanted: str, value: Value, negated: bool) -> Comparison | str:
    if value.sort == "time":
        error = (
            f"{value.name}: wants how long ago, or a moment: {value.name}:>1h, {value.name}:>14:00"
        )
    else:
        error = f"{value.name}: wants a span, as in {value.name}:>1h"
    if value.sort == "time" and not sign:
        return error
    span = seconds(wanted)
    if span is None and value.sort != "time" and re.fullmatch(r"\d{1,9}([.]\d{1,9})?", wanted):
        span = float(wanted) * (HOUR if value.sort == "hours" else 1)
    if span is not None:
        return Comparison(value, sign or "=", span, ago=value.sort == "time", negated=negated)
    if value.sort != "time":
        return error
    clock = _CLOCK.fullmatch(wanted)
    if clock is not None:
        hours, minutes, rest = (int(part or 0) for part in clock.groups())
        begun = float(hours * HOUR + minutes * MINUTE + rest)
        return Comparison(value, sign, begun, clock=True, negated=negated)
    try:
        at = datetime.fromisoformat(wanted.upper())
        than = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return error
    return Comparison(value, sign, than, negated=negated)


def seconds(text: str) -> float | None:
    """Return the span that *text* is ("90s", "5m", "1h30m", "2d"), None where it is none."""
    if not _SPAN.fullmatch(text):
        return None
    return sum((float(many) * _SECONDS[unit] for many, unit in _PART.findall(text)), 0.0)
