"""The thread that writes, on a pseudo-terminal of its own: order, answers, and a full line."""

from __future__ import annotations

import os
import pty
import select
import threading
import time
import tty
from collections.abc import Iterator

import pytest

from console.terminal.canvas import Canvas
from console.terminal.flow import PROBE, SILENT, Flow
from console.terminal.writer import Writer

FRAME = "\x1b[1;1H{}\x1b[1;1H"


class _Far:
    """A terminal's other end, which answers probes where it is told to."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.seen = ""
        self.writer = Writer(self.slave, Canvas(100, 4), Flow(), size=lambda: (100, 4))
        self.writer.begin()

    def read_until(self, wanted: str, *, answer: bool = True) -> str:
        for _ in range(100):
            if wanted in self.seen:
                return self.seen
            if select.select([self.master], [], [], 0.1)[0]:
                came = os.read(self.master, 65536).decode()
                self.seen += came
                for _ in range(came.count(PROBE) if answer else 0):
                    self.writer.answered()
        raise AssertionError(f"{wanted!r} never came, but {self.seen!r}")

    def close(self) -> None:
        self.writer.stop()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def far() -> Iterator[_Far]:
    made = _Far()
    made.writer.start()
    yield made
    made.close()


def test_what_passes_through_keeps_its_order(far: _Far) -> None:
    with far.writer._changed:
        far.writer.pass_through("\x07")
        far.writer.pass_through("\x1b]22;text\x07")
        far.writer.frame(FRAME.format("hello"))
    seen = far.read_until("hello")
    assert seen.startswith("\x07\x1b]22;text\x07")


def test_nothing_is_drawn_before_the_screen_is_taken() -> None:
    far = _Far()
    far.writer.rest(answers=False)
    far.writer.start()
    far.writer.frame(FRAME.format("early"))
    far.writer.pass_through("\x1b[?1049h")
    far.writer.begin()
    assert far.read_until("early").startswith("\x1b[?1049h")
    far.close()


def test_only_the_newest_frame_is_sent_after_an_answer_is_awaited(far: _Far) -> None:
    far.writer.frame(FRAME.format("first" * 18))
    far.read_until("first", answer=False)
    far.writer.frame(FRAME.format("second" * 16))
    far.read_until("second", answer=False)
    for number in range(50):
        far.writer.frame(FRAME.format(f"number {number} " * 3))
    for _ in range(2):
        far.writer.answered()
    seen = far.read_until("number 49")
    assert "number 17" not in seen


def test_an_answer_that_nobody_asked_for_is_for_textual(far: _Far) -> None:
    assert not far.writer.answered()


def test_what_was_drawn_is_shown_once_the_terminal_has_come_that_far(far: _Far) -> None:
    shown: list[float] = []
    far.writer.frame(FRAME.format("page" * 18))
    far.writer.when_shown(shown.append)
    far.read_until("page", answer=False)
    assert shown == []
    far.writer.answered()
    assert len(shown) == 1


def test_a_piece_too_small_for_a_probe_has_one_where_somebody_waits(far: _Far) -> None:
    far.writer.frame(FRAME.format("page" * 18))
    far.read_until("page" + PROBE)
    far.writer.frame(FRAME.format("1"))
    far.read_until("1")
    far.seen = ""
    shown: list[float] = []
    far.writer.when_shown(shown.append)
    far.read_until(PROBE)
    assert len(shown) == 1


def test_what_still_waits_for_the_line_is_not_shown_yet(far: _Far) -> None:
    shown: list[float] = []
    for text in ("first", "second"):
        far.writer.frame(FRAME.format(text * 15))
        far.read_until(text, answer=False)
    far.writer.frame(FRAME.format("third" * 16))
    far.writer.when_shown(shown.append)
    far.writer.answered()
    far.writer.answered()
    assert shown == [], "the third is not written with these"
    far.read_until("third")
    assert len(shown) == 1


def test_where_the_terminal_says_nothing_all_counts_as_shown(far: _Far) -> None:
    far.writer.flow.answers = False
    shown: list[float] = []
    far.writer.when_shown(shown.append)
    assert len(shown) == 1


def test_no_frame_follows_a_rest_and_what_passes_through_does(far: _Far) -> None:
    far.writer.frame(FRAME.format("before"))
    far.read_until("before")
    far.writer.rest(answers=True)
    far.writer.frame(FRAME.format("never"))
    far.writer.pass_through("\x1b[?1049l")
    assert "never" not in far.read_until("\x1b[?1049l")


def test_marks_are_put_around_what_could_be_seen_being_drawn(far: _Far) -> None:
    far.writer.synchronised = True
    far.writer.canvas.resize(4000, 4, 0.0)
    far.writer.frame(FRAME.format("little"))
    assert "\x1b[?2026h" not in far.read_until("little")


def test_a_size_that_changed_is_looked_at_and_all_is_sent_again(far: _Far) -> None:
    far.writer.frame(FRAME.format("hello"))
    far.read_until("hello")
    far.seen = ""
    far.writer.resized = True
    far.writer.look()
    far.read_until("hello")


def test_a_handler_that_came_while_the_lock_is_held_waits_for_no_one(far: _Far) -> None:
    # As Textual suspends in a handler of SIGTSTP, which runs in the thread that holds the lock.
    with far.writer._changed:
        far.writer.frame(FRAME.format("hello"))
        far.writer.rest(answers=False)
        far.writer.pass_through("\x1b[?1049l")
        far.writer.stop()
    far.read_until("\x1b[?1049l")


def test_a_full_line_holds_up_nobody() -> None:
    far = _Far()
    filler = os.open(os.ttyname(far.slave), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    refused = 0
    while refused < 20:
        try:
            os.write(filler, b"x" * 4096)
        except BlockingIOError:
            # What was taken goes on to the other end a little later, and makes room.
            refused += 1
            time.sleep(0.01)
    far.writer.start()
    far.writer.frame(FRAME.format("hello"))
    far.writer.pass_through("\x1b[?1049l")
    far.writer.rest(answers=True)
    far.writer.stop()
    assert not far.writer.is_alive()
    os.close(filler)
    far.close()


def test_frames_that_pass_through_and_find_no_room_are_left_out_and_owed() -> None:
    owed = []
    far = _Far()
    far.writer._drained = lambda: owed.append(True)
    for number in range(40):
        far.writer.pass_frame(f"{number} " * 2000)
    far.writer.start()
    far.read_until("1 1 1")
    assert owed == [True]
    assert "39 39" not in far.seen
    far.close()


def test_a_failure_is_told_and_what_passes_through_goes_on(far: _Far) -> None:
    failures: list[Exception] = []
    far.writer._failed = failures.append
    far.writer.canvas._order = lambda: [99]  # type: ignore[method-assign]
    far.writer.frame(FRAME.format("hello"))
    far.writer.pass_through("\x07")
    far.read_until("\x07")
    far.writer.rest(answers=False)
    far.writer.pass_through("\x1b[?1049l")
    far.read_until("\x1b[?1049l")
    assert [type(one) for one in failures] == [IndexError]


def test_half_a_surrogate_pair_is_a_question_mark(far: _Far) -> None:
    far.writer.frame(FRAME.format("a\udcffb"))
    far.read_until("a?b")


def test_a_terminal_that_is_gone_ends_the_thread() -> None:
    far = _Far()
    far.writer.start()
    os.close(far.master)
    far.writer.frame(FRAME.format("hello"))
    far.writer.join(30)
    assert not far.writer.is_alive()
    far.writer.rest(answers=True)
    far.writer.stop()
    os.close(far.slave)


def test_a_terminal_without_answers_is_drawn_on_all_the_same() -> None:
    far = _Far()
    clock = iter(range(0, 100_000, 5))
    far.writer._clock = lambda: float(next(clock))
    far.writer.start()
    for number in range(SILENT + 2):
        word = "abcdefgh"[number] * 9
        far.writer.frame(FRAME.format(word))
        far.read_until(word, answer=False)
    assert not far.writer.flow.answers
    far.close()


def test_frames_from_one_thread_and_answers_from_another_do_not_hang(far: _Far) -> None:
    done = threading.Event()

    def answer() -> None:
        while not done.is_set():
            if select.select([far.master], [], [], 0.01)[0]:
                came = os.read(far.master, 65536).decode()
                far.seen += came
                for _ in range(came.count(PROBE)):
                    far.writer.answered()

    reader = threading.Thread(target=answer)
    reader.start()
    for number in range(500):
        far.writer.frame(FRAME.format(f"frame {number} "))
    end = time.monotonic() + 30
    while far.writer.canvas.pending and time.monotonic() < end:
        time.sleep(0.01)
    done.set()
    reader.join()
    assert not far.writer.canvas.pending
