"""Apps as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import App, Health
from console.rows import marks, numbers, severity, sorting, times
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "APP", 24, least=16, flex=1, priority=10),
    Column("namespace", "NAMESPACE", 16, least=12, priority=4),
    Column("ready", "READY", 5, align="right", priority=8),
    Column("revision", "REV", 4, align="right", priority=7),
    Column("version", "VERSION", 10, least=7, priority=5),
    Column("why", "STATE", 28, least=26, flex=3, priority=8),
    Column("since", "SINCE", 10, priority=3),
    Column("restarts", "RST", 4, align="right", priority=2),
    Column("kind", "KIND", 11, priority=1),
    Column("age", "AGE", 5, align="right", priority=2),
    Column("source", "SOURCE", 10, least=8, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = (
    "name", "namespace", "health", "kind", "version", "image", "source", "why", "site", "token",
    "asset", "priority",
)  # fmt: skip
EMPTY = "No app is known: no adapter here brings one."
VALUES = (
    Value("name", lambda app: app.name),
    Value("namespace", lambda app: app.namespace),
    Value("kind", lambda app: app.workload),
    Value("health", lambda app: app.health),
    Value("reason", lambda app: app.reason),
    Value("since", lambda app: app.since, "time"),
    Value("ready", lambda app: app.ready, "number"),
    Value("desired", lambda app: app.desired, "number"),
    Value("updated", lambda app: app.updated, "number"),
    Value("available", lambda app: app.available, "number"),
    Value("restarts", lambda app: app.restarts, "number", also=("rst",)),
    Value("revision", lambda app: app.revision, "number", also=("rev",)),
    Value("version", lambda app: app.version),
    Value("images", lambda app: app.images),
    Value("created", lambda app: app.created, "time", also=("age",)),
    Value("paused", lambda app: app.paused),
    Value("token", lambda app: app.token),
    Value("site", lambda app: app.site),
    Value("priority", lambda app: app.priority),
    Value("source", lambda app: app.source),
)

_TONES: dict[Health, Tone] = {
    Health.PROGRESSING: "info",
    Health.DEGRADED: "warn",
    Health.FAILED: "bad",
    Health.IDLE: "dim",
    Health.UNKNOWN: "unknown",
}


def cells(app: App, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(app)
    mark = of_app(app)
    tone: Tone = "bad" if mark.tone == "bad" else _TONES.get(app.health, "")
    short = app.ready is not None and app.desired is not None and app.ready < app.desired
    row = (
        Cell(app.name, "title" if mark.tone == "bad" else ""),
        Cell(app.namespace, "dim"),
        Cell(numbers.of(app.ready, app.desired), tone if short else ""),
        Cell(numbers.count(app.revision)),
        Cell(app.version or marks.NOTHING),
        Cell(with_doubt(state_text(app), quality, since, context.now), tone),
        Cell(times.brief(app.since, context.now)),
        Cell(numbers.count(app.restarts), "warn" if app.restarts else ""),
        Cell(app.workload, "dim"),
        Cell(times.age(app.created, context.now), "dim"),
        Cell(app.source, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def of_app(app: App) -> Cell:
    """Return the mark of *app*: its health's, ✖ where that is critical."""
    if severity.of_app(app) is severity.Severity.CRITICAL:
        return severity.mark(severity.Severity.CRITICAL)
    return marks.of_health(app.health)


def state_text(app: App) -> str:
    """Return the app's state in a line: its health, and why it is not healthy."""
    parts = [str(app.health)]
    if app.reason:
        parts = [app.reason] if app.health is not Health.UNKNOWN else ["unknown", app.reason]
    if app.paused:
        parts.append("paused")
    return " · ".join(parts)


def sort_key(column: str) -> Callable[[App], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    by_name = _by_name
    keys: dict[str, Callable[[App], Any]] = {
        "mark": lambda app: (severity.of_app(app), by_name(app)),
        "name": lambda app: (sorting.natural(app.name), by_name(app)),
        "namespace": by_name,
        "ready": lambda app: (sorting.known(_share(app)), by_name(app)),
        "revision": lambda app: (sorting.known(app.revision), by_name(app)),
        "version": lambda app: (sorting.told(app.version), by_name(app)),
        "why": lambda app: (severity.of_app(app), state_text(app), by_name(app)),
        "since": lambda app: (sorting.known(app.since), by_name(app)),
        "restarts": lambda app: (sorting.known(app.restarts), by_name(app)),
        "kind": lambda app: (app.workload, by_name(app)),
        "age": lambda app: (sorting.known(app.created), by_name(app)),
        "source": lambda app: (app.source, by_name(app)),
    }
    return keys.get(column, by_name)


def _by_name(app: App) -> tuple[Any, ...]:
    return (sorting.natural(app.namespace), sorting.natural(app.name), app.workload, app.source)


def _share(app: App) -> float | None:
    if app.ready is None or not app.desired:
        return None
    return app.ready / app.desired


def haystack(app: App) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": app.name,
        "namespace": app.namespace,
        "health": app.health,
        "kind": app.workload,
        "version": app.version,
        "image": " ".join(app.images),
        "source": app.source,
        "why": state_text(app),
        "site": app.site,
        # `token:3` is the number, as columns show it: a contract's address has a 3, too.
        "token": f"#{app.token.rpartition('/')[2]}" if app.token else "",
        "asset": app.token,
        "priority": app.priority,
    }
