"""Nodes as a link: whether the machines that the pods are on are ready, short of something, or
taken out of use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from adapters.clock import Clock
from adapters.contract import AdapterError, Changed, Link, Standing
from adapters.kubernetes.client import Client
from adapters.kubernetes.errors import ApiError
from adapters.kubernetes.links_told import of_events
from adapters.kubernetes.objects import Condition, Named, Object
from adapters.kubernetes.resources import CORE, Resource
from adapters.kubernetes.times import earliest, epoch
from adapters.links import PLACES

if TYPE_CHECKING:
    from adapters.kubernetes.links import Around

MOST = 8
"""Nodes that are looked at for one app: those of pods that are not well come first."""
KEPT = 3.0
"""Seconds that a node is good for: a page asks again as often as once a second."""
_PRESSURE = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")


class Taint(Object):
    """One taint; `time_added` is set where a controller put it there."""

    key: str = ""
    effect: str = ""
    time_added: str | None = None


class NodeSpec(Object):
    """What is asked of a node."""

    unschedulable: bool = False
    taints: list[Taint] | None = None


class NodeStatus(Object):
    """How a node does."""

    conditions: list[Condition] | None = None


class Node(Named):
    """One node, down to what says whether pods can live on it."""

    spec: NodeSpec = msgspec.field(default_factory=NodeSpec)
    status: NodeStatus = msgspec.field(default_factory=NodeStatus)


NODES = Resource("nodes", CORE, Node, "Nodes")
"""Asked for only where somebody asks why: not watched."""


class Seen:
    """One node as it was found: `node`, or None and `error`; `gone` is that there is none."""

    def __init__(self, node: Node | None, error: str = "", *, gone: bool = False) -> None:
        self.node = node
        self.error = error
        self.gone = gone


class Nodes:
    """Asks for nodes one by one, and keeps each for a few seconds."""

    def __init__(self, client: Callable[[], Client], clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._kept: dict[str, tuple[float, Seen]] = {}

    @property
    def client(self) -> Client:
        """The connection; raises `ConfigurationError`."""
        return self._client()

    async def look(self, names: Iterable[str]) -> Mapping[str, Seen]:
        """Return the nodes called *names*: all of them are in it, each with what came of it."""
        wanted = list(dict.fromkeys(names))
        now = self._clock.monotonic()
        self._kept = {name: one for name, one in self._kept.items() if now - one[0] < KEPT}
        asked = [name for name in wanted if name not in self._kept][: 2 * MOST]
        found = await asyncio.gather(*map(self._ask, asked))
        self._kept |= {name: (now, one) for name, one in zip(asked, found, strict=True)}
        unasked = Seen(None, "not asked for: there are too many")
        return {name: self._kept.get(name, (now, unasked))[1] for name in wanted}

    async def _ask(self, name: str) -> Seen:
        try:
            answer = await self.client.get(NODES.path("", name), what=f"node {name}", timeout=3.0)
            return Seen(answer.decoded(Node))
        except ApiError as error:
            if error.code == 404:
                return Seen(None, "there is no such node any more", gone=True)
            if error.code == 403:
                return Seen(None, "no right to get nodes: a cluster's role for colony may have it")
            return Seen(None, error.said)
        except AdapterError as error:
            return Seen(None, str(error))


def of_pods(around: Around) -> list[str]:
    """Return the nodes of the app's pods, those of pods that are not well first."""
    by = sorted(around.pods, key=lambda one: (one.ready >= one.total, one.name))
    return list(dict.fromkeys(one.node for one in by if one.node))[:MOST]


def judged(name: str, seen: Seen) -> tuple[Standing, str, float | None, str]:
    """Return how one node stands: the standing, words, since when, and what tells that."""
    if seen.gone:
        return Standing.BROKEN, f"{name}: {seen.error}", None, ""
    if seen.node is None:
        return Standing.UNKNOWN, f"{name}: {seen.error}", None, ""
    conditions = {one.type: one for one in seen.node.status.conditions or ()}
    ready = conditions.get("Ready")
    if ready is None:
        return Standing.UNKNOWN, f"{name} says nothing of its state", None, ""
    since = epoch(ready.last_transition_time)
    if ready.status != "True":
        said = f": {ready.message}" if ready.message else ""
        told = "its condition Ready" if since is not None else ""
        return Standing.BROKEN, f"{name} is not ready{said}", since, told
    short = [conditions[kind] for kind in _PRESSURE
             if kind in conditions and conditions[kind].status == "True"]  # fmt: skip
    if short:
        began = earliest(*(epoch(one.last_transition_time) for one in short))
        words = f"{name}: {', '.join(one.type for one in short)}"
        return Standing.DEGRADED, words, began, f"its condition {short[0].type}"
    if seen.node.spec.unschedulable:
        # No failure: what runs there runs on, only nothing new comes.
        return Standing.MOVING, f"{name} is cordoned", cordoned(seen.node), "its taint"
    return Standing.GOOD, f"{name} is ready", since, "its condition Ready"


def cordoned(node: Node) -> float | None:
    """Return when *node* was taken out of use, None where nothing says."""
    for one in node.spec.taints or ():
        if one.key == "node.kubernetes.io/unschedulable":
            return epoch(one.time_added)
    return None


_WORST = (Standing.BROKEN, Standing.DEGRADED, Standing.UNKNOWN, Standing.MOVING, Standing.GOOD)


def link(around: Around, seen: Mapping[str, Seen]) -> Link:
    """Return how the nodes of the app's pods stand: as the worst of them does.

    Where some may not be looked at the others are said all the same.
    """
    found = {name: judged(name, one) for name, one in seen.items()}
    name = min(found, key=lambda each: _WORST.index(found[each][0]))
    standing, words, since, known = found[name]
    alike = [each for each in found if found[each][0] is standing]
    if standing is Standing.GOOD:
        words = "ready" if len(alike) == 1 else f"all ready: {', '.join(found)}"
        since, known = None, ""
    elif len(alike) > 1:
        words = f"{len(alike)} of {len(found)}: {words}"
    return Link(
        "node",
        PLACES["node"],
        f"{len(found)} nodes" if standing is Standing.GOOD and len(found) > 1 else name,
        standing,
        words,
        details=tuple(one[1] for each, one in found.items()
                      if each != name and one[0] is not Standing.GOOD),
        since=since,
        known=known,
        changes=(*of_events(around.events("Node", names=set(found))), *_cordons(seen)),
    )  # fmt: skip


def _cordons(seen: Mapping[str, Seen]) -> tuple[Changed, ...]:
    found = []
    for name, one in seen.items():
        at = cordoned(one.node) if one.node is not None and one.node.spec.unschedulable else None
        if at is not None:
            found.append(Changed(at, "cordoned", f"{name} was taken out of use"))
    return tuple(found)
