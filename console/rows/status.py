"""The snapshot that `colony status --json` prints, and its exit status. Its keys are stable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.records import (
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Address,
    Alarm,
    App,
    Chain,
    Health,
    LedgerEntry,
    Plant,
    Pool,
    Quality,
    Record,
    Token,
)
from console.joins import parse_asset
from console.rows import (
    actions,
    adapters,
    addresses,
    alarms,
    apps,
    identity,
    ledger,
    plants,
    pools,
    severity,
    times,
    tokens,
)
from console.rows.chain_summary import newest_entries
from console.rows.context import Context
from console.rows.identity import Identity, Sides
from console.rows.severity import Severity
from console.rows.wrong import chain_and_sun
from console.store import Store

ENTRIES = 20
"""Entries of the ledger in a snapshot, the newest first."""
EXIT: Mapping[str, int] = {"healthy": 0, "degraded": 10, "critical": 11, "unknown": 12}
"""The exit status for each value of `health`."""


def snapshot(store: Store, colony: str) -> dict[str, Any]:
    """Return the colony's state as plain data, ready for JSON.

    What has no adapter is an empty list; what is not known is null, never 0.
    """
    return {
        "colony": colony,
        "taken_at": times.iso(store.clock.now()),
        "health": health(store),
        "adapters": [
            {
                "name": adapters.name_of(one),
                "kind": one.adapter,
                "state": str(one.state),
                "last_record_at": times.iso(one.last_record_at),
                "detail": one.detail,
            }
            for one in sorted(store.every(AdapterStatus), key=adapters.sort_key("name"))
        ],
        "apps": [_app(app, store) for app in sorted(store.every(App), key=apps.sort_key(""))],
        "pools": [
            {
                "source": pool.source,
                "name": pool.name,
                "assigned": pool.assigned,
                "available": pool.available,
                "ranges": list(pool.ranges),
                "quality": _quality(pool, store),
            }
            for pool in sorted(store.every(Pool), key=pools.sort_key(""))
        ],
        "addresses": [
            _address(one, store) for one in sorted(store.every(Address), key=addresses.sort_key(""))
        ],
        "tokens": _tokens(store),
        "solar": [_plant(one, store) for one in sorted(store.every(Plant), key=_by_name)],
        "ledger": _ledger(store),
        "actions": [
            {
                "id": one.name,
                "name": one.action,
                "state": str(one.state),
                "target": one.target,
            }
            for one in sorted(store.every(ActionStatus), key=actions.sort_key(""))
        ],
        "alarms": _alarms(store),
    }


def _alarms(store: Store) -> dict[str, Any]:
    found = sorted(store.every(Alarm), key=alarms.order)
    count = alarms.counted(found)
    return {
        "unacknowledged": count.calling,
        "total": count.total,
        "list": [alarm_json(one) for one in found],
    }


def alarm_json(alarm: Alarm) -> dict[str, Any]:
    """Return *alarm* as `--json` prints it."""
    return {
        "name": alarm.name,
        "rule": alarm.rule,
        "severity": alarm.severity.value,
        "state": alarm.state.value,
        "thing": alarm.thing,
        "value": alarm.value,
        "limit": alarm.limit,
        "quality": alarm.quality or "fresh",
        "since": times.iso(alarm.since),
        "returned": times.iso(alarm.returned),
        "acknowledged_by": alarm.acked_by or None,
        "acknowledged_at": times.iso(alarm.acked_at),
        "shelved_by": alarm.shelved_by or None,
        "shelved_until": times.iso(alarm.shelved_until),
        "shelved_reason": alarm.shelved_reason or None,
        "times": alarm.times,
        "follows": alarm.follows,
    }


def _app(app: App, store: Store) -> dict[str, Any]:
    return {
        "source": app.source,
        "namespace": app.namespace,
        "name": app.name,
        "kind": app.workload,
        "ready": app.ready,
        "desired": app.desired,
        "version": app.version,
        "revision": app.revision,
        "health": str(app.health),
        "reason": app.reason,
        "quality": _quality(app, store),
        "token": token(app.token, store),
        "addresses": list(dict.fromkeys(one.ip for one in store.addresses_of(app) if one.ip)),
    }


def _address(address: Address, store: Store) -> dict[str, Any]:
    by = address.announced_by
    return {
        "source": address.source,
        "ip": address.ip or None,
        "pool": address.pool or None,
        "namespace": address.namespace,
        "service": address.service or address.name,
        "ports": [{"port": port.port, "protocol": port.protocol} for port in address.ports],
        "announced_by": None if by is None else list(dict.fromkeys(one.node for one in by)),
        "quality": _quality(address, store),
    }


def token(asset: str, store: Store) -> dict[str, Any] | None:
    """Return the token that a CAIP-19 asset name names, None where it is not an ERC-721's.

    `token_id` is text: a uint256 does not survive the numbers of most JSON readers. `owner` is
    null until a chain says who owns it.
    """
    parsed = parse_asset(asset)
    if parsed is None:
        return None
    found = store.token(parsed)
    return {
        "contract": found.contract if found is not None else asset.split("/")[1][7:],
        "token_id": parsed.token,
        "owner": (found.owner or None) if found is not None else None,
    }


def _tokens(store: Store) -> list[dict[str, Any]]:
    context = Context(store, store.clock.now())
    look = identity.sides(context)
    return [_token(one, context, look) for one in sorted(store.every(Token), key=tokens.by_number)]


def _token(one: Token, context: Context, look: Sides) -> dict[str, Any]:
    state = identity.of_token(one, context, look).state
    return {
        "source": one.source,
        "contract": one.contract,
        "contract_name": one.namespace or None,
        "token_id": one.name,
        "app": one.app,
        "owner": one.owner or None,
        "owner_name": one.owner_name or None,
        "since": times.iso(one.since),
        "identity": None if state is Identity.UNKNOWN else str(state),
        "quality": _quality(one, context.store),
    }


def _plant(one: Plant, store: Store) -> dict[str, Any]:
    return {
        "source": one.source,
        "plant": one.name,
        "site": one.site or None,
        "state": plants.state_text(one, store.clock.now()),
        "power_w": one.power,
        "energy_today_wh": one.energy_today,
        "charge_percent": one.charge,
        "battery_power_w": one.battery_power,
        "light": str(one.light),
        "answering": one.answering,
        "devices": one.devices,
        "quality": _quality(one, store),
    }


def _ledger(store: Store) -> dict[str, Any]:
    context = Context(store, store.clock.now())
    chains = sorted(store.every(Chain), key=lambda one: (-(one.number or 0), _by_name(one)))
    head = chains[0] if chains else None
    return {
        "head": None if head is None else {
            "chain_id": head.chain_id,
            "block": head.number,
            "hash": head.block_hash or None,
            "time": times.iso(head.block_time),
            "final": head.final,
        },
        "entries": [_entry(one) for one in newest_entries(context, ENTRIES)],
    }  # fmt: skip


def _entry(one: LedgerEntry) -> dict[str, Any]:
    return {
        "time": times.iso(one.at),
        "block": one.block,
        "transaction": one.transaction,
        "contract": one.contract,
        "event": one.event,
        "summary": one.summary,
        "app": one.app or None,
        "token": ledger.token_text(one).removeprefix("#") or None,
        "removed": one.removed,
    }


def _by_name(one: Record) -> tuple[str, str]:
    return (one.name, one.source)


def health(store: Store) -> str:
    """Return "healthy", "degraded", "critical", or "unknown" where nothing was reached.

    Critical: an app that should serve and does not, or a degraded one of critical priority; a
    plant that is offline by day, a battery that is nearly empty; a chain that stands still for
    long, a contract without code. Degraded: another app that is not well or not known to be, an
    adapter that is not live, a value that is not fresh, a Service without its address, and
    whatever else is wrong with a chain, an identity or a plant.
    """
    supervised = store.every(AdapterStatus)
    reached = any(one.state in (AdapterState.LIVE, AdapterState.DEGRADED) for one in supervised)
    if not reached or store.disconnected_since is not None:
        return "unknown"
    found = store.every(App)
    beside = chain_and_sun(Context(store, store.clock.now()))
    grades = [*map(severity.of_app, found), *(one.severity for one in beside)]
    if Severity.CRITICAL in grades:
        return "critical"
    degraded = (
        any(one.state is not AdapterState.LIVE for one in supervised)
        or any(app.health in (Health.DEGRADED, Health.UNKNOWN) for app in found)
        or any(store.quality(app)[0] is not Quality.FRESH for app in found)
        or any(not address.ip for address in store.every(Address))
        or bool(beside)
    )
    return "degraded" if degraded else "healthy"


def exit_code(taken: Mapping[str, Any]) -> int:
    """Return the exit status for a snapshot: 0 healthy, 10 degraded, 11 critical, 12 unknown."""
    return EXIT[taken["health"]]


def _quality(record: Record, store: Store) -> str:
    return str(store.quality(record)[0])
