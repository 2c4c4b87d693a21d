"""An action's form as plain data: its notes, labels, choices, what is wrong, and the answer."""

from __future__ import annotations

from rich.cells import cell_len

from adapters.contract import Field, Form, Option
from adapters.records import App, Revision
from console.rows import marks, times
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context
from console.widgets.spans import Line, Row, fit, line, row, rule
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

ANSWER = 200
"""Lines of an answer that are shown."""


def intro_rows(form: Form, width: int) -> list[Row]:
    """Return what stands above the fields: the title, and notes."""
    rows: list[Row] = [Row(())]
    rows += wrapped(form.title, width - 2, "title", indent=1)
    for note in form.notes:
        rows += wrapped(f"{marks.WARN} {note}", width - 2, "warn", indent=1, hang=2)
    return rows


def answer_rows(form: Form, width: int, *, behind: bool) -> list[Row]:
    """Return what stands below the fields of a read: the answer, or why there is none."""
    if not form.reads:
        return []
    rows = [
        Row(()),
        rule(width, line(("ANSWER", "title"), ("  a read: it changes nothing", "dim"))),
    ]
    if form.error:
        rows += wrapped(f"{marks.BAD} {form.error}", width - 3, "bad", indent=3, hang=2)
    elif form.answer is not None:
        found = wrapped(form.answer, width - 3, "dim" if behind else "", indent=3, hang=2)
        rows += found[:ANSWER]
        if len(found) > ANSWER:
            rows.append(row("   ", (f"and {len(found) - ANSWER} more lines", "dim")))
    else:
        rows.append(row("   ", ("it comes as soon as the fields are filled in", "dim")))
    return rows


def head_line(field: Field, filtered: str, width: int) -> Line:
    """Return what stands above an open list."""
    said = f"  /{filtered}" if filtered else f"  {field.help}" if field.help else ""
    return rule(width, line((field.label.upper(), "title"), (said, "dim"))).line


def chosen_line(field: Field, chosen: str, label: int) -> Line:
    """Return a closed list in one line: what was chosen."""
    found = next((option for option in field.options if option.value == chosen), None)
    text = found.label if found is not None else chosen
    more = f"  ▾ {len(field.options)} to choose from"
    if not text:
        return line(*label_line(field, label), (more.strip(), "dim"))
    return line(*label_line(field, label), text, (more, "dim"))


def label_line(field: Field, width: int) -> Line:
    """Return a field's label in *width* cells."""
    return line((fit(f" {field.label}", width - 1), "dim"), " ")


def note_rows(field: Field, label: int, width: int, *, checked: bool) -> list[Row]:
    """Return what is wrong with a field, or how it was understood, in three lines at most.

    What was not *checked* yet keeps the words on what it held before, in the background.
    """
    if field.error:
        text, tone = f"{marks.BAD} {field.error}", "bad" if checked else "dim"
    elif field.note:
        text, tone = field.note, "dim"
    else:
        return []
    return wrapped(text, max(20, width - 2), tone, indent=min(label, width // 3), hang=2)[:3]


def choice_rows(
    field: Field, chosen: str, filtered: str, app: App | None, context: Context, width: int
) -> list[Row]:
    """Return the options of *field* as rows, those that hold all words of *filtered*.

    The target of a row stands for the option's value.
    """
    words = filtered.lower().split()
    given: tuple[Option, ...] = ()
    if chosen and all(option.value != chosen for option in field.options):
        # What was given in other words (an address, say) stays chosen until another is.
        given = (Option(chosen, chosen, "as it was given"),)
    options = [
        option
        for option in (*given, *field.options)
        if all(word in f"{option.label} {option.detail} {option.value}".lower() for word in words)
    ]
    if not options:
        return [row("   ", ("none holds that", "dim"))]
    known = revisions_by_number(app, context)
    if app is not None and known and all(option.value in known for option in field.options):
        cells = [
            (_revision(field, option, known[option.value], chosen, context), option.value)
            for option in options
        ]
        return _shifted(table_rows(_REVISIONS, cells, width - 2, titles=True))
    plain = [(_option(field, option, chosen), option.value) for option in options]
    return _shifted(table_rows(_option_columns(field, width), plain, width - 2))


def revisions_by_number(app: App | None, context: Context) -> dict[str, Revision]:
    """Return the known revisions of *app* by their numbers as text."""
    if app is None:
        return {}
    return {str(one.number): one for one in context.store.revisions_of(app)}


def _option_columns(field: Field, width: int) -> tuple[Column, ...]:
    """Return columns in which the longest label is whole, if two thirds of the width take it."""
    label = max(16, *(cell_len(option.label) for option in field.options))
    return (
        Column("mark", "", 1, priority=9),
        Column("label", "", min(max(label, 34), width * 2 // 3), least=16, priority=10),
        Column("detail", "", 34, least=6, flex=1, priority=7),
        Column("is", "", 14, least=12, priority=5),
    )


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
