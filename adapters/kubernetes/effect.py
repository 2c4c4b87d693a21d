"""Follows the effect of a patch until it is through, or cannot be any more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import NamedTuple

from adapters.clock import Clock
from adapters.contract import AdapterError, Progress, Reached
from adapters.kubernetes.client import Client
from adapters.kubernetes.history import KINDS
from adapters.kubernetes.rollout import Rollout
from adapters.kubernetes.workloads import Json, read

PAUSE = 0.5
"""Seconds between two looks."""

Notes = Mapping[str, str]


class Effect(NamedTuple):
    """What is looked for: whether the change still `stands`, its `status`, and how it gets on.

    `status` is asked with the workload, the generation and the Progressing condition before;
    `progress` with the workload, that status and the seconds since the controller took it up.
    `by` are the subresources through which somebody else could undo it.
    """

    stands: Callable[[Json], bool]
    status: Callable[[Json, int, str], Rollout]
    progress: Callable[[Json, Rollout, float], Awaitable[Progress]]
    by: tuple[str, ...] = ("",)


async def follow(
    client: Client, clock: Clock, notes: Notes, receipt: Notes, effect: Effect
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
            progress = _undone(notes, object_, effect)
            if progress is None and object_ is not None:
                rollout = effect.status(object_, generation, notes.get("progressing", ""))
                if rollout.observed and final_at is None:
                    final_at = clock.monotonic()
                    yield Progress(Reached.FINAL, f"its controller took up generation {generation}")
                waited = clock.monotonic() - final_at if final_at is not None else 0.0
                if rollout.observed:
                    progress = await effect.progress(object_, rollout, waited)
                else:
                    progress = Progress(Reached.WAITING, rollout.detail, 0.0)
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


def _undone(notes: Notes, object_: Json | None, effect: Effect) -> Progress | None:
    """Say whether someone else has undone it meanwhile."""
    here = f"{notes['namespace']}/{notes['name']}"
    if object_ is None:
        return Progress(Reached.NOT_VERIFIED, f"{here} was deleted")
    if object_["metadata"].get("uid") != notes["uid"]:
        return Progress(Reached.NOT_VERIFIED, f"{here} was deleted and made again")
    if not effect.stands(object_):
        by = [str(each.get("manager", "")) for each in _latest_first(object_, effect.by)]
        other = next((name for name in by if name and name != notes["manager"]), "")
        who = f" by {other}" if other else ""
        return Progress(Reached.NOT_VERIFIED, f"{here} was changed again{who}")
    return None


def _latest_first(object_: Json, subresources: tuple[str, ...]) -> list[Json]:
    fields = [
        each
        for each in object_["metadata"].get("managedFields") or ()
        if each.get("subresource", "") in subresources
    ]
    return sorted(fields, key=lambda each: str(each.get("time", "")), reverse=True)
