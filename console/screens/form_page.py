"""An action's form as plain data: its notes, and a table of choices for each field."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.contract import Field, Form, Option
from adapters.records import App, Revision
from console.rows import marks, times
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context
from console.widgets.spans import Row, line, rule
from console.widgets.tablerows import table_rows
from console.widgets.wrapped import wrapped

_REVISIONS = (
    Column("mark", "", 1, priority=9),
    Column("number", "REV", 4, align="right", priority=10),
    Column("image", "IMAGE", 30, least=16, flex=1, priority=8),
    Column("age", "AGE", 8, priority=7),
    Column("cause", "CHANGE CAUSE", 28, least=14, flex=2, priority=6),
    Column("is", "", 14, least=12, priority=5),
)
_OPTIONS = (
    Column("mark", "", 1, priority=9),
    Column("label", "", 34, least=16, flex=1, priority=10),
    Column("detail", "", 34, least=14, flex=2, priority=7),
    Column("is", "", 14, least=12, priority=5),
)


def form_rows(
    form: Form, chosen: Mapping[str, str], app: App | None, context: Context, width: int
) -> list[Row]:
    """Return the form's rows. The target of a choice stands for (field, value)."""
    rows: list[Row] = [Row(())]
    rows += wrapped(form.title, width - 2, "title", indent=1)
    for note in form.notes:
        rows += wrapped(f"{marks.WARN} {note}", width - 2, "warn", indent=1, hang=2)
    for field in form.fields:
        if not field.options:
            continue
        rows.append(Row(()))
        head = line(
            (field.label.upper(), "title"), (f"  {field.help}" if field.help else "", "dim")
        )
        rows.append(rule(width, head))
        rows += _choices(field, chosen.get(field.name, ""), app, context, width)
    return rows


def _choices(field: Field, chosen: str, app: App | None, context: Context, width: int) -> list[Row]:
    known = revisions_by_number(app, context)
    if app is not None and known and all(option.value in known for option in field.options):
        cells = [
            (
                _revision(field, option, known[option.value], chosen, context),
                (field.name, option.value),
            )
            for option in field.options
        ]
        return _shifted(table_rows(_REVISIONS, cells, width - 2, titles=True))
    cells = [
        (_option(field, option, chosen), (field.name, option.value)) for option in field.options
    ]
    return _shifted(table_rows(_OPTIONS, cells, width - 2))


def revisions_by_number(app: App | None, context: Context) -> dict[str, Revision]:
    """Return the known revisions of *app* by their numbers as text."""
    if app is None:
        return {}
    return {str(one.number): one for one in context.store.revisions_of(app)}


def _revision(
    field: Field, option: Option, one: Revision, chosen: str, context: Context
) -> tuple[Cell, ...]:
    tone: Tone = "dim" if option.current else ""
    return (
        _mark(option, chosen),
        Cell(str(one.number), tone or "title"),
        Cell(", ".join(one.images) or marks.NOTHING, tone),
        Cell(times.duration(context.now - one.created) if one.created else marks.NOTHING, "dim"),
        Cell(one.change_cause or marks.NOTHING, "dim"),
        _is(field, option),
    )


def _option(field: Field, option: Option, chosen: str) -> tuple[Cell, ...]:
    tone: Tone = "dim" if option.current else ""
    return (
        _mark(option, chosen),
        Cell(option.label, tone),
        Cell(option.detail, "dim"),
        _is(field, option),
    )


def _mark(option: Option, chosen: str) -> Cell:
    return Cell("▸" if option.value == chosen else " ", "accent")


def _is(field: Field, option: Option) -> Cell:
    if option.current:
        return Cell("● runs now", "info")
    return Cell("default", "dim") if option.value == field.default else Cell()


def _shifted(rows: list[Row]) -> list[Row]:
    return [
        Row(
            ((" ", ""), *one.line), tuple(target._replace(x=target.x + 1) for target in one.targets)
        )
        for one in rows
    ]
