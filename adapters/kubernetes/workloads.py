"""Reads one workload and its revisions from the API server, as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from adapters.contract import AdapterError, Draft, Refused
from adapters.kubernetes.client import Client
from adapters.kubernetes.errors import ApiError
from adapters.kubernetes.history import KINDS, Kind, Past, owned
from adapters.kubernetes.resources import Resource
from adapters.kubernetes.template import equal
from adapters.records import App
from adapters.text import clean

Json = dict[str, Any]


class Sighting(NamedTuple):
    """One workload as the server has it now, and its revisions, the newest first."""

    kind: Kind
    object: Json
    past: list[Past]

    @property
    def namespace(self) -> str:
        """Its namespace."""
        return str(self.object["metadata"]["namespace"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.object["metadata"]["name"])

    @property
    def path(self) -> str:
        """Its path on the server."""
        return self.kind.resource.path(self.namespace, self.name)

    @property
    def template(self) -> Json:
        """Its pod template."""
        found: Json = self.object["spec"]["template"]
        return found

    @property
    def observed(self) -> bool:
        """Whether its controller has seen its last change."""
        seen = (self.object.get("status") or {}).get("observedGeneration") or 0
        return bool(seen >= (self.object["metadata"].get("generation") or 0))

    def current(self) -> Past | None:
        """Return the revision that it is at: the newest one with its very template."""
        return next((each for each in self.past if equal(each.template, self.template)), None)

    def previous(self) -> Past | None:
        """Return the revision that `kubectl rollout undo` goes to: the second newest."""
        return self.past[1] if len(self.past) > 1 else None

    def revision(self, text: str) -> Past:
        """Return the revision that *text* names, the previous one for ""; raises `Refused`."""
        here = f"{self.namespace}/{self.name}"
        if text in ("", "0"):
            if not self.observed:
                raise Refused(
                    f"{here}: its controller has not seen its last change yet, so the previous "
                    "revision is not known: name one, or try again in a moment"
                )
            found = self.previous()
            if found is None:
                raise Refused(f"{here} has no revision to go back to")
            return found
        wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
        for each in self.past:
            if each.number == wanted:
                return each
        known = ", ".join(str(each.number) for each in self.past) or "none"
        raise Refused(f"{here} has no revision {clean(text, 40)!r}; it has: {known}")


async def find(
    client: Client, source: str, draft: Draft, done: str = "rolled back", *, history: bool = True
) -> Sighting:
    """Return the workload that *draft* is aimed at; raises `Refused` where there is not one.

    *done* is what shall be done to it, as a refusal says it. Without *history*, its revisions are
    not asked for.
    """
    kinds, namespace, name = _named(source, draft, done)
    found = []
    for kind in kinds:
        object_ = await read(client, kind.resource, namespace, name)
        if object_ is not None:
            found.append((kind, object_))
    if not found:
        sorts = " or ".join(kind.workload for kind in kinds)
        raise Refused(f"there is no {sorts} {clean(namespace, 80)}/{clean(name, 80)}")
    if len(found) > 1:
        both = " and ".join(f"{namespace}/{kind.workload}/{name}" for kind, _ in found)
        raise Refused(f"two workloads answer to that name: {both}; say which")
    kind, object_ = found[0]
    return await with_history(client, kind, object_) if history else Sighting(kind, object_, [])


async def with_history(client: Client, kind: Kind, object_: Json) -> Sighting:
    """Return *object_* with its revisions."""
    metadata = object_["metadata"]
    selector = selector_text(object_["spec"].get("selector") or {})
    items = await listed(client, kind.remembered, metadata["namespace"], selector)
    return Sighting(kind, object_, owned(object_, items, kind))


def _named(source: str, draft: Draft, done: str) -> tuple[list[Kind], str, str]:
    """Return the kinds to look for, the namespace and the name."""
    target = draft.target
    if isinstance(target, App) and target.workload in KINDS:
        return [KINDS[target.workload]], target.namespace, target.name
    text = draft.arguments.get("app", "").strip()
    before, colon, rest = text.rpartition(":")
    if colon and before != source:
        raise Refused(f"{clean(text, 160)} is not of {source}")
    parts = (rest if colon else text).split("/")
    if len(parts) not in (2, 3) or not all(parts):
        raise Refused(
            f"{clean(text, 160)!r} names no app: it is written NAMESPACE/NAME "
            "or NAMESPACE/WORKLOAD/NAME"
        )
    if len(parts) == 2:
        return list(KINDS.values()), parts[0], parts[1]
    for workload, kind in KINDS.items():
        if workload.lower() == parts[1].lower():
            return [kind], parts[0], parts[2]
    raise Refused(f"a {clean(parts[1], 60)} cannot be {done}; a {' or a '.join(KINDS)} can")


async def read(client: Client, resource: Resource, namespace: str, name: str) -> Json | None:
    """Return one object as JSON, None where there is none."""
    try:
        answer = await client.get(
            resource.path(namespace, name), what=f"read {resource.name}/{clean(name, 80)}"
        )
    except ApiError as error:
        if error.code == 404:
            return None
        raise
    object_ = answer.decoded(dict)
    if not isinstance(object_.get("metadata"), dict):
        raise AdapterError(f"{namespace}/{name}: the server's answer is no object")
    return object_


async def listed(
    client: Client, resource: Resource, namespace: str, selector: str = ""
) -> list[Json]:
    """Return what *selector* finds in *namespace*, as JSON, page by page."""
    found: list[Json] = []
    token = ""
    while True:
        parameters: dict[str, str | int] = {"limit": 500}
        if selector:
            parameters["labelSelector"] = selector
        if token:
            parameters["continue"] = token
        answer = await client.get(
            resource.path(namespace), parameters, what=f"list {resource.name}"
        )
        page = answer.decoded(dict)
        found += page.get("items") or []
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return found


def selector_text(selector: Mapping[str, Any]) -> str:
    """Return a label selector as a query writes it."""
    parts = [f"{name}={value}" for name, value in (selector.get("matchLabels") or {}).items()]
    for each in selector.get("matchExpressions") or ():
        name, operator = each.get("key"), each.get("operator")
        values = ",".join(each.get("values") or ())
        if operator in ("In", "NotIn"):
            parts.append(f"{name} {operator.lower()} ({values})")
        else:
            parts.append(f"!{name}" if operator == "DoesNotExist" else str(name))
    return ",".join(parts)
