"""The state of each domain at a glance, as plain data: one summary a panel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from adapters.records import (
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Address,
    Pool,
    Quality,
    Scope,
)
from console import freshness
from console.rows import (
    actions,
    adapters,
    alarms,
    apps,
    bringers,
    marks,
    numbers,
    pools,
    severity,
    sorting,
    waiting,
)
from console.rows.cells import Cell, Tone
from console.rows.chain_summary import contracts_summary, ledger_summary, tokens_summary
from console.rows.context import Context, quality_text
from console.rows.severity import Severity
from console.rows.solar_summary import solar_summary
from console.rows.standing import standing
from console.rows.summary import WORST_KEPT, Summary, severity_cells
from console.store import Store

KINDS: Mapping[str, str] = {
    "apps": "App",
    "addresses": "Pool",
    "tokens": "Token",
    "contracts": "Contract",
    "solar": "Plant",
    "ledger": "LedgerEntry",
}
"""The kind of record that a panel is about."""


def summaries(context: Context) -> tuple[Summary, ...]:
    """Return the summary of each panel, in the panels' order."""
    made = (
        apps_summary(context),
        addresses_summary(context),
        tokens_summary(context),
        contracts_summary(context),
        solar_summary(context),
        ledger_summary(context),
        actions_summary(context),
        adapters_summary(context),
        alarms.summary(context),
    )
    return tuple(_doubted(one, context) for one in made)


def stale_sources(kind: str, context: Context) -> tuple[Cell, ...]:
    """Return which sources of *kind* cannot be trusted, and since when: "chain stale since …"."""
    since: dict[str, tuple[Quality, float | None]] = {}
    for name in context.store.bringing(kind):
        quality, at = context.store.quality_of_scope(name)
        if quality is not Quality.FRESH:
            since.setdefault(name[0], (quality, at))
    return tuple(
        Cell(f"{source} {quality_text(*found, context.now)}", "warn")
        for source, found in sorted(since.items())
    )


def _doubted(summary: Summary, context: Context) -> Summary:
    """Return *summary* with a mark beside its counts where they are those of before."""
    found = stale_sources(KINDS.get(summary.panel, ""), context)
    if not found and context.store.disconnected_since is None:
        return summary
    counts = (*(cell._replace(tone="dim") for cell in summary.counts), Cell(marks.STALE, "warn"))
    return summary._replace(counts=counts, words=(*found, *summary.words))


def apps_summary(context: Context) -> Summary:
    """Count apps by severity and name the worst."""
    apps_now = standing(context.store)
    counts = severity_cells(apps_now.counts)
    words = [Cell(numbers.plural(len(context.store.records("App")), "app"))]
    pods = context.store.records("Pod")
    if pods:
        words.append(Cell(numbers.plural(len(pods), "pod")))
    if apps_now.restarts:
        words.append(Cell(numbers.plural(apps_now.restarts, "restart"), "warn"))
    for app in apps_now.worst(WORST_KEPT):
        if severity.of_app(app) <= Severity.UNKNOWN:
            mark = apps.of_app(app)
            ready = numbers.of(app.ready, app.desired)
            words.append(Cell(f"{app.name} {ready} {mark.text}", mark.tone))
    return Summary("apps", "Apps", counts, _received(context, "App", words))


def addresses_summary(context: Context) -> Summary:
    """Add up the pools and name those that are nearly full and the Services that wait."""
    found = context.store.every(Pool)
    given = context.store.every(Address)
    known = [pool for pool in found if pools.total(pool) is not None]
    if known:
        used = sum(pool.assigned or 0 for pool in known)
        whole = sum(pools.total(pool) or 0 for pool in known)
        text = f"{numbers.count(used)} of {numbers.count(whole)} used"
    else:
        text = numbers.plural(sum(bool(one.ip) for one in given), "address", "addresses")
    words = []
    for pool in sorted(found, key=pools.sort_key("mark")):
        grade = severity.of_pool(pool)
        mark = severity.mark(grade)
        bad = grade is Severity.DEGRADED
        used_text = numbers.of(pool.assigned, pools.total(pool))
        words.append(
            Cell(f"{pool.name} {used_text}" + (f" {mark.text}" if bad else ""),
                 mark.tone if bad else "")
        )  # fmt: skip
    waiting = sum(not one.ip for one in given)
    if waiting:
        words.append(Cell(f"{numbers.plural(waiting, 'Service waits', 'Services wait')}", "warn"))
    silent = sum(bool(one.ip) and one.announced_by == () for one in given)
    if silent:
        words.append(Cell(f"{numbers.count(silent)} not announced", "warn"))
    return Summary("addresses", "Addresses", (Cell(text),), _received(context, "Pool", words))


def announcements(store: Store) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Return, for each way of announcing, how many addresses and which nodes: ("L2", 9, (…))."""
    count: Counter[str] = Counter()
    nodes: dict[str, set[str]] = {}
    for address in store.every(Address):
        for how in {one.how for one in address.announced_by or ()}:
            count[how] += 1
        for one in address.announced_by or ():
            nodes.setdefault(one.how, set()).add(one.node)
    return tuple(
        (how, count[how], tuple(sorted(nodes[how], key=sorting.natural))) for how in sorted(count)
    )


def actions_summary(context: Context) -> Summary:
    """Count what is in flight and tell of the newest."""
    found = sorted(context.store.every(ActionStatus), key=actions.sort_key("started"))
    flying = sum(action.state.in_flight for action in found)
    counts = (Cell(f"{flying} in flight", "info" if flying else "dim"),)
    words = []
    mine = waiting.for_me(found, context.me)
    if mine:
        word = "waits" if len(mine) == 1 else "wait"
        key = context.keys.key("waiting")
        words.append(Cell(f"{marks.WAITS} {len(mine)} {word} for you: {key}", "warn"))
    for action in found[:1]:
        text = f"{action.name} {actions.target_text(action)} {action.state}"
        words.append(Cell(text, "info" if action.state.in_flight else ""))
    return Summary("actions", "Actions", counts, tuple(words or [Cell("none yet", "dim")]))


def adapters_summary(context: Context) -> Summary:
    """Count the adapters that are up and name those that are not."""
    found = sorted(context.store.every(AdapterStatus), key=adapters.sort_key("mark"))
    up = sum(adapters.is_up(one, context) for one in found)
    tone: Tone = "good" if up == len(found) else "warn"
    counts = (Cell(f"{up} of {len(found)} up", tone if found else "dim"),)
    words = []
    calm = [one for one in found if one.state is AdapterState.LIVE]
    for one in found:
        if one in calm:
            continue
        mark = severity.mark(severity.of_adapter(one))
        detail = f": {one.detail}" if one.detail and one.state is not AdapterState.LIVE else ""
        words.append(Cell(f"{adapters.name_of(one)} {mark.text} {one.state}{detail}", mark.tone))
    if calm:
        # What is as it should be is named in a breath, after what is not.
        words.append(Cell(f"live: {' '.join(adapters.name_of(one) for one in calm)}", "dim"))
    return Summary("adapters", "Adapters", counts, tuple(words or [Cell("none yet", "dim")]))


def _received(context: Context, kind: str, words: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return *words*, or why there is nothing to say where no record of *kind* came."""
    if context.store.records(kind):
        return tuple(words)
    why = waiting_for(context, kind)
    return (*words, Cell(why, "dim")) if why else tuple(words)


def waiting_for(context: Context, kind: str = "") -> str:
    """Return why a table may be empty without there being nothing: "" where it is truly so.

    Of all that is watched, or of those alone that may bring records of *kind*: "kubernetes tycho
    is down: connection refused", "tycho pods denied".
    """
    if context.store.disconnected_since is not None:
        return "no connection to the station"
    if not context.store.every(Scope):
        return "nothing received yet"
    bad: list[str] = []
    silent: set[str] = set()
    for one in bringers.of(kind, context) if kind else ():
        if one.state not in bringers.SPEAKS:
            silent.add(one.name)
            bad.append(bringers.silence(one))
    for scope in bringers.scopes(kind, context) if kind else context.store.watched():
        quality, _ = freshness.of_scope(scope, context.now)
        if quality is not Quality.FRESH and scope.source not in silent:
            state = quality if quality is Quality.NEVER else scope.state
            bad.append(f"{scope.source} {scope.name} {state}")
    return "; ".join(bad[:WORST_KEPT])
