"""Which link broke first: the cause that is deepest, and not the symptom on top of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from adapters import links
from adapters.links import PLACES, Link, Standing, explained, first_broken, ordered, strand

GOOD, MOVING = Standing.GOOD, Standing.MOVING
DEGRADED, BROKEN, UNKNOWN = Standing.DEGRADED, Standing.BROKEN, Standing.UNKNOWN


def chain(**standings: Any) -> list[Link]:
    """Return links by name: a standing alone, or (standing, what else the link says)."""
    made = []
    for name, said in standings.items():
        standing, more = said if isinstance(said, tuple) else (said, {})
        place = more.pop("place", None) or PLACES[name]
        made.append(Link(name, place, name, standing, **more))
    return ordered(made)


def begins(standing: Standing) -> tuple[Standing, dict[str, Any]]:
    return standing, {"begins": True}


CASES: dict[str, tuple[list[Link], str, tuple[str, ...]]] = {
    "all is well": (chain(rollout=GOOD, pods=GOOD, node=GOOD), "", ()),
    "nothing is known": (chain(rollout=UNKNOWN, pods=UNKNOWN), "", ()),
    "on its way is no failure": (chain(rollout=MOVING, pods=MOVING, node=GOOD), "", ()),
    "an image that is not there": (
        chain(rollout=BROKEN, pods=begins(BROKEN), node=GOOD, address=GOOD, token=GOOD),
        "pods", ("rollout",),
    ),
    "a node that is gone": (
        chain(rollout=BROKEN, pods=BROKEN, node=BROKEN), "node", ("rollout", "pods"),
    ),
    "a node that is gone under a finished rollout": (
        chain(rollout=GOOD, pods=BROKEN, node=BROKEN), "node", ("pods",),
    ),
    "a program that fails by itself, on a bad node": (
        chain(rollout=BROKEN, pods=begins(BROKEN), node=BROKEN), "pods", ("rollout",),
    ),
    "the power of the site, and all above it": (
        chain(rollout=GOOD, pods=BROKEN, node=BROKEN, power=BROKEN), "power", ("pods", "node"),
    ),
    "a low battery under a node that is well explains nothing": (
        chain(rollout=BROKEN, pods=BROKEN, node=GOOD, power=DEGRADED), "pods", ("rollout",),
    ),
    "no power, and nobody may look at the node": (
        chain(pods=BROKEN, node=UNKNOWN, power=BROKEN), "power", ("pods",),
    ),
    "a low battery is not believed to reach through what is not known": (
        chain(pods=BROKEN, node=UNKNOWN, power=DEGRADED), "pods", (),
    ),
    "unknown is never the culprit": (chain(pods=BROKEN, node=UNKNOWN), "pods", ()),
    "what is broken goes before what is degraded": (
        chain(rollout=GOOD, pods=GOOD, address=BROKEN, token=DEGRADED), "address", (),
    ),
    "a token that names another app is no reason for a stuck rollout": (
        chain(rollout=BROKEN, pods=begins(BROKEN), node=GOOD, token=DEGRADED),
        "pods", ("rollout",),
    ),
    "a token alone": (chain(rollout=GOOD, pods=GOOD, token=DEGRADED, owner=GOOD), "token", ()),
    "an owner under it": (chain(pods=GOOD, token=DEGRADED, owner=DEGRADED), "owner", ("token",)),
    "an address that nobody announces": (
        chain(pods=GOOD, node=GOOD, address=GOOD, announcer=BROKEN), "announcer", (),
    ),
    "an address without a pod behind it": (
        chain(pods=BROKEN, node=GOOD, address=(BROKEN, {"because": ("pods",)})),
        "pods", ("address",),
    ),
    "and why the pods are gone": (
        chain(pods=BROKEN, node=BROKEN, address=(BROKEN, {"because": ("pods",)})),
        "node", ("pods", "address"),
    ),
    "a degraded node under broken pods": (
        chain(rollout=GOOD, pods=BROKEN, node=DEGRADED), "node", ("pods",),
    ),
    "a link between two others that is well keeps them apart": (
        chain(pods=BROKEN, volume=(GOOD, {"place": 250}), node=BROKEN), "pods", (),
    ),
    "a link between two others that fails joins them": (
        chain(pods=BROKEN, volume=(BROKEN, {"place": 250}), node=BROKEN),
        "node", ("pods", "volume"),
    ),
    "links that blame each other come to an end": (
        chain(
            pods=(BROKEN, {"because": ("address",), "begins": True}),
            address=(BROKEN, {"because": ("pods",)}),
        ),
        "address", ("pods",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_first_broken_link(case: str) -> None:
    made, cause, above = CASES[case]
    found = first_broken(made)
    assert ("" if found is None else made[found].name) == cause
    if found is not None:
        assert tuple(made[number].name for number in explained(made, found)) == above


def test_links_of_several_adapters_stand_from_the_workload_to_the_ground() -> None:
    made = chain(power=GOOD, owner=GOOD, rollout=GOOD, address=GOOD, node=GOOD)
    assert [one.name for one in made] == ["rollout", "node", "address", "owner", "power"]


@pytest.mark.parametrize(
    ("place", "of"),
    [(-5, links.RUNS), (100, links.RUNS), (399, links.RUNS), (400, links.REACHED),
     (650, links.KNOWN), (800, links.GROUND), (5_000, links.GROUND)],
)  # fmt: skip
def test_the_strands(place: int, of: int) -> None:
    assert strand(place) == of


def test_places_leave_room_between_them() -> None:
    places = sorted(PLACES.values())
    assert all(after - before >= 50 for before, after in pairwise(places))
