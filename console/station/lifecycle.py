"""The one state machine of every action: which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.records import ActionState as S

# Where entries of the log were lost, what was not sent as far as it says may have been sent:
# that is unknown too, and stays so.
FOLLOWS: Final[Mapping[S | None, frozenset[S]]] = {
    None: frozenset({S.DRAFT}),
    S.DRAFT: frozenset({S.SIMULATED, S.REFUSED, S.CANCELLED, S.FAILED, S.TIMED_OUT, S.UNKNOWN}),
    S.SIMULATED: frozenset(
        {S.REQUESTED, S.APPROVED, S.REFUSED, S.CANCELLED, S.TIMED_OUT, S.UNKNOWN}
    ),
    S.REQUESTED: frozenset({S.APPROVED, S.REFUSED, S.CANCELLED, S.TIMED_OUT, S.UNKNOWN}),
    S.APPROVED: frozenset({S.SUBMITTED, S.REFUSED, S.CANCELLED, S.FAILED, S.TIMED_OUT, S.UNKNOWN}),
    S.SUBMITTED: frozenset({S.INCLUDED, S.REFUSED, S.FAILED, S.UNKNOWN}),
    S.UNKNOWN: frozenset({S.INCLUDED, S.FAILED}),
    S.INCLUDED: frozenset({S.FINAL, S.VERIFIED, S.NOT_VERIFIED, S.TIMED_OUT}),
    S.FINAL: frozenset({S.VERIFIED, S.NOT_VERIFIED, S.TIMED_OUT}),
    S.VERIFIED: frozenset(),
    S.NOT_VERIFIED: frozenset(),
    S.REFUSED: frozenset(),
    S.CANCELLED: frozenset(),
    S.FAILED: frozenset(),
    S.TIMED_OUT: frozenset(),
}

WINDOWS: Final[Mapping[S, float]] = {
    S.DRAFT: 15.0,
    S.SIMULATED: 900.0,
    S.REQUESTED: 900.0,
    S.APPROVED: 15.0,
    S.SUBMITTED: 30.0,
}
"""Seconds in which a stage is followed by the next one, or the action ends or is in doubt.

A form and a simulation; a person; a second person; the last check; the real system's answer. How
long an effect may take (included, final) is the action's own to say: `Preview.window`.
"""

SENT: Final = frozenset({S.INCLUDED, S.FINAL, S.VERIFIED, S.NOT_VERIFIED})
"""The states that only an action which the real system accepted can reach."""

OPEN: Final = tuple(state for state, after in FOLLOWS.items() if state is not None and after)
"""The states that a station which starts must go on from. UNKNOWN is one: it is asked again."""


class WrongStep(RuntimeError):
    """A state was to follow one that it cannot follow: a fault of the station's own."""


def step(before: S | None, after: S) -> None:
    """Check that *after* may follow *before*; raises `WrongStep`."""
    if after not in FOLLOWS[before]:
        raise WrongStep(f"an action cannot be {after} after {before or 'nothing'}")
