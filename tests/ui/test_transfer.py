"""What the chain is on the screen for: a token handed on from the keyboard, seen everywhere."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.terminal import COLONY, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "12", "--scenario", "calm")
TOKEN, APP = "3", "oxygen-generator"


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own, near the root: a socket's path has 108 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


@pytest.fixture
def opened(home: Path) -> Iterator[Terminal]:
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home), columns=120, lines=40)
    yield terminal
    terminal.close()


def _row(text: str, *words: str) -> bool:
    """Whether one line of the screen has all of *words*."""
    return any(all(word in line for word in words) for line in text.splitlines())


def test_a_token_changes_hands_from_the_keyboard_and_every_place_shows_it(
    opened: Terminal, home: Path
) -> None:
    opened.wait("DEMO")
    opened.wait("TOKENS")
    opened.press("4")
    opened.wait(lambda text: _row(text, f"#{TOKEN} ", APP, "ops"))
    opened.press(f"/{APP}\r")
    opened.wait(lambda text: APP in text and "water-recycler" not in text)
    opened.press("c")
    opened.wait("Call Identity.transferFrom")
    opened.press("nobody")
    opened.wait("neither an address")
    opened.press("\x7f" * len("nobody") + "power")
    opened.wait("= 0x90F79bf6")
    opened.press("\r")
    opened.wait("y approve ")
    opened.wait(lambda text: _row(text, f"ownerOf({TOKEN})", "- ops"))
    opened.press("y")
    opened.wait("the effect was verified")

    opened.press("4")
    opened.wait(lambda text: _row(text, f"#{TOKEN} ", APP, "power"))
    opened.press("7")
    opened.wait(lambda text: _row(text, "Transfer", f"#{TOKEN} ops → power"))
    opened.press("2")
    opened.wait("water-recycler")
    opened.press(f"/{APP}\r")
    opened.wait(lambda text: "water-recycler" not in text)
    opened.press("\r")
    opened.wait(lambda text: _row(text, f"token #{TOKEN} of Identity", "owner power"))

    taken = json.loads(colony(home, *DEMO, "status", "--json", "--wait", "20").stdout)
    (token,) = (one for one in taken["tokens"] if one["token_id"] == TOKEN)
    assert (token["owner_name"], token["identity"]) == ("power", "match")
    assert [(one["name"], one["state"]) for one in taken["actions"]] == [
        ("contract.call", "verified")
    ]


def test_a_verified_rollback_is_recorded_on_the_chain_by_an_action_of_its_own(home: Path) -> None:
    demo = ("--demo", "--seed", "13")
    try:
        done = colony(
            home, *demo, "act", "app.rollback", f"app=life-support/{APP}", "--yes", "--reason",
            "the image cannot be pulled", "--json",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        rollback = json.loads(done.stdout)
        taken = json.loads(colony(home, *demo, "status", "--json", "--wait", "20").stdout)
    finally:
        colony(home, *demo, "station", "stop", "--force")
    assert {(one["name"], one["state"]) for one in taken["actions"]} == {
        ("app.rollback", "verified"),
        ("contract.call", "verified"),
    }
    assert rollback["records"]["state"] == "verified"
    newest = taken["ledger"]["entries"][0]
    assert (newest["event"], newest["app"]) == ("Deployed", f"life-support/{APP}")
