"""An action's page as plain data: its stages, what would change, what is approved, how it went."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from adapters.contract import Preview
from adapters.records import ActionState, ActionStatus, Stage
from console.rows import actions, marks, times, waiting
from console.rows.cells import Cell
from console.screens.action_parts import approval_rows, reaches_rows
from console.widgets.spans import Line, Row, Span, fit, line, line_width, row, rule, spread
from console.widgets.wrapped import wrapped

OUTCOMES = {
    ActionState.VERIFIED: ("good", "Done: the effect was verified."),
    ActionState.NOT_VERIFIED: ("bad", "Sent, but its effect was not verified."),
    ActionState.REFUSED: ("warn", "Refused: nothing was changed."),
    ActionState.CANCELLED: ("dim", "Cancelled before it was sent: nothing was changed."),
    ActionState.FAILED: ("bad", "Failed."),
    ActionState.TIMED_OUT: ("bad", "Timed out: the effect did not show in time."),
    ActionState.UNKNOWN: (
        "bad",
        "What became of it is not known. Look at the target before anything is tried again.",
    ),
}


def stage_rows(status: ActionStatus | None, width: int) -> list[Row]:
    """Return the stages in one line, and below each when it was reached."""
    found = (
        actions.stages(status)
        if status is not None
        else [(str(stage), Cell(" ", "dim"), None, "") for stage in Stage]
    )
    # All seven with their marks fit into 78 cells only without the spaces between them.
    taken = sum(len(name) + 2 * bool(mark.text.strip()) + 3 for name, mark, _, _ in found)
    joint = " ─ " if taken <= width else "─"
    names: list[Span] = [(" ", "")]
    whens: list[Span] = [(" ", "")]
    for number, (name, mark, at, _) in enumerate(found):
        if number:
            names.append((joint, "frame"))
            whens.append((" " * len(joint), ""))
        reached = mark.text.strip()
        text = f"{name} {mark.text}" if reached else name
        tone = mark.tone if reached else "dim"
        when = times.utc(at) if at is not None else ""
        wide = max(len(text), len(when)) if width >= 96 else len(text)
        names.append((text.ljust(wide), tone))
        whens.append((when[:wide].ljust(wide) if len(when) <= wide + len(joint) else "", "dim"))
    rows = [Row(tuple(names))]
    if width >= 96:
        rows.append(Row(tuple(whens)))
    return rows


def action_rows(
    status: ActionStatus | None,
    preview: Preview | None,
    digest: str,
    code: str,
    now: float,
    width: int,
    linked: Sequence[ActionStatus] = (),
    asks: Line = (),
    logged: Sequence[Row] = (),
) -> list[Row]:
    """Return the page in *width* cells; *linked* are the actions that this one records, or that
    record it, *asks* says who has to decide now, and *logged* are the rows on its log entries.
    """
    rows = [Row(()), *stage_rows(status, width)]
    rows += [Row(asks), Row(())] if asks else [Row(())]
    sent = status is not None and (
        status.state.in_flight or status.state.ended or len(status.stages) > 2
    )
    if status is not None and sent:
        rows += _progress(status, now, width, linked)
    if preview is not None:
        rows += _changing(preview, width)
        rows += reaches_rows(preview, width)
        rows += _approved(status, preview, digest, code, now, width)
    elif status is None:
        rows.append(row((" asking the station for this action", "dim")))
    if status is not None:
        rows += approval_rows(status, width)
    return [*rows, *logged]


def _progress(
    status: ActionStatus, now: float, width: int, linked: Sequence[ActionStatus]
) -> list[Row]:
    rows: list[Row] = []
    if status.state.ended:
        tone, words = OUTCOMES.get(status.state, ("", str(status.state)))
        mark = marks.of_action(status.state)
        rows += wrapped(f"{mark.text} {words}", width - 2, tone, indent=1, hang=2)
        if status.outcome:
            rows += wrapped(status.outcome, width - 4, "", indent=3)
    elif status.state is ActionState.SUBMITTED:
        said = "submitted: not in a block yet, as far as is known"
        rows.append(row((f" {marks.BUSY} ", "info"), said))
    elif status.window_ends is not None and status.state.in_flight:
        left = times.duration(max(0.0, status.window_ends - now))
        rows.append(row((" ● ", "info"), "under way; its effect is waited for, ", left, " left"))
    elif status.state.in_flight:
        rows.append(
            row((" ● ", "info"), "under way in the station; leaving this page stops nothing")
        )
    if rows:
        rows.append(Row(()))
    rows.append(
        rule(width, line(("HOW IT WENT" if status.state.ended else "HOW IT GOES", "title")))
    )
    took = actions.took(status, now)
    for name, mark, at, detail in actions.stages(status):
        if at is None and mark.text.strip() in ("", "✔"):
            continue
        when = times.utc(at, now) if at is not None else "         "
        spans = line(f" {when:<9}  ", (f"{mark.text} {name:<13}", mark.tone))
        lasted = took.get(name, "")
        rows.append(row(*spans, (f" {lasted:<8}  ", "dim"), detail))
    if status.undoes:
        rows.append(row(("            undoes ", "dim"), status.undoes))
    return [*rows, *linked_rows(status, linked, width), Row(())]


def linked_rows(status: ActionStatus, linked: Sequence[ActionStatus], width: int) -> list[Row]:
    """Return what this action records or is recorded by; enter on an action opens it."""
    if status.record_due:
        return [row(("   its record is about to be made", "dim"))]
    rows: list[Row] = []
    for one in linked:
        word = "records" if status.records == one.name else "recorded by"
        mark = marks.of_action(one.state)
        why = one.outcome or one.progress
        said = f"   {word} {one.name}  {mark.text} {one.state}" + (f": {why}" if why else "")
        rows.append(row((said, mark.tone), target=one.key, width=width))
    if status.records and not rows:
        rows.append(row(("   records ", "dim"), status.records))
    if status.state.ended and status.progress and not rows:
        rows += wrapped(f"{marks.WARN} {status.progress}", width - 3, "warn", indent=3, hang=2)
    return rows


def _changing(preview: Preview, width: int) -> list[Row]:
    head: Line = line(("WHAT CHANGES", "title"))
    by = line((preview.simulated_by, "dim"), " ")
    rows = [Row(spread((*rule(width - line_width(by) - 1, head).line, (" ", "")), by, width))]
    if preview.nothing:
        rows += wrapped(f"nothing: {preview.nothing}", width - 3, "warn", indent=3)
    rows += _changes(preview, width)
    rows += _facts(preview, width)
    if preview.unchanged:
        rows.append(row("   ", (_the_same(preview.unchanged, width - 4), "dim")))
    return [*rows, Row(())]


def _facts(preview: Preview, width: int) -> list[Row]:
    """Return what else the simulation told; a name that comes again is not repeated."""
    rows: list[Row] = []
    wide = min(20, max((len(name) for name, _ in preview.facts), default=0))
    before = ""
    for name, value in preview.facts:
        lines = wrapped(value, max(10, width - wide - 6))
        for number, one in enumerate(lines):
            said = name if number == 0 and name != before else ""
            rows.append(Row((("   ", ""), (fit(said, wide), "dim"), ("  ", ""), *one.line)))
        before = name
    return rows


def _the_same(names: tuple[str, ...], width: int) -> str:
    """Return what stays as it is, in one line: what matters stands below it."""
    for kept in range(len(names), 0, -1):
        more = f" and {len(names) - kept} more" if kept < len(names) else ""
        text = f"{', '.join(names[:kept])}{more}: the same"
        if len(text) <= width:
            return text
    return f"{len(names)} more: the same"


def _changes(preview: Preview, width: int) -> list[Row]:
    """Return what changes; what the paths begin with alike ("container x: ") is said once."""
    rows: list[Row] = []
    parts = [one.path.rpartition(": ") for one in preview.changes]
    wide = min(26, max((len(last) for _, _, last in parts), default=0))
    group = ""
    for change, (head, _, last) in zip(preview.changes, parts, strict=True):
        if head != group and head:
            rows.append(row("   ", (head, "dim")))
        group = head
        indent = "     " if head else "   "
        if len(last) > wide:
            rows.append(row(indent, last))
            last = ""
        for sign, value, tone in (("-", change.before, "removed"), ("+", change.after, "added")):
            if value is None:
                continue
            room = max(10, width - wide - 9)
            for number, text in enumerate(_pieces(value, room)):
                lead = f"{sign} " if number == 0 else "  "
                # Values stand in one column, whatever the names before them are indented by.
                rows.append(row(f"{indent}{last}".ljust(wide + 7), (lead + text, tone)))
                last = ""
    return rows


def _pieces(value: str, room: int) -> list[str]:
    """Return *value* in lines of at most *room* characters, its own line ends kept."""
    return [piece for text in value.split("\n") for piece in textwrap.wrap(text, room) or [""]]


def _approved(
    status: ActionStatus | None,
    preview: Preview,
    digest: str,
    code: str,
    now: float,
    width: int,
) -> list[Row]:
    rows: list[Row] = []
    if digest:
        rows.append(rule(width, line(("WHAT IS APPROVED", "title"))))
        rows.append(
            row("   ", (code, "accent"), (f"   sha256 {digest[:12]}…  (compare aloud)", "dim"))
        )
    left = waiting.left(status, now) if status is not None else ""
    if left and status is not None and not status.state.in_flight:
        rows.append(row("   ", ("to be decided: ", "dim"), left))
    if status is not None and (status.actor or status.reason):
        reason = f"   reason: {status.reason}" if status.reason else ""
        asked = f"{status.name}, asked by {status.actor or 'nobody'}{reason}"
        rows += wrapped(asked, width - 3, "dim", indent=3, hang=2)
    if preview.locked:
        rows.append(row("   ", (f"the key {preview.locked} is locked: its passphrase is asked for",
                                "warn")))  # fmt: skip
    if preview.command:
        rows.append(Row(()))
        for number, part in enumerate(textwrap.wrap(
            preview.command, max(20, width - 6), break_long_words=False, break_on_hyphens=False
        )):  # fmt: skip
            rows.append(row("   " if number == 0 else "     ", (part, "")))
    return [*rows, Row(())]
