"""Thousands of frames at random: what the differ sends looks as the frames themselves do."""

from __future__ import annotations

import random

import pytest

from console.terminal.canvas import Canvas
from console.terminal.cells import doubtful
from tests.unit.terminal.emulated import Emulated
from tests.unit.terminal.random_frames import partial, whole

FRAMES = 150
SIZES = ((1, 1), (2, 3), (7, 2), (20, 6), (33, 9), (48, 12))


def _drain(canvas: Canvas, now: float) -> str:
    out = []
    while canvas.pending:
        out.append(canvas.take(1 << 20, now).text)
    return "".join(out)


class _Pair:
    """One terminal that gets the frames as they are, and one that gets what the differ sends."""

    def __init__(self, chosen: random.Random, *, joins: bool) -> None:
        self.chosen = chosen
        self.now = 0.0
        self.size = chosen.choice(SIZES)
        self.erase = chosen.random() < 0.5
        self.plain = self._terminal(joins=True)
        self.ours = self._terminal(joins=joins)
        self.canvas = Canvas(*self.size, erase=self.erase)

    def _terminal(self, *, joins: bool) -> Emulated:
        made = Emulated(*self.size, joins=joins)
        made.feed("\x1b[?7l")
        return made

    def draw(self, frame: str) -> None:
        self.now += self.chosen.random()
        self.plain.feed(frame)
        # A newline is two controls behind a terminal's own processing.
        assert self.canvas.merge(frame, self.now, urgent=self.chosen.random() < 0.2)

    def send(self) -> None:
        """Send a piece, or all that is to be sent."""
        room = self.chosen.choice((1, 20, 192, 4096, 1 << 20))
        self.ours.feed(self.canvas.take(room, self.now).text)

    def resize(self) -> None:
        self.size = columns, lines = self.chosen.choice(SIZES)
        self.plain = self._terminal(joins=True)
        self.ours.resize(lines, columns)
        self.ours.feed("\x1b[?7l")
        self.ours.scribble(self.chosen)
        self.canvas.resize(columns, lines, self.now)
        self.draw(whole(self.chosen, columns, lines))

    def step(self) -> None:
        what = self.chosen.random()
        if what < 0.03:
            self.resize()
        elif what < 0.06:
            self.ours.scribble(self.chosen)
            self.canvas.forget(self.now)
        elif what < 0.2:
            self.draw(whole(self.chosen, *self.size))
        else:
            self.draw(partial(self.chosen, *self.size))
        if self.chosen.random() < 0.7:
            self.send()


@pytest.mark.parametrize("seed", range(10))
def test_equals_the_same_frames_written_plainly(seed: int) -> None:
    pair = _Pair(random.Random(seed), joins=True)
    pair.resize()
    for number in range(FRAMES):
        pair.step()
        if number % 5 == 0:
            pair.ours.feed(_drain(pair.canvas, pair.now))
            assert pair.ours.cells() == pair.plain.cells(), f"frame {number}"


@pytest.mark.parametrize("seed", range(100, 103))
def test_a_terminal_that_joins_no_emoji_differs_in_those_alone(seed: int) -> None:
    pair = _Pair(random.Random(seed), joins=False)
    pair.resize()
    for number in range(FRAMES):
        pair.step()
        if number % 10:
            continue
        pair.ours.feed(_drain(pair.canvas, pair.now))
        ours, plain = pair.ours.cells(), pair.plain.cells()
        for y, row in enumerate(plain):
            for x, cell in enumerate(row):
                near = [row[at][0] for at in (x - 1, x) if at >= 0]
                # An emoji and the half that belongs to it.
                if not any(doubtful(one) or not one for one in near if isinstance(one, str)):
                    assert ours[y][x] == cell, f"frame {number}, {x}, {y}"
