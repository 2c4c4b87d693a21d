"""An app's revisions as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import Revision
from console.rows import gauge, marks, numbers, sorting, times
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, doubt, dressed, marked
from console.rows.values import Value

PODS = 8
"""Cells of the pods' blocks."""

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("number", "REV", 4, align="right", priority=10),
    Column("image", "IMAGE", 28, least=16, flex=1, priority=8),
    Column("pods", "READY", 5, align="right", priority=5),
    Column("bar", "", PODS, priority=4),
    Column("age", "AGE", 5, align="right", priority=7),
    Column("created", "CREATED", 10, priority=3),
    Column("cause", "CHANGE CAUSE", 24, least=16, flex=2, priority=6),
    Column("template", "TEMPLATE", 10, priority=1),
)
DEFAULT_SORT = "number"
FIELDS = ("number", "image", "cause", "template", "app", "namespace", "source")
EMPTY = "No revisions are kept."
VALUES = (
    Value("number", lambda one: one.number, "number"),
    Value("current", lambda one: one.current),
    Value("images", lambda one: one.images),
    Value("ready", lambda one: one.ready, "number"),
    Value("replicas", lambda one: one.replicas, "number", also=("pods",)),
    Value("created", lambda one: one.created, "time", also=("age",)),
    Value("cause", lambda one: one.change_cause),
    Value("template", lambda one: one.template),
    Value("app", lambda one: one.app),
    Value("namespace", lambda one: one.namespace),
    Value("source", lambda one: one.source),
)


def cells(revision: Revision, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, _ = context.store.quality(revision)
    mark = Cell(marks.BUSY, "accent") if revision.current else Cell(" ")
    cause = " · ".join(filter(None, (doubt(revision, context), revision.change_cause)))
    short = (revision.ready or 0) < (revision.replicas or 0)
    tone: Tone = "warn" if short else "good" if revision.current else "dim"
    row = (
        Cell(numbers.count(revision.number), "title" if revision.current else ""),
        Cell(", ".join(revision.images) or marks.NOTHING),
        Cell(numbers.of(revision.ready, revision.replicas), "" if revision.replicas else "dim"),
        Cell(gauge.pods(revision.ready, revision.replicas, PODS), tone),
        Cell(times.age(revision.created, context.now), "dim"),
        Cell(times.brief(revision.created, context.now), "dim"),
        Cell(cause or marks.NOTHING, "" if cause else "dim"),
        Cell(revision.template or marks.NOTHING, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def sort_key(column: str) -> Callable[[Revision], Any]:
    """Return the key by which *column* sorts; revisions sort the newest to the top."""
    keys: dict[str, Callable[[Revision], Any]] = {
        "mark": lambda one: (not one.current, _newest(one)),
        "image": lambda one: (one.images, _newest(one)),
        "pods": lambda one: (sorting.known(one.ready), _newest(one)),
        "bar": lambda one: (sorting.known(one.replicas), _newest(one)),
        "age": lambda one: (sorting.known(one.created), _newest(one)),
        "created": lambda one: (sorting.known(one.created), _newest(one)),
        "cause": lambda one: (sorting.told(one.change_cause), _newest(one)),
        "template": lambda one: (sorting.told(one.template), _newest(one)),
    }
    return keys.get(column, _newest)


def _newest(revision: Revision) -> tuple[Any, ...]:
    return (-revision.number, revision.namespace, revision.name, revision.source)


def haystack(revision: Revision) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "number": str(revision.number),
        "image": " ".join(revision.images),
        "cause": revision.change_cause,
        "template": revision.template,
        "app": revision.app,
        "namespace": revision.namespace,
        "source": revision.source,
    }
