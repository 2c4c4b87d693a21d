"""The pods as a link: how many serve, and what the worst of them says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from adapters.contract import AdapterError, Link, Standing
from adapters.kubernetes.links_told import back, brief, of_events
from adapters.kubernetes.pods import is_stuck
from adapters.kubernetes.resources import PODS
from adapters.links import PLACES
from adapters.records import Health, Pod

if TYPE_CHECKING:
    from adapters.kubernetes.client import Client
    from adapters.kubernetes.links import Around

_OF_NODE = frozenset({"Evicted", "ContainerStatusUnknown", "NodeLost", "Unknown"})
"""States that a pod is in because of its node, whatever runs in it."""
_ENDED = frozenset({"Completed", "Succeeded"})
_STARTING = ("Pending", "ContainerCreating", "PodInitializing", "Init:", "SchedulingGated")
_PULL = ("ErrImage", "ImagePull", "InvalidImage", "ImageInspect", "CreateContainer")
"""States of containers that never ran: they have no log."""
ESSENCE = 48
"""Characters up to which the end of a message is short enough for a headline."""
LOG_LIMIT = 4_096
"""Bytes read of a log for its last line."""


def link(around: Around) -> Link:
    """Return how the pods of the app stand."""
    app = around.app
    blind = around.blind("pods")
    if blind:
        return Link("pods", PLACES["pods"], "pods", Standing.UNKNOWN, f"not known: {blind}")
    pods = [one for one in around.pods if one.state not in ("Terminating", *_ENDED)]
    bad = worst(pods)
    stuck = [one for one in pods if is_stuck(one.state)]
    standing, words = _standing(around, pods, stuck)
    begins = bool(stuck) and all(one.state not in _OF_NODE for one in stuck)
    failing = standing.fails
    return Link(
        "pods",
        PLACES["pods"],
        _count(around),
        standing,
        words,
        details=_details(bad) if failing or standing is Standing.MOVING else (),
        since=_since(around, bad) if failing else None,
        known="the pods' condition Ready" if failing else "",
        key=bad.key if bad is not None and failing else app.key,
        begins=begins and failing,
        changes=of_events(around.events("Pod")),
        actions=back(app, around.revisions) if begins and failing else (),
    )


def worst(pods: list[Pod]) -> Pod | None:
    """Return the pod that is worst off: stuck before not ready, the newest of those."""
    lacking = [one for one in pods if is_stuck(one.state) or one.ready < one.total]
    by = [(not is_stuck(one.state), -(one.created or 0.0), one.name) for one in lacking]
    return lacking[by.index(min(by))] if by else None


def _count(around: Around) -> str:
    app = around.app
    ready = "?" if app.ready is None else app.ready
    return f"{ready} of {'?' if app.desired is None else app.desired} ready"


def _standing(around: Around, pods: list[Pod], stuck: list[Pod]) -> tuple[Standing, str]:
    app = around.app
    if stuck:
        states: dict[str, int] = {}
        for one in stuck:
            states[one.state] = states.get(one.state, 0) + 1
        said = ", ".join(f"{count} in {state}" for state, count in states.items())
        return Standing.BROKEN, said + _essence(worst(stuck))
    if app.ready is None or app.desired is None:
        return Standing.UNKNOWN, app.reason or "not reported"
    if app.desired == 0:
        return Standing.GOOD, "none, as asked"
    if app.ready >= app.desired:
        restarts = f", {app.restarts} restarts" if app.restarts else ""
        return Standing.GOOD, f"all run{restarts}"
    if app.health is Health.PROGRESSING:
        starting = sum(one.state.startswith(_STARTING) for one in pods)
        return Standing.MOVING, f"{starting} starting" if starting else "on their way"
    short = Standing.DEGRADED if app.ready else Standing.BROKEN
    if not pods:
        return short, app.reason or "none was made"
    missing = app.desired - len(pods)
    # A container may say that it is ready on a node that nobody hears any more: the pod is not.
    said = f"{missing} missing" if missing > 0 else f"{app.desired - app.ready} not ready"
    return short, said


def _essence(bad: Pod | None) -> str:
    """Return what it comes to, in a few words: ": o2-gen:2.4.1 not found"."""
    if bad is None:
        return ""
    last = bad.message.rpartition(": ")[2].strip()
    last = last if len(last) <= ESSENCE and '"' not in last else ""
    image = ", ".join(map(brief, bad.images)) if bad.state.startswith(_PULL) else ""
    text = " ".join(filter(None, (image, last)))
    return f": {text}" if text else ""


def _details(bad: Pod | None) -> tuple[str, ...]:
    if bad is None:
        return ()
    where = f" on {bad.node}" if bad.node else ", on no node yet"
    said = (f"{bad.name}: {bad.state}{where}", bad.message)
    return tuple(one for one in said if one)


def _since(around: Around, bad: Pod | None) -> float | None:
    """Return since when pods are not ready: as the app's own health tells, else as the pod is."""
    app = around.app
    if app.since is not None and app.health in (Health.DEGRADED, Health.FAILED):
        return app.since
    # Its last change: what is not ready has not changed since it ceased to be.
    return bad.at if bad is not None else None


async def with_log(client: Client, around: Around, found: Link) -> Link:
    """Return *found* with the last line that the worst pod wrote before it ended, if it did.

    A log that cannot be read is none: the pod's state is known all the same.
    """
    bad = worst(around.pods)
    if not (found.begins and bad is not None and bad.containers):
        return found
    if bad.state.removeprefix("Init:").startswith(_PULL):
        return found
    query: dict[str, str | int] = {"container": bad.containers[0], "tailLines": 1}
    if bad.restarts:
        query["previous"] = "true"
    try:
        answer = await client.get(
            f"{PODS.path(bad.namespace, bad.name)}/log", query,
            what=f"logs of {bad.name}", limit=LOG_LIMIT, cut=True, accept="*/*", timeout=2.0,
        )  # fmt: skip
    except AdapterError:
        return found
    last = answer.body.decode("utf-8", "replace").strip().splitlines()[-1:]
    details = (*found.details, *(f"its last line: {one}" for one in last))
    return msgspec.structs.replace(found, details=details)
