"""Parts of an action's page as plain data: what it reaches, who approved it, its log entries."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.contract import Blast, Preview
from adapters.records import ActionState, ActionStatus, Key, LogHead
from console.feed.answers import LogLeaf
from console.joins import parse_asset
from console.leaves import line as said_line
from console.leaves import read
from console.rows import accounts, log, marks, times, waiting
from console.rows.cells import Cell
from console.rows.context import Me
from console.widgets.spans import Row, Span, fit, line, line_width, row, rule, spread
from console.widgets.wrapped import wrapped

NAMES = 12
"""Names of one class that are shown; the rest are counted."""
_CLASSES = ("pods", "addresses", "tokens", "sites", "apps")
_TONES = {"critical": "bad", "caution": "warn"}


def reaches_rows(preview: Preview, width: int) -> list[Row]:
    """Return what the action reaches by class, how much it may cost, and why that."""
    significance = str(preview.significance)
    tone = _TONES.get(significance, "info")
    right = line((significance, tone), " ")
    head = line(("REACHES", "title"))
    rows = [Row(spread((*rule(width - line_width(right) - 1, head).line, (" ", "")), right, width))]
    if preview.because:
        rows += wrapped(f"{significance}: {preview.because}", width - 3, tone, indent=3, hang=2)
    rows += blast_rows(preview.blast, width)
    together = width < 100 or len(preview.touches) > 6
    for said in [" · ".join(preview.touches)] if together else preview.touches:
        rows += wrapped(said, width - 3, indent=3, hang=2)
    for warning in preview.warnings:
        rows += wrapped(f"{marks.WARN} {warning}", width - 3, "warn", indent=3, hang=2)
    return [*rows, Row(())]


def blast_rows(blast: Blast, width: int) -> list[Row]:
    """Return each class with its count and names; "none" is known, "not known" is not."""
    rows: list[Row] = []
    unknown, none = [], []
    for name in _CLASSES:
        found: tuple[str, ...] | None = getattr(blast, name)
        if found is None:
            unknown.append(name)
        elif not found:
            none.append(name)
        else:
            more = f" and {len(found) - NAMES} more" if len(found) > NAMES else ""
            said = f"{len(found):>4}  {', '.join(map(_named, found[:NAMES]))}{more}"
            rows += _under(name, said, "", width)
    if none:
        rows += _under(", ".join(none), "none", "dim", width)
    if unknown:
        rows += _under(", ".join(unknown), f"{marks.UNKNOWN} not known", "unknown", width)
    return rows


def _named(name: str) -> str:
    """Return *name*, a token's CAIP-19 name as "#3 of 0x5FbD…0aa3"."""
    asset = parse_asset(name)
    return f"#{asset.token} of {accounts.short(asset.contract)}" if asset is not None else name


def _under(name: str, said: str, tone: str, width: int) -> list[Row]:
    if len(name) > 10:
        return [row("   ", (f"{name}: ", "dim"), (said, tone))]
    lines = wrapped(said, width - 15, tone, hang=6)
    return [
        Row((("   ", ""), (fit("" if number else name, 10), "dim"), *one.line))
        for number, one in enumerate(lines)
    ]


def asks_line(status: ActionStatus, me: Me, code: str, now: float) -> tuple[Span, ...]:
    """Return what the page says where somebody has to decide, () where nobody has."""
    left = waiting.left(status, now)
    end = f" · {left}" if left else ""
    actor = status.actor or "somebody"
    if waiting.may_second(status, me):
        return line(
            (f" {marks.WAITS} {actor} asks you to approve: compare {code} aloud{end} ", "found")
        )
    if status.state is ActionState.REQUESTED:
        words = waiting.waits_for(status, me, now)
        return line((f" {marks.WAITS} waits {words} · code {code}{end}", "warn"))
    if status.state is ActionState.SIMULATED and (status.needs or 0) > 1:
        return line((f" ▲ needs two people: your approval asks for the second{end}", "warn"))
    return ()


def approval_rows(status: ActionStatus, width: int) -> list[Row]:
    """Return what each person said of it; nothing before anybody had to."""
    if not status.approvals and (status.needs or 0) < 2:
        return []
    given = len({one.uid for one in status.approvals if one.decision == "approved"})
    needs = f"  {given} of {status.needs} people" if status.needs else ""
    rows = [rule(width, line(("APPROVALS", "title"), (needs, "dim")))]
    for one in status.approvals:
        mark = _DECISIONS.get(one.decision, Cell(marks.UNKNOWN, "unknown"))
        spans: list[str | Span] = [
            (f"   {mark.text} {one.decision:<9}", mark.tone), f" {one.who}",
            (f" uid {one.uid}" if one.uid is not None else "", "dim"),
            (f"  {times.utc(one.at)}", "dim"),
        ]  # fmt: skip
        if one.glass:
            spans += ["  ", (" BREAK-GLASS ", "lost")]
        rows.append(row(*spans))
        for said in (f"“{one.reason}”" if one.reason else "", one.detail):
            if said:
                rows += wrapped(said, width - 4, "", indent=5, hang=2)
    if not status.approvals:
        rows.append(row(("   nobody yet", "dim")))
    return [*rows, Row(())]


_DECISIONS = {
    "approved": Cell(marks.GOOD, "good"),
    "declined": Cell(marks.BAD, "warn"),
    "refused": Cell(marks.BAD, "bad"),
}


def leaf_rows(
    leaves: Sequence[LogLeaf] | None, why: str, head: LogHead | None, width: int, *, opens: bool
) -> list[Row]:
    """Return its entries in the log with their proof state; enter on one opens its page.

    Where enter means an approval, nothing *opens*. *leaves* is None where they are not here; *why*
    says so where that is not for lack of time.
    """
    rows = [rule(width, line(("LOG", "title"), ("  enter proves an entry" * opens, "dim")))]
    if leaves is None:
        return [*rows, row((f"   {why or 'asking for its entries'}", "dim"))]
    if not leaves:
        return [*rows, row(("   no entry of the log is of it", "dim"))]
    for leaf in leaves:
        said, cell = read(leaf), log.proof_cell(leaf.index, head)
        right = line((f"  {cell.text} ", cell.tone))
        left = line((f"   {leaf.index:>6,}", "accent"), (f"  {times.utc(leaf.at)}", "dim"),
                    f"  {said_line(said)}", (f"  {said.actor}", "dim"))  # fmt: skip
        target = Key("station", "LogEntry", "", str(leaf.index)) if opens else None
        rows.append(row(*spread(left, right, width), target=target))
    return rows
