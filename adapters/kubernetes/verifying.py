"""Follows a rollout after a rollback until it is through, or cannot be any more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from adapters.clock import Clock
from adapters.contract import AdapterError, Progress, Reached
from adapters.kubernetes import surroundings
from adapters.kubernetes.client import Client
from adapters.kubernetes.history import KINDS
from adapters.kubernetes.pods import message, standing
from adapters.kubernetes.previewing import delete
from adapters.kubernetes.rollout import Rollout
from adapters.kubernetes.template import digest
from adapters.kubernetes.workloads import Json, Sighting, read

PAUSE = 0.5
"""Seconds between two looks."""
PATIENCE = 15.0
"""Seconds that a StatefulSet's stuck pod may stand in the way before that is the result."""

Notes = Mapping[str, str]


async def verify(
    client: Client, clock: Clock, notes: Notes, receipt: Notes
) -> AsyncIterator[Progress]:
    """Yield how it gets on, each line once, and last whether it is verified.

    *notes* are the envelope's, *receipt* the receipt's.
    """
    kind = KINDS[notes["workload"]]
    generation = int(receipt.get("generation") or int(notes["generation"]) + 1)
    last: Progress | None = None
    final_at: float | None = None
    while True:
        try:
            object_ = await read(client, kind.resource, notes["namespace"], notes["name"])
            progress = _undone(notes, object_)
            if progress is None and object_ is not None:
                rollout = kind.status(object_, generation, notes.get("progressing", ""))
                if rollout.observed and final_at is None:
                    final_at = clock.monotonic()
                    yield Progress(Reached.FINAL, f"its controller took up generation {generation}")
                waited = clock.monotonic() - final_at if final_at is not None else 0.0
                progress = await _progress(client, notes, object_, rollout, waited)
        except AdapterError as error:
            # The network's trouble is not the rollout's: the station's window ends the wait.
            reached = Reached.FINAL if final_at is not None else Reached.WAITING
            progress = Progress(reached, f"cannot be seen now: {error}")
        if progress is not None and progress != last:
            last = progress
            yield progress
            if progress.reached in (Reached.VERIFIED, Reached.NOT_VERIFIED):
                return
        await clock.sleep(PAUSE)


def _undone(notes: Notes, object_: Json | None) -> Progress | None:
    """Say whether someone else has undone it meanwhile."""
    here = f"{notes['namespace']}/{notes['name']}"
    if object_ is None:
        return Progress(Reached.NOT_VERIFIED, f"{here} was deleted")
    if object_["metadata"].get("uid") != notes["uid"]:
        return Progress(Reached.NOT_VERIFIED, f"{here} was deleted and made again")
    if digest(object_["spec"]["template"]) != notes["outcome"]:
        by = [str(each.get("manager", "")) for each in _latest_first(object_)]
        other = next((name for name in by if name and name != notes["manager"]), "")
        who = f" by {other}" if other else ""
        return Progress(Reached.NOT_VERIFIED, f"{here} was changed again{who}")
    return None


def _latest_first(object_: Json) -> list[Json]:
    fields = [
        each
        for each in object_["metadata"].get("managedFields") or ()
        if each.get("subresource", "") == ""
    ]
    return sorted(fields, key=lambda each: str(each.get("time", "")), reverse=True)


async def _progress(
    client: Client, notes: Notes, object_: Json, rollout: Rollout, waited: float
) -> Progress:
    if not rollout.observed:
        return Progress(Reached.WAITING, rollout.detail, 0.0)
    if rollout.done:
        return Progress(Reached.VERIFIED, _through(notes, object_, rollout), rollout.share)
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


def _through(notes: Notes, object_: Json, rollout: Rollout) -> str:
    images = [
        str(each.get("image", ""))
        for each in object_["spec"]["template"]["spec"].get("containers") or ()
    ]
    return f"{rollout.detail}, on {', '.join(images)}"
