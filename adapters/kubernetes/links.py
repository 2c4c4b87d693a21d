"""What an app of this cluster stands on: its rollout, its pods, their nodes, its addresses.

Rollout, pods and addresses are told of by the records that the station has anyway. Nodes are not
watched: they are asked for when somebody asks why, and kept for a few seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from adapters.contract import Link, World
from adapters.kubernetes import links_nodes, links_pods, links_reach, links_rollout
from adapters.kubernetes.links_nodes import Nodes
from adapters.records import Address, App, Event, Pod, Pool, Revision, Scope, ScopeState

_BLIND = (ScopeState.DENIED, ScopeState.ABSENT, ScopeState.NEVER)


class Around:
    """The records of one app, as they are now."""

    def __init__(self, app: App, world: World) -> None:
        source, namespace = app.source, app.namespace
        self.app = app
        self.now = world.now
        self.scopes = {one.name: one for one in world.of_kind(Scope, source)}
        self.revisions = sorted(
            (
                one
                for one in world.of_kind(Revision, source)
                if one.namespace == namespace and _is_of(one, app)
            ),
            key=lambda one: -one.number,
        )
        self.pods = [
            one
            for one in world.of_kind(Pod, source)
            if one.namespace == namespace and _is_of(one, app)
        ]
        called = (app.name, f"{app.workload}/{app.name}")
        self.addresses = [
            one
            for one in world.of_kind(Address, source)
            if one.namespace == namespace and not set(called).isdisjoint(one.apps)
        ]
        self.pools = {one.name: one for one in world.of_kind(Pool, source)}
        self._events = world.of_kind(Event, source)

    def blind(self, scope: str) -> str:
        """Return why nothing can be known of *scope*, "" where it can."""
        found = self.scopes.get(scope)
        if found is None:
            return f"{scope} are not watched"
        if found.state in _BLIND:
            return f"{found.state}: {found.detail}" if found.detail else f"{found.state}"
        return ""

    def events(self, *kinds: str, names: Collection[str] = ()) -> Iterator[Event]:
        """Yield Events on objects of *kinds*: those of the app, or on the objects called *names*.

        Nodes are in no namespace, and Events on them are in "default".
        """
        for one in self._events:
            if one.object_kind not in kinds:
                continue
            of_app = one.namespace == self.app.namespace and _is_of(one, self.app)
            if one.object_name in names if names else of_app:
                yield one


def _is_of(one: Revision | Pod | Event, app: App) -> bool:
    return one.app == app.name and one.workload in ("", app.workload)


async def links(nodes: Nodes, app: App, world: World) -> Sequence[Link]:
    """Return the links of *app*; what may not be read is a link of which nothing is known."""
    around = Around(app, world)
    pods = links_pods.link(around)
    found = [links_rollout.link(around), await links_pods.with_log(nodes.client, around, pods)]
    of_pods = links_nodes.of_pods(around)
    announcing = links_reach.announcing(around)
    seen = await nodes.look([*of_pods, *(name for name in announcing if name not in of_pods)])
    if of_pods:
        found.append(links_nodes.link(around, {name: seen[name] for name in of_pods}))
    found += links_reach.links(around, {name: seen[name] for name in announcing})
    return found


__all__ = ["Around", "Nodes", "links"]
