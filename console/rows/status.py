"""The snapshot that `colony status --json` prints, and its exit status. Its keys are stable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adapters.records import (
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Address,
    App,
    Health,
    Pool,
    Quality,
)
from console.rows import actions, adapters, addresses, apps, pools, severity, times
from console.rows.severity import Severity
from console.store import Store

EXIT: Mapping[str, int] = {"healthy": 0, "degraded": 10, "critical": 11, "unknown": 12}
"""The exit status for each value of `health`."""

_CAIP19 = re.compile(r"eip155:\d{1,32}/erc721:(0x[0-9a-fA-F]{40})/(\d{1,78})")


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
        "tokens": [],
        "solar": [],
        "ledger": {"head": None, "entries": []},
        "actions": [
            {
                "id": one.name,
                "name": one.action,
                "state": str(one.state),
                "target": one.target,
            }
            for one in sorted(store.every(ActionStatus), key=actions.sort_key(""))
        ],
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
        "token": token(app.token),
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


def token(asset: str) -> dict[str, Any] | None:
    """Return the token that a CAIP-19 asset name names, None where it is not an ERC-721's.

    `token_id` is text: a uint256 does not survive the numbers of most JSON readers. `owner` is
    null until a chain says who owns it.
    """
    match = _CAIP19.fullmatch(asset)
    if match is None:
        return None
    return {"contract": match.group(1), "token_id": match.group(2), "owner": None}


def health(store: Store) -> str:
    """Return "healthy", "degraded", "critical", or "unknown" where nothing was reached.

    Critical: an app that should serve and does not, or a degraded one of critical priority.
    Degraded: another app that is not well or not known to be, an adapter that is not live, a
    value that is not fresh, a Service without its address.
    """
    supervised = store.every(AdapterStatus)
    reached = any(one.state in (AdapterState.LIVE, AdapterState.DEGRADED) for one in supervised)
    if not reached or store.disconnected_since is not None:
        return "unknown"
    found = store.every(App)
    if any(severity.of_app(app) is Severity.CRITICAL for app in found):
        return "critical"
    degraded = (
        any(one.state is not AdapterState.LIVE for one in supervised)
        or any(app.health in (Health.DEGRADED, Health.UNKNOWN) for app in found)
        or any(store.quality(app)[0] is not Quality.FRESH for app in found)
        or any(not address.ip for address in store.every(Address))
    )
    return "degraded" if degraded else "healthy"


def exit_code(taken: Mapping[str, Any]) -> int:
    """Return the exit status for a snapshot: 0 healthy, 10 degraded, 11 critical, 12 unknown."""
    return EXIT[taken["health"]]


def _quality(record: App | Pool | Address, store: Store) -> str:
    return str(store.quality(record)[0])
