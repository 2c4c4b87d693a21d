"""The shapes beside the colours: one cell wide each, told apart without any colour."""

from __future__ import annotations

from adapters.records import ActionState, AdapterState, Health, Quality, ScopeState
from console.rows.cells import Cell, Tone

GOOD, WARN, BAD, BUSY, IDLE, UNKNOWN = "✔", "▲", "✖", "●", "◌", "?"
WAITS = "⚑"
STALE, INVALID, DARK, SUN = "◔", "!", "☾", "☼"
NOTHING = "—"
"""What stands for a value that was never received; it is never 0 and never empty."""

_HEALTH: dict[Health, Cell] = {
    Health.HEALTHY: Cell(GOOD, "good"),
    Health.PROGRESSING: Cell(BUSY, "info"),
    Health.DEGRADED: Cell(WARN, "warn"),
    Health.FAILED: Cell(BAD, "bad"),
    Health.IDLE: Cell(IDLE, "dim"),
    Health.UNKNOWN: Cell(UNKNOWN, "unknown"),
}
_ADAPTER: dict[AdapterState, Cell] = {
    AdapterState.STARTING: Cell(BUSY, "info"),
    AdapterState.LIVE: Cell(GOOD, "good"),
    AdapterState.DEGRADED: Cell(WARN, "warn"),
    AdapterState.DOWN: Cell(BAD, "bad"),
    AdapterState.STOPPED: Cell(IDLE, "dim"),
}
_SCOPE: dict[ScopeState, Cell] = {
    ScopeState.NEVER: Cell(IDLE, "dim"),
    ScopeState.LIVE: Cell(GOOD, "good"),
    ScopeState.STALE: Cell(STALE, "warn"),
    ScopeState.DENIED: Cell(BAD, "warn"),
    ScopeState.ABSENT: Cell(IDLE, "dim"),
}
_ACTION: dict[ActionState, Cell] = {
    ActionState.DRAFT: Cell(IDLE, "dim"),
    ActionState.SIMULATED: Cell(IDLE, "accent"),
    ActionState.REQUESTED: Cell(WAITS, "warn"),
    ActionState.VERIFIED: Cell(GOOD, "good"),
    ActionState.NOT_VERIFIED: Cell(BAD, "bad"),
    ActionState.REFUSED: Cell(BAD, "warn"),
    ActionState.CANCELLED: Cell(IDLE, "dim"),
    ActionState.FAILED: Cell(BAD, "bad"),
    ActionState.TIMED_OUT: Cell(BAD, "bad"),
    ActionState.UNKNOWN: Cell(UNKNOWN, "bad"),
}
_QUALITY: dict[Quality, str] = {
    Quality.FRESH: " ",
    Quality.STALE: STALE,
    Quality.NEVER: NOTHING,
    Quality.INVALID: INVALID,
    Quality.DARK: DARK,
}
_QUALITY_TONE: dict[Quality, Tone] = {
    Quality.FRESH: "good",
    Quality.STALE: "stale",
    Quality.NEVER: "dim",
    Quality.INVALID: "bad",
    Quality.DARK: "dim",
}


def of_health(health: Health) -> Cell:
    """Return the mark of an app's or another thing's health."""
    return _HEALTH[health]


def of_adapter(state: AdapterState) -> Cell:
    """Return the mark of an adapter's state."""
    return _ADAPTER[state]


def of_scope(state: ScopeState) -> Cell:
    """Return the mark of a scope's state."""
    return _SCOPE[state]


def of_action(state: ActionState) -> Cell:
    """Return the mark of an action's state. What is under way never looks like success."""
    return _ACTION.get(state, Cell(BUSY, "info"))


def of_quality(quality: Quality) -> Cell:
    """Return the mark of a value's quality; a fresh one's is a space."""
    return Cell(_QUALITY[quality], _QUALITY_TONE[quality])
