"""`app.rollback`: brings an earlier revision of a Deployment or a StatefulSet back.

The API server has no such call: as kubectl does, the template that a ReplicaSet or a
ControllerRevision remembers is patched into the workload. Unlike kubectl's, this patch holds the
resourceVersion that was simulated on: a change in between makes it a 409, which changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from adapters.contract import (
    Action,
    Argument,
    Draft,
    Envelope,
    Fate,
    Field,
    Form,
    Preview,
    Progress,
    Receipt,
    Reconciled,
    Refused,
    Significance,
)
from adapters.kubernetes import managers, previewing, surroundings
from adapters.kubernetes.errors import ApiError, Unreachable
from adapters.kubernetes.history import KINDS, Past
from adapters.kubernetes.rollout import progressing
from adapters.kubernetes.template import digest
from adapters.kubernetes.verifying import verify
from adapters.kubernetes.workloads import Json, Sighting, find, read

if TYPE_CHECKING:
    from adapters.kubernetes.adapter import KubernetesAdapter

TRIES = 4
"""Simulations at most while the workload's status keeps changing under them."""
SERVER_TIMEOUT = 10
"""Seconds after which the server gives up on our patch: past them, none can take effect late."""
_REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429})
"""Answers that mean that nothing was changed. A 500 or a 504 does not say so."""


class _Simulated(NamedTuple):
    sighting: Sighting
    past: Past
    body: bytes
    preview: Preview


class Rollback(Action):
    """Rolls an app back to an earlier revision."""

    name = "app.rollback"
    title = "Roll back"
    significance = Significance.CAUTION
    arguments = (
        Argument("app", "the app: NAMESPACE/NAME", kind="App"),
        Argument("to", "the revision to go back to; the one before where empty", False, "Revision"),
    )
    applies_to = "App"

    def __init__(self, adapter: KubernetesAdapter) -> None:
        self._adapter = adapter
        self._clock = adapter.context.clock

    async def form(self, draft: Draft) -> Form:
        """Return the revisions to choose from, with the previous one as the default."""
        if not draft.arguments.get("app"):
            return Form("Roll back an app", (Field("app", "App", "NAMESPACE/NAME"),))
        sighting = await find(self._adapter.client, self._adapter.name, draft)
        notes = [managers.warning(previewing.manager(sighting))]
        if sighting.object["spec"].get("paused"):
            notes.append("it is paused: resume it before it can be rolled back")
        previous = sighting.previous() if sighting.observed else None
        return Form(
            title=f"Roll back {sighting.namespace}/{sighting.name}",
            fields=(
                Field("app", "App", default=draft.arguments["app"]),
                Field(
                    "to",
                    "To revision",
                    required=False,
                    default=str(previous.number) if previous else "",
                    options=previewing.options(sighting, self._clock.now()),
                ),
            ),
            notes=tuple(note for note in notes if note),
        )

    async def simulate(self, draft: Draft) -> Preview:
        """Return the server's own dry run of the patch, put into words."""
        return (await self._simulated(draft)).preview

    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        """Simulate again; return the patch if it comes to exactly what was approved."""
        sighting, past, body, now = await self._simulated(draft)
        if now.nothing:
            raise Refused(now.nothing)
        _same(approved, now)
        manager = field_manager(draft.intent)
        query = f"fieldManager={manager}&timeout={SERVER_TIMEOUT}s"
        metadata = sighting.object["metadata"]
        return Envelope(
            target=f"PATCH {sighting.path}?{query}",
            body=body,
            notes={
                "workload": sighting.kind.workload,
                "namespace": sighting.namespace,
                "name": sighting.name,
                "uid": metadata["uid"],
                "generation": str(metadata.get("generation", 0)),
                "resource_version": metadata["resourceVersion"],
                "template": digest(sighting.template),
                "outcome": now.outcome,
                "manager": manager,
                "to": str(past.number),
                "pods": past.pods,
                "progressing": progressing(sighting.object),
                "prepared_at": repr(self._clock.now()),
            },
        )

    async def send(self, envelope: Envelope) -> Receipt:
        """Send the patch, once."""
        method, _, target = envelope.target.partition(" ")
        try:
            answer = await self._adapter.client.request(
                method,
                target,
                body=envelope.body,
                content_type=KINDS[envelope.notes["workload"]].content_type,
                what=_what(envelope),
                timeout=SERVER_TIMEOUT + 5.0,
            )
        except Unreachable as error:
            if error.sent:
                raise
            raise Refused(f"{error}; nothing was sent") from None
        except ApiError as error:
            raise _refusal(envelope, error) from None
        return _receipt(answer.decoded(dict))

    async def reconcile(self, envelope: Envelope) -> Reconciled:
        """Find our field manager, or the resource version that the patch still waits for."""
        notes = envelope.notes
        # An answer "not sent" must hold: until the server has given up on it, it may still come.
        left = float(notes["prepared_at"]) + SERVER_TIMEOUT - self._clock.now()
        found = await self._look(envelope)
        if found.fate is Fate.NOT_SENT and left > 0:
            await self._clock.sleep(min(left, float(SERVER_TIMEOUT)))
            found = await self._look(envelope)
        return found

    async def _look(self, envelope: Envelope) -> Reconciled:
        notes = envelope.notes
        kind = KINDS[notes["workload"]]
        object_ = await read(self._adapter.client, kind.resource, notes["namespace"], notes["name"])
        here = f"{notes['namespace']}/{notes['name']}"
        if object_ is None:
            return Reconciled(Fate.UNKNOWN, f"{here} is not there any more")
        return judge(notes, object_, here)

    def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        """Follow the rollout until it is through, or cannot be any more."""
        return verify(self._adapter.client, self._clock, envelope.notes, receipt.notes)

    async def _simulated(self, draft: Draft) -> _Simulated:
        """Read, patch with `dryRun=All`, say what comes of it; again if it changes meanwhile."""
        client = self._adapter.client
        for attempt in range(TRIES):
            sighting = await find(client, self._adapter.name, draft)
            here = f"{sighting.namespace}/{sighting.name}"
            if sighting.object["spec"].get("paused"):
                raise Refused(
                    f"{here} is paused: resume it first (kubectl --namespace "
                    f"{sighting.namespace} rollout resume deployment/{sighting.name})"
                )
            past = sighting.revision(draft.arguments.get("to", "").strip())
            context = client.access.context
            if digest(past.template) == digest(sighting.template):
                empty = previewing.nothing(sighting, past, context)
                return _Simulated(sighting, past, b"", empty)
            body = sighting.kind.patch(sighting.object, past)
            try:
                answer = await client.request(
                    "PATCH",
                    sighting.path,
                    {"fieldManager": field_manager(draft.intent), "dryRun": "All"},
                    body=body,
                    content_type=sighting.kind.content_type,
                    what=f"simulate the rollback of {here}",
                )
            except ApiError as error:
                if error.code == 409 and attempt < TRIES - 1:
                    await self._clock.sleep(0.05 * (attempt + 1))
                    continue
                if error.code in _REFUSALS:
                    raise Refused(str(error)) from None
                raise
            around = await surroundings.look(client, sighting)
            result = answer.decoded(dict)
            shown = previewing.preview(sighting, past, result, around, context)
            return _Simulated(sighting, past, body, shown)
        raise Refused("it keeps changing: try again when it has settled")


def field_manager(intent: str) -> str:
    """Return the field manager of an intent (128 characters at most): its effect bears it."""
    kept = "".join(each if each.isascii() and each.isalnum() else "-" for each in intent)
    return f"colony-{kept}"[:128]


def judge(notes: Mapping[str, str], object_: Json, here: str) -> Reconciled:
    """Say, from the workload as it is now, what became of a patch that may have been sent."""
    metadata = object_["metadata"]
    if metadata.get("uid") != notes["uid"]:
        return Reconciled(Fate.UNKNOWN, f"{here} was deleted and made again since")
    managed = metadata.get("managedFields") or ()
    if any(each.get("manager") == notes["manager"] for each in managed):
        return Reconciled(
            Fate.SENT, f"{here} shows our change ({notes['manager']})", _receipt(object_)
        )
    # Our patch changes the template, so it raises the generation: unmoved, it was never applied.
    if str(metadata.get("generation", 0)) == notes["generation"]:
        return Reconciled(Fate.NOT_SENT, f"{here} is still at generation {notes['generation']}")
    now = digest(object_["spec"]["template"])
    if now == notes["outcome"]:
        detail = f"{here} is as it was to become, but it does not show who changed it"
    elif now == notes["template"]:
        detail = f"{here} was changed since, and has its old template"
    else:
        detail = f"{here} was changed by someone else since"
    return Reconciled(Fate.UNKNOWN, detail)


def _same(approved: Preview, now: Preview) -> None:
    """Raise `Refused` where what was approved is not what would happen now."""
    titles = {
        "uid": "it was deleted and made again",
        "generation": "it was changed",
        "template": "its pod template was changed",
        "target": "the revision's template was changed",
        "to": "another revision would be the one to go to",
    }
    for name, value in now.binds.items():
        before = approved.binds.get(name)
        if before != value:
            what = titles.get(name, f"its {name} is another")
            shown = f" ({before} → {value})" if name in ("generation", "to") else ""
            raise Refused(f"{what} since it was approved{shown}: simulate again")
    if approved.outcome != now.outcome:
        raise Refused("the server would make something else of it now: simulate again")


def _receipt(object_: Json) -> Receipt:
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


def _what(envelope: Envelope) -> str:
    return f"roll back {envelope.notes['namespace']}/{envelope.notes['name']}"
