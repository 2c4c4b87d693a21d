"""One look at a node: which chain it is on, its head, what is final."""

from __future__ import annotations

from typing import Any

import msgspec

from adapters.chain.heads import Head, Ring, head
from adapters.chain.rpc import Rpc, RpcError, quantity
from adapters.records import Chain
from adapters.text import clean


class Look(msgspec.Struct, frozen=True):
    """What a node said of itself at one moment; None where it did not say."""

    chain_id: int
    head: Head
    final: int | None = None
    syncing: bool | None = None


class Facts(msgspec.Struct, frozen=True):
    """What changes rarely: the node's program, and how many peers it has."""

    client: str = ""
    peers: int | None = None


async def look(rpc: Rpc, confirmations: int | None) -> Look:
    """Ask a node where it is; raises as `Rpc` does."""
    chain_id, latest, final, syncing = await rpc.batch(
        [
            ("eth_chainId", ()),
            ("eth_getBlockByNumber", ("latest", False)),
            ("eth_getBlockByNumber", ("finalized", False)),
            ("eth_syncing", ()),
        ]
    )
    for answer in (chain_id, latest):
        if isinstance(answer, RpcError):
            raise answer
    top = head(latest, "the latest block")
    return Look(
        quantity(chain_id, "eth_chainId"),
        top,
        _final(final, top, confirmations),
        None if isinstance(syncing, RpcError) else syncing is not False,
    )


def _final(answer: Any, top: Head, confirmations: int | None) -> int | None:
    """Return the last final block: the node's own, else by depth where that is configured."""
    if isinstance(answer, dict):
        return quantity(answer.get("number"), "the finalized block")
    if confirmations is None or top.number < confirmations:
        return None
    return top.number - confirmations


async def facts(rpc: Rpc) -> Facts:
    """Ask a node what it is; what it does not say is not known."""
    client, peers = await rpc.batch([("web3_clientVersion", ()), ("net_peerCount", ())])
    known = isinstance(peers, str) and peers.startswith("0x")
    return Facts(
        clean(client, 120) if isinstance(client, str) else "",
        quantity(peers, "net_peerCount") if known else None,
    )


class Reorgs(msgspec.Struct, frozen=True):
    """How often blocks were taken back since the adapter began, and the last time that it was."""

    count: int = 0
    depth: int = 0
    at: float | None = None


def chain(
    seen: Look, ring: Ring, facts: Facts, reorgs: Reorgs, *, how: str, source: str, now: float
) -> Chain:
    """Return the chain's record."""
    top = seen.head
    return Chain(
        source=source,
        name=f"eip155:{seen.chain_id}",
        at=float(top.time),
        received=now,
        chain_id=seen.chain_id,
        number=top.number,
        block_hash=top.hash,
        block_time=float(top.time),
        block_interval=ring.interval(),
        final=seen.final,
        base_fee="" if top.base_fee is None else str(top.base_fee),
        how=how,
        client=facts.client,
        peers=facts.peers,
        syncing=seen.syncing,
        reorgs=reorgs.count,
        reorg_depth=reorgs.depth,
        reorg_at=reorgs.at,
    )
