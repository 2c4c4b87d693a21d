"""What the terminal should show and what it was sent; gives out the difference by the piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from console.terminal.differ import Pen, closing, move, paint_row
from console.terminal.frame import parse
from console.terminal.grid import Grid

TRUSTED: Final = 1.0
"""Seconds for which we believe that nobody else changed the terminal's colours."""
NOT_URGENT: Final = 1 << 20
MODES: Final = "\x1b[0m\x1b[?25l\x1b[?7l"
"""No cursor and no wrapping, as Textual wants it; said again with each full repaint."""


class Piece(NamedTuple):
    """A piece of output: the text, how many rows it touches, and the age of the oldest change."""

    text: str
    rows: int
    age: float


class Canvas:
    """A target that frames are merged into, and a painter of what was not sent yet.

    There is no queue of frames: what is sent is always the newest. The row that waits the
    longest comes first, and before it those that a key changed, the smallest change first.
    *now* is in seconds of any clock.
    """

    def __init__(
        self,
        width: int,
        height: int,
        *,
        erase: bool = False,
        plain: Callable[[str], str] | None = None,
    ) -> None:
        self.target = Grid(width, height)
        self.sent = Grid(width, height)
        self.cursor = (0, 0)
        self._erase = erase
        self._plain = plain
        self._since: dict[int, float] = {}
        self._rank: dict[int, int] = {}
        self._style_at = float("-inf")
        self._pen = Pen()
        self._lost = True

    @property
    def pending(self) -> bool:
        """Whether a row is not as it should be."""
        return bool(self._since)

    def behind(self, now: float) -> float:
        """Return how long the oldest change waits, in seconds."""
        return now - min(self._since.values()) if self._since else 0.0

    def merge(self, text: str, now: float, *, urgent: bool = False) -> bool:
        """Take a frame in; return False where it is none that is understood, and nothing of it
        is taken. *urgent* is one that a key led to.
        """
        frame = parse(text, self._plain)
        if frame is None:
            return False
        put = self.target.put
        rows = {run.y for run in frame.runs if put(run)}
        self.cursor = frame.cursor
        for y in rows:
            self._since.setdefault(y, now)
            if urgent:
                self._rank[y] = min(self._rank.get(y, NOT_URGENT), len(rows))
        return True

    def forget(self, now: float) -> None:
        """Know no longer what the terminal shows: everything is sent again."""
        self.sent.forget()
        self._pen.lost()
        self._lost = True
        for y in range(self.target.height):
            self._since.setdefault(y, now)

    def resize(self, width: int, height: int, now: float) -> None:
        """Take another size. What the terminal shows after that is anybody's guess."""
        if (width, height) != (self.target.width, self.target.height):
            self.target = self.target.resized(width, height)
            self.sent = Grid(width, height)
            self._since = {y: at for y, at in self._since.items() if y < height}
            self._rank.clear()
        self.forget(now)

    def take(self, room: int, now: float) -> Piece:
        """Return what to write next, about *room* bytes; "" where nothing differs."""
        pen = self._pen
        pen.lost()
        if self._lost or now - self._style_at > TRUSTED:
            pen.style = None
            self._style_at = now
        out = [MODES] if self._lost else []
        used = rows = 0
        age = 0.0
        urgent = False
        for y in self._order():
            if used >= room:
                break
            text, done = paint_row(
                self.target, self.sent, y, pen, erase=self._erase, room=room - used
            )
            if text:
                used += len(text.encode())
                rows += 1
                age = max(age, now - self._since[y])
                urgent = urgent or y in self._rank
                out.append(text)
            if done:
                del self._since[y]
                self._rank.pop(y, None)
        if not rows:
            return Piece("", 0, 0.0)
        self._lost = False
        out.append(closing(pen))
        if urgent and self.cursor != (0, 0) and not self._since:
            # Where a person types is where an input method opens its window.
            out.append(move(pen, *self.cursor))
        return Piece("".join(out), rows, age)

    def _order(self) -> list[int]:
        if len(self._since) == 1:
            return list(self._since)
        rank, since = self._rank, self._since
        return sorted(since, key=lambda y: (rank.get(y, NOT_URGENT), since[y], y))
