"""Actions as rows, and their stages as a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import ActionState, ActionStatus, Stage
from console.related import started_at
from console.rows import marks, sorting, times, waiting
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("id", "ID", 8, least=5, priority=8),
    Column("action", "ACTION", 14, least=13, priority=7),
    Column("target", "TARGET", 30, least=18, flex=1, priority=10),
    Column("state", "STATE", 12, priority=9),
    Column("why", "PROGRESS", 30, least=22, flex=2, priority=6),
    Column("who", "WHO", 10, least=6, priority=4),
    Column("started", "STARTED", 9, priority=5),
    Column("code", "CODE", 8, priority=1),
    Column("reason", "REASON", 20, least=18, flex=1, priority=0),
)
DEFAULT_SORT = "started"
FIELDS = ("id", "action", "target", "state", "who", "why", "reason", "code", "significance", "app")
BEGIN = "{rollback} rolls an app back, {call} calls a contract"
EMPTY = f"No actions yet: {BEGIN}."
VALUES = (
    Value("id", lambda one: one.name),
    Value("action", lambda one: one.action),
    Value("title", lambda one: one.title),
    Value("target", lambda one: one.target),
    Value("arguments", lambda one: tuple(f"{name}={value}" for name, value in one.arguments)),
    Value("state", lambda one: one.state),
    Value("why", lambda one: progress_text(one)),
    Value("who", lambda one: one.actor),
    Value("approved_by", lambda one: tuple(
        each.who for each in one.approvals if each.decision == "approved"
    )),
    Value("started", lambda one: started_at(one) or None, "time", also=("age",)),
    Value("ended", lambda one: one.stages[-1].at if one.stages and one.state.ended else None,
          "time"),
    Value("code", lambda one: one.code),
    Value("significance", lambda one: one.significance),
    Value("reason", lambda one: one.reason),
    Value("leaf", lambda one: one.leaf, "number"),
)  # fmt: skip


def cells(action: ActionStatus, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(action)
    mark = marks.of_action(action.state)
    tone: Tone = mark.tone
    row = (
        Cell(action.name, "accent"),
        Cell(action.action),
        Cell(target_text(action)),
        Cell(str(action.state), tone),
        _progress(action, context, with_doubt("", quality, since, context.now)),
        Cell(action.actor or marks.NOTHING),
        Cell(times.utc(started_at(action) or None, context.now)),
        Cell(action.code or marks.NOTHING, "dim"),
        Cell(action.reason, "dim"),
    )  # fmt: skip
    return (marked(mark, quality), *dressed(row, quality))


def target_text(action: ActionStatus) -> str:
    """Return what the action is aimed at, with what it would make of it."""
    wanted = dict(action.arguments).get("to", "")
    if action.records:
        return f"{action.target or action.title}: the record of {action.records}"
    if wanted:
        return f"{action.target} → {wanted}"
    # A title that names the target says what becomes of it, too.
    return action.title if action.target in action.title else action.target


def _progress(action: ActionStatus, context: Context, doubt: str) -> Cell:
    """Return for whom it waits and how long that is still worth it, else how far it is."""
    text, tone = progress_text(action), marks.of_action(action.state).tone
    words: tuple[str, ...] = (doubt, text)
    waits = waiting.waits_for(action, context.me, context.now)
    if waits:
        words = (doubt, waits, waiting.left(action, context.now))
        tone = "warn" if waits.startswith("for you") else ""
    elif not action.state.ended:
        tone = ""
    if any(one.glass for one in action.approvals):
        words = (doubt, "by break-glass", *words[1:])
    return Cell(" · ".join(part for part in words if part), tone)


def progress_text(action: ActionStatus) -> str:
    """Return how far it is, or how it ended and why."""
    return action.outcome if action.state.ended and action.outcome else (
        action.progress or action.outcome or (action.stages[-1].detail if action.stages else "")
    )  # fmt: skip


def stage_names(action: ActionStatus) -> list[str]:
    """Return the stages that *action* goes through; requested where it needs a second person."""
    names = [str(stage) for stage in Stage]
    requested = any(one.state is ActionState.REQUESTED for one in action.stages)
    if requested or (action.needs or 0) > 1:
        names.insert(names.index("simulated") + 1, "requested")
    return names


def took(action: ActionStatus, now: float) -> dict[str, str]:
    """Return, by stage, how long it lasted; of the one it is in, how long so far and is left."""
    found: dict[str, str] = {}
    for one, after in zip(action.stages, action.stages[1:], strict=False):
        found[str(one.state)] = times.duration(after.at - one.at)
    if action.stages and not action.state.ended:
        last = action.stages[-1]
        so_far = times.duration(max(0.0, now - last.at))
        left = waiting.left(action, now)
        found[str(last.state)] = f"{so_far}, {left}" if left else so_far
    return found


def stages(action: ActionStatus) -> list[tuple[str, Cell, float | None, str]]:
    """Return every stage in order: its name, its mark, when it was reached, a line on it.

    A stage that was reached is ticked; the one under way has a busy mark; where the action ended
    otherwise, that end follows the last stage that was reached.
    """
    reached = {str(stage.state): stage for stage in action.stages}
    found: list[tuple[str, Cell, float | None, str]] = []
    order = stage_names(action)
    waits = action.state.in_flight or action.state is ActionState.REQUESTED
    last = max((i for i, stage in enumerate(order) if stage in reached), default=-1)
    for i, stage in enumerate(order):
        one = reached.get(stage)
        if one is not None:
            found.append((stage, Cell(marks.GOOD, "good"), one.at, one.detail))
        elif action.state.ended and i > last:
            found.append((stage, Cell(" ", "dim"), None, ""))
        elif i == last + 1 and waits:
            found.append((stage, Cell("⋯", "info"), None, action.progress))
        else:
            found.append((stage, Cell(" ", "dim"), None, ""))
    if action.state.ended and action.state is not ActionState.VERIFIED:
        end = reached.get(str(action.state))
        at = end.at if end is not None else None
        detail = (end.detail if end is not None else "") or action.outcome
        found.insert(last + 1, (str(action.state), marks.of_action(action.state), at, detail))
    return found


def sort_key(column: str) -> Callable[[ActionStatus], Any]:
    """Return the key by which *column* sorts; actions sort what is under way, then the newest."""
    keys: dict[str, Callable[[ActionStatus], Any]] = {
        "mark": lambda one: (one.state.ended, _newest(one)),
        "id": lambda one: sorting.natural(one.name),
        "action": lambda one: (one.action, _newest(one)),
        "target": lambda one: (sorting.natural(one.target), _newest(one)),
        "state": lambda one: (one.state, _newest(one)),
        "why": lambda one: (sorting.told(progress_text(one)), _newest(one)),
        "who": lambda one: (sorting.told(one.actor), _newest(one)),
        "code": lambda one: (sorting.told(one.code), _newest(one)),
        "reason": lambda one: (sorting.told(one.reason), _newest(one)),
    }
    return keys.get(column, _newest)


def _newest(action: ActionStatus) -> tuple[Any, ...]:
    return (-started_at(action), action.name)


def haystack(action: ActionStatus) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "id": action.name,
        "action": action.action,
        "target": target_text(action),
        "state": action.state,
        "who": " ".join((action.actor, *(one.who for one in action.approvals))),
        "why": progress_text(action),
        "reason": " ".join((action.reason, *(one.reason for one in action.approvals))),
        "code": action.code,
        "significance": action.significance,
        "app": dict(action.arguments).get("app", ""),
    }
