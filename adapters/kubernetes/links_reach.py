"""Addresses as links: whether a Service has one, where that leads, and who announces it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from adapters.contract import Changed, Link, Standing
from adapters.kubernetes.links_nodes import Seen, judged
from adapters.kubernetes.links_told import of_events
from adapters.links import PLACES
from adapters.records import Address, Announcer, Pool

if TYPE_CHECKING:
    from adapters.kubernetes.links import Around

_ASSIGNED = "nodeAssigned"
"""The reason of the Event with which a speaker of MetalLB's says that it announces from now on."""
_WORST = (Standing.BROKEN, Standing.UNKNOWN, Standing.DEGRADED, Standing.MOVING, Standing.GOOD)


def announcing(around: Around) -> list[str]:
    """Return the nodes that announce addresses of the app over L2: one node alone does each."""
    found = [by.node for one in around.addresses for by in one.announced_by or () if _alone(by)]
    return list(dict.fromkeys(node for node in found if node))


def _alone(by: Announcer) -> bool:
    return by.how == "L2"


def links(around: Around, seen: Mapping[str, Seen]) -> list[Link]:
    """Return the links of the app's addresses, none where no Service of it asks for one.

    *seen* are the nodes that announce. Of several addresses the worst is told, the others beside.
    """
    blind = around.blind("addresses")
    if blind and not around.addresses:
        # Whether there is a Service at all cannot be known.
        return [_blind("address", blind)]
    if not around.addresses:
        return []
    services = {one.service or one.name for one in around.addresses}
    changes = of_events(around.events("Service", names=services)) if services else ()
    reached = [_address(around, one) for one in around.addresses]
    said = [_announced(one, seen) for one in around.addresses if one.ip]
    found = [_worst(reached, changes)]
    if said:
        found.append(_worst(said, _handed(changes)))
    return found


def _blind(name: str, why: str) -> Link:
    return Link(name, PLACES[name], name, Standing.UNKNOWN, f"not known: {why}")


def _worst(found: list[Link], changes: tuple[Changed, ...]) -> Link:
    """Return the worst of *found*, with what is said of the others."""
    worst = min(found, key=lambda one: _WORST.index(one.standing))
    others = tuple(f"{one.thing}: {one.words}" for one in found if one is not worst)
    return msgspec.structs.replace(worst, details=worst.details + others, changes=changes)


def _handed(changes: tuple[Changed, ...]) -> tuple[Changed, ...]:
    return tuple(one for one in changes if one.what == _ASSIGNED)


def _address(around: Around, one: Address) -> Link:
    service = one.service or one.name
    if not one.ip:
        pool = _pool(around, one)
        return Link(
            "address", PLACES["address"], f"Service {service}", Standing.BROKEN,
            one.reason or "no address was given",
            details=(_used(pool),) if pool is not None else (),
            since=one.created, known="its Service, which never had one since",
            key=one.key,
        )  # fmt: skip
    ports = ", ".join(f"{port.protocol} {port.port}" for port in one.ports)
    from_pool = f" of pool {one.pool}" if one.pool else ""
    if around.app.ready == 0 and around.app.desired:
        return Link(
            "address", PLACES["address"], one.ip, Standing.BROKEN,
            f"leads to no pod that is ready ({ports or service})", key=one.key, because=("pods",),
        )  # fmt: skip
    return Link(
        "address", PLACES["address"], one.ip, Standing.GOOD, f"{ports or service}{from_pool}",
        key=one.key,
    )  # fmt: skip


def _pool(around: Around, one: Address) -> Pool | None:
    """Return the pool that an address is wanted of."""
    wanted = one.requested.removeprefix("pool ") if one.requested.startswith("pool ") else ""
    return around.pools.get(wanted or one.pool)


def _used(pool: Pool) -> str:
    if pool.assigned is None or pool.available is None:
        return f"pool {pool.name}: its status does not say how much of it is used"
    total = pool.assigned + pool.available
    return f"pool {pool.name}: {pool.assigned} of {total} addresses used"


def _announced(one: Address, seen: Mapping[str, Seen]) -> Link:
    by = one.announced_by
    if by is None:
        words = "not known: nothing here says who announces it"
        return Link("announcer", PLACES["announcer"], one.ip, Standing.UNKNOWN, words)
    if not by:
        # With externalTrafficPolicy Local a node announces only what it has a ready pod of.
        return Link(
            "announcer", PLACES["announcer"], one.ip, Standing.BROKEN,
            "nobody announces it", key=one.key, because=("pods", "address"),
        )  # fmt: skip
    for each in by:
        if _alone(each) and each.node in seen:
            standing, words, since, known = judged(each.node, seen[each.node])
            if standing.fails:
                return Link(
                    "announcer", PLACES["announcer"], f"{each.how} {each.node}", standing,
                    f"{words}, and announces {one.ip}", since=since, known=known, key=one.key,
                )  # fmt: skip
    names = ", ".join(f"{each.how} {each.node}" for each in by)
    via = ", ".join(dict.fromkeys(face for each in by for face in each.via))
    # MetalLB says who is configured to announce over BGP, and not whether a session is up.
    doubt = "; its sessions are not told" if all(each.how == "BGP" for each in by) else ""
    words = f"announces {one.ip}" + (f" on {via}" if via else "") + doubt
    return Link("announcer", PLACES["announcer"], names, Standing.GOOD, words, key=one.key)
