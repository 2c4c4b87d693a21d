"""Says of a rollout after a rollback whether it is through, or cannot be any more."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.clock import Clock
from adapters.contract import Progress, Reached
from adapters.kubernetes import surroundings
from adapters.kubernetes.client import Client
from adapters.kubernetes.effect import Effect, Notes, follow
from adapters.kubernetes.history import KINDS
from adapters.kubernetes.pods import message, standing
from adapters.kubernetes.previewing import delete
from adapters.kubernetes.rollout import Rollout
from adapters.kubernetes.template import digest
from adapters.kubernetes.workloads import Json, Sighting

PATIENCE = 15.0
"""Seconds that a StatefulSet's stuck pod may stand in the way before that is the result."""


def verify(client: Client, clock: Clock, notes: Notes, receipt: Notes) -> AsyncIterator[Progress]:
    """Yield how the rollout gets on; see `effect.follow`."""

    def stands(object_: Json) -> bool:
        return digest(object_["spec"]["template"]) == notes["outcome"]

    async def progress(object_: Json, rollout: Rollout, waited: float) -> Progress:
        return await _progress(client, notes, object_, rollout, waited)

    status = KINDS[notes["workload"]].status
    return follow(client, clock, notes, receipt, Effect(stands, status, progress))


async def _progress(
    client: Client, notes: Notes, object_: Json, rollout: Rollout, waited: float
) -> Progress:
    if rollout.done:
        return Progress(Reached.VERIFIED, _through(object_, rollout), rollout.share)
    sighting = Sighting(KINDS[notes["workload"]], object_, [])
    around = await surroundings.look(client, sighting)
    stuck = surroundings.stuck_pods(around, notes["pods"])
    if stuck:
        pod = min(stuck, key=lambda each: each.metadata.name)
        state, detail = standing(pod).state, message(pod)
        line = f"pod {pod.metadata.name} of revision {notes['to']} is in {state}"
        return Progress(Reached.NOT_VERIFIED, f"{line}: {detail}" if detail else line)
    if rollout.failed:
        return Progress(Reached.NOT_VERIFIED, rollout.failed, rollout.share)
    if notes["workload"] == "StatefulSet" and waited >= PATIENCE:
        names = sorted(each.metadata.name for each in surroundings.stuck_pods(around))
        if names:
            return Progress(
                Reached.NOT_VERIFIED,
                f"{', '.join(names)} of the bad revision must be deleted first: "
                f"{delete(sighting, names)}",
            )
    return Progress(Reached.FINAL, rollout.detail, rollout.share)


def _through(object_: Json, rollout: Rollout) -> str:
    images = [
        str(each.get("image", ""))
        for each in object_["spec"]["template"]["spec"].get("containers") or ()
    ]
    return f"{rollout.detail}, on {', '.join(images)}"
