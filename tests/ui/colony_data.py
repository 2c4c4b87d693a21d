"""The colony tycho as records, at a fixed moment: one app degraded by its last revision."""

from __future__ import annotations

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
from tests.ui.chain_data import chain_parcels

NOW = 1_795_183_351.0
"""2026-11-20 14:02:31 UTC."""
SOURCE = "tycho"
MINUTE = 60.0


def _asset(number: int) -> str:
    return f"eip155:1337/erc721:0x5FbDB2315678afecb367f032d93F642f64180aa3/{number}"


def _app(namespace: str, name: str, ready: int, revision: int, version: str, **more: object) -> App:
    values: dict[str, object] = {
        "source": SOURCE, "namespace": namespace, "name": name, "uid": f"uid-{name}",
        "desired": ready, "ready": ready, "updated": ready, "available": ready,
        "images": (f"colony/{name}:{version}",), "version": version, "revision": revision,
        "health": Health.HEALTHY, "since": NOW - 86400, "created": NOW - 30 * 86400,
        "generation": revision, "observed_generation": revision, "restarts": 0,
        "received": NOW, "actions": ("app.rollback",),
    }  # fmt: skip
    return App(**(values | more))


APPS = (
    _app(
        "life-support", "oxygen-generator", 2, 12, "2.4.1", desired=3, updated=1,
        images=("colony/o2-gen:2.4.1",), health=Health.DEGRADED, since=NOW - 6 * MINUTE - 19,
        reason="rollout stuck · ImagePullBackOff: colony/o2-gen:2.4.1",
        token=_asset(3), site="north-rim", priority="high",
    ),
    _app("life-support", "water-recycler", 3, 31, "5.0.2", token=_asset(1)),
    _app("life-support", "co2-scrubber", 2, 9, "1.8.0", token=_asset(5)),
    _app("agriculture", "hydroponics-lights", 4, 7, "0.9.4", restarts=2),
    _app("agriculture", "greenhouse-control", 2, 18, "3.1.0"),
    _app("agriculture", "seed-vault", 1, 4, "1.0.1", workload="StatefulSet"),
    _app("comms", "comms-relay", 3, 44, "7.2.0", token=_asset(7).lower()),
    _app("comms", "beacon", 1, 3, "1.1.0"),
    _app("habitat", "airlock-control", 1, 15, "4.4.1", health=Health.PROGRESSING,
         desired=2, reason="rollout: 1 of 2 updated", since=NOW - 20),
    _app("habitat", "thermal-loop", 2, 22, "2.2.2"),
)  # fmt: skip

REVISIONS = (
    Revision(source=SOURCE, namespace="life-support", name="oxygen-generator-7d9f", received=NOW,
             app="oxygen-generator", number=12, images=("colony/o2-gen:2.4.1",),
             change_cause="report pressure in kPa", created=NOW - 6 * MINUTE - 31, replicas=1,
             ready=0, template="7d9f6c", current=True),
    Revision(source=SOURCE, namespace="life-support", name="oxygen-generator-5b8c", received=NOW,
             app="oxygen-generator", number=11, images=("colony/o2-gen:2.3.9",),
             change_cause="membrane fix", created=NOW - 3 * 86400, replicas=2, ready=2,
             template="5b8c11"),
    Revision(source=SOURCE, namespace="life-support", name="oxygen-generator-44aa", received=NOW,
             app="oxygen-generator", number=10, images=("colony/o2-gen:2.3.7",),
             change_cause="", created=NOW - 20 * 86400, replicas=0, ready=0, template="44aa02"),
)  # fmt: skip


def _pod(name: str, state: str, ready: int, node: str, image: str, **more: object) -> Pod:
    values: dict[str, object] = {
        "source": SOURCE, "namespace": "life-support", "name": name, "app": "oxygen-generator",
        "workload": "Deployment", "state": state, "containers": ("o2-gen",), "ready": ready,
        "total": 1, "node": node, "ip": "10.244.1.7", "images": (image,), "created": NOW - 86400,
        "received": NOW,
    }  # fmt: skip
    return Pod(**(values | more))


PODS = (
    _pod("oxygen-generator-5b8c-k2x9p", "Running", 1, "relay-1", "colony/o2-gen:2.3.9"),
    _pod("oxygen-generator-5b8c-w7m4q", "Running", 1, "relay-2", "colony/o2-gen:2.3.9"),
    _pod("oxygen-generator-7d9f-x2x8z", "ImagePullBackOff", 0, "relay-2", "colony/o2-gen:2.4.1",
         message="Back-off pulling image \"colony/o2-gen:2.4.1\"", created=NOW - 390, ip=""),
)  # fmt: skip

EVENTS = (
    Event(source=SOURCE, namespace="life-support", name="e1", seq=1, severity="Normal",
          reason="ScalingReplicaSet", message="Scaled up replica set oxygen-generator-7d9f to 1",
          object_kind="Deployment", object_name="oxygen-generator", app="oxygen-generator",
          workload="Deployment", first=NOW - 391, last=NOW - 391, reporter="deployment-controller",
          received=NOW),
    Event(source=SOURCE, namespace="life-support", name="e2", seq=2, severity="Warning",
          reason="Failed", message="Failed to pull image \"colony/o2-gen:2.4.1\": not found",
          object_kind="Pod", object_name="oxygen-generator-7d9f-x2x8z", app="oxygen-generator",
          workload="Deployment", count=5, first=NOW - 380, last=NOW - 80, reporter="kubelet",
          received=NOW),
    Event(source=SOURCE, namespace="life-support", name="e3", seq=3, severity="Warning",
          reason="BackOff", message="Back-off pulling image \"colony/o2-gen:2.4.1\"",
          object_kind="Pod", object_name="oxygen-generator-7d9f-x2x8z", app="oxygen-generator",
          workload="Deployment", count=14, first=NOW - 370, last=NOW - 45, reporter="kubelet",
          received=NOW),
)  # fmt: skip


def _address(
    namespace: str, service: str, ip: str, pool: str, ports: tuple[Port, ...],
    by: tuple[Announcer, ...] | None, **more: object,
) -> Address:  # fmt: skip
    values: dict[str, object] = {
        "source": SOURCE, "namespace": namespace, "name": service, "service": service, "ip": ip,
        "pool": pool, "ports": ports, "announced_by": by, "created": NOW - 86400,
        "apps": (f"Deployment/{service}",), "received": NOW,
    }  # fmt: skip
    return Address(**(values | more))


ADDRESSES = (
    _address("life-support", "oxygen-generator", "10.40.1.7", "edge-udp",
             (Port(5004, "UDP", "telemetry"), Port(8443, "TCP", "api")),
             (Announcer("relay-1", "L2", ("eth0",)),)),
    _address("comms", "comms-relay", "10.40.1.8", "edge-udp", (Port(5005, "UDP"),),
             (Announcer("relay-2", "L2", ("eth0",)),)),
    _address("habitat", "airlock-control", "10.40.2.3", "core-tcp", (Port(443, "TCP"),),
             (Announcer("relay-1", "BGP", ("spine-a",)),
              Announcer("relay-2", "BGP", ("spine-a",)))),
    _address("agriculture", "greenhouse-control", "10.40.2.4", "core-tcp", (Port(8080, "TCP"),),
             None),
    _address("comms", "beacon", "", "", (Port(9, "UDP"),), None,
             requested="pool edge-udp", reason="no available IPs", created=NOW - 4000),
)  # fmt: skip

POOLS = (
    Pool(source=SOURCE, namespace="metallb-system", name="edge-udp", received=NOW,
         ranges=("10.40.1.0-10.40.1.15",), assigned=15, available=1),
    Pool(source=SOURCE, namespace="metallb-system", name="core-tcp", received=NOW,
         ranges=("10.40.2.0/27",), assigned=7, available=25, auto_assign=False),
)  # fmt: skip

SCOPE_NAMES = (
    "deployments", "statefulsets", "replicasets", "pods", "events", "services",
    "ipaddresspools", "servicel2statuses", "servicebgpstatuses",
)  # fmt: skip

ADAPTERS = (
    AdapterStatus(source="station", name="tycho", adapter="kubernetes", state=AdapterState.LIVE,
                  since=NOW - 7200, last_record_at=NOW - 1, rate=2.4, records=83,
                  actions=("app.rollback",), received=NOW),
)  # fmt: skip

ENDED = ActionStatus(
    source="station", name="a79", action="app.rollback", title="greenhouse-control → rev 17",
    target="agriculture/greenhouse-control",
    arguments=(("app", "tycho:agriculture/Deployment/greenhouse-control"), ("to", "17")),
    state=ActionState.VERIFIED,
    stages=tuple(
        StageTime(state, NOW - 1500 + 7 * number, detail)
        for number, (state, detail) in enumerate([
            (ActionState.DRAFT, ""),
            (ActionState.SIMULATED, "server dry run"),
            (ActionState.APPROVED, "ops-1 pressed y"),
            (ActionState.SUBMITTED, "PATCH sent"),
            (ActionState.INCLUDED, "200 OK"),
            (ActionState.FINAL, "revision 18 observed"),
            (ActionState.VERIFIED, "2 of 2 ready"),
        ])
    ),
    outcome="2 of 2 ready at revision 18", significance="caution", actor="ops-1",
    reason="lights flicker", digest="e1" * 32, code="E1-E1-E1",
    undo=(("app", "tycho:agriculture/Deployment/greenhouse-control"), ("to", "16")),
    received=NOW,
)  # fmt: skip


def scopes(**states: ScopeState) -> tuple[Scope, ...]:
    """Return the scopes of tycho, all live but those in *states*."""
    return tuple(
        Scope(source=SOURCE, name=name, state=states.get(name, ScopeState.LIVE),
              since=NOW - 7200, heard=NOW - 1, records=10, received=NOW)
        for name in SCOPE_NAMES
    )  # fmt: skip


def colony_parcels() -> tuple[Parcel, ...]:
    """Return the whole colony as one snapshot a scope."""
    parts = {
        "deployments": APPS, "replicasets": REVISIONS, "pods": PODS, "events": EVENTS,
        "services": ADDRESSES, "ipaddresspools": POOLS,
    }  # fmt: skip
    return (
        Parcel("station", "station", (*scopes(), *ADAPTERS, ENDED), begin=True, end=True),
        *(Parcel(SOURCE, name, upserts, begin=True, end=True) for name, upserts in parts.items()),
        *chain_parcels(),
    )
