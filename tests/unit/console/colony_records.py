"""Records of a small colony, and a store that holds them, for tests of rows."""

from __future__ import annotations

from typing import Any

from adapters.clock import SystemClock
from adapters.records import (
    ActionState,
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Address,
    Announcer,
    App,
    Event,
    Health,
    Pod,
    Pool,
    Port,
    Revision,
    Scope,
    ScopeState,
    StageTime,
)
from console.feed.messages import Parcel
from console.rows.context import Context
from console.store import Store

NOW = 1_795_010_551.0
"""2026-11-18 14:02:31Z."""


class Still(SystemClock):
    """A clock that stands."""

    def __init__(self, at: float = NOW) -> None:
        self.at = at

    def now(self) -> float:
        return self.at


def app(name: str = "oxygen-generator", **more: Any) -> App:
    given = {
        "source": "tycho", "namespace": "life-support", "desired": 3, "ready": 3, "revision": 12,
        "version": "2.4.1", "images": ("colony/o2-gen:2.4.1",), "health": Health.HEALTHY,
        "received": NOW, "created": NOW - 90_000, "actions": ("app.rollback",),
    }  # fmt: skip
    return App(name=name, **(given | more))


def degraded(**more: Any) -> App:
    given = {
        "ready": 2, "health": Health.DEGRADED, "reason": "pull fails: o2-gen:2.4.1",
        "since": NOW - 379,
    }  # fmt: skip
    return app(**(given | more))


def pod(name: str = "oxygen-generator-6d9f-x2x", **more: Any) -> Pod:
    given = {
        "source": "tycho", "namespace": "life-support", "app": "oxygen-generator",
        "workload": "Deployment", "state": "Running", "ready": 1, "total": 1, "received": NOW,
    }  # fmt: skip
    return Pod(name=name, **(given | more))


def address(ip: str = "10.40.1.7", **more: Any) -> Address:
    given = {
        "source": "tycho", "namespace": "life-support", "name": f"telemetry/{ip}",
        "service": "telemetry", "pool": "edge-udp", "ports": (Port(5004, "UDP"),),
        "announced_by": (Announcer("relay-1", "L2", ("eth0",)),),
        "apps": ("Deployment/oxygen-generator",), "received": NOW,
    }  # fmt: skip
    return Address(ip=ip, **(given | more))


def pool(name: str = "edge-udp", assigned: int | None = 15, available: int | None = 1) -> Pool:
    return Pool(
        source="tycho", namespace="metallb-system", name=name, ranges=("10.40.1.0/28",),
        assigned=assigned, available=available, received=NOW,
    )  # fmt: skip


def action(
    name: str = "a81", state: ActionState = ActionState.SIMULATED, **more: Any
) -> ActionStatus:
    given = {
        "source": "station", "action": "app.rollback", "target": "life-support/oxygen-generator",
        "arguments": (("app", "life-support/oxygen-generator"), ("to", "11")), "actor": "ops-1",
        "stages": (
            StageTime(ActionState.DRAFT, NOW - 90, ""),
            StageTime(ActionState.SIMULATED, NOW - 84, "server dry run"),
        ),
    }  # fmt: skip
    return ActionStatus(name=name, state=state, **(given | more))


def adapter(
    name: str = "tycho", state: AdapterState = AdapterState.LIVE, **more: Any
) -> AdapterStatus:
    given = {"source": "station", "adapter": "kubernetes", "since": NOW - 600, "records": 40}
    return AdapterStatus(name=name, state=state, **(given | more))


def scope(name: str, state: ScopeState = ScopeState.LIVE, **more: Any) -> Scope:
    given = {"source": "tycho", "heard": NOW - 5, "since": NOW - 600}
    return Scope(name=name, state=state, **(given | more))


def event(name: str = "e1", **more: Any) -> Event:
    given = {
        "source": "tycho", "namespace": "life-support", "severity": "Warning", "reason": "Failed",
        "message": "Failed to pull image", "object_kind": "Pod", "object_name": "oxygen-x2x",
        "app": "oxygen-generator", "workload": "Deployment", "last": NOW - 60, "seq": 1,
    }  # fmt: skip
    return Event(name=name, **(given | more))


def revision(number: int, **more: Any) -> Revision:
    given = {
        "source": "tycho", "namespace": "life-support", "name": f"oxygen-{number}",
        "app": "oxygen-generator", "number": number, "images": (f"colony/o2-gen:{number}",),
        "created": NOW - 400, "received": NOW,
    }  # fmt: skip
    return Revision(**(given | more))


SCOPES = {
    App: "deployments", Pod: "pods", Address: "services", Pool: "pools", Event: "events",
    Revision: "replicasets",
}  # fmt: skip


def context(*records: Any, live: bool = True, now: float = NOW) -> Context:
    """Return a context with *records* in its store, all of live scopes unless *live* is false."""
    store = Store(Still(now))
    state = ScopeState.LIVE if live else ScopeState.STALE
    scopes = [scope(name, state, heard=NOW - 30) for name in SCOPES.values()]
    store.apply([Parcel(source="station", scope="scopes", upserts=tuple(scopes))])
    for record in records:
        name = SCOPES.get(type(record), "own")
        source = "station" if name == "own" else record.source
        store.apply([Parcel(source=source, scope=name, upserts=(record,))])
    return Context(store, now)
