"""The page of why an app is down, as plain data: all of it in 24 lines, the rest below them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from rich.cells import cell_len

from adapters.links import Changed, Fit, Link
from console.bound import USUAL, Bound
from console.feed.answers import Why
from console.rows import severity, times
from console.rows import why as told
from console.rows.times import step
from console.widgets.spans import Line, Row, Target, fit, fit_line, line, row, rule, spread
from console.widgets.wrapped import wrapped

NAME, THING, ROOMY, LEAD, WHAT = 10, 21, 30, 16, 17
"""Cells of a link's name, of its thing, and of that where there is room; of how long before, and
of what changed."""
NARROW, WIDE = 79, 110
"""Cells below which a link's thing has less room, and from which it has more."""
ERROR = 40
"""Cells of why there is no newer answer."""
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


def asked(why: Why, now: float, error: str) -> Line:
    """Return how old the answer is, for the end of the crumbs; *error* is why there is no newer."""
    age = step(now - why.at)
    old = "live" if age == "live" else f"asked {age} ago"
    why_not = fit(error, min(ERROR, cell_len(error)))
    return line((f"{why_not} · ", "bad") if error else "", (old, "stale" if error else "dim"), " ")


def why_rows(why: Why, now: float, width: int, *, acts: bool, keys: Bound = USUAL) -> list[Row]:
    """Return the page in *width* cells. *acts* is whether an action may be begun from here."""
    rows = _head(why, now, width)
    rows += [rule(width, line(("IT STANDS ON", "title"), ("  from the workload down", "dim")))]
    rows += [_link(why, number, width) for number in range(len(why.links))]
    if not why.links:
        rows.append(row(("   no adapter here says what it stands on", "dim")))
    rows += _fits(why, width, acts, keys)
    return rows + _changes(why, width)


def _head(why: Why, now: float, width: int) -> list[Row]:
    """Return what is wrong, the details of that, when it broke and what fails with it."""
    mark, text = told.headline(why)
    rows = []
    for number, one in enumerate(wrapped(text, width - 4, mark.tone)[:HEAD]):
        start = (f" {mark.text} ", mark.tone) if not number else "   "
        rows.append(Row(line(start, *one.line)))
    details = why.links[why.broken].details if why.broken is not None else ()
    for detail in details[:HEAD]:
        rows.append(row("   ", (fit(detail, width - 4).rstrip(), "dim")))
    since, beside = told.broke(why, now), told.with_it(why)
    if len(since) + len(beside) + 6 <= width and beside:
        since = f"{since}; {beside}"  # where there is no room, the links say it too
    return [*rows, row("   ", since, width=width)] if since else rows


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
    said = f" ◀ {role} " if here else f" {role} "
    right = line((said, mark.tone if here else "dim")) if role else ()
    room = ROOMY if width >= WIDE else max(8, min(THING, width * THING // NARROW))
    left = line(
        (f" {tie}", "frame"),
        ("▶" if here else "─", mark.tone if here else "frame"),
        (f"{mark.text} ", mark.tone),
        (fit(link.name, NAME), "strong" if here else ""),
        (f" {fit(link.thing, room)} ", ""),
        (link.words, tone),
    )
    return _whole(spread(left, right, width), width, target(link))


def _fits(why: Why, width: int, acts: bool, keys: Bound) -> list[Row]:
    if not why.actions:
        return []
    if not acts:
        rows = [rule(width, line(("WHAT FITS", "title"), ("  you may only look on here", "dim")))]
    else:
        rows = [rule(width, line(("WHAT FITS", "title"), ("  enter opens its form", "dim")))]
    said: set[str] = set()
    for one in why.actions:
        known = _KEYS.get(one.action, "") if one.action not in said else ""
        said.add(one.action)
        key = keys.shown(known) if known and acts else ""
        spans = line((f"   {fit(key, 2)}", "key"), (one.words, "" if acts else "dim"))
        rows.append(_whole(spans, width, OfFit(one) if acts else None))
    return rows


def _changes(why: Why, width: int) -> list[Row]:
    title = "WHAT CHANGED BEFORE" if why.since is not None else "WHAT CHANGED LATELY"
    rows = [rule(width, line((title, "title"), (f"  {len(why.changes)}", "dim")))]
    if not why.changes:
        return [*rows, row(("   nothing that anybody here knows of", "dim"))]
    before = ""
    for one, more in told.gathered(why):
        lead = told.lead(one, why)
        spans = line(
            (f" {fit('' if lead == before else lead, LEAD, 'right')}  ", "dim"),
            (f"{fit(one.what, WHAT)} ", "dim" if one.seen else "accent"),
            told.brief_words(one, why.app),
            (f"  and {more} more" if more else "", "dim"),
        )
        before = lead
        rows.append(_whole(spans, width, OfChange(one)))
    return rows


def _whole(spans: Line, width: int, value: Hashable) -> Row:
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
