"""What is wrong now, from every domain, the worst first."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from adapters.records import (
    ActionState,
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Address,
    App,
    Chain,
    Contract,
    Health,
    Key,
    LogHead,
    Plant,
    Pool,
    Scope,
    ScopeState,
)
from console import freshness
from console.rows import (
    actions,
    addresses,
    apps,
    contracts,
    heads,
    identity,
    log,
    marks,
    numbers,
    pools,
    scopes,
    severity,
    solar,
    waiting,
)
from console.rows.adapters import all_stale, name_of, state_text
from console.rows.cells import Cell
from console.rows.context import Context, quality_text, with_doubt
from console.rows.findings import Finding, words, worst
from console.rows.severity import Severity
from console.rows.standing import standing

RECENT = 1800.0
"""Seconds for which an action that went wrong is still news."""
FEW = 3
"""Tokens whose identity does not hold that have a line each; more of them share one."""

_WENT_WRONG = frozenset({ActionState.NOT_VERIFIED, ActionState.FAILED, ActionState.TIMED_OUT})


class Trouble(NamedTuple):
    """One thing that is wrong: its mark, its name, why, since when, and keys that help.

    `hints` pairs a key with what it does there. `key` is the record to open; where that is None,
    `panel` is where to look, "" for the feed.
    """

    severity: Severity
    mark: Cell
    thing: str
    why: str
    since: float | None
    hints: tuple[tuple[str, str], ...]
    key: Key | None
    panel: str = ""


def wrong_now(context: Context) -> list[Trouble]:
    """Return what is wrong now, the worst first and among equals the newest."""
    return worst_now(context)[0]


def worst_now(context: Context, most: int | None = None) -> tuple[list[Trouble], int]:
    """Return the first *most* of what is wrong now, or all, and how much there is.

    Of apps there may be thousands: only those that may be among the first are described.
    """
    beside = _beside_apps(context)
    apps_wrong = standing(context.store)
    troubles = [*beside, *_apps(apps_wrong.newest_wrong(most), context)]
    found = sorted(troubles, key=lambda one: (one.severity, -(one.since or 0.0), one.thing))
    waits = waiting_now(context)
    return [*waits, *found][:most], len(waits) + len(beside) + apps_wrong.wrong


def waiting_now(context: Context) -> list[Trouble]:
    """Return what waits for this person: nothing is wrong, but somebody cannot go on."""
    found = []
    for action in waiting.for_me(context.store.every(ActionStatus), context.me):
        since = action.stages[-1].at if action.stages else None
        asked = f"{action.actor or 'somebody'} asks you to approve {action.code}"
        left = waiting.left(action, context.now)
        why = " · ".join(filter(None, (asked, actions.target_text(action), left)))
        mark = marks.of_action(action.state)
        thing = f"waits for you: {action.name}"
        found.append(Trouble(Severity.CRITICAL, mark, thing, why, since, _open(), action.key))
    return found


def wrong_counts(context: Context) -> tuple[int, int]:
    """Return how much of `wrong_now` is critical, and how much is not.

    The header asks at every paint. Of apps there may be thousands: none is looked at here.
    """
    grades = [one.severity for one in _beside_apps(context)]
    critical, apps_wrong = grades.count(Severity.CRITICAL), standing(context.store)
    worst = apps_wrong.counts[Severity.CRITICAL]
    return critical + worst, len(grades) - critical + apps_wrong.wrong - worst


def _beside_apps(context: Context) -> list[Trouble]:
    return [
        *_feed(context),
        *_log(context),
        *_adapters(context),
        *_pools(context),
        *_addresses(context),
        *_actions(context),
        *chain_and_sun(context),
    ]


def chain_and_sun(context: Context) -> list[Trouble]:
    """Return what is wrong with chains, contracts, identities and plants."""
    return [
        *_chains(context),
        *_contracts(context),
        *_identities(context),
        *_plants(context),
    ]


def _feed(context: Context) -> Iterator[Trouble]:
    since = context.store.disconnected_since
    if since is not None:
        mark = severity.mark(Severity.CRITICAL)
        why = "no connection: everything here is as it was then"
        yield Trouble(Severity.CRITICAL, mark, "the station", why, since, (), None)


def _log(context: Context) -> Iterator[Trouble]:
    for head in context.store.every(LogHead):
        if head.mismatch:
            why = f"a chain contradicts it: {head.mismatch}"
            yield _of_log(Severity.CRITICAL, why)
        for one in log.contradicting(head):
            why = f"the witness {one.witness} contradicts it: {one.trouble}"
            yield _of_log(Severity.CRITICAL, why)
        if head.trouble:
            yield _of_log(Severity.DEGRADED, head.trouble)


def _of_log(grade: Severity, why: str) -> Trouble:
    return Trouble(grade, severity.mark(grade), "the log", why, None, _open(), None, "ledger")


def _adapters(context: Context) -> Iterator[Trouble]:
    down = set()
    said = set()
    for adapter in context.store.every(AdapterStatus):
        name = name_of(adapter)
        if adapter.state in (AdapterState.LIVE, AdapterState.STARTING, AdapterState.STOPPED):
            continue
        if adapter.state is AdapterState.DOWN or all_stale(name, context):
            down.add(name)
        said.add(name)
        grade = severity.of_adapter(adapter)
        why = state_text(adapter, context.now) or str(adapter.state)
        thing = f"adapter {name}"
        yield Trouble(grade, severity.mark(grade), thing, why, adapter.since, _open(), adapter.key)
    watched = context.store.every(Scope)
    alike = Counter((scope.source, scope.detail) for scope in watched)
    for scope in watched:
        if scope.source in said and scope.detail and alike[scope.source, scope.detail] > 1:
            continue  # what several watches say is in their adapter's line
        # Of an adapter that is down, or cut off, every scope is stale: one line says it.
        if scope.source in down or scopes.of_scope(scope) is not Severity.DEGRADED:
            continue
        quality, heard = freshness.of_scope(scope, context.now)
        stale = scope.state is ScopeState.STALE
        what = quality_text(quality, heard, context.now) if stale else str(scope.state)
        since = heard if heard is not None else scope.since
        why = " · ".join(filter(None, (what, scope.detail)))
        thing = f"{scope.source} {scope.name}"
        mark = marks.of_scope(scope.state)
        yield Trouble(Severity.DEGRADED, mark, thing, why, since, _open(), scope.key)


def _apps(found: list[App], context: Context) -> Iterator[Trouble]:
    for app in found:
        grade = severity.of_app(app)
        quality, since = context.store.quality(app)
        reason = apps.state_text(app)
        ready = f"{numbers.of(app.ready, app.desired).replace('/', ' of ')} ready"
        words = (ready, reason) if app.health is not Health.UNKNOWN else (reason,)
        why = with_doubt(" · ".join(words), quality, since, context.now)
        roll_back = (context.keys.key("rollback"), "roll back")
        hints = (roll_back, *_open()) if "app.rollback" in app.actions else _open()
        thing = f"{app.namespace}/{app.name}"
        yield Trouble(grade, apps.of_app(app), thing, why, app.since, hints, app.key)


def _pools(context: Context) -> Iterator[Trouble]:
    for pool in context.store.every(Pool):
        if severity.of_pool(pool) is not Severity.DEGRADED:
            continue
        quality, since = context.store.quality(pool)
        whole = numbers.count(pools.total(pool))
        used = f"{numbers.count(pool.assigned)} of {whole} addresses used"
        why = with_doubt(f"{used} · {pools.state_text(pool)}", quality, since, context.now)
        mark = severity.mark(Severity.DEGRADED)
        yield Trouble(Severity.DEGRADED, mark, f"pool {pool.name}", why, None, _open(), pool.key)


def _addresses(context: Context) -> Iterator[Trouble]:
    for address in context.store.every(Address):
        if severity.of_address(address) is not Severity.DEGRADED:
            continue
        quality, since = context.store.quality(address)
        service = f"{address.namespace}/{address.service or address.name}"
        text = addresses.state_text(address)
        why = with_doubt(f"{address.ip or 'no address'} · {text}", quality, since, context.now)
        mark = severity.mark(Severity.DEGRADED)
        since = address.created if not address.ip else None
        yield Trouble(Severity.DEGRADED, mark, service, why, since, _open(), address.key)


def _actions(context: Context) -> Iterator[Trouble]:
    for action in context.store.every(ActionStatus):
        at = action.stages[-1].at if action.stages else action.received
        unknown = action.state is ActionState.UNKNOWN
        recent = action.state in _WENT_WRONG and context.now - at <= RECENT
        if not (unknown or recent):
            continue
        why = f"{action.state} · {actions.progress_text(action)}"
        thing = f"action {action.name} {action.target}"
        mark = marks.of_action(action.state)
        yield Trouble(Severity.DEGRADED, mark, thing, why, at, _open(), action.key)


def _chains(context: Context) -> Iterator[Trouble]:
    for chain in context.store.every(Chain):
        found = heads.of_chain(chain, context.now)
        if found:
            yield _found(chain, f"chain {chain.name}", found, context)


def _contracts(context: Context) -> Iterator[Trouble]:
    for contract in context.store.every(Contract):
        grade = contracts.of_contract(contract)
        # Not known yet is what every contract is until its node was asked.
        if grade in (Severity.CRITICAL, Severity.DEGRADED):
            found = [Finding(grade, contracts.state_text(contract))]
            yield _found(contract, f"contract {contract.name}", found, context)


def _identities(context: Context) -> Iterator[Trouble]:
    found = identity.survey(context).wrong
    mark = severity.mark(Severity.DEGRADED)
    if len(found) > FEW:
        counts = {state: sum(one.state is state for one in found) for state in identity.RANK}
        text = ", ".join(f"{numbers.count(n)} {state}" for state, n in counts.items() if n)
        yield Trouble(
            Severity.DEGRADED, mark, "identity of tokens", f"{text}: apps and tokens disagree",
            None, _open(), None, "tokens",
        )  # fmt: skip
        return
    for one in found:
        token = one.token
        key = token.key if token is not None else one.apps[0].key if one.apps else None
        thing = f"token {identity.subject(one)}" if token is not None else identity.subject(one)
        why = f"{one.state} · {one.why}"
        yield Trouble(Severity.DEGRADED, mark, thing, why, None, _open(), key, "tokens")


def _plants(context: Context) -> Iterator[Trouble]:
    for plant in context.store.every(Plant):
        found = solar.of_plant(plant, context.now)
        if found:
            quality, since = context.store.quality(plant)
            grade, thing = worst(found), f"plant {plant.name}"
            why = solar.wrong_words(plant, quality, since, context.now)
            yield Trouble(grade, severity.mark(grade), thing, why, since, _open(), plant.key)


def _found(record: Chain | Contract, thing: str, found: list[Finding], context: Context) -> Trouble:
    grade = worst(found)
    quality, since = context.store.quality(record)
    why = with_doubt(words(found), quality, since, context.now)
    return Trouble(grade, severity.mark(grade), thing, why, since, _open(), record.key)


def _open() -> tuple[tuple[str, str], ...]:
    return (("enter", "open"),)
