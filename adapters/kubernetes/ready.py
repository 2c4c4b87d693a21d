"""Says of a workload that was scaled whether as many pods are ready as were asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.clock import Clock
from adapters.contract import Progress, Reached
from adapters.kubernetes import rollout, surroundings
from adapters.kubernetes.client import Client
from adapters.kubernetes.effect import Effect, Notes, follow
from adapters.kubernetes.history import KINDS
from adapters.kubernetes.podcount import counted, replicas
from adapters.kubernetes.pods import message, standing
from adapters.kubernetes.rollout import Rollout
from adapters.kubernetes.workloads import Json, Sighting

PATIENCE = 15.0
"""Seconds that a pod may be stuck before that is the result: a crash may be followed by a start."""


def verify(client: Client, clock: Clock, notes: Notes, receipt: Notes) -> AsyncIterator[Progress]:
    """Yield how many pods are ready; see `effect.follow`."""

    def stands(object_: Json) -> bool:
        return str(replicas(object_)) == notes["replicas"]

    async def progress(object_: Json, status: Rollout, waited: float) -> Progress:
        return await _progress(client, notes, object_, status, waited)

    effect = Effect(stands, rollout.scaled, progress, by=("", "scale"))
    return follow(client, clock, notes, receipt, effect)


async def _progress(
    client: Client, notes: Notes, object_: Json, status: Rollout, waited: float
) -> Progress:
    less = int(notes["replicas"]) < int(notes["from"])
    if status.done and not less:
        return Progress(Reached.VERIFIED, status.detail, status.share)
    around = await surroundings.look(client, Sighting(KINDS[notes["workload"]], object_, []))
    if status.done:
        # The controller counts no pod that ends, and what ends still runs.
        ending = [each for each in around.pods or () if each.metadata.deletion_timestamp]
        if ending:
            return Progress(Reached.FINAL, f"{counted(len(ending))} still to end", status.share)
        return Progress(Reached.VERIFIED, status.detail, status.share)
    if status.failed:
        return Progress(Reached.NOT_VERIFIED, status.failed, status.share)
    stuck = surroundings.stuck_pods(around)
    if stuck and waited >= PATIENCE:
        pod = min(stuck, key=lambda each: each.metadata.name)
        line = f"pod {pod.metadata.name} is in {standing(pod).state}"
        said = message(pod)
        detail = f"{status.detail}; {line}: {said}" if said else f"{status.detail}; {line}"
        return Progress(Reached.NOT_VERIFIED, detail, status.share)
    return Progress(Reached.FINAL, status.detail, status.share)
