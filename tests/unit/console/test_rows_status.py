"""`colony status --json`: its shape, what it calls healthy, and the exit status."""

from __future__ import annotations

import json
from typing import Any

import colony_records as colony
import pytest

from adapters.records import ActionState, AdapterState, Health
from console.rows.status import exit_code, health, snapshot, token

CONTRACT = "0x" + "ab" * 20


def test_the_whole_shape() -> None:
    context = colony.context(
        colony.degraded(token=f"eip155:1337/erc721:{CONTRACT}/3"), colony.adapter(),
        colony.address(), colony.pool(), colony.action(),
    )  # fmt: skip
    taken = snapshot(context.store, "tycho")
    assert taken == {
        "colony": "tycho",
        "taken_at": "2026-11-18T14:02:31Z",
        "health": "degraded",
        "adapters": [
            {"name": "tycho", "kind": "kubernetes", "state": "live", "last_record_at": None,
             "detail": ""},
        ],
        "apps": [
            {"source": "tycho", "namespace": "life-support", "name": "oxygen-generator",
             "kind": "Deployment", "ready": 2, "desired": 3, "version": "2.4.1", "revision": 12,
             "health": "degraded", "reason": "pull fails: o2-gen:2.4.1", "quality": "fresh",
             "token": {"contract": CONTRACT, "token_id": "3", "owner": None},
             "addresses": ["10.40.1.7"]},
        ],
        "pools": [
            {"source": "tycho", "name": "edge-udp", "assigned": 15, "available": 1,
             "ranges": ["10.40.1.0/28"], "quality": "fresh"},
        ],
        "addresses": [
            {"source": "tycho", "ip": "10.40.1.7", "pool": "edge-udp",
             "namespace": "life-support", "service": "telemetry",
             "ports": [{"port": 5004, "protocol": "UDP"}], "announced_by": ["relay-1"],
             "quality": "fresh"},
        ],
        "tokens": [],
        "solar": [],
        "ledger": {"head": None, "entries": []},
        "actions": [
            {"id": "a81", "name": "app.rollback", "state": "simulated",
             "target": "life-support/oxygen-generator"},
        ],
        "alarms": {"unacknowledged": 0, "total": 0, "list": []},
    }  # fmt: skip
    assert json.loads(json.dumps(taken)) == taken


def test_what_is_not_known_is_null() -> None:
    bare = colony.app("a", ready=None, desired=None, revision=None, health=Health.UNKNOWN)
    context = colony.context(
        bare, colony.address("", announced_by=None), colony.pool("p", None, None)
    )
    taken = snapshot(context.store, "tycho")
    assert [taken["apps"][0][key] for key in ("ready", "desired", "revision", "token")] == [
        None
    ] * 4
    assert taken["addresses"][0]["ip"] is None
    assert taken["addresses"][0]["announced_by"] is None
    assert taken["pools"][0]["assigned"] is None
    assert taken["apps"][0]["addresses"] == []


@pytest.mark.parametrize(
    ("asset", "found"),
    [
        (f"eip155:1/erc721:{CONTRACT}/42", {"contract": CONTRACT, "token_id": "42", "owner": None}),
        (f"eip155:1/erc721:{CONTRACT}/{2**256 - 1}",
         {"contract": CONTRACT, "token_id": str(2**256 - 1), "owner": None}),
        ("", None),
        (f"eip155:1/erc20:{CONTRACT}/42", None),
        (f"eip155:1/erc721:{CONTRACT}", None),
        (f"eip155:1/erc721:{CONTRACT[:-1]}/1", None),
        (f"eip155:1/erc721:{CONTRACT}/1\n", None),
        ("[red]", None),
    ],
)  # fmt: skip
def test_tokens_are_read_from_their_caip_19_names(asset: str, found: dict[str, Any] | None) -> None:
    assert token(asset, colony.context().store) == found


@pytest.mark.parametrize(
    ("records", "word", "code"),
    [
        ([], "unknown", 12),
        ([colony.adapter(state=AdapterState.STARTING)], "unknown", 12),
        ([colony.adapter(state=AdapterState.DOWN), colony.app()], "unknown", 12),
        ([colony.adapter()], "healthy", 0),
        ([colony.adapter(), colony.app()], "healthy", 0),
        ([colony.adapter(), colony.app(health=Health.PROGRESSING)], "healthy", 0),
        ([colony.adapter(), colony.app(health=Health.IDLE, desired=0, ready=0)], "healthy", 0),
        ([colony.adapter(), colony.pool()], "healthy", 0),
        ([colony.adapter(), colony.action(state=ActionState.FAILED)], "healthy", 0),
        ([colony.adapter(), colony.degraded()], "degraded", 10),
        ([colony.adapter(), colony.app(health=Health.UNKNOWN)], "degraded", 10),
        ([colony.adapter(), colony.address("")], "degraded", 10),
        ([colony.adapter(), colony.adapter("b", AdapterState.DOWN)], "degraded", 10),
        ([colony.adapter(state=AdapterState.DEGRADED), colony.app()], "degraded", 10),
        ([colony.adapter(), colony.degraded(priority="critical")], "critical", 11),
        ([colony.adapter(), colony.app(ready=0)], "critical", 11),
        ([colony.adapter(), colony.app(health=Health.FAILED)], "critical", 11),
    ],
)
def test_health_and_exit_status(records: list[Any], word: str, code: int) -> None:
    store = colony.context(*records).store
    assert health(store) == word
    assert exit_code(snapshot(store, "tycho")) == code


def test_stale_values_are_not_healthy_and_a_lost_station_is_unknown() -> None:
    store = colony.context(colony.adapter(), colony.app(), live=False).store
    assert health(store) == "degraded"
    assert snapshot(store, "t")["apps"][0]["quality"] == "stale"
    store.disconnected()
    assert health(store) == "unknown"
