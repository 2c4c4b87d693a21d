"""Kinds of terminals, in a real one: their colours, their characters, and one that is none."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.controls import written
from tests.ui.terminal import COLONY, Terminal, colony, colony_environment, shows_apps

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "34")
KEYS = ("2", "6", "?", "\x1b")
SGR = re.compile(r"\x1b\[([0-9;]*)m")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


def _walked(home: Path, **environment: str | None) -> str:
    """Go through the console in that environment and return all that it wrote."""
    whole = colony_environment(home)
    for name, value in environment.items():
        whole.pop(name, None)
        if value is not None:
            whole[name] = value
    terminal = Terminal([*COLONY, *DEMO], whole, columns=100, lines=30)
    try:
        terminal.wait("oxygen-generator")
        for keys in KEYS:
            terminal.press(keys)
            terminal.settle(0.3, 5.0)  # after esc a key at once would be alt and that key
        terminal.press("q")
        assert terminal.end() == 0
        assert written(terminal.sent_bytes, bells=True).foreign == []
        return terminal.sent_bytes.decode()
    finally:
        terminal.close()


def _colours(sent: str) -> set[str]:
    """Return which sorts of colours were set: "16", "256", "true"."""
    found = set()
    for parameters in SGR.findall(sent):
        numbers = [int(one or 0) for one in parameters.split(";")]
        at = 0
        while at < len(numbers):
            one = numbers[at]
            if one in (38, 48):
                true = numbers[at + 1] == 2
                found.add("true" if true else "256")
                at += 5 if true else 3
                continue
            if 30 <= one <= 37 or 40 <= one <= 47 or 90 <= one <= 97 or 100 <= one <= 107:
                found.add("16")
            at += 1
    return found


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, {"true"}),
        ({"TERM": "xterm-256color", "COLORTERM": None}, {"256"}),
        ({"TERM": "linux", "COLORTERM": None}, {"16"}),
        ({"TERM": "screen", "STY": "1.pts"}, {"16"}),
        ({"TERM": "vt100", "COLORTERM": None}, set()),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, set()),
    ],
)
def test_no_more_colours_than_there_are(
    home: Path, environment: dict[str, str | None], colours: set[str]
) -> None:
    assert _colours(_walked(home, **environment)) <= colours


def test_without_colours_the_cursor_and_the_mode_are_still_seen(home: Path) -> None:
    environment = {**colony_environment(home), "NO_COLOR": "1"}
    terminal = Terminal([*COLONY, *DEMO], environment, columns=100, lines=30)
    try:
        terminal.wait("oxygen-generator")
        terminal.press("2")
        terminal.wait(shows_apps)
        terminal.settle()
        rows = terminal.screen.buffer
        reversed_ = {y: "".join(c.data for c in rows[y].values() if c.reverse) for y in range(30)}
        assert "DEMO" in reversed_[0]
        assert "2 Apps" in reversed_[1]
        assert any("oxygen-generator" in text for y, text in reversed_.items() if y > 1)
    finally:
        terminal.close()


@pytest.mark.parametrize(
    ("locale", "plain"),
    [({"LC_ALL": "C"}, ""), ({"LANG": "C"}, "1"), ({"LANG": "de_DE.ISO-8859-1"}, "")],
)
def test_a_locale_that_is_not_utf8_gets_ascii(
    home: Path, locale: dict[str, str], plain: str
) -> None:
    sent = _walked(home, COLONY_PLAIN=plain, **locale)
    assert sent.isascii()
    assert "oxygen-generator" in sent


def test_bytes_that_are_no_utf8_are_no_end(home: Path) -> None:
    """What is typed in another encoding: é is one byte there."""
    terminal = Terminal([*COLONY, *DEMO], {**colony_environment(home), "LC_ALL": "C"})
    try:
        terminal.wait("oxygen-generator")
        os.write(terminal._master, b"\xe9/\xe9\xff")
        terminal.settle()
        terminal.press("\x1b")
        terminal.settle()
        terminal.press("3")
        terminal.wait("ALLOCATIONS")
    finally:
        terminal.close()


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_be_drawn_on(home: Path, term: str) -> None:
    terminal = Terminal([*COLONY, *DEMO], {**colony_environment(home), "TERM": term}, 100)
    try:
        assert terminal.end() == 64
        said = terminal.text()
        assert "use `colony status --watch` instead" in said
        assert written(terminal.sent_bytes).left == set()
        assert b"\x1b" not in terminal.sent_bytes
    finally:
        terminal.close()


def test_what_it_is_told_to_use_instead_is_there(home: Path) -> None:
    environment = {**colony_environment(home), "TERM": "dumb"}
    terminal = Terminal([*COLONY, *DEMO, "status", "--watch"], environment, 100, 40)
    try:
        terminal.wait("oxygen-generator")
        assert b"\x1b" not in terminal.sent_bytes
    finally:
        terminal.close()
