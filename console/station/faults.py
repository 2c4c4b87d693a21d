"""Points at which a test can end the station: each boundary between two stages of an action.

In use, nothing happens at any of them. A test's `Faults` raises a `Killed` there, which no code
of the station catches, abandons the station and opens the same log with a new one.
"""

from __future__ import annotations

from typing import Final

POINTS: Final = (
    "before-draft",
    "after-draft",
    "after-simulation",
    "after-simulated",
    "after-request",
    "before-approval",
    "after-approval",
    "before-prepare",
    "after-prepare",
    "before-envelope",
    "after-envelope",
    "after-send",
    "before-receipt",
    "after-receipt",
    "before-verify",
    "after-final",
    "after-verdict",
    "after-outcome",
    "before-reconcile",
    "after-reconcile",
    "before-commit",
    "after-commit",
)
"""All of them. The last two are the log's own: they come once for each transaction."""


class Killed(BaseException):
    """Stands for the end of the process; outside `Exception`, so that no handler takes it."""


class Faults:
    """Does nothing at any point; a test's own does."""

    def at(self, point: str) -> None:
        """Pass *point*, one of `POINTS`."""


NONE: Final = Faults()
