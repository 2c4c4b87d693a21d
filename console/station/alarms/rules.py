"""What is watched, as data: which value of which records, its limit, and how bad that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from adapters.records import ActionState, AlarmSeverity, InverterState, Record, ScopeState
from console.station.alarms.limits import Limit

CRITICAL, WARNING, ADVISORY = AlarmSeverity


class Rule(NamedTuple):
    """One rule. `value` is a field of the records of `kind`, or one of `values.DERIVED`.

    `where` pairs fields with shell patterns that all have to match. `yields_to` names rules that
    explain this one where they are raised on the same thing, or on what that belongs to.
    """

    name: str
    kind: str
    value: str
    limit: Limit
    severity: AlarmSeverity = WARNING
    unit: str = ""
    where: tuple[tuple[str, str], ...] = ()
    yields_to: tuple[str, ...] = ()

    def covers(self, record: Record) -> bool:
        """Whether *record* is one that this rule watches."""
        return all(
            fnmatchcase(str(getattr(record, field, "")), pattern) for field, pattern in self.where
        )

    @property
    def limit_text(self) -> str:
        """What the value should not be: "≥ 90 %, clears < 85 %", "failed for 30 s"."""
        limit, unit = self.limit, f" {self.unit}" if self.unit else ""
        if limit.equals:
            text = " or ".join(_plain(one) for one in limit.equals)
        else:
            rises = limit.above is not None
            text = f"{'≥' if rises else '≤'} {limit.above if rises else limit.below:g}{unit}"
            if limit.clear is not None:
                text += f", clears {'<' if rises else '>'} {limit.clear:g}{unit}"
        if limit.samples > 1:
            text += f", {limit.samples} times in a row"
        return text + (f" for {_span(limit.seconds)}" if limit.seconds else "")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _span(seconds: float) -> str:
    whole, rest = divmod(seconds, 60)
    return f"{whole:g} min" if whole and not rest else f"{seconds:g} s"


def _is(*values: Any, seconds: float = 0.0, clears: tuple[Any, ...] = ()) -> Limit:
    return Limit(equals=values, seconds=seconds, clears=clears)


DEFAULTS: Final = (
    Rule("app-failed", "App", "condition",
         _is("failed", seconds=30, clears=("healthy", "idle", "degraded")), CRITICAL),
    Rule("app-critical", "App", "condition",
         _is("degraded", seconds=30, clears=("healthy", "idle", "failed")), CRITICAL,
         where=(("priority", "critical"),), yields_to=("app-failed",)),
    Rule("app-degraded", "App", "condition",
         _is("degraded", seconds=30, clears=("healthy", "idle", "failed")), WARNING,
         yields_to=("app-failed", "app-critical")),
    Rule("app-restarts", "App", "restarts_in_10_min", Limit(above=3, clear=1), WARNING,
         unit="restarts in 10 min", yields_to=("app-failed", "app-critical", "app-degraded")),
    Rule("app-unknown", "App", "health", _is("unknown", seconds=300), ADVISORY),
    Rule("pool-full", "Pool", "used_percent", Limit(above=90, clear=85), WARNING, unit="%"),
    Rule("address-pending", "Address", "condition", _is("pending", seconds=60), WARNING),
    Rule("address-silent", "Address", "condition", _is("not announced", seconds=30), WARNING),
    Rule("battery-empty", "Battery", "charge", Limit(below=20, clear=25), CRITICAL, unit="%",
         yields_to=("battery-offline",)),
    Rule("battery-low", "Battery", "charge", Limit(below=35, clear=40), WARNING, unit="%",
         yields_to=("battery-offline", "battery-empty")),
    Rule("battery-offline", "Battery", "online", _is(False, seconds=60), CRITICAL,
         yields_to=("plant-offline",)),
    Rule("plant-offline", "Plant", "output", _is("offline", seconds=60), CRITICAL),
    Rule("plant-dark", "Plant", "output", _is("none", seconds=600), WARNING,
         yields_to=("plant-offline",)),
    Rule("inverter-fault", "Inverter", "state", _is(InverterState.FAULT.value), CRITICAL),
    Rule("inverter-offline", "Inverter", "offline_by_day", _is(True, seconds=60), WARNING,
         yields_to=("plant-offline",)),
    Rule("chain-stalled", "Chain", "intervals_late", Limit(above=60, clear=10), CRITICAL,
         unit="block intervals"),
    Rule("chain-late", "Chain", "intervals_late", Limit(above=10, clear=5), WARNING,
         unit="block intervals", yields_to=("chain-stalled",)),
    Rule("chain-reorg", "Chain", "reorganised", Limit(above=1), WARNING, unit="blocks in 30 min"),
    Rule("contract-missing", "Contract", "code", _is("none"), CRITICAL),
    Rule("contract-unknown", "Contract", "code", _is("not known", seconds=300), ADVISORY),
    Rule("contract-reads", "Contract", "failing_reads", Limit(above=1, seconds=60), WARNING,
         unit="reads fail"),
    Rule("token-mismatch", "Token", "identity", _is("mismatch", "orphan", seconds=30), WARNING),
    Rule("adapter-down", "AdapterStatus", "reach", _is("down", "cut off", seconds=10,
         clears=("up", "stopped")), CRITICAL),
    Rule("adapter-slow", "AdapterStatus", "reach", _is("starting", seconds=60), WARNING),
    Rule("scope-stale", "Scope", "state", _is(ScopeState.STALE.value, seconds=10), WARNING,
         yields_to=("adapter-down",)),
    Rule("never-received", "Scope", "state", _is(ScopeState.NEVER.value, seconds=60), WARNING,
         yields_to=("adapter-down", "adapter-slow")),
    Rule("scope-denied", "Scope", "state", _is(ScopeState.DENIED.value, seconds=10), ADVISORY,
         yields_to=("adapter-down",)),
    Rule("action-unknown", "ActionStatus", "outcome_now", _is(ActionState.UNKNOWN.value), CRITICAL),
    Rule("action-failed", "ActionStatus", "outcome_now",
         _is(ActionState.NOT_VERIFIED.value, ActionState.FAILED.value, ActionState.TIMED_OUT.value),
         WARNING),
    Rule("log-unwritable", "LogHead", "trouble_now", _is("trouble"), CRITICAL),
    Rule("log-contradicted", "LogHead", "contradicted", _is(True), CRITICAL),
)  # fmt: skip
"""What is watched where the configuration says nothing else."""

LOST: Final = Rule(
    "value-lost", "", "", Limit(equals=("not known",), seconds=60), ADVISORY, yields_to=()
)
"""Raised for a number that was known and is not any more, while its source answers."""


def by_kind(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    """Return *rules* by the kind of record that they watch."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        found[rule.kind] = (*found.get(rule.kind, ()), rule)
    return found
