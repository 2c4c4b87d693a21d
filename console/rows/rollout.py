"""A rollout as rows: the new revision's pods above the old one's, each a block, and what is wrong.

A revision is what its source calls one: a ReplicaSet, a ControllerRevision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adapters.records import App, Health, Revision
from console.rows import gauge, marks, numbers, times
from console.rows.cells import Cell, Tone

MOST = 16
"""Pods of one revision that have a block each."""
OLD = 3
"""Old revisions that are shown: those that have pods still."""


class Bar(NamedTuple):
    """One revision in a rollout: its number, its pods as blocks, and what to say of them."""

    number: str
    blocks: tuple[Cell, ...]
    words: tuple[Cell, ...]


def bars(app: App, revisions: Sequence[Revision], now: float) -> list[Bar]:
    """Return the rollout of *app*, the new revision first; [] where none is under way.

    It is under way while an old revision has pods, or not all of the new one are ready.
    """
    found = sorted(revisions, key=lambda one: -one.number)
    new = next((one for one in found if one.current), None)
    if new is None:
        return []
    old = [one for one in found if not one.current and one.replicas][:OLD]
    wanted = app.desired if app.desired is not None else new.replicas
    short = new.ready is not None and wanted is not None and new.ready < wanted
    if not old and not short:
        return []
    stuck = app.health in (Health.DEGRADED, Health.FAILED)
    return [_new(new, wanted, app.since if stuck else None, now, stuck=stuck), *map(_old, old)]


def _new(one: Revision, wanted: int | None, since: float | None, now: float, *, stuck: bool) -> Bar:
    made, ready = one.replicas or 0, one.ready or 0
    lost = max(0, made - ready)
    missing = max(0, (wanted or 0) - made)
    blocks = _blocks(
        (gauge.USED, ready, "good"),
        # A pod that does not come up is a cross: the row says so without any colour.
        (marks.BAD if stuck else gauge.FREE, lost, "bad" if stuck else "info"),
        ("·", missing, "dim"),
    )
    words = [Cell(f"new  {numbers.of(one.ready, wanted).replace('/', ' of ')} ready")]
    if missing and not lost:
        words.append(Cell(f"{missing} to come", "dim"))
    if stuck:
        lasted = f" {times.duration(now - since)}" if since is not None else ""
        words.append(Cell(f"{marks.BAD} stuck{lasted}", "bad"))
    elif lost:
        words.append(Cell(f"{marks.BUSY} {lost} coming up", "info"))
    return Bar(numbers.count(one.number), blocks, tuple(words))


def _old(one: Revision) -> Bar:
    made, ready = one.replicas or 0, one.ready or 0
    blocks = _blocks((gauge.USED, ready, "dim"), (gauge.FREE, max(0, made - ready), "dim"))
    text = f"old  {numbers.of(one.ready, one.replicas).replace('/', ' of ')} ready"
    return Bar(numbers.count(one.number), blocks, (Cell(text, "dim"), Cell("still there", "dim")))


def _blocks(*parts: tuple[str, int, Tone]) -> tuple[Cell, ...]:
    """Return a block a pod; of more than `MOST`, as many in proportion, none of them unseen."""
    whole = sum(count for _, count, _ in parts)
    if whole <= MOST:
        return tuple(Cell(sign * count, tone) for sign, count, tone in parts if count)
    shown = [(sign, max(1, count * MOST // whole), tone) for sign, count, tone in parts if count]
    return tuple(Cell(sign * count, tone) for sign, count, tone in shown)
