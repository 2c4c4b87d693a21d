"""The rollout as a link: whether the revision that was asked for has come through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.contract import Fit, Link, Standing
from adapters.kubernetes.links_told import back, of_events, of_revisions, reference
from adapters.links import PLACES
from adapters.records import App, Health, Revision

if TYPE_CHECKING:
    from adapters.kubernetes.links import Around

_WENT_WRONG = (Health.DEGRADED, Health.FAILED)


def link(around: Around) -> Link:
    """Return how the rollout of the app stands."""
    app, revisions = around.app, around.revisions
    current = next((one for one in revisions if one.current), None)
    number = current.number if current is not None else app.revision
    standing, words = _standing(app, revisions)
    failing = standing.fails
    return Link(
        "rollout",
        PLACES["rollout"],
        f"revision {number}" if number is not None else "rollout",
        standing,
        words,
        since=_since(app, current, failing),
        known="the app's status" if failing else "its revision",
        key=app.key,
        changes=(
            *of_revisions(revisions),
            *of_events(around.events("Deployment", "StatefulSet", "ReplicaSet")),
        ),
        actions=_fits(app, revisions) if failing else (),
    )


def _standing(app: App, revisions: list[Revision]) -> tuple[Standing, str]:
    if app.health is Health.UNKNOWN or app.updated is None or app.desired is None:
        return Standing.UNKNOWN, app.reason or "not reported"
    if app.observed_generation < app.generation:
        return Standing.MOVING, "its controller has not seen the last change yet"
    if app.desired == 0:
        return Standing.DEGRADED, "scaled to zero: nothing is to run"
    old = sum(one.replicas or 0 for one in revisions if not one.current)
    progress = f"{app.updated} of {app.desired} updated"
    if app.updated >= app.desired and not old:
        paused = ", paused since" if app.paused else ""
        return Standing.GOOD, f"came through: {progress}{paused}"
    if app.updated >= app.desired:
        progress += f", {old} old still there"
    if app.paused:
        return Standing.DEGRADED, f"paused at {progress}"
    if app.health in _WENT_WRONG:
        deadline = "; the progress deadline is exceeded" if _late(app) else ""
        return Standing.BROKEN, f"stuck: {progress}{deadline}"
    return Standing.MOVING, progress


def _late(app: App) -> bool:
    return "progress deadline" in app.reason or "exceeded its progress" in app.reason


def _since(app: App, current: Revision | None, failing: bool) -> float | None:
    if failing:
        return app.since
    return current.created if current is not None else None


def _fits(app: App, revisions: list[Revision]) -> tuple[Fit, ...]:
    if app.desired == 0:
        if "app.scale" not in app.actions:
            return ()
        return (Fit("app.scale", "scale it up again: to 1", (("app", reference(app)),
                                                             ("replicas", "1"))),)  # fmt: skip
    return back(app, revisions)
