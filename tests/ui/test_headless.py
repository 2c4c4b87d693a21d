"""The commands without a screen, on the colony in a box, as the README states them."""

from __future__ import annotations

import fcntl
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.identity import HOLD
from tests.ui.terminal import colony

DEMO = ("--demo", "--seed", "12")
APP = "app=life-support/oxygen-generator"


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own, near the root: a socket's path has 108 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


def _json(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert len(result.stdout.splitlines()) == 1, result.stdout + result.stderr
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def test_status_is_whole_on_a_station_that_has_just_started(home: Path) -> None:
    result = colony(home, *DEMO, "status", "--json", "--wait", "20")
    taken = _json(result)
    assert list(taken) == [
        "colony", "taken_at", "health", "adapters", "apps", "pools", "addresses", "tokens",
        "solar", "ledger", "actions", "alarms",
    ]  # fmt: skip
    assert (taken["colony"], taken["health"], result.returncode) == ("tycho", "critical", 11)
    assert {"name", "kind", "state", "last_record_at", "detail"} <= taken["adapters"][0].keys()
    assert len(taken["apps"]) >= 8
    for app in taken["apps"]:
        assert {
            "source", "namespace", "name", "kind", "ready", "desired", "version", "revision",
            "health", "quality", "token", "addresses",
        } <= app.keys()  # fmt: skip
        if app["token"] is not None:
            assert app["token"].keys() == {"contract", "token_id", "owner"}
            assert app["token"]["owner"].startswith("0x")
        assert app["quality"] == "fresh"
    assert sum(app["token"] is not None for app in taken["apps"]) >= 8
    assert any(app["addresses"] for app in taken["apps"])
    pools = {pool["name"]: (pool["assigned"], pool["available"]) for pool in taken["pools"]}
    assert pools == {"edge-udp": (15, 1), "core-tcp": (7, 25)}
    assert {"source", "name", "assigned", "available", "ranges"} <= taken["pools"][0].keys()
    for address in taken["addresses"]:
        assert {
            "source", "ip", "pool", "namespace", "service", "ports", "announced_by", "quality",
        } <= address.keys()  # fmt: skip
    protocols = {port["protocol"] for address in taken["addresses"] for port in address["ports"]}
    assert protocols == {"TCP", "UDP"}
    assert taken["actions"] == []
    assert len(taken["tokens"]) >= 8
    for token in taken["tokens"]:
        assert token.keys() == {
            "source", "contract", "contract_name", "token_id", "app", "owner", "owner_name",
            "since", "identity", "quality",
        }  # fmt: skip
    found = {token["identity"] for token in taken["tokens"]}
    assert found == {"match", "mismatch", "unclaimed", "orphan"}
    assert {plant["plant"] for plant in taken["solar"]} == {"north-rim", "south-rim"}
    for plant in taken["solar"]:
        assert plant.keys() == {
            "source", "plant", "site", "state", "power_w", "energy_today_wh", "charge_percent",
            "battery_power_w", "light", "answering", "devices", "quality",
        }  # fmt: skip
        assert (plant["light"], plant["quality"]) == ("day", "fresh")
        assert plant["answering"] == plant["devices"] > 0
        assert plant["power_w"] > 0
    head = taken["ledger"]["head"]
    assert head.keys() == {"chain_id", "block", "hash", "time", "final"}
    assert head["chain_id"] == 31337
    assert 1 <= len(taken["ledger"]["entries"]) <= 20
    for entry in taken["ledger"]["entries"]:
        assert entry.keys() == {
            "time", "block", "transaction", "contract", "event", "summary", "app", "token",
            "removed",
        }  # fmt: skip
        assert entry["block"] <= head["block"]


def test_a_rollback_ends_verified_even_on_a_cold_start(home: Path) -> None:
    result = colony(
        home, *DEMO, "act", "app.rollback", APP, "--yes", "--reason", "pull fails", "--json"
    )
    acted = _json(result)
    assert result.returncode == 0, result.stderr
    assert [stage["stage"] for stage in acted["stages"]] == [
        "draft", "simulated", "approved", "submitted", "included", "final", "verified",
    ]  # fmt: skip
    times = [stage["at"] for stage in acted["stages"]]
    assert times == sorted(times)
    assert (acted["state"], acted["reason"]) == ("verified", "pull fails")
    after = _json(colony(home, *DEMO, "status", "--json"))
    app = next(app for app in after["apps"] if app["name"] == "oxygen-generator")
    assert (app["health"], app["ready"], app["revision"]) == ("healthy", 3, 13)
    states = {action["name"]: action["state"] for action in after["actions"]}
    assert states["app.rollback"] == "verified"


def test_a_scaling_ends_verified_and_one_to_zero_wants_the_name(home: Path) -> None:
    scrubber = "app=life-support/co2-scrubber"
    result = colony(
        home, *DEMO, "act", "app.scale", scrubber, "replicas=3", "--yes", "--reason", "crew of 9",
        "--json",
    )  # fmt: skip
    acted = _json(result)
    assert result.returncode == 0, result.stderr
    assert (acted["state"], acted["reason"]) == ("verified", "crew of 9")
    refused = colony(home, *DEMO, "act", "app.scale", scrubber, "replicas=0", "--yes")
    assert refused.returncode == 64
    assert "--confirm co2-scrubber" in refused.stderr
    stopped = colony(
        home, *DEMO, "act", "app.scale", scrubber, "replicas=0", "--yes", "--confirm",
        "co2-scrubber", "--json",
    )  # fmt: skip
    acted = _json(stopped)
    assert acted["state"] == "verified"
    after = _json(colony(home, *DEMO, "status", "--json"))
    app = next(app for app in after["apps"] if app["name"] == "co2-scrubber")
    assert (app["desired"], app["ready"]) == (0, 0)


def test_a_dry_run_changes_nothing_and_leaves_nothing_waiting(home: Path) -> None:
    result = colony(home, *DEMO, "act", "app.rollback", APP, "to=9", "--dry-run", "--json")
    acted = _json(result)
    assert (result.returncode, acted["state"]) == (0, "simulated")
    changed = {change["path"]: change["after"] for change in acted["preview"]["changes"]}
    assert "colony/o2-gen:2.3.7" in changed.values()
    after = _json(colony(home, *DEMO, "status", "--json"))
    app = next(app for app in after["apps"] if app["name"] == "oxygen-generator")
    assert (app["revision"], app["health"]) == (12, "degraded")
    assert [action["state"] for action in after["actions"]] == ["cancelled"]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("act", "app.rollback", APP), 64, "needs --yes"),
        (("act", "app.rollback", APP, "to=99", "--yes"), 21, "no revision '99'"),
        (("act", "app.rollback", "app=life-support/oxygen", "--yes"), 21, "did you mean"),
        (("act", "app.rolback", APP, "--yes"), 21, "there are: app.rollback"),
        (("--read-only", "act", "app.rollback", APP, "--yes"), 21, "read-only"),
    ],
)
def test_a_refusal_is_a_line_and_a_status(
    home: Path, arguments: tuple[str, ...], status: int, says: str
) -> None:
    result = colony(home, *DEMO, *arguments)
    assert result.returncode == status
    assert says in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_a_scenario_that_is_none_is_a_usage_error(home: Path) -> None:
    result = colony(home, "--demo", "--scenario", "picnic", "status")
    assert result.returncode == 64
    assert result.stderr == "colony: no scenario 'picnic': there are bad-rollout, calm, brownout\n"


def test_a_calm_colony_is_healthy(home: Path) -> None:
    calm = (*DEMO, "--scenario", "calm")
    result = colony(home, *calm, "status", "--json")
    colony(home, *calm, "station", "stop")
    assert (result.returncode, _json(result)["health"]) == (0, "healthy")


def test_the_station_is_asked_and_stopped(home: Path) -> None:
    assert colony(home, *DEMO, "station", "status").returncode == 1
    colony(home, *DEMO, "status")
    running = _json(colony(home, *DEMO, "station", "status", "--json"))
    assert (running["running"], running["mode"]) == (True, "DEMO")
    stopped = colony(home, *DEMO, "station", "stop")
    assert (stopped.returncode, stopped.stdout) == (0, "the station has stopped\n")
    # It has: what it kept locked while it lived is free.
    with Path(running["log"]).with_name(HOLD).open() as hold:
        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert _json(colony(home, *DEMO, "station", "status", "--json")) == {"running": False}


def test_doctor_and_actions(home: Path) -> None:
    doctor = colony(home, *DEMO, "doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert "✔ tycho  reach: Kubernetes v1.36" in doctor.stdout
    listed = _json(colony(home, *DEMO, "actions", "--json"))["actions"]
    assert [(action["name"], action["significance"]) for action in listed] == [
        ("app.rollback", "caution"),
        ("app.scale", "caution"),
        ("contract.call", "caution"),
    ]
