"""An app's page as plain data: its state, and everything that is joined to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.records import App, Chain, Quality
from console.joins import parse_asset
from console.rows import (
    actions,
    addresses,
    apps,
    chains,
    events,
    identity,
    ledger,
    marks,
    numbers,
    plants,
    pods,
    revisions,
    rollout,
    times,
    tokens,
)
from console.rows.cells import Cell
from console.rows.context import Context, quality_text
from console.widgets.spans import Line, Row, Span, beside, line, row, rule, spread
from console.widgets.tablerows import table_rows
from console.widgets.wrapped import wrapped

WIDE = 160
"""Cells from which events and actions stand beside the rest."""
EVENTS = 12
"""Events shown here; `e` shows all."""
ENTRIES = 8
"""Ledger entries shown here; the Ledger panel has all."""


def detail_rows(app: App, context: Context, width: int) -> list[Row]:
    """Return the page of *app* in *width* cells."""
    rows = [*_state(app, context, width), Row(())]
    if width < WIDE:
        return rows + _made_of(app, context, width) + _told(app, context, width)
    left = width * 11 // 20
    right = width - left - 2
    return rows + beside(
        [_made_of(app, context, left), _told(app, context, right)], [left, right], gap=2
    )


def _state(app: App, context: Context, width: int) -> list[Row]:
    quality, since = context.store.quality(app)
    mark = apps.of_app(app)
    lasted = times.duration(context.now - app.since) if app.since is not None else ""
    trust = quality_text(quality, since, context.now)
    right = line((trust, "stale") if trust else ("live", "dim"), " ")
    head = line(
        (f" {mark.text} ", mark.tone), (str(app.health), mark.tone),
        (f"  {lasted}" if lasted else "", "dim"),
        f"   {numbers.of(app.ready, app.desired).replace('/', ' of ')} ready",
        (f" · {numbers.count(app.updated)} updated · {numbers.count(app.available)} available",
         "dim"),
    )  # fmt: skip
    rows = [Row(spread(head, right, width))]
    if app.reason:
        tone = "stale" if quality is not Quality.FRESH else ""
        rows += wrapped(app.reason, width - 1, tone, indent=3)
    rows += _rollout(app, context)
    facts: list[tuple[str, str]] = [
        ("kind", f"{app.workload} of {app.source}"),
        ("revision", numbers.count(app.revision)),
        ("image", ", ".join(app.images) or marks.NOTHING),
        ("restarts", numbers.count(app.restarts)),
        ("age", times.duration(context.now - app.created) if app.created else marks.NOTHING),
    ]
    for name, value in (
        ("paused", "yes" if app.paused else ""),
        ("managed by", app.managed_by),
        ("priority", app.priority),
        ("site", app.site),
    ):
        if value:
            facts.append((name, value))
    return [*rows, *_facts(facts, width), *_identity(app, context, width)]


def _rollout(app: App, context: Context) -> list[Row]:
    """Return the rollout that is under way or stuck, a row a revision; nothing where none is."""
    found = rollout.bars(app, context.store.revisions_of(app), context.now)
    if not found:
        return []
    wide = max(sum(len(one.text) for one in bar.blocks) for bar in found)
    rows = [Row(())]
    for bar in found:
        pad = wide - sum(len(one.text) for one in bar.blocks)
        words = [span for one in bar.words for span in (one, Cell("   "))]
        rows.append(row(("   rev ", "dim"), f"{bar.number:>3}  ", *bar.blocks, " " * (pad + 2),
                        *words))  # fmt: skip
    return [*rows, Row(())]


def _identity(app: App, context: Context, width: int) -> list[Row]:
    """Return the app's token: how identity holds, who owns it, since when. Nothing without one."""
    verdict = identity.of_app(app, context)
    if verdict is None:
        return []
    mark = identity.mark(verdict.state)
    token = verdict.token
    own = token if token is not None and token is context.store.token_of(app) else None
    spans: list[str | Span] = ["   ", ("token ", "dim")]
    if own is not None:
        spans.append(f"#{own.name} of {own.namespace}   ")
        spans += [("owner ", "dim"), f"{tokens.owner_text(own)}   "]
        spans += [("held ", "dim"), f"{times.age(own.since, context.now)}   "]
    elif app.token:
        asset = parse_asset(app.token)
        spans.append(f"{identity.token_text(asset, context) if asset else app.token}   ")
    else:
        spans.append(("none   ", "dim"))
    spans.append((f"{mark.text} {verdict.state}", mark.tone))
    rows = [row(*spans, target=token.key if token is not None else None)]
    if verdict.why and verdict.state is not identity.Identity.MATCH:
        about = f"#{token.name} " if token is not None else "the app "
        rows += wrapped(about + verdict.why, width - 1, mark.tone, indent=9)
    return rows


def _facts(facts: Sequence[tuple[str, str]], width: int) -> list[Row]:
    """Return *facts* as "name value" pairs, as many a line as fit."""
    rows: list[Row] = []
    spans: list[Span] = [("   ", "")]
    used = 3
    for name, value in facts:
        size = len(name) + len(value) + 4
        if used + size > width and used > 3:
            rows.append(Row(tuple(spans)))
            spans, used = [("   ", "")], 3
        spans += [(f"{name} ", "dim"), (f"{value}   ", "")]
        used += size
    rows.append(Row(tuple(spans)))
    return rows


def _made_of(app: App, context: Context, width: int) -> list[Row]:
    """Return revisions, pods, addresses and the plants at its site."""
    store = context.store
    rows = section("REVISIONS", revisions, store.revisions_of(app), context, width,
                    hint="enter rolls back to one")  # fmt: skip
    rows += section("PODS", pods, store.pods_of(app), context, width, hint="enter shows its logs")
    found = store.addresses_of(app)
    rows += section("ADDRESSES", addresses, found, context, width)
    there = store.plants_of(app)
    if there:
        rows += section("SITE", plants, there, context, width, hint=app.site)
    return rows


def _told(app: App, context: Context, width: int) -> list[Row]:
    """Return events, actions and what the ledger says of the app or its token."""
    store = context.store
    found = sorted(store.events_of(app), key=events.sort_key("last"))
    also = f", {context.keys.key('events')} shows all"
    more = f"the last {EVENTS} of {len(found)}{also}" if len(found) > EVENTS else ""
    rows = section("EVENTS", events, found[:EVENTS], context, width, hint=more)
    taken = store.actions_of(app)
    rows += section("ACTIONS", actions, taken, context, width)
    if store.every(Chain):
        told = store.ledger_of(app)
        more = f"the last {ENTRIES} of {len(told)}" if len(told) > ENTRIES else ""
        rows += section("LEDGER", ledger, told[:ENTRIES], context, width, hint=more)
    return rows


def section(
    title: str, module: Any, records: Sequence[Any], context: Context, width: int, hint: str = ""
) -> list[Row]:
    """Return *records* as a table under its *title*, or why there is none."""
    head: Line = line((title, "title"), (f"  {len(records)}", "dim"))
    if hint and records:
        head = (*head, (f"  {hint}", "dim"))
    rows = [rule(width, head)]
    if not records:
        return [*rows, row((f"   {_why_none(title, context, module)}", "dim")), Row(())]
    cells = [(module.cells(one, context), one.key) for one in records]
    inside = table_rows(module.COLUMNS, cells, width - 1, titles=True)
    rows += [_shifted(one) for one in inside]
    return [*rows, Row(())]


def _shifted(one: Row) -> Row:
    return Row(
        ((" ", ""), *one.line), tuple(target._replace(x=target.x + 1) for target in one.targets)
    )


_SCOPES = {
    "REVISIONS": ("replicasets", "controllerrevisions"),
    "PODS": ("pods",),
    "EVENTS": ("events",),
    "ADDRESSES": ("services",),
}


_ON_CHAIN = {
    "LEDGER": "Nothing on the ledger bears on it.",
    "HISTORY": "The ledger here begins after the last that happened to it.",
}


def _why_none(title: str, context: Context, module: Any) -> str:
    """Say that there is none only where what would bring it is watched and live."""
    if context.store.disconnected_since is not None:
        return "no connection to the station"
    if title in _ON_CHAIN:
        return chains.why_none(_ON_CHAIN[title], context)
    bad = [
        f"{name} {getattr(record, 'state', '')}"
        for record in context.store.records("Scope").values()
        for name in _SCOPES.get(title, ())
        if name in record.name and str(getattr(record, "state", "")) != "live"
    ]
    return f"not known: {', '.join(bad)}" if bad else str(module.EMPTY)
