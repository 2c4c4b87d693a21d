"""Values that rules watch and no record holds as it stands: worked out of one record, or of many.

None is a value that is not known: it neither raises nor clears an alarm.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol

from adapters.records import (
    ActionState,
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Address,
    App,
    Battery,
    Chain,
    Contract,
    Health,
    Inverter,
    Key,
    Light,
    LogHead,
    Plant,
    Pool,
    Record,
    ScopeState,
    Token,
)
from console.station.scopes import ScopeEntry

RECENT: Final = 1800.0
"""Seconds for which an action that went wrong, or a reorganisation, is still news."""
SPAN: Final = 600.0
"""Seconds over which restarts are counted."""
QUICK: Final = 6.0
"""Seconds below which a chain's block interval does not count: some are made on demand."""


class View(Protocol):
    """What values are worked out of beside their record. Times in seconds since the epoch."""

    now: float

    def scopes(self, source: str = "") -> list[ScopeEntry]:
        """Return the scopes of an adapter instance."""
        ...

    def restarts(self, app: App) -> int | None:
        """Return how many restarts of *app* were seen in the last ten minutes."""
        ...

    def identity(self, token: Token) -> str | None:
        """Return how *token* and its app stand, None where that is not known."""
        ...


class Derived(NamedTuple):
    """One value: how it is read, what a person reads of it, whether time alone changes it.

    `since` says from when on, in seconds since the epoch, a record has had that value by its own
    word, None where it has none on that. Its third argument is whether the record is met for the
    first time: after that, the station has seen for itself when some values began.
    """

    read: Callable[[Any, View], Any]
    text: Callable[[Any, Any], str] | None = None
    timed: bool = False
    help: str = ""
    since: Callable[[Any, Any, bool], float | None] | None = None


def _condition(app: App, view: View) -> str | None:
    if app.health is Health.UNKNOWN:
        return None
    nothing = bool(app.desired) and app.ready == 0 and app.health is Health.DEGRADED
    return "failed" if nothing else str(app.health.value)


def _condition_text(app: App, value: Any) -> str:
    known = app.ready is not None and app.desired is not None
    ready = f"{app.ready} of {app.desired} ready" if known else ""
    return " · ".join(filter(None, (str(value), ready, app.reason)))


def _health_since(app: App, value: Any, first: bool) -> float | None:
    """Return since when *app* is as it is: that it is degraded, not that it has got worse now."""
    return app.since if first or value != str(Health.FAILED.value) else None


def _used(pool: Pool, view: View) -> float | None:
    if pool.assigned is None or pool.available is None:
        return None
    total = pool.assigned + pool.available
    return 100.0 * pool.assigned / total if total > 0 else None


def _used_text(pool: Pool, value: Any) -> str:
    return f"{_measured(value)} %, {pool.available} left"


def _address(address: Address, view: View) -> str | None:
    if not address.ip:
        return "pending"
    if address.announced_by is None:
        return None
    return "announced" if address.announced_by else "not announced"


def _address_text(address: Address, value: Any) -> str:
    return " · ".join(filter(None, (str(value), address.ip, address.reason)))


def _charge(battery: Battery, view: View) -> float | None:
    return None if battery.online is False else battery.charge


def _output(plant: Plant, view: View) -> str | None:
    if not plant.devices or plant.light is Light.UNKNOWN:
        return None
    if plant.light is Light.NIGHT:
        return "night"
    if not plant.answering:
        return "offline"
    if plant.power is None:
        return None
    return "some" if plant.power > 0 else "none"


def _output_text(plant: Plant, value: Any) -> str:
    said = {"none": "0 W by day", "offline": f"0 of {plant.devices} answer by day"}
    return said.get(value, str(value))


def _offline(inverter: Inverter, view: View) -> bool | None:
    if inverter.online is None or inverter.light is Light.UNKNOWN:
        return None
    return not inverter.online and inverter.light is Light.DAY


def _offline_text(inverter: Inverter, value: Any) -> str:
    return " · ".join(filter(None, ("offline by day" if value else "answers", inverter.error)))


def _late(chain: Chain, view: View) -> float | None:
    if chain.block_time is None or not chain.block_interval:
        return None
    return max(0.0, view.now - chain.block_time) / max(chain.block_interval, QUICK)


def _late_text(chain: Chain, value: Any) -> str:
    every = max(chain.block_interval or 0.0, QUICK)
    seconds = int(value * every)
    passed = f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
    return f"no block for {passed} ({round(value):,} intervals)"


def _reorganised(chain: Chain, view: View) -> int:
    recent = chain.reorg_at is not None and 0 <= view.now - chain.reorg_at <= RECENT
    return max(1, chain.reorg_depth) if recent else 0


def _code(contract: Contract, view: View) -> str:
    return {True: "present", False: "none", None: "not known"}[contract.deployed]


def _code_text(contract: Contract, value: Any) -> str:
    return "no code at its address" if value == "none" else f"code {value}"


def _reads(contract: Contract, view: View) -> int:
    return sum(bool(one.error) for one in contract.readings)


def _reads_text(contract: Contract, value: Any) -> str:
    first = next((one for one in contract.readings if one.error), None)
    return f"{value} · {first.function}: {first.error}" if first else str(value)


def _identity_text(token: Token, value: Any) -> str:
    return f"{value} · it names {token.app or 'no app'}"


def _reach(adapter: AdapterStatus, view: View) -> str:
    if adapter.state in (AdapterState.DOWN, AdapterState.STARTING, AdapterState.STOPPED):
        return str(adapter.state.value)
    own = view.scopes(adapter.name)
    cut = len(own) > 1 and all(scope.state is ScopeState.STALE for scope in own)
    return "cut off" if cut else "up"


def _reach_text(adapter: AdapterStatus, value: Any) -> str:
    return " · ".join(filter(None, (str(value), adapter.detail)))


def _outcome(action: ActionStatus, view: View) -> str:
    at = action.stages[-1].at if action.stages else action.received
    if action.state is ActionState.UNKNOWN or view.now - at <= RECENT:
        return str(action.state.value)
    return "past"


def _outcome_text(action: ActionStatus, value: Any) -> str:
    last = action.stages[-1].detail if action.stages else ""
    return " · ".join(filter(None, (str(value), action.target, action.outcome or last)))


def _trouble(head: LogHead, view: View) -> str:
    return "trouble" if head.trouble else "none"


def _contradicted(head: LogHead, view: View) -> bool:
    return bool(head.mismatch) or any(one.contradicts for one in head.witnesses)


def _contradicted_text(head: LogHead, value: Any) -> str:
    said = [head.mismatch, *(f"{w.witness}: {w.trouble}" for w in head.witnesses if w.contradicts)]
    return " · ".join(filter(None, said)) or "no"


def _scope_text(scope: Any, value: Any) -> str:
    return " · ".join(filter(None, (str(value), scope.detail)))


DERIVED: Final[Mapping[str, Mapping[str, Derived]]] = {
    "App": {
        "condition": Derived(_condition, _condition_text, since=_health_since),
        "health": Derived(lambda app, view: app.health, since=_health_since),
        "restarts_in_10_min": Derived(lambda app, view: view.restarts(app), timed=True),
    },
    "Pool": {"used_percent": Derived(_used, _used_text)},
    "Address": {"condition": Derived(_address, _address_text)},
    "Battery": {"charge": Derived(_charge)},
    "Plant": {"output": Derived(_output, _output_text)},
    "Inverter": {"offline_by_day": Derived(_offline, _offline_text)},
    "Chain": {
        "intervals_late": Derived(_late, _late_text, timed=True),
        "reorganised": Derived(_reorganised, timed=True),
    },
    "Contract": {
        "code": Derived(_code, _code_text),
        "failing_reads": Derived(_reads, _reads_text),
    },
    "Token": {"identity": Derived(lambda token, view: view.identity(token), _identity_text)},
    "AdapterStatus": {"reach": Derived(_reach, _reach_text, timed=True)},
    "Scope": {"state": Derived(lambda scope, view: str(scope.state.value), _scope_text)},
    "ActionStatus": {"outcome_now": Derived(_outcome, _outcome_text, timed=True)},
    "LogHead": {
        "trouble_now": Derived(_trouble, lambda head, value: head.trouble or "none"),
        "contradicted": Derived(_contradicted, _contradicted_text),
    },
}
"""What can be watched beside the fields of the records, by kind and name."""
COUNTED: Final = frozenset({"restarts_in_10_min", "reorganised", "failing_reads"})
"""Numbers that are counted here, and so are always known."""


def field(name: str) -> Derived:
    """Return the value that the field *name* of a record is."""
    return Derived(lambda record, view: getattr(record, name, None))


def value_of(kind: str, name: str) -> Derived:
    """Return the value called *name* of the records of *kind*: a derived one, or a field."""
    return DERIVED.get(kind, {}).get(name) or field(name)


def lasted(derived: Derived, record: Record, value: Any, first: bool, now: float) -> float:
    """Return for how many seconds *record* has had *value* by its own word, 0 without one."""
    since = derived.since(record, value, first) if derived.since is not None else None
    return max(0.0, now - since) if since is not None else 0.0


def said(derived: Derived, record: Record, value: Any, unit: str) -> str:
    """Return what a person reads of *value*, with its unit."""
    if derived.text is not None:
        return derived.text(record, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{_measured(value)} {unit}".strip()
    return str(value)


def _measured(value: float) -> str:
    """Return a number to three digits: finer than its limit, so that 20.4 does not read as 20."""
    if not abs(value) < 1e15:
        return str(value)[:24]
    return f"{round(value):,}" if abs(value) >= 1000 else f"{value:.3g}"


def thing(record: Record) -> str:
    """Return *record* as a person names it: "habitat/thermal-loop", "pool edge"."""
    kind = type(record).__name__
    own = record.namespace and record.namespace != record.name
    name = f"{record.namespace}/{record.name}" if own else record.name
    match kind:
        case "App":
            return name
        case "AdapterStatus":
            return f"adapter {record.name}"
        case "Scope":
            return f"{record.source} {record.name}"
        case "ActionStatus":
            return f"action {record.name}"
        case "LogHead":
            return "the log"
        case "Pool":
            return f"pool {record.name}"
        case "Token":
            return f"token #{record.name}"
        case "Address":
            return f"address {record.namespace}/{getattr(record, 'service', '') or record.name}"
        case _:
            return f"{kind.lower()} {name}"


def parents(record: Record) -> tuple[Key, ...]:
    """Return what *record* belongs to, whose alarm may explain one of it."""
    match type(record).__name__:
        case "Scope":
            return (Key("station", "AdapterStatus", "", record.source),)
        case "Inverter" | "Battery":
            return (Key(record.source, "Plant", record.namespace, record.namespace),)
        case _:
            return ()


class Rising:
    """How often counters that only rise did so within a span; one that fell begins anew."""

    def __init__(self, span: float = SPAN) -> None:
        self._span = span
        self._last: dict[Key, int] = {}
        self._steps: dict[Key, deque[tuple[float, int]]] = {}

    def note(self, key: Key, count: int | None, now: float) -> None:
        """Take in what the counter of *key* says now."""
        if count is None:
            return
        before = self._last.get(key)
        self._last[key] = count
        if before is not None and count > before:
            self._steps.setdefault(key, deque(maxlen=64)).append((now, count - before))

    def within(self, key: Key, now: float) -> int | None:
        """Return by how much it rose within the span, None where it was never known."""
        if key not in self._last:
            return None
        steps = self._steps.get(key)
        if not steps:
            return 0
        while steps and now - steps[0][0] > self._span:
            steps.popleft()
        if not steps:
            del self._steps[key]
            return 0
        return sum(step for _, step in steps)

    def forget(self, key: Key) -> None:
        """Forget the counter of *key*: what it counted is gone."""
        self._last.pop(key, None)
        self._steps.pop(key, None)
