"""What is typed after a command, or is called like one: it is a text, and runs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.actions import parse

from console.screens.commands import run_command
from console.screens.main import MainScreen
from tests.ui.pilot import Console, Open

ROOT = Path(__file__).resolve().parents[2]

EVIL = (
    "x') or app.quit('", "x'),app.quit(", "\\", "\\'", "'\"", "(", "[@click=app.quit()]x[/]", "[/]",
    "x\u2028y", "{0}", "{quit}", "%s", "$(id)", "../../etc/passwd", "y" * 2_000,
)  # fmt: skip


async def _command(console: Console, text: str) -> None:
    await run_command(console.app, console.app.session, text)
    await console.settle()


@pytest.mark.parametrize("evil", EVIL)
def test_a_text_in_an_action_is_one_argument(evil: str) -> None:
    for name in ("app.theme", "app.panel"):
        _, action, arguments = parse(f"{name}({evil!r})")
        assert (action, arguments) == (name.partition(".")[2], (evil,))


async def test_nothing_after_a_command_runs(open_console: Open) -> None:
    async with open_console((100, 30)) as console:
        await console.press("2")
        theme = console.app.theme
        for evil in EVIL:
            for name in ("theme", "filter", "sort", "copy"):
                await _command(console, f"{name} {evil}")
                assert console.app.is_running
                assert isinstance(console.app.screen, MainScreen), (name, evil)
        assert console.app.theme == theme


def test_whatever_takes_a_path_in_the_console_asks_whether_it_may() -> None:
    """A path that was typed becomes one by `plainfile.named`; its screens are the known ones."""
    taking = {
        path.name
        for path in (ROOT / "console" / "screens").glob("*.py")
        if "named(" in (text := path.read_text()) and "console.plainfile" in text
    }
    assert taking == {"saving.py", "handing.py", "bundling.py"}
    for name in taking:
        assert "screen.confined(INSTEAD)" in (ROOT / "console" / "screens" / name).read_text()
    for path in (ROOT / "console" / "screens").glob("*.py"):
        assert "expanduser" not in path.read_text(), path.name
