"""A live app through the console's driver and through Textual's own: one screen, cell by cell."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from tests.ui.terminal import PATIENCE, ROOT, Terminal, colony_environment
from tests.unit.terminal.emulated import Emulated

pytestmark = pytest.mark.pty

PROGRAM = str(Path(__file__).with_name("differ_program.py"))


class _Stream(pyte.ByteStream):
    """Without the keyboard's modes: pyte takes their last letter for text."""

    def feed(self, data: bytes) -> None:
        super().feed(re.sub(rb"\x1b\[[<>=][0-9;]*u", b"", data))


class Shown(Terminal):
    """The program in a terminal that mends half a wide character, as terminals do."""

    screen: Emulated

    def __init__(self, home: Path, *arguments: str, columns: int = 80, lines: int = 24) -> None:
        environment = {**colony_environment(home), "PYTHONPATH": str(ROOT)}
        super().__init__([sys.executable, PROGRAM, *arguments], environment, columns, lines)
        self.screen = Emulated(columns, lines)
        self.screen.write_process_input = self._answer
        self._stream = _Stream(self.screen)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Shown, Shown]]:
    stock, ours = Shown(tmp_path, "stock"), Shown(tmp_path, "ours")
    yield stock, ours
    stock.close()
    ours.close()


def _equal(both: tuple[Shown, Shown], seen: str = "") -> None:
    """Wait until both show *seen* and change no more; they are the same then."""
    stock, ours = both
    for one in both:
        if seen:
            one.wait(seen)
    for one in both:
        one.settle()
    assert ours.screen.cells() == stock.screen.cells(), "\n".join(
        f"{y}: {a!r} | {b!r}"
        for y, (a, b) in enumerate(zip(stock.screen.display, ours.screen.display, strict=True))
        if a != b
    )


def _press(both: tuple[Shown, Shown], keys: str) -> None:
    for one in both:
        one.press(keys)


def test_the_same_screen_whatever_happens_on_it(both: tuple[Shown, Shown]) -> None:
    _equal(both, "column 0")
    _press(both, "\x1b[B" * 5 + "u")
    _equal(both, "1 time(s)")
    _press(both, "m")
    _equal(both, "name")
    _press(both, "漢字 e\u0301te")
    _equal(both)
    for one in both:
        one.resize(50, 12)
    _equal(both)
    _press(both, "\x1b")
    _equal(both)
    _press(both, "2" + "\x1b[6~" * 2)
    _equal(both)
    for one in both:
        one.resize(97, 31)
    _equal(both, "한글")
    _press(both, "s")
    for one in both:
        one.wait(lambda text: "한글" in text and "away" not in text)
    _equal(both, "한글")
    _press(both, "1u")
    _equal(both, "2 time(s)")
    stock, ours = both
    assert len(ours.sent_bytes) < len(stock.sent_bytes) / 2


def test_what_another_program_wrote_goes_away_with_a_repaint(both: tuple[Shown, Shown]) -> None:
    _equal(both, "column 0")
    stock, ours = both
    ours.screen.scribble(random.Random(3))
    assert ours.screen.cells() != stock.screen.cells()
    _press(both, "\x0c")
    _equal(both)


def test_frames_that_are_not_understood_pass_through_and_that_is_said(tmp_path: Path) -> None:
    stock, odd = Shown(tmp_path, "stock"), Shown(tmp_path, "odd")
    try:
        odd.wait("warn: the screen is not what the differ expects")
        _press((stock, odd), "u")
        _equal((stock, odd), "1 time(s)")
        _press((stock, odd), "m漢")
        _equal((stock, odd), "漢")
    finally:
        stock.close()
        odd.close()


def test_answers_are_waited_for_before_the_shell_reads(tmp_path: Path) -> None:
    ours = Shown(tmp_path, "ours", "busy")
    try:
        ours.wait("time(s)")
        ours.press("s")
        ours.wait(lambda _: b"away, left: b''" in ours.sent_bytes)
        ours.wait("time(s)")
        ours.press("q")
        assert ours.end() == 0
    finally:
        ours.close()
    sent = ours.sent_bytes.decode()
    after = sent.rpartition("\x1b[?1049l")[2]
    assert "ended, left: b''" in after
    # No frame after the terminal was given back, and no question.
    assert "time(s)" not in after
    assert "\x1b[6n" not in after


def test_a_line_that_answers_nothing_any_more_holds_no_exit_up(tmp_path: Path) -> None:
    ours = Shown(tmp_path, "ours", "busy", "quiet")
    try:
        ours.wait("time(s)")
        # From here on nobody reads, and nobody answers.
        ours.press("1" * 20 + "q")
        assert ours.process.wait(PATIENCE) == 0
    finally:
        ours.close()
