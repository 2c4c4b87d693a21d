"""`app.scale`: gives a Deployment or a StatefulSet another number of pods.

`spec.replicas` is patched rather than the scale subresource: that takes no precondition on the
uid, and asks for no right that a rollback does not ask for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

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
from adapters.kubernetes import autoscalers, managers, podcount, previewing, scaled
from adapters.kubernetes.history import Kind
from adapters.kubernetes.patching import Patch, Plan
from adapters.kubernetes.ready import verify
from adapters.kubernetes.surroundings import Surroundings
from adapters.kubernetes.workloads import Json, Sighting, find
from adapters.text import clean

MOST = 1_000
"""Pods that are asked for at most: what is more is a slip of the finger."""


class Scale(Patch):
    """Scales an app to a number of pods."""

    name = "app.scale"
    title = "Scale"
    significance = Significance.CAUTION
    arguments = (
        Argument("app", "the app: NAMESPACE/NAME", kind="App"),
        Argument("replicas", "how many pods it shall have; 0 stops it", kind="number"),
    )
    applies_to = "App"
    does = ("scale", "the scaling of", "scaled")
    moves = ("from", "replicas")
    subject = "number of pods"
    titles = {  # noqa: RUF012
        "from": "it was scaled",
        "replicas": "another number is asked for",
    }
    history = False

    async def form(self, draft: Draft) -> Form:
        """Return the field for the number, which says the one that it has now.

        It is not filled in: where 3 stands already, a 5 that is typed makes 35.
        """
        if not draft.arguments.get("app"):
            return Form("Scale an app", (Field("app", "App", "NAMESPACE/NAME"),))
        client = self._adapter.client
        sighting = await find(client, self._adapter.name, draft, self.does[2], history=False)
        over = await autoscalers.over(client, sighting)
        now, ready = podcount.replicas(sighting.object), podcount.ready(sighting.object)
        notes = [managers.warning(previewing.manager(sighting)), *scaled.about(over, now)]
        return Form(
            title=f"Scale {sighting.namespace}/{sighting.name}",
            fields=(
                Field("app", "App", default=draft.arguments["app"]),
                Field(
                    "replicas",
                    "Pods",
                    f"{now} now, {ready} of them ready; 0 stops it",
                ),
            ),
            notes=tuple(note for note in notes if note),
        )

    async def plan(self, sighting: Sighting, draft: Draft) -> Plan:
        """Return the patch of the number, guarded by uid and resourceVersion."""
        wanted = number(draft.arguments.get("replicas", ""))
        now = podcount.replicas(sighting.object)
        client = self._adapter.client
        over = await autoscalers.over(client, sighting)
        context = client.access.context

        def preview(result: Json, around: Surroundings) -> Preview:
            made = podcount.replicas(result)
            if made != wanted:
                here = f"{sighting.namespace}/{sighting.name}"
                raise Refused(f"the server would give {here} {made} pods, and not {wanted}")
            return scaled.preview(sighting, wanted, result, around, over, context)

        notes = {"from": str(now), "replicas": str(wanted)}
        if wanted == now:
            return Plan(b"", notes, preview, scaled.nothing(sighting, wanted, context))
        refused = scaled.undone_by(over, now, wanted)
        if refused:
            raise Refused(f"{sighting.namespace}/{sighting.name}: {refused}")
        metadata = sighting.object["metadata"]
        body = {
            "metadata": {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]},
            "spec": {"replicas": wanted},
        }
        return Plan(msgspec.json.encode(body), notes, preview)

    def content_type(self, kind: Kind) -> str:
        """Return the patch that sets a number."""
        return "application/merge-patch+json"

    def state(self, object_: Json) -> str:
        """Return the number of pods that is asked for."""
        return str(podcount.replicas(object_))

    def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        """Wait until as many pods are ready as were asked for, and no other is left."""
        return verify(self._adapter.client, self._clock, envelope.notes, receipt.notes)


def number(text: str) -> int:
    """Return the number of pods that *text* is; raises `Refused`."""
    text = text.strip()
    if not text:
        raise Refused("replicas: how many pods it shall have is not said")
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Refused(f"replicas: {clean(text, 40)!r} is no number of pods; expected: 0 to {MOST}")
    if int(text) > MOST:
        raise Refused(f"replicas: {int(text)} is more than the {MOST} that are scaled to from here")
    return int(text)
