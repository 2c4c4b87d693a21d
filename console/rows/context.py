"""What a row is seen in: the store around the record, and the moment."""

from collections.abc import Iterable
from typing import NamedTuple

from adapters.records import Quality, Record
from console.bound import USUAL, Bound
from console.roles import Role
from console.rows import marks, times
from console.rows.cells import Cell
from console.store import Store


class Me(NamedTuple):
    """Who looks: the user's number, None where that is not known, and what they may do.

    `glass` is until when they need no second person, None while their glass is whole.
    """

    uid: int | None = None
    role: Role = Role.VIEWER
    glass: float | None = None


class Context(NamedTuple):
    """The store, for joins and quality, now in seconds since the epoch, colony time, who
    looks, and which keys they have."""

    store: Store
    now: float
    me: Me = Me()
    keys: Bound = USUAL


def doubt(record: Record, context: Context) -> str:
    """Return why the values of *record* cannot be trusted now, "" where they can."""
    return quality_text(*context.store.quality(record), context.now)


def quality_text(quality: Quality, since: float | None, now: float) -> str:
    """Return "stale since 13:56:12Z", "never received" and so on, "" for fresh."""
    if quality is Quality.FRESH:
        return ""
    if since is None:
        return str(quality)
    return f"{quality} since {times.utc(since, now)}"


def marked(mark: Cell, quality: Quality) -> Cell:
    """Return a mark of two cells: what is known, and how far that can be trusted."""
    trust = marks.of_quality(quality)
    if quality is Quality.FRESH:
        return Cell(mark.text + " ", mark.tone)
    return Cell(mark.text + trust.text, trust.tone)


def dressed(cells: Iterable[Cell], quality: Quality) -> tuple[Cell, ...]:
    """Return *cells* as they are where they are fresh, else all in the tone of their quality."""
    if quality is Quality.FRESH:
        return tuple(cells)
    tone = marks.of_quality(quality).tone
    return tuple(Cell(cell.text, tone) for cell in cells)


def with_doubt(reason: str, quality: Quality, since: float | None, now: float) -> str:
    """Return *reason* after what makes it doubtful."""
    return " · ".join(part for part in (quality_text(quality, since, now), reason) if part)
