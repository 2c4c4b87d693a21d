"""Pods as rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from adapters.records import Pod
from console.rows import marks, numbers, sorting, times
from console.rows.cells import Cell, Column
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "POD", 34, least=28, flex=1, priority=10),
    Column("ready", "READY", 5, align="right", priority=7),
    Column("state", "STATE", 18, least=16, priority=8),
    Column("restarts", "RST", 4, align="right", priority=6),
    Column("age", "AGE", 5, align="right", priority=5),
    Column("node", "NODE", 12, least=8, priority=4),
    Column("ip", "IP", 15, priority=1),
    Column("image", "IMAGE", 24, least=14, priority=3),
    Column("why", "WHY", 20, least=16, flex=2, priority=2),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "namespace", "app", "state", "node", "ip", "image", "why", "source")
EMPTY = "No pods."
VALUES = (
    Value("name", lambda pod: pod.name),
    Value("namespace", lambda pod: pod.namespace),
    Value("app", lambda pod: pod.app),
    Value("ready", lambda pod: pod.ready, "number"),
    Value("total", lambda pod: pod.total, "number"),
    Value("state", lambda pod: pod.state),
    Value("restarts", lambda pod: pod.restarts, "number", also=("rst",)),
    Value("created", lambda pod: pod.created, "time", also=("age",)),
    Value("node", lambda pod: pod.node),
    Value("ip", lambda pod: pod.ip),
    Value("images", lambda pod: pod.images),
    Value("why", lambda pod: pod.message),
    Value("source", lambda pod: pod.source),
)

_MOVING = frozenset({"Pending", "ContainerCreating", "PodInitializing", "Terminating"})
_INIT = re.compile(r"Init:\d+/\d+")
_ENDED = frozenset({"Completed", "Succeeded"})


def of_pod(pod: Pod) -> Cell:
    """Return the mark of *pod*, from what kubectl's STATUS column would say."""
    if pod.state == "Running":
        whole = pod.ready >= pod.total
        return Cell(marks.GOOD, "good") if whole else Cell(marks.WARN, "warn")
    if pod.state in _ENDED:
        return Cell(marks.IDLE, "dim")
    if pod.state in _MOVING or _INIT.fullmatch(pod.state):
        return Cell(marks.BUSY, "info")
    if pod.state in ("Unknown", ""):
        return Cell(marks.UNKNOWN, "unknown")
    return Cell(marks.BAD, "bad")


def cells(pod: Pod, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(pod)
    mark = of_pod(pod)
    tone = mark.tone if mark.tone in ("bad", "warn") else ""
    row = (
        Cell(pod.name),
        Cell(numbers.of(pod.ready, pod.total), tone if pod.ready < pod.total else ""),
        Cell(pod.state, tone),
        Cell(numbers.count(pod.restarts), "warn" if pod.restarts else ""),
        Cell(times.age(pod.created, context.now), "dim"),
        Cell(pod.node or marks.NOTHING),
        Cell(pod.ip or marks.NOTHING, "dim"),
        Cell(", ".join(pod.images) or marks.NOTHING),
        Cell(with_doubt(pod.message, quality, since, context.now), tone),
    )
    return (marked(mark, quality), *dressed(row, quality))


_RANK = {marks.BAD: 0, marks.WARN: 1, marks.UNKNOWN: 2, marks.BUSY: 3}


def sort_key(column: str) -> Callable[[Pod], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[Pod], Any]] = {
        "mark": lambda pod: (_RANK.get(of_pod(pod).text, 4), _by_name(pod)),
        "ready": lambda pod: (pod.ready - pod.total, _by_name(pod)),
        "state": lambda pod: (pod.state, _by_name(pod)),
        "restarts": lambda pod: (pod.restarts, _by_name(pod)),
        "age": lambda pod: (sorting.known(pod.created), _by_name(pod)),
        "node": lambda pod: (sorting.told(pod.node), _by_name(pod)),
        "ip": lambda pod: (sorting.told(pod.ip), _by_name(pod)),
        "image": lambda pod: (pod.images, _by_name(pod)),
        "why": lambda pod: (sorting.told(pod.message), _by_name(pod)),
    }
    return keys.get(column, _by_name)


def _by_name(pod: Pod) -> tuple[Any, ...]:
    return (sorting.natural(pod.namespace), sorting.natural(pod.name), pod.source)


def haystack(pod: Pod) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": pod.name,
        "namespace": pod.namespace,
        "app": pod.app,
        "state": pod.state,
        "node": pod.node,
        "ip": pod.ip,
        "image": " ".join(pod.images),
        "why": pod.message,
        "source": pod.source,
    }
