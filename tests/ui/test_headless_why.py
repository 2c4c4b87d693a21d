"""`colony why` on the colony in a box: the broken rollout, what became of it, and what is well."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.terminal import colony

DEMO = ("--demo", "--seed", "31")
APP = "life-support/oxygen-generator"
NAMES = ["rollout", "pods", "node", "address", "announcer", "token", "owner", "power"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home of its own, near the root, with one station for all of these."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


def _why(home: Path, app: str) -> tuple[dict[str, Any], int]:
    result = colony(home, *DEMO, "why", app, "--json")
    assert len(result.stdout.splitlines()) == 1, result.stdout + result.stderr
    return json.loads(result.stdout), result.returncode


def test_the_broken_rollout_is_answered_rightly_and_mended_by_what_fits(home: Path) -> None:
    told, status = _why(home, APP)
    assert list(told) == [
        "app", "answered_at", "grade", "summary", "broken", "broken_since", "known_by", "links",
        "changes", "actions",
    ]  # fmt: skip
    assert (status, told["grade"], told["broken"]) == (11, "critical", "pods")
    assert told["summary"] == "pods 2 of 3 ready: 1 in ImagePullBackOff: o2-gen:2.4.1 not found"
    assert told["broken_since"] is not None
    assert [one["name"] for one in told["links"]] == NAMES
    standings = {one["name"]: one["standing"] for one in told["links"]}
    assert standings == {**dict.fromkeys(NAMES, "good"), "rollout": "broken", "pods": "broken"}
    assert [one["name"] for one in told["links"] if one["explained"]] == ["rollout"]
    first = told["changes"][0]
    assert first["what"] == "rollout"
    assert first["words"] == "revision 12: o2-gen:2.3.9 → 2.4.1 · pressure in kPa"
    assert {"Deployed", "Transfer"} <= {one["what"] for one in told["changes"]}
    (fit,) = told["actions"]
    assert (fit["action"], fit["arguments"]["to"]) == ("app.rollback", "11")

    pairs = [f"{name}={value}" for name, value in fit["arguments"].items()]
    done = colony(home, *DEMO, "act", fit["action"], *pairs, "--yes", "--reason", "pull fails")
    assert done.returncode == 0, done.stderr

    told, status = _why(home, APP)
    assert (status, told["broken"], told["summary"]) == (0, None, "nothing is wrong")
    acted = next(one for one in told["changes"] if one["what"] == "action")
    assert "verified" in acted["words"]
    assert acted["who"]
    assert told["actions"] == []


def test_a_token_that_names_another_app(home: Path) -> None:
    told, status = _why(home, "comms/navigation-beacon")
    assert (status, told["grade"], told["broken"]) == (10, "degraded", "token")
    assert "it names operations/rover-dispatch" in told["summary"]
    named = [one for one in told["changes"] if one["what"] == "Named"]
    assert (named[0]["seconds_before"], named[0]["who"]) == (0.0, "comms")
    (fit,) = told["actions"]
    assert fit["arguments"] == {
        "contract": "Identity", "function": "rename", "args": '["13", "comms/navigation-beacon"]',
    }  # fmt: skip


def test_for_a_person(home: Path) -> None:
    result = colony(home, *DEMO, "why", "comms/navigation-beacon")
    assert result.stdout.startswith("▲ comms/navigation-beacon  navigation-beacon is healthy, but ")
    assert "<- weakest" in result.stdout
    assert "colony act contract.call contract=Identity function=rename 'args=" in result.stdout


def test_an_app_that_is_not_there(home: Path) -> None:
    result = colony(home, *DEMO, "why", "comms/navigation")
    assert (result.returncode, result.stdout) == (21, "")
    assert "did you mean comms/navigation-beacon" in result.stderr
