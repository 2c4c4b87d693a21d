"""Events and revisions as what changed: the parts that several links share."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.contract import Changed, Fit
from adapters.kubernetes.images import version
from adapters.records import App, Event, Revision

_MECHANICS = frozenset(
    {
        "Created",
        "Pulled",
        "Pulling",
        "Scheduled",
        "Started",
        "SuccessfulCreate",
        "SuccessfulDelete",
    }
)
"""Reasons of Events that every pod has in its life, and that explain nothing."""


def of_events(events: Iterable[Event]) -> tuple[Changed, ...]:
    """Return *events* as what changed: each when it first happened, with how often since."""
    found = []
    for one in events:
        at = one.first if one.first is not None else one.last
        usual = one.reason in _MECHANICS or one.message.startswith("Stopping container")
        if at is not None and not (usual and one.severity == "Normal"):
            times = f" (×{one.count})" if one.count > 1 else ""
            words = f"{one.object_name}: {one.message}{times}"
            reason, by = one.reason or "Event", one.reporter
            found.append(Changed(at, reason, words, by, one.key, seen=True))
    return tuple(found)


def of_revisions(revisions: Iterable[Revision]) -> tuple[Changed, ...]:
    """Return when each of *revisions* was made, and how its images differ from those before.

    One that was gone back to keeps the time of its making under a new number: when that was is
    not known here, and what came before the next one is not either.
    """
    held = {one.number: one for one in revisions}
    found = []
    for number, one in held.items():
        if one.created is None or _again(one, held.values()):
            continue
        before = held.get(number - 1)
        if before is not None and _again(before, held.values()):
            before = None
        cause = f" · {one.change_cause}" if one.change_cause else ""
        words = f"revision {number}: {images(one, before)}{cause}"
        found.append(Changed(one.created, "rollout", words, key=one.key))
    return tuple(found)


def _again(one: Revision, others: Iterable[Revision]) -> bool:
    """Whether *one* was gone back to: one with a lower number was made after it."""
    return any(
        other.number < one.number
        and other.created is not None
        and one.created is not None
        and other.created > one.created
        for other in others
    )


def images(one: Revision, before: Revision | None) -> str:
    """Return the images of a revision: "o2-gen 2.3.9 → 2.4.1" where that is what changed."""
    if before is None or before.images == one.images:
        return ", ".join(map(brief, one.images)) or "no image"
    if len(before.images) != len(one.images):
        return ", ".join(map(brief, one.images))
    pairs = [(a, b) for a, b in zip(before.images, one.images, strict=True) if a != b]
    return ", ".join(f"{brief(a)} → {version(b) or brief(b)}" for a, b in pairs)


def brief(image: str) -> str:
    """Return an image without its registry and path: "o2-gen:2.4.1"."""
    return image.rpartition("/")[2]


def reference(app: App) -> str:
    """Return *app* as an action's argument names it."""
    return f"{app.source}:{app.namespace}/{app.workload}/{app.name}"


def back(app: App, revisions: Iterable[Revision]) -> tuple[Fit, ...]:
    """Return a rollback to the revision before the current one, nothing where there is none.

    One of which pods still serve goes before a later one: that one may be what was left.
    """
    if "app.rollback" not in app.actions:
        return ()
    held = list(revisions)
    current = next((one.number for one in held if one.current), app.revision or 0)
    before = [one for one in held if one.number < current]
    if not before:
        return ()
    to = max(before, key=lambda one: ((one.ready or 0) > 0, one.number))
    ready = f", {to.ready} of it ready" if to.ready else ""
    undone = f"; {app.managed_by} may undo that" if app.managed_by else ""
    said = f"{', '.join(map(brief, to.images))}{ready}{undone}"
    words = f"roll back to revision {to.number} ({said})"
    arguments = (("app", reference(app)), ("to", str(to.number)))
    return (Fit("app.rollback", words, arguments),)
