"""Flow control by the answers of the terminal; the time is told."""

from __future__ import annotations

from itertools import pairwise

import pytest

from console.terminal.flow import FIRST, GREETING, LEAST, PATIENCE, QUEUE, SILENT, Flow, Line
from console.terminal.pace import SLOWEST, beat, said


class _Terminal:
    """A terminal behind a line: *rate* in bytes a second, *delay* in seconds one way."""

    def __init__(self, rate: float, delay: float) -> None:
        self.rate = rate
        self.delay = delay
        self.flow = Flow()
        self.now = 0.0
        self.free = 0.0
        self.answers: list[float] = []
        self.waited: list[float] = []
        self.wrote: list[float] = []
        self.most = 0

    def _carry(self, size: int) -> None:
        self.wrote.append(self.now)
        self.free = max(self.free, self.now) + size / self.rate
        self.waited.append(self.free - self.now)

    def greet(self) -> None:
        for size in (30, 120):
            self.flow.passed(self.now, size)
            self.flow.sent(self.now, 4, first=True)
            self._carry(size + 4)
            self.answers.append(self.free + 2 * self.delay)

    def run(self, seconds: float, wanted: int) -> None:
        """Write *wanted* bytes a second for so long, as the flow control lets it."""
        end = self.now + seconds
        have = 0.0
        while self.now < end:
            self.now += 0.005
            have = min(have + wanted * 0.005, 1e6)
            while self.answers and self.answers[0] <= self.now:
                self.answers.pop(0)
                assert self.flow.answered(self.now)
            room = self.flow.room(self.now)
            if room and have >= LEAST:
                size = min(self.flow.chunk(room), int(have))
                have -= size
                if self.flow.asks:
                    self.flow.sent(self.now, size)
                    self._carry(size)
                    self.answers.append(self.free + 2 * self.delay)
                else:
                    self.flow.passed(self.now, size)
                    self._carry(size)
                self.most = max(self.most, self.flow.awaited(self.now))


@pytest.mark.parametrize(
    ("rate", "delay"), [(1_000, 0.0), (4_000, 0.0), (16_000, 0.0), (16_000, 0.15), (250_000, 0.3)]
)
def test_an_overloaded_line_is_kept_full_and_its_queue_short(rate: float, delay: float) -> None:
    terminal = _Terminal(rate, delay)
    terminal.greet()
    terminal.run(10, wanted=1_000_000)
    terminal.waited.clear()
    terminal.most = 0
    before = terminal.now
    terminal.run(20, wanted=1_000_000)
    assert terminal.flow.rate == pytest.approx(rate, rel=0.35)
    assert terminal.most <= 2
    # What waits in the line at most is the queue that is meant, and the two smallest pieces.
    assert max(terminal.waited) <= 2 * QUEUE + 2.5 * LEAST / rate
    # Two pieces on their way fill a line that is as long as both of them.
    assert terminal.free - before >= (0.7 if delay <= QUEUE else 0.4) * 20


def test_a_fast_terminal_is_soon_written_to_at_once() -> None:
    terminal = _Terminal(1e8, 0.0)
    terminal.greet()
    terminal.run(1, wanted=1_000_000)
    assert terminal.flow.room(terminal.now) > 10_000


def test_a_little_piece_that_came_late_makes_no_slow_line_of_a_fast_one() -> None:
    terminal = _Terminal(1e8, 0.0)
    terminal.greet()
    terminal.run(1, wanted=1_000_000)
    flow, now = terminal.flow, terminal.now + 1
    for _ in range(20):
        flow.sent(now, 60)
        assert flow.answered(now + 0.03)
        now += 0.1
    assert not flow.slow


def test_a_fast_line_that_became_slow_is_not_filled_with_seconds() -> None:
    terminal = _Terminal(1e8, 0.0)
    terminal.greet()
    terminal.run(1, wanted=1_000)
    terminal.rate = 4_000
    terminal.waited.clear()
    terminal.run(20, wanted=1_000_000)
    assert max(terminal.waited) < 3
    assert terminal.flow.rate == pytest.approx(4_000, rel=0.35)


def test_two_probes_at_most_are_on_their_way() -> None:
    flow = Flow()
    assert flow.room(0.0) == FIRST
    flow.sent(0.0, 300)
    assert flow.room(0.0)
    flow.sent(0.0, 300)
    assert flow.room(0.1) == 0
    assert flow.answered(0.2)
    assert flow.room(0.2)


def test_a_cursor_report_that_nobody_asked_for_is_not_ours() -> None:
    assert not Flow().answered(1.0)


def test_the_first_frame_waits_for_the_greeting_and_not_for_long() -> None:
    flow = Flow()
    flow.sent(0.0, 4, first=True)
    flow.sent(0.0, 4, first=True)
    assert flow.room(0.1) == 0
    assert flow.wake() == GREETING
    assert flow.room(GREETING) >= LEAST
    assert flow.answers


def test_without_an_answer_it_goes_on_after_a_second_and_then_more_seldom() -> None:
    flow = Flow()
    flow.sent(0.0, 300)
    flow.answered(0.1)
    flow.sent(1.0, 300)
    flow.sent(1.0, 300)
    assert flow.room(1.5) == 0
    late = flow.wake()
    assert late is not None
    assert late >= 1.0 + PATIENCE
    assert flow.room(late) >= LEAST
    flow.sent(late, 300)
    again = flow.wake()
    assert again is not None
    assert again - late >= 2 * PATIENCE
    assert flow.awaited(late) == 3


def test_a_terminal_that_never_answers_is_asked_no_more() -> None:
    flow = Flow()
    now = 0.0
    for _ in range(SILENT):
        flow.sent(now, 300)
        now += 20.0
        flow.room(now)
    assert not flow.answers
    assert flow.room(now) > 100_000
    # One that was slow and not mute is believed again.
    flow.sent(now, 300)
    flow.answered(now + 0.1)
    assert flow.answers


def test_an_answer_that_is_lost_is_not_awaited_for_ever() -> None:
    flow = Flow()
    flow.sent(0.0, 300)
    flow.room(5.0)
    flow.sent(11.0, 300)
    assert flow.answered(11.1)
    assert flow.awaited(11.1) == 0


def test_a_long_line_that_is_always_busy_is_never_left_to_run_dry() -> None:
    # Frames of 360 bytes ten times a second: some answer is always awaited.
    terminal = _Terminal(16_000, 0.15)
    terminal.greet()
    terminal.run(5, wanted=1_000_000)
    terminal.wrote.clear()
    terminal.run(60, wanted=3_600)
    gaps = [after - before for before, after in pairwise(terminal.wrote)]
    assert max(gaps) < 0.15
    assert terminal.flow.rate == pytest.approx(16_000, rel=0.35)


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        (None, 0.1),
        (Line(), 0.1),
        (Line(1e6, 0.001, 0.5), 0.1),
        (Line(16_000, 0.3, 0.02), 0.1),
        (Line(16_000, 0.3, 0.4), 0.4),
        (Line(1_000, 0.3, 9.0), SLOWEST),
    ],
)
def test_the_painter_waits_for_a_slow_line_and_not_for_a_fast_one(
    line: Line | None, seconds: float
) -> None:
    assert beat(10.0, line) == pytest.approx(seconds)


def test_a_rate_slower_than_a_second_stays_as_it_is() -> None:
    assert beat(0.2, Line(1_000, 0.3, 9.0)) == pytest.approx(5.0)


def test_after_an_answer_that_was_lost_the_line_is_not_taken_for_a_slower_and_slower_one() -> None:
    terminal = _Terminal(1_000_000, 0.01)
    terminal.greet()
    terminal.run(5, wanted=1_200)
    while not terminal.answers:
        terminal.run(0.005, wanted=40_000)
    terminal.answers.pop()
    terminal.run(60, wanted=1_200)
    assert terminal.flow.rate is not None
    assert terminal.flow.rate > 50_000


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (None, "line not measured: Textual's own driver writes (--plain) · 10 paints/s"),
        (Line(), "line not measured: the terminal does not answer · 10 paints/s"),
        (Line(15_300, 0.31), "line 15.3 KB/s, 310 ms · 10 paints/s"),
        (Line(5e6, 0.001), "line over 1 MB/s, 1 ms · 10 paints/s"),
        (Line(1_100, 0.31, 1.26), "line 1.1 KB/s, 310 ms, 1.3 s behind · 10 paints/s"),
        (Line(None, 0.31), "line rate unknown, 310 ms · 10 paints/s"),
    ],
)
def test_what_was_measured_is_said_in_a_line(line: Line | None, text: str) -> None:
    assert said(line, 0.1) == text
