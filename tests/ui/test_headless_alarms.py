"""`colony alarms` on the colony in a box: listed, acknowledged, shelved, in the log."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.terminal import colony

DEMO = ("--demo", "--seed", "13", "--scenario", "calm")
POOL = "pool-full:tycho:metallb-system/edge-udp"
REFUSED, USAGE = 21, 64
PATIENCE = 60.0


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A colony with a pool that is nearly full, and a station that has seen it."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        home = Path(directory)
        end = time.monotonic() + PATIENCE
        while POOL not in _names(home) and time.monotonic() < end:
            time.sleep(0.5)
        assert POOL in _names(home)
        yield home
        colony(home, *DEMO, "station", "stop", "--force")


def _alarms(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = colony(home, *DEMO, "alarms", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _names(home: Path) -> dict[str, Any]:
    done = _alarms(home, "--json")
    assert done.returncode == 0, done.stderr
    return {one["name"]: one for one in json.loads(done.stdout)["alarms"]}


def test_from_raised_to_shelved_and_back(home: Path) -> None:
    one = _names(home)[POOL]
    assert (one["state"], one["severity"]) == ("unacknowledged", "warning")
    assert one["limit"] == "≥ 90 %, clears < 85 %"
    assert f"▲!  warning   {POOL}  " in _alarms(home).stdout
    done = _alarms(home, "ack", POOL)
    assert (done.returncode, done.stderr) == (0, f"{POOL}: acknowledged\n")
    again = _alarms(home, "ack", POOL)
    assert again.returncode == REFUSED
    assert "acknowledged it at 2031-" in again.stderr
    shelved = _alarms(home, "shelve", POOL, "30", "it is being grown", "--json")
    assert json.loads(shelved.stdout)["state"] == "shelved"
    assert "shelved by" in _alarms(home).stdout
    assert "“it is being grown”" in _alarms(home).stdout
    assert _alarms(home, "unshelve", POOL).returncode == 0
    assert _names(home)[POOL]["state"] == "unacknowledged"
    status = json.loads(colony(home, *DEMO, "status", "--json").stdout)
    assert status["alarms"]["total"] >= 1
    log = colony(home, *DEMO, "ledger", "log", "--json").stdout
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert [one for one in events if one.startswith("alarm-")] == [
        "alarm-ack", "alarm-shelve", "alarm-unshelve",
    ]  # fmt: skip


def test_all_at_once(home: Path) -> None:
    calling = [n for n, one in _names(home).items() if one["state"] == "unacknowledged"]
    assert POOL in calling
    done = _alarms(home, "ack", "--all", "--json")
    assert done.returncode == 0, done.stderr
    assert set(calling) <= set(json.loads(done.stdout)["acknowledged"])
    again = _alarms(home, "ack", "--all")
    assert (again.returncode, again.stderr) == (0, "no alarm waits for anybody\n")
    assert _alarms(home, "ack", POOL, "--all").returncode == USAGE


def test_what_cannot_be_done_is_one_line(home: Path) -> None:
    for arguments, status, said in (
        (("ack", "nope"), REFUSED, "no alarm is called 'nope' now"),
        (("shelve", "nope", "5", "x"), REFUSED, "no alarm is called 'nope' now"),
        (("unshelve", POOL), REFUSED, "is not shelved"),
        (("ack",), USAGE, "NAME"),
        (("shelve", POOL, "1441", "x"), USAGE, "'1441' is not a number of minutes from 1 to 1440"),
        (("shelve", POOL, "5"), USAGE, "REASON"),
    ):
        done = _alarms(home, *arguments)
        assert done.returncode == status, (arguments, done.stderr)
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    done = colony(home, *DEMO, "--read-only", "alarms", "ack", POOL)
    assert done.returncode == REFUSED
    assert "you are a viewer here" in done.stderr
