"""What the terminal should show and what it was sent; gives out the difference by the piece."""

from collections.abc import Callable
from math import inf, nextafter
from typing import Final, NamedTuple

from console.terminal.cells import PLAIN, Style
from console.terminal.differ import Pen, closing, move, paint_row, size
from console.terminal.frame import Frame, is_frame, parse, pieces
from console.terminal.grid import Grid

TRUSTED: Final = 1.0
"""Seconds for which we believe that nobody else changed the terminal's colours."""
NOT_URGENT: Final = 1 << 20
MEMO: Final = 64
"""Pieces of one row that are remembered at most."""
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
        self._memo: dict[int, set[str]] = {}

    @property
    def pending(self) -> bool:
        """Whether a row is not as it should be."""
        return bool(self._since)

    def written(self, now: float) -> float:
        """Return before which time every change was given out: just after *now* for all."""
        return min(self._since.values()) if self._since else nextafter(now, inf)

    def behind(self, now: float) -> float:
        """Return how long the oldest change waits, in seconds."""
        return now - min(self._since.values()) if self._since else 0.0

    def merge(self, text: str, now: float, *, urgent: bool = False) -> bool:
        """Take a frame in. False where it is none that is understood: then what the terminal
        shows after it is not known either. *urgent* is one that a key led to.
        """
        if not is_frame(text):
            return False
        changed: set[int] = set()
        style = PLAIN
        for x, y, piece in pieces(text):
            self.cursor = (x, y)
            if style == PLAIN and y in self._memo and piece in self._memo[y]:
                continue
            frame = parse(piece, self._plain, style)
            if frame is None:
                return False
            changed |= self._put(y, piece, frame, style)
            self.cursor, style = frame.cursor, frame.style
        for y in changed:
            self._since.setdefault(y, now)
            if urgent:
                self._rank[y] = min(self._rank.get(y, NOT_URGENT), len(changed))
        return True

    def _put(self, y: int, piece: str, frame: Frame, style: Style) -> set[int]:
        """Put *piece* of row *y* into the target; return the rows that it changed.

        What was drawn since its row last changed is known to change nothing: it is not read again.
        """
        changed = {run.y for run in frame.runs if self.target.put(run)}
        for row in changed:
            self._memo.pop(row, None)
        if style == frame.style == PLAIN and all(run.y == y for run in frame.runs):
            known = self._memo.setdefault(y, set())
            if len(known) >= MEMO:
                known.clear()
            known.add(piece)
        return changed

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
            self._memo.clear()
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
                used += size(text)
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
