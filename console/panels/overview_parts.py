"""The pieces of the overview as plain data: rows for each domain, from one look at the store."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

from adapters.records import App, Key
from console.panels import PANELS
from console.rows import (
    actions,
    adapters,
    addresses,
    apps,
    changes,
    marks,
    numbers,
    overview,
    pools,
    severity,
    times,
)
from console.rows.cells import Column
from console.rows.chart import resampled
from console.rows.context import Context
from console.rows.gauge import bar, spark
from console.rows.severity import Severity
from console.rows.summary import Summary
from console.rows.wrong import Trouble, wrong_now
from console.widgets.spans import (
    Line,
    Row,
    Span,
    beside,
    fit,
    fit_line,
    line,
    line_width,
    row,
    short,
    spread,
)
from console.widgets.tablerows import table_rows

_APP_COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "", 24, least=14, flex=1, priority=10),
    Column("namespace", "", 16, least=12, priority=1),
    Column("ready", "", 5, align="right", priority=8),
    Column("revision", "", 8, align="right", priority=7),
    Column("version", "", 9, least=7, priority=5),
    Column("why", "", 30, least=24, flex=2, priority=2),
    Column("since", "", 10, align="right", priority=0),
)
_ACTION_COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("id", "", 6, least=4, priority=8),
    Column("target", "", 30, least=14, flex=2, priority=10),
    Column("action", "", 14, least=12, priority=2),
    Column("state", "", 12, priority=9),
    Column("why", "", 26, least=16, flex=2, priority=3),
    Column("who", "", 10, least=6, priority=1),
    Column("started", "", 9, priority=5),
)
_CHANGE_COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("at", "", 9, priority=8),
    Column("what", "", 18, least=12, priority=7),
    Column("thing", "", 34, least=16, flex=1, priority=10),
    Column("detail", "", 36, least=18, flex=2, priority=6),
)
_ADAPTER_CELLS = 27
"""Cells that an adapter takes at least where several stand on one line."""
_ADDRESS_COLUMNS = ("mark", "ip", "service", "ports", "pool", "announced")
_KINDS = {
    "apps": "App", "addresses": "Address", "tokens": "Token", "contracts": "Contract",
    "solar": "Plant", "ledger": "Chain",
}  # fmt: skip
"""The kind of record without which a panel has nothing to say."""
_NAMED = ("tokens", "ledger", "actions")
"""Panels whose words go without namespaces where it is narrow."""
_NONE = {
    "tokens": "no token is known", "contracts": "no contract is configured",
    "solar": "no plant is configured", "ledger": "no chain is configured",
}  # fmt: skip
"""What a line says where every adapter has spoken and none brought anything of it."""
DIGITS = {panel.name: str(number) for number, panel in enumerate(PANELS, 1)}
NARROW = 100
"""Cells below which names go without their namespaces."""


class Parts:
    """One look at the store, and the rows that the layouts are made of."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.troubles = wrong_now(context)
        self.summaries = {one.panel: one for one in overview.summaries(context)}
        found = context.store.records("App").values()
        self.apps = [one for one in found if isinstance(one, App)]
        self.pools = self._all("Pool", pools.sort_key("mark"))
        self.addresses = self._all("Address", addresses.sort_key("mark"))
        self.waiting = [one for one in self.addresses if not one.ip]
        self.actions = self._all("ActionStatus", actions.sort_key("mark"))
        self.adapters = self._all("AdapterStatus", adapters.sort_key("mark"))
        self.changes = changes.timeline(context)

    def _all(self, kind: str, key: Any) -> list[Any]:
        return sorted(self.context.store.records(kind).values(), key=key)

    # What is wrong

    def troubles_rows(self, width: int, limit: int) -> list[Row]:
        """Return what is wrong, a row each; or that nothing is, as far as anything is known."""
        if not self.troubles:
            if overview.waiting_for(self.context) or not self.adapters:
                return [row((f"{marks.IDLE} nothing is known to be wrong: {self.waits()}", "dim"))]
            return [row((f"{marks.GOOD} ", "good"), "nothing that is watched is wrong")]
        longest = max(len(_short(one.thing, width)) for one in self.troubles[:limit])
        names = min(longest, max(20, width * 3 // 8))
        return [self._trouble_row(one, names, width) for one in self.troubles[:limit]]

    def _trouble_row(self, one: Trouble, names: int, width: int) -> Row:
        name = fit(_short(one.thing, width), names)
        left = line((f"{one.mark.text} ", one.mark.tone), name, f"  {one.why}")
        lasted = "" if one.since is None else times.duration(self.context.now - one.since)
        right = line((f"  {lasted}", "dim")) if lasted else ()
        return row(*spread(left, right, width), target=one.key or one.panel or None)

    def waits(self) -> str:
        """Return why there may be nothing to see yet."""
        for one in self.adapters:
            if not one.records:
                passed = times.duration(
                    self.context.now - one.since if one.since is not None else None
                )
                why = adapters.state_text(one, self.context.now)
                return " · ".join(
                    filter(None, (f"{one.adapter} {one.name} is {one.state}, {passed}", why))
                )
        why = overview.waiting_for(self.context)
        return why or ("no adapter here brings any" if self.adapters else "no adapter is known yet")

    def waits_for(self) -> str:
        """Return which adapter has brought nothing yet, "" where all have brought something."""
        silent = any(not one.records for one in self.adapters)
        return self.waits() if silent or not self.adapters else ""

    # Domains

    def app_rows(self, width: int, limit: int) -> list[Row]:
        """Return the worst apps, at most *limit*: of thousands, only those have a row made."""
        if not self.apps:
            return [row(("no app is known yet:", "dim")), row((self.waits(), "dim"))]
        rows = []
        for app in heapq.nsmallest(limit, self.apps, key=_worst):
            cells = dict(
                zip((c.key for c in apps.COLUMNS), apps.cells(app, self.context), strict=True)
            )
            revision = cells["revision"]
            cells["revision"] = revision._replace(text=f"rev {revision.text:>3}")
            lasted = times.duration(self.context.now - app.since) if app.since else marks.NOTHING
            cells["since"] = cells["since"]._replace(text=lasted)
            rows.append(([cells[column.key] for column in _APP_COLUMNS], app.key))
        return table_rows(_APP_COLUMNS, rows, width)

    def pool_rows(self, width: int, limit: int) -> list[Row]:
        """Return the pools with how full they are, who announces, who waits, and who has what."""
        if not self.pools and not self.context.store.records("Address"):
            return [row(("no address is known yet:", "dim")), row((self.waits(), "dim"))]
        names = min(16, max((len(pool.name) for pool in self.pools), default=0))
        rows = [self._pool_row(pool, names, width) for pool in self.pools]
        rows.append(Row(()))
        for how, count, nodes in overview.announcements(self.context.store):
            rows.append(
                row(f"{how:<4}", numbers.plural(count, "address", "addresses"), " announced  ",
                    (f"by {', '.join(nodes)}", "dim"))
            )  # fmt: skip
        if not self.waiting:
            rows.append(row(("pending: none", "dim")))
        for one in self.waiting[:limit]:
            name = f"{one.namespace}/{one.service or one.name}"
            rows.append(row((f"{marks.WARN} ", "warn"), f"{name} waits", target=one.key))
        given = [one for one in self.addresses if one.ip][:limit]
        if given:
            cells = [(addresses.cells(one, self.context), one.key) for one in given]
            rows.append(Row(()))
            rows += table_rows(addresses.COLUMNS, cells, width, only=_ADDRESS_COLUMNS)
        return rows

    def _pool_row(self, pool: Any, names: int, width: int) -> Row:
        grade = severity.of_pool(pool)
        mark = severity.mark(grade)
        known = grade in (severity.Severity.NONE, severity.Severity.DEGRADED)
        tone = mark.tone if grade is severity.Severity.DEGRADED else "info"
        whole = pools.total(pool)
        used = f" {numbers.of(pool.assigned, whole):>7} " if known else "  use not known "
        room = max(4, min(48, width - names - len(used) - 4))
        filled = bar(pool.assigned, whole, room)
        full = filled.rstrip("░")
        spans = line(
            fit(pool.name, names), " ", (full, tone), (filled[len(full):], "frame"), used,
            (mark.text if tone == "warn" or not known else " ", mark.tone),
        )  # fmt: skip
        return row(*spans, target=pool.key)

    def action_rows(self, width: int, limit: int) -> list[Row]:
        """Return the actions, what is under way first."""
        if not self.actions:
            return [row((self.context.keys.fill(f"none yet: {actions.BEGIN}"), "dim"))]
        names = [column.key for column in actions.COLUMNS]
        rows = []
        for one in self.actions[:limit]:
            cells = dict(zip(names, actions.cells(one, self.context), strict=True))
            target = cells["target"]
            cells["target"] = target._replace(text=_short(target.text, width))
            rows.append(([cells[column.key] for column in _ACTION_COLUMNS], one.key))
        return table_rows(_ACTION_COLUMNS, rows, width)

    def adapter_rows(self, width: int, limit: int) -> list[Row]:
        """Return the adapters: what is not live a row each, with why; the others as many as fit."""
        if not self.adapters:
            return [row(("no adapter is known yet", "dim"))]
        loud = [one for one in self.adapters if severity.of_adapter(one) is not Severity.NONE]
        calm = [one for one in self.adapters if one not in loud]
        rows = [self._adapter_row(one, width) for one in loud]
        beside_each_other = max(1, min(len(calm), (width + 2) // _ADAPTER_CELLS))
        if len(rows) + len(calm) <= limit or beside_each_other == 1:
            return [*rows, *(self._adapter_row(one, width) for one in calm)]
        size = (width - 2 * (beside_each_other - 1)) // beside_each_other
        for start in range(0, len(calm), beside_each_other):
            some = calm[start : start + beside_each_other]
            made = [[self._adapter_row(one, size)] for one in some]
            rows += beside(made, [size] * len(made), gap=2)
        return rows

    def _adapter_row(self, one: Any, width: int) -> Row:
        mark = severity.mark(severity.of_adapter(one))
        scopes = [
            scope
            for scope in self.context.store.records("Scope").values()
            if scope.source == adapters.name_of(one)
        ]
        live = sum(str(scope.state) == "live" for scope in scopes)  # type: ignore[union-attr]
        why = adapters.state_text(one, self.context.now)
        wide = width >= _ADAPTER_CELLS + 20
        said = why or (f"{live} of {len(scopes)} watches live" if wide else "")
        left = line(
            (f"{mark.text} ", mark.tone), f"{one.adapter} {adapters.name_of(one)}  ",
            (str(one.state), mark.tone), (f"  {said}" if said else "", "" if why else "dim"),
        )  # fmt: skip
        records = f"  {numbers.count(one.records)} records"
        right = line((records, "dim")) if width >= _ADAPTER_CELLS + 40 else ()
        return row(*spread(left, right, width), target=one.key)

    def change_rows(self, width: int, limit: int) -> list[Row]:
        """Return what changed in the last 30 minutes, the latest first."""
        if not self.changes:
            return [row(("nothing changed", "dim"))]
        rows = []
        shown = self.changes if len(self.changes) <= limit else self._latest_stages()
        for one in shown[:limit]:
            cells = changes.cells(one._replace(thing=_short(one.thing, width)), self.context)
            rows.append((cells, one.key if one.key.kind != "Event" else None))
        return table_rows(_CHANGE_COLUMNS, rows, width)

    def _latest_stages(self) -> list[changes.Change]:
        """Return the changes, of each action only the last: seven lines would hide the rest."""
        told: set[Key] = set()
        kept = []
        for one in self.changes:
            if one.key.kind == "ActionStatus":
                if one.key in told:
                    continue
                told.add(one.key)
            kept.append(one)
        return kept

    # One line a domain

    def summary_row(self, panel: str, width: int) -> Row:
        """Return the domain of *panel* in a line: its digit, its counts, what is to be said."""
        one = self.summaries[panel]
        wide = 17 if width < 90 else 26
        # What nobody brought is not counted: 0 would say that there is none.
        counts = fit_line(self._counted(one, wide) if self.has(panel) else (), wide)
        head = line((f" {DIGITS.get(panel, ' ')} ", "key"), fit(one.title, 10), " ")
        if not self.has(panel):
            why = self.waits_for() or _NONE.get(panel) or self.waits()
            return row(*head, *counts, " ", (why, "dim"), target=panel, width=width)
        words = one.words
        if width < NARROW and panel in _NAMED:
            words = tuple(word._replace(text=short(word.text)) for word in words)
        return row(*head, *counts, " ", *_spaced(words, "   "), target=panel, width=width)

    def _counted(self, one: Summary, width: int) -> Line:
        """Return the counts of a summary, and after them how it went lately where that is known."""
        counts = _spaced(one.counts, " ")
        room = min(12, width - line_width(counts) - 2)
        if room < 4 or not one.trend:
            return counts
        line_ = spark(resampled(one.trend, room), room, low=0.0)
        return (*fit_line(counts, width - room - 1), (line_, "info"), (" ", ""))

    def has(self, panel: str) -> bool:
        """Return whether anything of *panel* is known."""
        kind = _KINDS.get(panel, "")
        return not kind or bool(self.context.store.records(kind))

    def counts(self, panel: str) -> Line:
        """Return the counts of *panel*, for a frame's corner."""
        if not self.has(panel):
            return ()
        return _spaced(self.summaries[panel].counts, "  ")


def _worst(app: App) -> tuple[Severity, str, str]:
    return severity.of_app(app), app.namespace, app.name


def _spaced(cells: Sequence[tuple[str, str]], gap: str) -> Line:
    spans: list[Span] = []
    for cell in cells:
        if spans:
            spans.append((gap, ""))
        spans.append((cell[0], cell[1]))
    return tuple(spans)


def _short(thing: str, width: int) -> str:
    """Return a name without the namespace in it where the screen is narrow."""
    return thing if width >= NARROW else short(thing)
