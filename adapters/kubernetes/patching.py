"""What actions on a workload have in common: one patch, simulated by dry run and sent once.

Every patch holds the resourceVersion that was simulated on: a change in between makes it a 409,
which changes nothing. Its field manager is the intent's own, so its effect is found again.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from adapters.contract import (
    Action,
    Draft,
    Envelope,
    Fate,
    Preview,
    Receipt,
    Reconciled,
    Refused,
)
from adapters.kubernetes import surroundings
from adapters.kubernetes.errors import ApiError, Unreachable
from adapters.kubernetes.history import KINDS, Kind
from adapters.kubernetes.rollout import progressing
from adapters.kubernetes.surroundings import Surroundings
from adapters.kubernetes.workloads import Json, Sighting, find, read

if TYPE_CHECKING:
    from adapters.kubernetes.adapter import KubernetesAdapter

TRIES = 4
"""Simulations at most while the workload's status keeps changing under them."""
SERVER_TIMEOUT = 10
"""Seconds after which the server gives up on our patch: past them, none can take effect late."""
_REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429})
"""Answers that mean that nothing was changed. A 500 or a 504 does not say so."""
_TITLES = {
    "uid": "it was deleted and made again",
    "generation": "it was changed",
    "template": "its pod template was changed",
}


class Plan(NamedTuple):
    """What an action would patch into a workload, and how the dry run's result is put into words.

    `notes` are what only this action's `reconcile` and `verify` need. Where there is `nothing` to
    do, its preview says so, and nothing is asked of the server.
    """

    body: bytes
    notes: Mapping[str, str]
    preview: Callable[[Json, Surroundings], Preview]
    nothing: Preview | None = None


class _Simulated(NamedTuple):
    sighting: Sighting
    plan: Plan
    preview: Preview


class Patch(Action):
    """An action that is one patch of a Deployment or a StatefulSet."""

    does: ClassVar[tuple[str, str, str]]
    """What it does in words: "roll back", "the rollback of", "rolled back"."""
    moves: ClassVar[tuple[str, str]]
    """The notes that hold what it changes, before and after; see `state`."""
    subject: ClassVar[str]
    """What it changes, in words."""
    titles: ClassVar[Mapping[str, str]]
    """What it means that another value of what was approved would be bound now."""
    history: ClassVar[bool] = True
    """Whether it needs the workload's revisions."""

    def __init__(self, adapter: KubernetesAdapter) -> None:
        self._adapter = adapter
        self._clock = adapter.context.clock

    @abc.abstractmethod
    async def plan(self, sighting: Sighting, draft: Draft) -> Plan:
        """Return what to patch; raises `Refused`."""

    @abc.abstractmethod
    def content_type(self, kind: Kind) -> str:
        """Return which kind of patch it sends."""

    @abc.abstractmethod
    def state(self, object_: Json) -> str:
        """Return the part of a workload that it changes, short enough for a note."""

    async def simulate(self, draft: Draft) -> Preview:
        """Return the server's own dry run of the patch, put into words."""
        return (await self._simulated(draft)).preview

    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        """Simulate again; return the patch if it comes to exactly what was approved."""
        sighting, plan, now = await self._simulated(draft)
        if now.nothing:
            raise Refused(now.nothing)
        same(approved, now, {**_TITLES, **self.titles})
        manager = field_manager(draft.intent)
        query = f"fieldManager={manager}&timeout={SERVER_TIMEOUT}s"
        metadata = sighting.object["metadata"]
        return Envelope(
            target=f"PATCH {sighting.path}?{query}",
            body=plan.body,
            notes={
                "workload": sighting.kind.workload,
                "namespace": sighting.namespace,
                "name": sighting.name,
                "uid": metadata["uid"],
                "generation": str(metadata.get("generation", 0)),
                "resource_version": metadata["resourceVersion"],
                "outcome": now.outcome,
                "manager": manager,
                "progressing": progressing(sighting.object),
                "prepared_at": repr(self._clock.now()),
                **plan.notes,
            },
        )

    async def send(self, envelope: Envelope) -> Receipt:
        """Send the patch, once."""
        method, _, target = envelope.target.partition(" ")
        notes = envelope.notes
        try:
            answer = await self._adapter.client.request(
                method,
                target,
                body=envelope.body,
                content_type=self.content_type(KINDS[notes["workload"]]),
                what=f"{self.does[0]} {notes['namespace']}/{notes['name']}",
                timeout=SERVER_TIMEOUT + 5.0,
            )
        except Unreachable as error:
            if error.sent:
                raise
            raise Refused(f"{error}; nothing was sent") from None
        except ApiError as error:
            raise _refusal(envelope, error) from None
        return receipt(answer.decoded(dict))

    async def reconcile(self, envelope: Envelope) -> Reconciled:
        """Find our field manager, or the resource version that the patch still waits for."""
        # An answer "not sent" must hold: until the server has given up on it, it may still come.
        left = float(envelope.notes["prepared_at"]) + SERVER_TIMEOUT - self._clock.now()
        found = await self._look(envelope)
        if found.fate is Fate.NOT_SENT and left > 0:
            await self._clock.sleep(min(left, float(SERVER_TIMEOUT)))
            found = await self._look(envelope)
        return found

    async def _look(self, envelope: Envelope) -> Reconciled:
        notes = envelope.notes
        kind = KINDS[notes["workload"]]
        object_ = await read(self._adapter.client, kind.resource, notes["namespace"], notes["name"])
        if object_ is None:
            here = f"{notes['namespace']}/{notes['name']}"
            return Reconciled(Fate.UNKNOWN, f"{here} is not there any more")
        return self._judged(notes, object_)

    def _judged(self, notes: Mapping[str, str], object_: Json) -> Reconciled:
        """Say, from the workload as it is now, what became of a patch that may have been sent."""
        here, metadata = f"{notes['namespace']}/{notes['name']}", object_["metadata"]
        if metadata.get("uid") != notes["uid"]:
            return Reconciled(Fate.UNKNOWN, f"{here} was deleted and made again since")
        managed = metadata.get("managedFields") or ()
        if any(each.get("manager") == notes["manager"] for each in managed):
            detail = f"{here} shows our change ({notes['manager']})"
            return Reconciled(Fate.SENT, detail, receipt(object_))
        # Our patch changes the spec, so it raises the generation: unmoved, it was never applied.
        if str(metadata.get("generation", 0)) == notes["generation"]:
            return Reconciled(Fate.NOT_SENT, f"{here} is still at generation {notes['generation']}")
        before, after = (notes[name] for name in self.moves)
        now = self.state(object_)
        if now == after:
            detail = f"{here} is as it was to become, but it does not show who changed it"
        elif now == before:
            detail = f"{here} was changed since, and has its old {self.subject}"
        else:
            detail = f"{here} was changed by someone else since"
        return Reconciled(Fate.UNKNOWN, detail)

    async def _simulated(self, draft: Draft) -> _Simulated:
        """Read, patch with `dryRun=All`, say what comes of it; again if it changes meanwhile."""
        client = self._adapter.client
        for attempt in range(TRIES):
            sighting = await find(
                client, self._adapter.name, draft, self.does[2], history=self.history
            )
            plan = await self.plan(sighting, draft)
            if plan.nothing is not None:
                return _Simulated(sighting, plan, plan.nothing)
            try:
                answer = await client.request(
                    "PATCH",
                    sighting.path,
                    {"fieldManager": field_manager(draft.intent), "dryRun": "All"},
                    body=plan.body,
                    content_type=self.content_type(sighting.kind),
                    what=f"simulate {self.does[1]} {sighting.namespace}/{sighting.name}",
                )
            except ApiError as error:
                if error.code == 409 and attempt < TRIES - 1:
                    await self._clock.sleep(0.05 * (attempt + 1))
                    continue
                if error.code in _REFUSALS:
                    raise Refused(str(error)) from None
                raise
            around = await surroundings.look(client, sighting)
            return _Simulated(sighting, plan, plan.preview(answer.decoded(dict), around))
        raise Refused("it keeps changing: try again when it has settled")


def field_manager(intent: str) -> str:
    """Return the field manager of an intent (128 characters at most): its effect bears it."""
    kept = "".join(each if each.isascii() and each.isalnum() else "-" for each in intent)
    return f"colony-{kept}"[:128]


def same(approved: Preview, now: Preview, titles: Mapping[str, str]) -> None:
    """Raise `Refused` where what was approved is not what would happen now."""
    for name, value in now.binds.items():
        before = approved.binds.get(name)
        if before != value:
            what = titles.get(name, f"its {name} is another")
            # A digest tells nobody anything.
            shown = f" ({before} → {value})" if value.isdecimal() else ""
            raise Refused(f"{what} since it was approved{shown}: simulate again")
    if approved.outcome != now.outcome:
        raise Refused("the server would make something else of it now: simulate again")


def receipt(object_: Json) -> Receipt:
    """Return the receipt that a workload is, as the server answered it."""
    metadata = object_.get("metadata") or {}
    generation = str(metadata.get("generation", 0))
    return Receipt(
        f"accepted as generation {generation}",
        {
            "generation": generation,
            "resource_version": str(metadata.get("resourceVersion", "")),
        },
    )


def _refusal(envelope: Envelope, error: ApiError) -> Exception:
    if error.code == 409:
        here = f"{envelope.notes['namespace']}/{envelope.notes['name']}"
        return Refused(f"{here} changed in the moment of sending (409 Conflict): simulate again")
    return Refused(str(error)) if error.code in _REFUSALS else error
