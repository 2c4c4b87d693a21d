"""A few rows of a table as plain lines: for pages and frames that are too small for a LiveTable."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from console.rows.cells import Cell, Column, place
from console.widgets.spans import Line, Row, Span, Target, fit, line


def table_rows(
    columns: Sequence[Column],
    rows: Iterable[tuple[Sequence[Cell], Hashable]],
    width: int,
    *,
    only: Sequence[str] = (),
    titles: bool = False,
) -> list[Row]:
    """Return *rows*, pairs of cells and what they stand for, in *width* cells.

    *only* names the columns to show, all if empty; those that do not fit go by priority.
    """
    chosen = [i for i, column in enumerate(columns) if not only or column.key in only]
    placed = place([columns[i] for i in chosen], width)
    lines: list[Row] = []
    if titles:
        heads = [Cell(columns[chosen[one.number]].title, "dim") for one in placed]
        texts = ((head, one.column, one.width) for head, one in zip(heads, placed, strict=True))
        lines.append(Row(_line(texts)))
    for cells, target in rows:
        made = _line((cells[chosen[one.number]], one.column, one.width) for one in placed)
        targets = () if target is None else (Target(0, width, target),)
        lines.append(Row(made, targets))
    return lines


def _line(parts: Iterable[tuple[Cell, Column, int]]) -> Line:
    spans: list[Span] = []
    for cell, column, width in parts:
        if spans:
            spans.append((" ", ""))
        spans.append((fit(cell.text, width, column.align), cell.tone))
    return line(*spans)
