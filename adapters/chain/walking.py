"""From a new head down to what is known: asks a node for the headers that are missing."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.chain.heads import Head, Moved, Ring, Step, head, linked
from adapters.chain.rpc import Rpc, RpcError


async def headers(rpc: Rpc, numbers: Iterable[int]) -> list[Head]:
    """Return the blocks of these numbers. Raises `Moved` where the node has not all of them."""
    wanted = list(numbers)
    answers = await rpc.batch([("eth_getBlockByNumber", (hex(each), False)) for each in wanted])
    found = []
    for number, answer in zip(wanted, answers, strict=True):
        if answer is None:
            raise Moved(f"the node has no block {number}: it is behind")
        if isinstance(answer, RpcError):
            raise answer
        found.append(head(answer, f"block {number}"))
    return found


async def walk(rpc: Rpc, ring: Ring, top: Head) -> Step:
    """Bring *ring* up to *top*; return what that changed. Nothing is changed where it raises.

    A next block costs nothing, a gap one batch, a reorganisation one more.
    """
    if ring.follows(top):
        return ring.advance(top, (), top.number - 1)
    if ring.has(top):
        return ring.advance(top, (), top.number)
    fresh = await headers(rpc, ring.gap(top))
    linked(fresh, top)
    ancestor = ring.ancestor({each.number: each for each in fresh})
    tip = ring.tip
    if tip is None:
        return ring.advance(top, fresh, None)
    lowest = fresh[0].number if fresh else top.number
    if lowest > tip.number:
        # A gap longer than what is remembered: is the last block we know still on the chain?
        lowest = tip.number
        (there,) = await headers(rpc, [tip.number])
        ancestor = tip.number if there.hash == tip.hash else None
    while ancestor is None and lowest > ring.lowest:
        found = await headers(rpc, ring.below(lowest))
        ancestor = ring.ancestor({each.number: each for each in found})
        if found[-1].number + 1 == fresh[0].number:
            linked(found, fresh[0])
            fresh = [*found, *fresh]
        lowest = found[0].number
    return ring.advance(top, fresh, ancestor)
