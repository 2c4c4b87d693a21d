"""Holds a scripted conversation with a backend and records what was asked and answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.normal import Normaliser
from tests.contract.kubernetes.objects import Object

Reduce = Callable[[Any], Any]


class Conversation:
    """A conversation in the namespace *space*.

    Every step has a title of its own, which a difference is reported under.
    """

    def __init__(self, hand: Hand, space: str) -> None:
        self.hand = hand
        self.space = space
        self._steps: dict[str, Any] = {}
        self._normaliser = Normaliser(space)

    def transcript(self) -> dict[str, Any]:
        """Return what was answered, normalised, by the steps' titles."""
        steps: dict[str, Any] = self._normaliser.normal(self._steps)
        return steps

    async def ask(
        self,
        title: str,
        method: str,
        path: str,
        body: Any = None,
        kind: str = "application/json",
        reduce: Reduce | None = None,
        **query: str,
    ) -> Object:
        """Ask, record the answer (or what *reduce* leaves of it) and return it as it came."""
        assert title not in self._steps, title
        response = await self.hand.client.request(
            method,
            path,
            params=query,
            content=None if body is None else json.dumps(body),
            headers={"content-type": kind},
        )
        media = response.headers["content-type"].partition(";")[0]
        answer: Any = response.json() if media == "application/json" else response.text
        self._normaliser.learn(answer)
        self._steps[title] = {
            "status": response.status_code,
            "type": media,
            "body": answer if reduce is None else reduce(answer),
        }
        return answer if isinstance(answer, dict) else {}


def item_names(answer: Any) -> Any:
    """Reduce a list to its kind and the names in it."""
    return {"kind": answer["kind"], "names": [item["metadata"]["name"] for item in answer["items"]]}


def reason(answer: Any) -> Any:
    """Reduce a refusal to its reason, where the message is a parser's own."""
    return {key: answer.get(key) for key in ("kind", "status", "reason", "code")}


def by_revision(answer: Any) -> Any:
    """Put the ReplicaSets or ControllerRevisions of a list in the order of their revisions."""

    def number(item: Any) -> int:
        annotations = item["metadata"].get("annotations", {})
        return int(item.get("revision") or annotations["deployment.kubernetes.io/revision"])

    return {**answer, "items": sorted(answer["items"], key=number)}


def pods(answer: Any) -> Any:
    """Reduce a list of pods to what a Deployment's controllers and a kubelet agree on.

    The rest of a pod's status is the kubelet's, and neither backend has a real one.
    """
    rows = []
    for item in answer["items"]:
        meta = {k: v for k, v in item["metadata"].items() if k != "managedFields"}
        spec = {k: v for k, v in item["spec"].items() if k != "nodeName"}
        status = item["status"]
        rows.append(
            {
                "metadata": meta,
                "spec": spec,
                "bound": bool(item["spec"].get("nodeName")),
                "phase": status["phase"],
                "ready": [c["status"] for c in status["conditions"] if c["type"] == "Ready"],
                "states": [
                    state.get("reason", name)
                    for container in status["containerStatuses"]
                    for name, state in container["state"].items()
                ],
            }
        )
    # By chance in their names, pods of one revision are in any order.
    rows.sort(key=lambda row: (row["metadata"]["generateName"], row["states"]))
    return {"kind": answer["kind"], "items": rows}


def sayings(answer: Any) -> Any:
    """Reduce a list of Events to what was said, of what kind of thing, without counts."""
    said = {
        (
            item["involvedObject"]["kind"],
            item["type"],
            item["reason"],
            item.get("source", {}).get("component", ""),
        )
        for item in answer["items"]
    }
    return [list(row) for row in sorted(said)]
