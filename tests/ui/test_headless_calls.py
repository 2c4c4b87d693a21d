"""Contract calls without a screen, on the colony in a box, as the README states them."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.terminal import colony

DEMO = ("--demo", "--seed", "14")
CALL = (*DEMO, "act", "contract.call", "contract=Identity")
STAGES = ["draft", "simulated", "approved", "submitted", "included", "final", "verified"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home, and so one colony, for the whole file: what is done to it stays."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


def _json(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert len(result.stdout.splitlines()) == 1, result.stdout + result.stderr
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def token(home: Path, owner: str) -> str:
    """Return the number of a token of *owner*."""
    tokens = _json(colony(home, *DEMO, "status", "--json", "--wait", "20"))["tokens"]
    return next(str(each["token_id"]) for each in tokens if each["owner_name"] == owner)


def test_a_read_is_answered_without_approval_even_on_a_cold_start(home: Path) -> None:
    result = colony(home, *CALL, "function=totalSupply", "--json")
    answered = _json(result)
    assert (result.returncode, answered["name"]) == (0, "contract.call")
    assert int(answered["answer"]) > 0
    plain = colony(home, *CALL, "function=totalSupply")
    assert (plain.stdout, plain.stderr) == (f"{answered['answer']}\n", "")
    listed = colony(home, *DEMO, "status", "--json")
    assert _json(listed)["actions"] == []


def test_a_transfer_ends_verified_and_changes_the_owner(home: Path) -> None:
    number = token(home, "ops")
    arguments = ("function=transferFrom", f'args=["ops","agri","{number}"]')
    result = colony(home, *CALL, *arguments, "--yes", "--reason", "handed over", "--json")
    acted = _json(result)
    assert result.returncode == 0, result.stderr
    assert [stage["stage"] for stage in acted["stages"]] == STAGES
    assert (acted["state"], acted["reason"], acted["records"]) == ("verified", "handed over", None)
    read = colony(home, *CALL, "function=ownerOf", f'args=["{number}"]', "--json")
    assert _json(read)["answer"] == "agri"


def test_the_stages_are_told_as_they_come(home: Path) -> None:
    number = token(home, "agri")
    arguments = ("function=transferFrom", f'args=["agri","ops","{number}"]')
    result = colony(home, *CALL, *arguments, "--yes")
    assert (result.returncode, result.stdout) == (0, "")
    described, said = result.stderr.split("  significance caution")
    places = [said.index(f"  {stage} ") for stage in STAGES]
    assert places == sorted(places)
    assert "… waits for a block" in said
    assert "gas: " in described


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("function=ownerOf", 'args=["x"]'), 21, "tokenId: 'x' is not a whole number"),
        (("function=ownerOf",), 21, "needs tokenId uint256"),
        (("function=ownerOf", 'args=["99999"]'), 21, "it reverts: ERC721NonexistentToken"),
        (("function=nope",), 21, "no function is called 'nope'; there are: "),
        (("function=rename", 'args=["99999","a/b"]', "--yes"), 21, "would revert"),
        (("function=mint", 'args=["agri","777","x/y"]'), 64, "needs --yes"),
    ],
)
def test_what_cannot_be_is_a_line_and_a_status(
    home: Path, arguments: tuple[str, ...], status: int, says: str
) -> None:
    result = colony(home, *CALL, *arguments)
    assert result.returncode == status, result.stderr
    assert says in result.stderr.splitlines()[-1]
    assert result.stdout == ""


def test_a_refused_read_is_json_too(home: Path) -> None:
    result = colony(home, *CALL, "function=ownerOf", 'args=["99999"]', "--json")
    refused = _json(result)
    assert (result.returncode, refused["state"]) == (21, "refused")
    assert "ERC721NonexistentToken" in refused["detail"]


def test_a_dry_run_says_what_would_change_and_sends_nothing(home: Path) -> None:
    number = token(home, "ops")
    arguments = ("function=transferFrom", f'args=["ops","agri","{number}"]')
    acted = _json(colony(home, *CALL, *arguments, "--dry-run", "--json"))
    assert acted["state"] == "simulated"
    assert dict(map(tuple, acted["preview"]["facts"]))["gas"]
    assert acted["preview"]["command"].startswith("cast send ")
    read = _json(colony(home, *CALL, "function=ownerOf", f'args=["{number}"]', "--json"))
    assert read["answer"] == "ops"


def test_a_verified_rollback_is_recorded(home: Path) -> None:
    before = int(_json(colony(home, *DEMO, "act", "contract.call", "contract=Deployments",
                              "function=count", "--json"))["answer"])  # fmt: skip
    result = colony(
        home, *DEMO, "act", "app.rollback", "app=life-support/oxygen-generator", "--yes",
        "--reason", "pull fails", "--json",
    )  # fmt: skip
    acted = _json(result)
    assert (result.returncode, acted["state"]) == (0, "verified")
    record = acted["records"]
    assert (record["name"], record["target"], record["state"]) == (
        "contract.call", "Deployments", "verified",
    )  # fmt: skip
    assert [stage["stage"] for stage in record["stages"]] == STAGES
    approved = record["stages"][2]["detail"]
    assert approved.startswith("by the colony's configuration (record = true), for ")
    assert record["reason"] == f"the record of {acted['id']}: pull fails"
    after = int(_json(colony(home, *DEMO, "act", "contract.call", "contract=Deployments",
                             "function=count", "--json"))["answer"])  # fmt: skip
    assert after == before + 1
    latest = colony(home, *DEMO, "act", "contract.call", "contract=Deployments",
                    "function=latest", 'args=["life-support/oxygen-generator"]')  # fmt: skip
    assert "colony/o2-gen:2.3.9" in latest.stdout


def test_every_action_is_listed(home: Path) -> None:
    listed = _json(colony(home, *DEMO, "actions", "--json"))["actions"]
    assert [(each["name"], each["source"]) for each in listed] == [
        ("app.rollback", "tycho"), ("app.scale", "tycho"), ("contract.call", "chain"),
    ]  # fmt: skip
