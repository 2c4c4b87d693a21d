"""What changed lately, from every domain in one timeline: the answer to `h`."""

from collections.abc import Iterator
from typing import NamedTuple

from adapters.records import (
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Chain,
    Event,
    Health,
    Key,
    LedgerEntry,
    Revision,
    Scope,
    ScopeState,
    Token,
)
from console.joins import asset_of, asset_told
from console.rows import ledger, marks, numbers, times, tokens
from console.rows.cells import Cell, Column
from console.rows.context import Context, dressed, marked
from console.rows.standing import standing
from console.rows.values import Value

SPAN = 1800.0
"""Seconds that the timeline goes back."""

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("at", "WHEN", 9, priority=8),
    Column("what", "WHAT", 18, least=16, priority=7),
    Column("thing", "THING", 36, least=22, flex=1, priority=10),
    Column("detail", "DETAIL", 36, least=18, flex=2, priority=6),
)
FIELDS = ("what", "thing", "detail", "kind")
EMPTY = "Nothing changed in the last 30 minutes."
VALUES = (
    Value("at", lambda one: one.at, "time", also=("age", "when")),
    Value("what", lambda one: one.what),
    Value("thing", lambda one: one.thing),
    Value("detail", lambda one: one.detail),
    Value("kind", lambda one: one.key.kind),
)

_STATES: dict[str, dict[str, Cell]] = {
    "App": {str(state): marks.of_health(state) for state in Health},
    "AdapterStatus": {str(state): marks.of_adapter(state) for state in AdapterState},
    "Scope": {str(state): marks.of_scope(state) for state in ScopeState},
}


class Change(NamedTuple):
    """One thing that happened at `at`; `key` is the record to open for it."""

    at: float
    mark: Cell
    what: str
    thing: str
    detail: str
    key: Key


def timeline(context: Context, span: float = SPAN, most_apps: int | None = None) -> list[Change]:
    """Return what happened in the last *span* seconds, newest first; of what apps became, no
    more than the last *most_apps*.

    Revisions created, warnings, stages of actions, what the ledger tells, and changes of state of
    apps, adapters and scopes. What the store does not hold (a kind that is not subscribed to)
    cannot be in it.
    """
    found: dict[tuple[Key, str, int], Change] = {}
    for change in _all(context, span, most_apps):
        if context.now - span <= change.at <= context.now + 1:
            # A transition and the record's own "since" tell of one moment: it counts once.
            found.setdefault((change.key, change.what, int(change.at)), change)
    return sorted(found.values(), key=lambda one: (-one.at, one.thing, one.what))


def _all(context: Context, span: float, most_apps: int | None) -> Iterator[Change]:
    store = context.store
    for revision in store.every(Revision):
        if revision.created is not None:
            detail = ", ".join(filter(None, (*revision.images, revision.change_cause)))
            thing = f"{revision.namespace}/{revision.app} rev {revision.number}"
            mark = Cell(marks.BUSY, "accent")
            yield Change(revision.created, mark, "New revision", thing, detail, revision.key)
    for event in store.every(Event):
        if event.severity != "Normal":
            thing = f"{event.namespace}/{event.object_name}"
            times_seen = f"×{event.count} " if event.count > 1 else ""
            mark, said = Cell(marks.WARN, "warn"), times_seen + event.message
            yield Change(event.happened, mark, event.reason, thing, said, event.key)
    for action in store.every(ActionStatus):
        for stage in action.stages:
            thing = f"{action.name} {action.target}"
            mark = marks.of_action(stage.state)
            detail = stage.detail or action.title
            yield Change(stage.at, mark, f"Action {stage.state}", thing, detail, action.key)
    yield from _on_chain(context, context.now - span)
    yield from _states(context, context.now - span, most_apps)


def _on_chain(context: Context, start: float) -> Iterator[Change]:
    """Yield what the ledger tells since *start*, new owners of whom it does not, and
    reorganisations.
    """
    told = set()
    for entry in context.store.every(LedgerEntry):
        if entry.at is None or entry.at < start:
            continue
        told.add((asset_told(entry), entry.block))
        mark = ledger.mark(ledger.finality(entry, context.store.chain_of(entry)))
        thing = entry.app or f"{entry.namespace} {ledger.token_text(entry)}".strip()
        what = entry.event or "Event"
        yield Change(entry.at, mark, what, thing, ledger.brief_text(entry), entry.key)
    for token in context.store.every(Token):
        if token.since is None or token.since < start:
            continue
        if (asset_of(token), token.since_block) not in told:
            thing = token.app or f"{token.namespace} #{token.name}"
            detail = f"#{token.name} → {tokens.owner_text(token)}"
            yield Change(token.since, Cell(marks.BUSY, "accent"), "New owner", thing, detail,
                         token.key)  # fmt: skip
    for chain in context.store.every(Chain):
        if chain.reorg_at is not None:
            lost = numbers.plural(chain.reorg_depth, "block")
            mark, detail = Cell(marks.WARN, "warn"), f"{lost} reorganised away"
            yield Change(chain.reorg_at, mark, "Reorganisation", chain.name, detail, chain.key)


def _states(context: Context, start: float, most_apps: int | None) -> Iterator[Change]:
    for at, key, _, after, detail in context.store.transitions:
        yield _state(at, key, after, detail)
    for app in standing(context.store).since(start, most_apps):
        yield _state(app.since or 0.0, app.key, str(app.health), app.reason)
    for kind in ("AdapterStatus", "Scope"):
        for record in context.store.records(kind).values():
            if isinstance(record, (AdapterStatus, Scope)):
                state, since, detail = str(record.state), record.since, record.detail
                ordinary = state in (AdapterState.LIVE, AdapterState.STARTING, ScopeState.NEVER)
                # That all went live when the station started is no news.
                if since is None or ordinary:
                    continue
            else:
                continue
            yield _state(since, record.key, state, detail)


def _state(at: float, key: Key, state: str, detail: str) -> Change:
    what = {"App": "App", "AdapterStatus": "Adapter", "Scope": "Watch"}[key.kind]
    name = {
        "App": f"{key.namespace}/{key.name}",
        "AdapterStatus": key.name or key.source,
        "Scope": f"{key.source} {key.name}",
    }[key.kind]
    return Change(at, _STATES[key.kind][state], f"{what} {state}", name, detail, key)


def cells(change: Change, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    record = context.store.get(change.key)
    if record is None:
        row = (Cell(change.mark.text + " ", change.mark.tone), *_row(change, context.now))
        return row
    quality, _ = context.store.quality(record)
    return (marked(change.mark, quality), *dressed(_row(change, context.now), quality))


def _row(change: Change, now: float) -> tuple[Cell, ...]:
    tone = change.mark.tone if change.mark.tone in ("bad", "warn") else ""
    return (
        Cell(times.utc(change.at, now)),
        Cell(change.what, tone),
        Cell(change.thing),
        Cell(change.detail, "dim"),
    )


def haystack(change: Change) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "what": change.what,
        "thing": change.thing,
        "detail": change.detail,
        "kind": change.key.kind,
    }
