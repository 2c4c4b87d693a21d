"""The page of why an app is down, as plain data: all of it in 24 lines, the rest below them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from adapters.links import Changed, Fit, Link
from console.feed.messages import Why
from console.keys import ON_APP
from console.rows import severity, times
from console.rows import why as told
from console.rows.times import step
from console.widgets.spans import Line, Row, fit, line, line_width, row, rule, spread
from console.widgets.wrapped import wrapped

NAME, THING, LEAD, WHAT = 10, 21, 15, 17
"""Cells of a link's name and of its thing; of how long before, and of what changed."""
HEAD = 2
"""Lines that the details of the broken link may take beside the headline's own: what is cut is in
the page that enter opens."""

_KEYS = {"app.rollback": "rollback", "app.scale": "doing"}
"""The keys that lead to an action from anywhere; the others are begun with enter alone."""


class OfLink(NamedTuple):
    """A link as what the cursor stands on: its name and thing outlast another answer."""

    name: str
    source: str
    thing: str


class OfChange(NamedTuple):
    """A change as what the cursor stands on."""

    change: Changed


class OfFit(NamedTuple):
    """An action as what the cursor stands on."""

    fit: Fit


def target(link: Link) -> OfLink:
    """Return what the cursor stands on where it stands on *link*."""
    return OfLink(link.name, link.source, link.thing)


def why_rows(why: Why, now: float, width: int, *, acts: bool, error: str = "") -> list[Row]:
    """Return the page in *width* cells. *acts* is whether an action may be begun from here, *error*
    why the last asking brought no answer.
    """
    rows = _head(why, now, width, error)
    rows += [rule(width, line(("IT STANDS ON", "title"), ("  from the workload down", "dim")))]
    rows += [_link(why, number, width) for number in range(len(why.links))]
    if not why.links:
        rows.append(row(("   no adapter here says what it stands on", "dim")))
    rows += _fits(why, width, acts)
    return rows + _changes(why, width)


def _head(why: Why, now: float, width: int, error: str) -> list[Row]:
    mark, text = told.headline(why)
    age = step(now - why.at)
    asked = "asked just now" if age == "live" else f"asked {age} ago"
    right = line((error, "bad") if error else (asked, "dim"), " ")
    lines = wrapped(text, width - 3, mark.tone)
    first = line((f" {mark.text} ", mark.tone), *lines[0].line)
    rows = []
    if line_width(first) + line_width(right) < width:
        rows.append(Row(spread(first, right, width)))
        rows += [Row(line("   ", *one.line)) for one in lines[1:HEAD]]
        right = ()
    else:
        rows += [Row(line(" " * 3 if n else f" {mark.text} ", *one.line)) for n, one
                 in enumerate(lines[:HEAD])]  # fmt: skip
        rows[0] = Row(line((f" {mark.text} ", mark.tone), *lines[0].line))
    details = why.links[why.broken].details if why.broken is not None else ()
    for detail in details[:HEAD]:
        rows.append(row("   ", (fit(detail, width - 4).rstrip(), "dim")))
    said = [one for one in (told.broke(why, now), told.with_it(why)) if one]
    left = line("   ", ("; ".join(said), ""))
    if said or right:
        rows.append(Row(spread(left, right, width) if right else left))
    return rows


def _link(why: Why, number: int, width: int) -> Row:
    """Return one link: the line that ties it to the others, its mark, and what it is in the story.

    The broken one is told by its words and its arrow too, not by its colour alone.
    """
    link = why.links[number]
    mark = told.mark(link.standing)
    last = len(why.links) - 1
    tie = "─" if not last else "╭" if not number else "╰" if number == last else "├"
    here = number == why.broken
    tone = mark.tone if link.standing.fails else "" if mark.tone == "good" else mark.tone
    role = told.role(why, number)
    right = line((f"◀ {role}" if here else role, mark.tone if here else "dim"), " ") if role else ()
    left = line(
        (f" {tie}", "frame"),
        ("▶" if here else "─", mark.tone if here else "frame"),
        (f"{mark.text} ", mark.tone),
        (fit(link.name, NAME), "strong" if here else ""),
        (f" {fit(link.thing, THING)} ", ""),
        (link.words, tone),
    )
    return _whole(spread(left, right, width), width, target(link))


def _fits(why: Why, width: int, acts: bool) -> list[Row]:
    if not why.actions:
        return []
    if not acts:
        rows = [rule(width, line(("WHAT FITS", "title"), ("  you may only look on here", "dim")))]
    else:
        rows = [rule(width, line(("WHAT FITS", "title"), ("  enter opens its form", "dim")))]
    shown = {key.id: key.shown for key in ON_APP}
    said: set[str] = set()
    for one in why.actions:
        key = "" if one.action in said else shown.get(_KEYS.get(one.action, ""), "")
        said.add(one.action)
        spans = line((f"   {fit(key, 2)}", "key"), (one.words, "" if acts else "dim"))
        rows.append(_whole(spans, width, OfFit(one) if acts else None))
    return rows


def _changes(why: Why, width: int) -> list[Row]:
    title = "WHAT CHANGED BEFORE" if why.since is not None else "WHAT CHANGED LATELY"
    rows = [rule(width, line((title, "title"), (f"  {len(why.changes)}", "dim")))]
    if not why.changes:
        return [*rows, row(("   nothing that anybody here knows of", "dim"))]
    before = ""
    for one in why.changes:
        lead = told.lead(one, why)
        spans = line(
            (f" {fit('' if lead == before else lead, LEAD, 'right')}  ", "dim"),
            (f"{fit(one.what, WHAT)} ", "warn" if one.seen else "accent"),
            (told.change_words(one), ""),
        )
        before = lead
        rows.append(_whole(spans, width, OfChange(one)))
    return rows


def _whole(spans: Line, width: int, value: Hashable) -> Row:
    from console.widgets.spans import Target, fit_line

    made = fit_line(spans, width)
    return Row(made, () if value is None else (Target(0, width, value),))


def waiting_rows(name: str, seconds: float) -> list[Row]:
    """Return the page while the first answer is not there yet."""
    passed = f" for {times.duration(seconds)}" if seconds >= 1 else ""
    return [row((f" asking every adapter what {name} stands on{passed}", "dim"))]


def failed_rows(name: str, error: str) -> list[Row]:
    """Return the page where there was no answer."""
    mark = severity.mark(severity.Severity.UNKNOWN)
    return [row((f" {mark.text} ", mark.tone), f"why {name} is down is not known"),
            row(f"   {error}")]  # fmt: skip
