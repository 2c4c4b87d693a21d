"""`app.rollback`: brings an earlier revision of a Deployment or a StatefulSet back.

The API server has no such call: as kubectl does, the template that a ReplicaSet or a
ControllerRevision remembers is patched into the workload. Unlike kubectl's, this patch holds the
resourceVersion that was simulated on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.contract import (
    Argument,
    Draft,
    Envelope,
    Field,
    Form,
    Preview,
    Progress,
    Receipt,
    Refused,
    Significance,
)
from adapters.kubernetes import managers, previewing
from adapters.kubernetes.history import Kind
from adapters.kubernetes.patching import Patch, Plan
from adapters.kubernetes.surroundings import Surroundings
from adapters.kubernetes.template import digest
from adapters.kubernetes.verifying import verify
from adapters.kubernetes.workloads import Json, Sighting, find


class Rollback(Patch):
    """Rolls an app back to an earlier revision."""

    name = "app.rollback"
    title = "Roll back"
    significance = Significance.CAUTION
    arguments = (
        Argument("app", "the app: NAMESPACE/NAME", kind="App"),
        Argument("to", "the revision to go back to; the one before where empty", False, "Revision"),
    )
    applies_to = "App"
    does = ("roll back", "the rollback of", "rolled back")
    moves = ("template", "outcome")
    subject = "template"
    titles = {  # noqa: RUF012
        "target": "the revision's template was changed",
        "to": "another revision would be the one to go to",
    }

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

    async def plan(self, sighting: Sighting, draft: Draft) -> Plan:
        """Return the patch that brings the revision's template back."""
        if sighting.object["spec"].get("paused"):
            raise Refused(
                f"{sighting.namespace}/{sighting.name} is paused: resume it first (kubectl "
                f"--namespace {sighting.namespace} rollout resume deployment/{sighting.name})"
            )
        past = sighting.revision(draft.arguments.get("to", "").strip())
        context = self._adapter.client.access.context
        before = digest(sighting.template)

        def preview(result: Json, around: Surroundings) -> Preview:
            return previewing.preview(sighting, past, result, around, context)

        notes = {"template": before, "to": str(past.number), "pods": past.pods}
        if digest(past.template) == before:
            return Plan(b"", notes, preview, previewing.nothing(sighting, past, context))
        return Plan(sighting.kind.patch(sighting.object, past), notes, preview)

    def content_type(self, kind: Kind) -> str:
        """Return the patch that is remembered for this kind of workload."""
        return kind.content_type

    def state(self, object_: Json) -> str:
        """Return the digest of its pod template."""
        return digest(object_["spec"]["template"])

    def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        """Follow the rollout until it is through, or cannot be any more."""
        return verify(self._adapter.client, self._clock, envelope.notes, receipt.notes)
