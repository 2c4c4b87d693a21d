"""The colony in a box anchors its log once something was done, and says so."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.terminal import COLONY, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "31")
PATIENCE = 150.0
"""Seconds for the anchor, a minute after the start at the soonest: a bound on a hang."""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


def _json(home: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(colony(home, *DEMO, *arguments, "--json").stdout)
    return found


def test_the_root_of_what_was_done_arrives_on_the_chain(home: Path) -> None:
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home), 120, 40)
    try:
        terminal.wait("DEMO")
        terminal.wait("oxygen-generator")
        acted = _json(
            home, "act", "app.rollback", "app=life-support/oxygen-generator", "--yes"
        )  # fmt: skip
        assert acted["state"] == "verified"
        terminal.press("7")
        terminal.wait(
            lambda text: bool(re.search("Anchored +log [0-9a-f]{8}…", text)), patience=PATIENCE
        )
        terminal.press("8")
        terminal.wait(
            lambda text: any("Anchor" in line and "verified" in line for line in text.splitlines()),
            patience=PATIENCE,
        )
    finally:
        terminal.close()
    (anchor,) = [
        each
        for each in _json(home, "status", "--wait", "20")["actions"]
        if each["target"] == "Anchor"
    ]
    assert anchor["state"] == "verified"
    said = colony(home, *DEMO, "doctor").stdout
    assert "anchor: the root of " in said
