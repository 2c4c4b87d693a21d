"""A login over SSH for colony alone: from its console no file of the host is named or written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.choice import Choice
from tests.ui.fakes import FakeStation
from tests.ui.opened import opened
from tests.ui.pilot import Console, Open

REFUSED = "this login writes no file here: "


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _files(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def _command(console: Console, text: str) -> None:
    await console.press("colon")
    await console.type(text)
    await console.press("enter")


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        ("save .ssh/authorized_keys.csv", "copy it"),
        ("save x.json", "copy it"),
        ("save", "copy it"),
        ("bundle", "ssh HOST colony bundle > support.zip"),
        ("handover", "ssh HOST colony ledger handover > handover.md"),
    ],
)
async def test_no_command_writes_a_file(
    open_console: Open, tmp_path: Path, asked: str, instead: str
) -> None:
    async with open_console(confined=True) as console:
        await console.press("2")
        await _command(console, asked)
        assert f"{REFUSED}{instead}" in console.lines[-1]
        await console.press("enter", "enter")
    assert _files(tmp_path) == []


async def test_no_key_does_and_each_says_what_to_do_instead(
    open_console: Open, tmp_path: Path
) -> None:
    async with open_console(confined=True) as console:
        await console.press("2", "E")
        assert REFUSED in console.lines[-1]
        await console.press("8", "H")
        assert REFUSED in console.lines[-1]
        await console.press("enter", "enter")
    assert _files(tmp_path) == []


async def test_who_has_a_shell_is_asked_where_to(station: FakeStation) -> None:
    async with opened(station) as console:
        await console.press("2", "E")
        assert "▤" in console.lines[-1]


@pytest.mark.parametrize("role", ["viewer", "operator", "commander", ""])
def test_a_login_is_known_by_its_role(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    from console import opening
    from console.terminal.capabilities import USUAL

    made: dict[str, Any] = {}

    class Kept(opening.ColonyApp):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            made.update(more)
            super().__init__(*arguments, **more)

        def run(self, *arguments: Any, **more: Any) -> int:  # type: ignore[override]
            return 0

    monkeypatch.setattr(opening, "ColonyApp", Kept)
    opening.run(Choice(demo=True, role=role), USUAL)
    assert made["confined"] is bool(role)
