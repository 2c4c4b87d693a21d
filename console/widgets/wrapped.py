"""Text wrapped to a width, as rows."""

from __future__ import annotations

from rich.cells import cell_len

from console.widgets.spans import Row, row


def wrapped(text: str, width: int, tone: str = "", indent: int = 0, hang: int = 0) -> list[Row]:
    """Return *text* in rows of at most *width* cells, indented, later ones by *hang* more."""
    rows = []
    for paragraph in text.split("\n"):
        lead = indent
        line_ = ""
        for word in paragraph.split(" "):
            for piece in _pieces(word, max(1, width - lead)):
                longer = f"{line_} {piece}" if line_ else piece
                if cell_len(longer) > width - lead and line_:
                    rows.append(row(" " * lead, (line_, tone)))
                    lead = indent + hang
                    line_ = piece
                else:
                    line_ = longer
        rows.append(row(" " * lead, (line_, tone)))
    return rows


def _pieces(word: str, width: int) -> list[str]:
    """Return *word* cut where it is longer than a line."""
    if cell_len(word) <= width:
        return [word]
    return [word[start : start + width] for start in range(0, len(word), width)]
