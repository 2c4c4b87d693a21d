"""Why an app is down, as lines: what broke first, what it stands on, what changed, what fits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.links import Changed, Link, Standing
from adapters.records import App, Health
from console.feed.answers import Why
from console.joins import plain_name
from console.rows import marks, numbers, severity, times
from console.rows.cells import Cell
from console.rows.severity import Severity

EXIT: Mapping[Severity, int] = {
    Severity.CRITICAL: 11,
    Severity.DEGRADED: 10,
    Severity.UNKNOWN: 10,
    Severity.MOVING: 0,
    Severity.NONE: 0,
}
"""The exit status for each grade, as `colony status` has it for the whole colony."""
AT_ONCE = 2.0
"""Seconds from the break within which a change counts as of that moment: sources write whole
seconds."""

_MARKS: Mapping[Standing, Cell] = {
    Standing.GOOD: Cell(marks.GOOD, "good"),
    Standing.MOVING: Cell(marks.BUSY, "info"),
    Standing.DEGRADED: Cell(marks.WARN, "warn"),
    Standing.BROKEN: Cell(marks.BAD, "bad"),
    Standing.UNKNOWN: Cell(marks.UNKNOWN, "unknown"),
}
_GRADES: Mapping[Standing, Severity] = {
    Standing.DEGRADED: Severity.DEGRADED,
    Standing.BROKEN: Severity.CRITICAL,
}


def mark(standing: Standing) -> Cell:
    """Return the shape and tone of a link's standing."""
    return _MARKS[standing]


def grade(why: Why) -> Severity:
    """Return how bad it is: the app's own grade, or a link's that fails under an app that is well.

    What is broken under an app that serves is degraded, and not critical: it serves. An address
    that is broken is critical whatever the pods say: nobody gets there.
    """
    own = severity.of_app(why.app)
    if why.broken is None or own <= Severity.DEGRADED:
        return own
    link = why.links[why.broken]
    found = _GRADES.get(link.standing, Severity.DEGRADED)
    if found is Severity.CRITICAL and link.name not in ("address", "announcer", "route"):
        found = Severity.DEGRADED
    return min(own, found)


def headline(why: Why) -> tuple[Cell, str]:
    """Return the mark and the one line that says what is wrong."""
    app = why.app
    if why.broken is not None:
        link = why.links[why.broken]
        well = severity.of_app(app) >= Severity.MOVING
        serves = f"{app.name} is {app.health}, but " if well else ""
        return severity.mark(grade(why)), f"{serves}{link.name} {link.thing}: {link.words}"
    unknown = sum(link.standing is Standing.UNKNOWN for link in why.links)
    beside = f"; {numbers.plural(unknown, 'link')} not known" if unknown else ""
    reason = f": {app.reason}" if app.reason else ""
    own = severity.of_app(app)
    if not why.links:
        return marks.of_health(app.health), f"{app.health}{reason}; nothing says what it stands on"
    if own is Severity.MOVING:
        return marks.of_health(app.health), f"on its way{reason}{beside}"
    if own is Severity.NONE:
        said = "idle" if app.health is Health.IDLE else "nothing is wrong"
        return marks.of_health(app.health), f"{said}{beside}"
    return severity.mark(own), f"{app.health}{reason}; no link is known to be broken{beside}"


def broke(why: Why, now: float) -> str:
    """Return when it broke and how that is known; that it is not, where it is not."""
    if why.broken is None:
        return ""
    weak = why.links[why.broken].standing is Standing.DEGRADED
    if why.since is None:
        return "since when is not known" if weak else "when it broke is not known"
    known = f", by {why.known}" if why.known else ""
    verb, ago = ("so since", "for") if weak else ("broke", "")
    lasted = times.duration(now - why.since)
    told = f"{ago} {lasted}" if ago else f"{lasted} ago"
    return f"{verb} {times.utc(why.since, now)}, {told}{known}"


def with_it(why: Why) -> str:
    """Return what fails because of it, and what fails beside it: "rollout fails with it; token
    fails too".
    """
    beside = [n for n in range(len(why.links)) if role(why, n) == "fails too"]
    said = (_fail(why, why.explains, "with it"), _fail(why, beside, "too"))
    return "; ".join(filter(None, said))


def _fail(why: Why, numbers: Sequence[int], how: str) -> str:
    names = list(dict.fromkeys(why.links[number].name for number in numbers))
    if not names:
        return ""
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{listed} {'fails' if len(names) == 1 else 'fail'} {how}"


def role(why: Why, number: int) -> str:
    """Return what a link is in the story: "broke first", "with it", "fails too", or ""."""
    if number == why.broken:
        weak = why.links[number].standing is Standing.DEGRADED
        return "weakest" if weak else "broke first"
    if number in why.explains:
        return "with it"
    return "fails too" if why.links[number].standing.fails else ""


def lead(change: Changed, why: Why) -> str:
    """Return how long before the break *change* was; how long ago where that is not known."""
    if why.since is None:
        return f"{times.duration(why.at - change.at)} ago"
    before = why.since - change.at
    if before <= AT_ONCE:
        return "as it broke"
    return f"{times.duration(before)} before"


def change_words(change: Changed) -> str:
    """Return what a change says, and who it was."""
    return f"{change.words} · by {change.who}" if change.who else change.words


def brief_words(change: Changed, app: App) -> str:
    """Return what a change says where the app is known: without its name, pods by their ends."""
    words = change.words.removeprefix(f"{change.what} ").replace(f"{plain_name(app)} ", "")
    words = re.sub(rf"\b{re.escape(app.name)}-[a-z0-9]+-([a-z0-9]+)\b", r"…-\1", words)
    words = re.sub(rf"\b{re.escape(app.name)}-([a-z0-9]+)\b", r"…-\1", words)
    words = words.removeprefix(f"{app.name}: ")
    return f"{words} · by {change.who}" if change.who and not change.seen else words


def gathered(why: Why) -> list[tuple[Changed, int]]:
    """Return the changes, and with each how many more like it were seen at that moment: a pod that
    fails to start says so in four ways.
    """
    found: dict[tuple[str, str, bool, float], list[Changed]] = {}
    for one in why.changes:
        kind = (lead(one, why), one.what, one.seen, 0.0 if one.seen else one.at)
        found.setdefault(kind, []).append(one)
    return [(several[0], len(several) - 1) for several in found.values()]


def why_json(why: Why) -> dict[str, Any]:
    """Return *why* as plain data, ready for JSON; what is not known is null."""
    _, text = headline(why)
    broken = None if why.broken is None else why.links[why.broken]
    return {
        "app": {
            "source": why.app.source,
            "namespace": why.app.namespace,
            "name": why.app.name,
            "kind": why.app.workload,
            "health": str(why.app.health),
            "reason": why.app.reason,
        },
        "answered_at": times.iso(why.at),
        "grade": grade(why).name.lower(),
        "summary": text,
        "broken": None if broken is None else broken.name,
        "broken_since": times.iso(why.since),
        "known_by": why.known or None,
        "links": [_link(why, number, link) for number, link in enumerate(why.links)],
        "changes": [_change(one, why) for one in why.changes],
        "actions": [
            {"action": one.action, "words": one.words, "arguments": dict(one.arguments)}
            for one in why.actions
        ],
    }


def _link(why: Why, number: int, link: Link) -> dict[str, Any]:
    return {
        "name": link.name,
        "place": link.place,
        "source": link.source,
        "thing": link.thing,
        "standing": str(link.standing),
        "words": link.words,
        "details": list(link.details),
        "since": times.iso(link.since),
        "broke_first": number == why.broken,
        "explained": number in why.explains,
    }


def _change(one: Changed, why: Why) -> dict[str, Any]:
    before = None if why.since is None else round(why.since - one.at, 1)
    return {
        "at": times.iso(one.at),
        "seconds_before": before,
        "what": one.what,
        "words": one.words,
        "who": one.who or None,
    }


def report(why: Why, now: float, most: int = 10) -> list[str]:
    """Return *why* as lines for a person, at most *most* changes of it."""
    cell, text = headline(why)
    lines = [f"{cell.text} {plain_name(why.app)}  {text}"]
    if why.broken is not None:
        lines += [f"  {one}" for one in why.links[why.broken].details]
    lines += [f"  {one}" for one in (broke(why, now), with_it(why)) if one]
    lines.append("")
    for number, link in enumerate(why.links):
        said = f"   <- {role(why, number)}" if role(why, number) else ""
        lines.append(f"{mark(link.standing).text} {link.name:<10} {link.thing:<22} "
                     f"{link.words}{said}")  # fmt: skip
    lines += _section([f"{lead(one, why):>18}  {one.what:<18} {change_words(one)}"
                       for one in why.changes[:most]])  # fmt: skip
    lines += _section([f"  {one.words}: colony act {one.action} {_arguments(one.arguments)}"
                       for one in why.actions])  # fmt: skip
    return lines


def _section(lines: Sequence[str]) -> list[str]:
    return ["", *lines] if lines else []


def _arguments(pairs: Sequence[tuple[str, str]]) -> str:
    import shlex

    return " ".join(shlex.quote(f"{name}={value}") for name, value in pairs)
