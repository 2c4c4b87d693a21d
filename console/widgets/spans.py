"""Text with tones, as plain data: spans, lines, rows, and how they are fitted and framed.

A tone is a name ("bad", "dim"); only the widget that paints knows what colour that is today.
"""

from collections.abc import Hashable, Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple, TypeAlias

from rich.cells import cell_len, set_cell_size

Span: TypeAlias = tuple[str, str]
"""A text and its tone; "" is the plain one."""
Line: TypeAlias = tuple[Span, ...]
"""One line of the screen."""


class Target(NamedTuple):
    """A piece of a row, in cells, that the cursor can stand on, and what it stands for."""

    x: int
    width: int
    value: Hashable


class Row(NamedTuple):
    """One line and the targets in it."""

    line: Line
    targets: tuple[Target, ...] = ()


EMPTY = Row(())


def line(*parts: str | Span) -> Line:
    """Return a line of *parts*; a bare string has the plain tone, an empty one is left out."""
    spans = ((part, "") if isinstance(part, str) else part for part in parts)
    return tuple(span for span in spans if span[0])


def row(*parts: str | Span, target: Hashable = None, width: int = 0) -> Row:
    """Return a row of *parts*, all of it one target if *target* is set, fitted if *width* is."""
    made = line(*parts)
    if width:
        made = fit_line(made, width)
    if target is None:
        return Row(made)
    return Row(made, (Target(0, line_width(made), target),))


def line_width(spans: Line) -> int:
    """Return the cells that *spans* take."""
    return sum(cell_len(text) for text, _ in spans)


def fit(text: str, width: int, align: str = "left") -> str:
    """Return *text* in exactly *width* cells: cut with an ellipsis, or padded."""
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 0 else ""
    pad = " " * (width - size)
    return pad + text if align == "right" else text + pad


def short(text: str) -> str:
    """Return *text* with every name in it without its namespace."""
    return " ".join(word.rpartition("/")[2] for word in text.split(" "))


def fit_line(spans: Line, width: int) -> Line:
    """Return *spans* in exactly *width* cells."""
    fitted: list[Span] = []
    left = width
    for number, (text, tone) in enumerate(spans):
        size = cell_len(text)
        if size > left or (size == left and number + 1 < len(spans) and _rest(spans, number)):
            if left > 0:
                fitted.append((set_cell_size(text, left - 1) + "…", tone))
            return tuple(fitted)
        fitted.append((text, tone))
        left -= size
    if left:
        fitted.append((" " * left, ""))
    return tuple(fitted)


def _rest(spans: Line, number: int) -> bool:
    return any(text.strip() for text, _ in spans[number + 1 :])


def spread(left: Line, right: Line, width: int) -> Line:
    """Return *left* and *right* at the two ends of *width* cells; *left* is cut if need be."""
    room = width - line_width(right)
    if room <= 0:
        return fit_line(right, width)
    return fit_line(left, room) + right


def joined(spans: Line) -> str:
    """Return the text of *spans* without tones."""
    return "".join(text for text, _ in spans)


def beside(blocks: Sequence[Sequence[Row]], widths: Sequence[int], gap: int = 1) -> list[Row]:
    """Return *blocks* side by side, each fitted to its width, *gap* cells between them."""
    rows: list[Row] = []
    for together in zip_longest(*blocks, fillvalue=EMPTY):
        spans: list[Span] = []
        targets: list[Target] = []
        x = 0
        for number, (one, width) in enumerate(zip(together, widths, strict=True)):
            if number and gap:
                spans.append((" " * gap, ""))
                x += gap
            spans += fit_line(one.line, width)
            targets += (target._replace(x=target.x + x) for target in one.targets)
            x += width
        rows.append(Row(tuple(spans), tuple(targets)))
    return rows


def framed(
    title: Line,
    right: Line,
    rows: Iterable[Row],
    width: int,
    height: int,
    *,
    tone: str = "frame",
    hidden: int = 0,
) -> list[Row]:
    """Return *rows* in a frame of *width* by *height* cells, its title and *right* in the top.

    Rows beyond the frame are cut, and the last line says how many there are more; *hidden* is how
    many were not made at all.
    """
    inside, room = width - 4, height - 2
    body = list(rows)
    if len(body) > room or hidden:
        kept = max(0, min(len(body), room - 1))
        body = [*body[:kept], row((f"and {len(body) - kept + hidden} more", "dim"))]
    ends = (("╭─ ", tone), *title, (" ", tone)), ((" ", tone), *right, (" ─╮", tone))
    if not right:
        ends = ends[0], (("─╮", tone),)
    fill = width - line_width(ends[0]) - line_width(ends[1])
    top = (
        ends[0] + (("─" * fill, tone),) + ends[1]
        if fill >= 0
        else (*fit_line(ends[0], width - 2), ("─╮", tone))
    )
    framed_rows = [Row(top)]
    for one in body + [EMPTY] * (room - len(body)):
        targets = tuple(target._replace(x=target.x + 2) for target in one.targets)
        framed_rows.append(Row((("│ ", tone), *fit_line(one.line, inside), (" │", tone)), targets))
    framed_rows.append(Row(line(("╰" + "─" * (width - 2) + "╯", tone))))
    return framed_rows


def rule(width: int, title: Line = ()) -> Row:
    """Return a line across, with a title in it if there is one."""
    if not title:
        return Row(line(("─" * width, "frame")))
    left: Line = (("── ", "frame"), *title, (" ", ""))
    return Row((*left, ("─" * max(0, width - line_width(left)), "frame")))
