"""What a terminal sends by itself, in a real one: it presses no key, and a paste runs nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.controls import written
from tests.ui.terminal import COLONY, Terminal, colony, colony_environment, shows_apps

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "35")
BY_ITSELF = (
    "\x1b]52;c;cXFxcQ==\x1b\\", "\x1b]11;rgb:qq/qq/qq\x07", "\x1bP1$rq\x1b\\", "\x1b_Gqqq\x1b\\",
    "\x1b[?62;22c", "\x1b[>0;276;0c", "\x1b[0n", "\x1b[8;24;80t", "\x1b[" + "1;" * 60 + "q",
    "\x1b[200~q\x1b]q\x07q\x1b[201~q\x1b[201~", "\x1b[200~:quit\r\x1b[201~", "\x1b[M q1",
)  # fmt: skip


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


def test_nothing_that_comes_by_itself_is_a_command(home: Path) -> None:
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home), columns=100, lines=30)
    try:
        terminal.wait("oxygen-generator")
        terminal.press("2")
        terminal.settle(0.3, 5.0)
        for answer in BY_ITSELF:
            terminal.press(answer)
            terminal.settle(0.2, 5.0)
            assert terminal.process.poll() is None, answer
            assert " : " not in terminal.text().splitlines()[-1]
        terminal.press(":")
        terminal.wait(lambda text: " : " in text.splitlines()[-1])
        terminal.press("\x1b[200~then\x1b[201~ \x1b[31mme\rquit\r\x1b[201~")
        shown = terminal.wait(lambda text: "then" in text.splitlines()[-1])
        assert "quit" not in shown.splitlines()[-1]
        terminal.press("\x1b")
        terminal.settle(0.3, 5.0)
        terminal.press("q")
        assert terminal.end() == 0
        assert written(terminal.sent_bytes, bells=True).foreign == []
    finally:
        terminal.close()


def test_an_escape_and_the_next_key_in_one_read_are_two(home: Path) -> None:
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home), columns=100, lines=30)
    try:
        terminal.wait("oxygen-generator")
        terminal.press("2")
        terminal.wait(shows_apps)
        terminal.press("\r")
        terminal.wait("Apps › life-support/oxygen-generator")
        terminal.press("\x1b4")
        terminal.wait("rover-dispatch")
        terminal.press("2")
        terminal.wait(shows_apps)
        terminal.press("/scrub\r")
        terminal.wait("/scrub  1 of 14")
        terminal.press("\x1b/oxy")
        terminal.wait(lambda text: "/ oxy" in text.splitlines()[-1])
        terminal.press("\x1bq")
        assert terminal.end() == 0
    finally:
        terminal.close()
