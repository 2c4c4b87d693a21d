"""A station that answers why, of the records of `colony_data`, with the links of real adapters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from adapters.chain.links import links as chain_links
from adapters.kubernetes import links as kubernetes
from adapters.kubernetes.client import Response
from adapters.kubernetes.links_nodes import Nodes
from adapters.links import Changed, Fit, Link, Standing
from adapters.records import App, Quality, Record
from adapters.sunspec.links import links as sunspec_links
from console.feed.answers import Why
from console.station import why
from tests.known_world import KnownWorld, live
from tests.ui.chain_data import CHAIN, CONTRACTS, ENTRIES, TOKENS
from tests.ui.colony_data import ADDRESSES, APPS, ENDED, EVENTS, NOW, PODS, POOLS, REVISIONS, SOURCE
from tests.ui.fakes import FakeClock, FakeStation
from tests.ui.solar_data import BATTERIES, INVERTERS, PLANTS

OFFERED = ("app.rollback", "app.scale", "contract.call")
RECORDS: tuple[Record, ...] = (
    *APPS, *REVISIONS, *PODS, *EVENTS, *ADDRESSES, *POOLS, CHAIN, *CONTRACTS, *TOKENS, *ENTRIES,
    *PLANTS, *INVERTERS, *BATTERIES, ENDED,
    *live(SOURCE, "apps", "revisions", "pods", "events", "addresses", "pools"),
)  # fmt: skip
ROUTE = Link(
    "evpn", 520, "leaf-2", Standing.BROKEN, "withdrew 10.40.1.7/32", since=NOW - 90,
    known="the leaf's own log", source="fabric",
    changes=(Changed(NOW - 95, "peer lost", "spine-a to leaf-2", "frr", None),),
    actions=(Fit("route.reset", "reset the session of leaf-2"),),
)  # fmt: skip
"""A link of an adapter that is none of ours: nothing in the console names it or its place."""


class _Server:
    """A cluster whose nodes are all ready."""

    async def get(self, path: str, parameters: Any = None, **more: Any) -> Response:
        ready = {"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-01T00:00:00Z"}
        meta = {"name": path.rpartition("/")[2], "uid": "u", "resourceVersion": "1"}
        return Response(200, {}, msgspec.json.encode(
            {"metadata": meta, "spec": {}, "status": {"conditions": [ready]}}
        ))  # fmt: skip


def _fresh(record: Record) -> tuple[Quality, float | None]:
    return Quality.FRESH, None


async def why_of(
    app: App, records: Sequence[Record] = RECORDS, *, fabric: Sequence[Link] = (), at: float = NOW
) -> Why:
    """Return what a station of the real adapters would answer, and of one that is not ours."""
    world = KnownWorld(*records, now=at)
    nodes = Nodes(lambda: _Server(), FakeClock())  # type: ignore[arg-type,return-value]
    told: list[tuple[str, Sequence[Link]]] = [
        (SOURCE, await kubernetes.links(nodes, app, world)),
        ("chain", chain_links("chain", app, world)),
        ("fabric", fabric),
    ]
    told += [(one.source, sunspec_links(one.source, app, world)) for one in PLANTS]
    offered = (*OFFERED, "route.reset")
    return why.answer(app, told, world, _fresh, offered)


class WhyStation(FakeStation):
    """Answers why of any app; `records` and `fabric` are what it knows."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.records: Sequence[Record] = RECORDS
        self.fabric: Sequence[Link] = ()
        self.at = NOW
        self.answers["why"] = self._why

    def _why(self, arguments: dict[str, Any]) -> Any:
        name = arguments["app"].rpartition("/")[2]
        app = next(one for one in self.records if isinstance(one, App) and one.name == name)
        return why_of(app, self.records, fabric=self.fabric, at=self.at)


__all__ = ["RECORDS", "ROUTE", "WhyStation", "why_of"]
