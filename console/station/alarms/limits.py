"""When a value is beyond its limit: a state machine with persistence and hysteresis.

Pure: a watch is stepped with a reading and the time. What is not known neither raises nor clears.
"""

from __future__ import annotations

import enum
import math
from typing import Any, NamedTuple


class Side(enum.Enum):
    """Where a value stands: beyond its limit, between that and where it clears, clear, unknown."""

    BEYOND = enum.auto()
    BETWEEN = enum.auto()
    CLEAR = enum.auto()
    UNKNOWN = enum.auto()


class Limit(NamedTuple):
    """What a value should not be: at or `above`, at or `below`, or one of `equals`.

    It clears below `clear` (above it, for one that is `below`), by default as soon as it is not
    beyond any more. Of `equals`, `clears` names what clears it, by default anything else that is
    known. It has to be beyond for `seconds` and for `samples` readings before it counts.
    """

    above: float | None = None
    below: float | None = None
    equals: tuple[Any, ...] = ()
    clear: float | None = None
    clears: tuple[Any, ...] = ()
    seconds: float = 0.0
    samples: int = 1

    def side(self, value: Any) -> Side:
        """Return where *value* stands. None, and no number where one is meant, is not known."""
        if value is None:
            return Side.UNKNOWN
        if self.equals:
            if value in self.equals:
                return Side.BEYOND
            return Side.CLEAR if not self.clears or value in self.clears else Side.BETWEEN
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not _finite(value):
            return Side.UNKNOWN
        if self.above is not None:
            if value >= self.above:
                return Side.BEYOND
            return Side.BETWEEN if self.clear is not None and value >= self.clear else Side.CLEAR
        if self.below is not None:
            if value <= self.below:
                return Side.BEYOND
            return Side.BETWEEN if self.clear is not None and value <= self.clear else Side.CLEAR
        return Side.UNKNOWN


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer that no float can hold is a number all the same
        return True


class Verdict(enum.Enum):
    """What a step came to."""

    NOTHING = enum.auto()
    RAISED = enum.auto()
    RETURNED = enum.auto()


class Watch:
    """One value under one limit. `raised` is whether it is beyond now, as far as is known.

    `since` is from when on it was beyond (None while it is not, or not known), in monotonic
    seconds; `seen` how many readings in a row were. `lost` is since when a value that was known
    is not, None while it is.
    """

    __slots__ = ("known", "lost", "raised", "seen", "since")

    def __init__(self, *, raised: bool = False) -> None:
        self.raised = raised
        self.since: float | None = None
        self.seen = 0
        self.known = False
        self.lost: float | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing goes on: neither beyond, nor about to be, nor lost."""
        return not self.raised and not self.seen and self.lost is None

    @property
    def pending(self) -> bool:
        """Whether it is beyond, and not yet for long enough."""
        return self.seen > 0 and not self.raised

    def step(
        self, limit: Limit, value: Any, now: float, *, sample: bool = True, lasted: float = 0.0
    ) -> Verdict:
        """Take a reading in; *sample* is whether it is a new one, and not the last looked at again.

        *lasted* is for how long its source says that it is so, in seconds. Beside that, the time
        for which nothing was known does not count: it begins anew.
        """
        side = limit.side(value)
        if side is Side.UNKNOWN:
            self.since = None
            if self.known and self.lost is None:
                self.lost = now
            return Verdict.NOTHING
        self.known, self.lost = True, None
        if self.raised:
            if side is not Side.CLEAR:
                return Verdict.NOTHING
            self.raised, self.seen, self.since = False, 0, None
            return Verdict.RETURNED
        if side is not Side.BEYOND:
            self.seen, self.since = 0, None
            return Verdict.NOTHING
        self.since = min(now if self.since is None else self.since, now - lasted)
        if sample or not self.seen:
            self.seen += 1
        if now - self.since >= limit.seconds and self.seen >= limit.samples:
            self.raised = True
            return Verdict.RAISED
        return Verdict.NOTHING
