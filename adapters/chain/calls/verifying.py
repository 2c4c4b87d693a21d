"""Watches a call that is in a block until that block is final, and then looks at its effect."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from adapters.chain import looking
from adapters.chain.calls import envelopes, reasons, reconciling, simulated
from adapters.chain.looking import Look
from adapters.chain.rpc import RpcError, hexdata, quantity
from adapters.contract import AdapterError, Progress, Reached

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

PAUSE = 1.0
"""Seconds between two looks at most; a chain that is polled faster is looked at as often."""

Notes = Mapping[str, str]
Json = Mapping[str, Any]


async def verify(adapter: ChainAdapter, notes: Notes, receipt: Notes) -> AsyncIterator[Progress]:
    """Yield how it gets on, each line once, and last whether it is verified.

    *notes* are the envelope's, *receipt* the receipt's.
    """
    last: Progress | None = None
    is_final = False
    while True:
        try:
            progress = await _look(adapter, notes, receipt["hash"], is_final)
        except AdapterError as error:
            # The node's trouble is not the call's: the station's window ends the wait.
            reached = Reached.FINAL if is_final else Reached.WAITING
            progress = Progress(reached, f"cannot be seen now: {error}")
        if progress != last:
            last = progress
            yield progress
        if progress.reached in (Reached.VERIFIED, Reached.NOT_VERIFIED):
            return
        if progress.reached is Reached.FINAL and not is_final:
            is_final = True
            continue
        await adapter.context.clock.sleep(min(PAUSE, adapter.settings.poll))


async def _look(adapter: ChainAdapter, notes: Notes, hash: str, is_final: bool) -> Progress:
    """Look once. What is final was told before the effect is looked at."""
    confirmations = adapter.settings.confirmations
    now = await looking.look(adapter.rpc, confirmations)
    if str(now.chain_id) != notes["chain_id"]:
        raise AdapterError(f"{adapter.rpc.node} is on chain {now.chain_id} now")
    receipt = await adapter.rpc.call("eth_getTransactionReceipt", hash)
    if not isinstance(receipt, dict):
        return await _taken_away(adapter, notes, hash)
    block = quantity(receipt.get("blockNumber"), "the receipt's block")
    if quantity(receipt.get("status"), "the receipt's status") != 1:
        why = await reconciling.reverted(adapter, notes, receipt, block)
        return Progress(
            Reached.NOT_VERIFIED, f"{why}, in block {block:,}, into which a reorganisation put it"
        )
    if now.final is not None and block > now.final:
        return Progress(Reached.WAITING, standing(block, now, confirmations))
    if now.final is not None and not is_final:
        return Progress(Reached.FINAL, f"block {block:,} is final")
    if now.head.number < block:
        raise AdapterError(f"{adapter.rpc.node} is at block {now.head.number:,}, before it")
    return await _effect(adapter, notes, receipt, block, now)


def standing(block: int, now: Look, confirmations: int | None) -> str:
    """Say how far *block* is on its way: `in block 48,211, 1 of 2 confirmations`."""
    above = max(0, now.head.number - block)
    if confirmations and now.final == now.head.number - confirmations:
        return f"in block {block:,}, {min(above, confirmations)} of {confirmations} confirmations"
    final = "no block" if now.final is None else f"block {now.final:,}"
    return f"in block {block:,}, {above} above it; final so far is {final}"


async def _taken_away(adapter: ChainAdapter, notes: Notes, hash: str) -> Progress:
    """Say what a transaction without a receipt is: it waits again, or never comes."""
    mined, transaction = await adapter.rpc.batch(
        [
            ("eth_getTransactionCount", (notes["from"], "latest")),
            ("eth_getTransactionByHash", (hash,)),
        ]
    )
    if isinstance(mined, RpcError):
        raise mined
    if quantity(mined, "eth_getTransactionCount") > int(notes["nonce"]):
        if not isinstance(await adapter.rpc.call("eth_getTransactionReceipt", hash), dict):
            return Progress(
                Reached.NOT_VERIFIED,
                f"a reorganisation took its block away, and its nonce {notes['nonce']} was used "
                "by another transaction",
            )
        return Progress(Reached.WAITING, "in a block again, after a reorganisation")
    knows = "it waits for another" if isinstance(transaction, dict) else "it is in none now"
    return Progress(Reached.WAITING, f"a reorganisation took its block away; {knows}")


async def _effect(
    adapter: ChainAdapter, notes: Notes, receipt: Json, block: int, now: Look
) -> Progress:
    """Look at what it was to change: the reads as they are now, else its events."""
    where = f"in block {block:,}"
    if now.final is None:
        where += " (finality is not known on this chain)"
    reads = envelopes.reads(notes)
    if reads:
        at = hex(now.head.number)
        answers = await adapter.rpc.batch(
            [("eth_call", ({"to": notes["to"], "data": each.data}, at)) for each in reads]
        )
        for read, answer in zip(reads, answers, strict=True):
            if isinstance(answer, RpcError) and answer.revert is None:
                raise answer
            said = None if isinstance(answer, RpcError) else hexdata(answer, "eth_call")
            if said != bytes.fromhex(read.answer[2:]):
                detail = f"expected: {read.said}; it is not so at block {now.head.number:,}"
                return Progress(Reached.NOT_VERIFIED, f"{detail}: something changed it since")
        return Progress(Reached.VERIFIED, f"{'; '.join(each.said for each in reads)}, {where}")
    return _by_events(adapter, notes, receipt, where)


def _by_events(adapter: ChainAdapter, notes: Notes, receipt: Json, where: str) -> Progress:
    logs = [log for log in simulated.logs(receipt.get("logs") or []) if log.topics]
    there = {(log.address.lower(), log.topics[0].lower()) for log in logs}
    for wanted in envelopes.events(notes):
        if (wanted.address, wanted.topic) not in there:
            return Progress(
                Reached.NOT_VERIFIED, f"it ran {where}, but did not emit what was simulated"
            )
    said = [reasons.event(adapter, log) for log in logs[:3]]
    if not said:
        return Progress(Reached.VERIFIED, f"it ran without an error {where}; nothing tells more")
    texts = ", ".join(f"{name}({values})" for name, values in said)
    return Progress(Reached.VERIFIED, f"{texts}, {where}")
