"""What became of a call that was sent, or may have been: by its hash, or by sender and nonce.

A transaction that the node signed itself has no hash that is known beforehand; but its sender has
each nonce once, so the one that used it is ours or it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adapters.chain import looking
from adapters.chain.calls import units
from adapters.chain.calls.reasons import because
from adapters.chain.rpc import Call, RpcError, hexdata, quantity
from adapters.contract import AdapterError, Envelope, Fate, Receipt, Reconciled, Refused
from adapters.text import clean

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

LATE = 12.0
"""Seconds after which bytes of ours can no longer arrive: the sockets give up after 10."""
SCANNED = 2048
"""Blocks that are searched for a transaction."""
TOGETHER = 64
"""Blocks asked for at once."""

Notes = Mapping[str, str]
Json = Mapping[str, Any]


async def look(
    adapter: ChainAdapter, envelope: Envelope, hash: str, taken: bool, now: float
) -> Reconciled:
    """Say what became of *envelope*. *hash* is its transaction's, where the node told it.

    *taken* is whether the node is known to have had it. What failed may yet go well after a
    reorganisation: it is pending until its block is final, where finality is known. Raises
    `AdapterError` where the node cannot say.
    """
    notes = envelope.notes
    here = _Here(adapter, notes, notes["hash"] or hash)
    await here.ask()
    if here.receipt is None and not here.hash and here.mined > here.nonce:
        await here.search()
    if here.receipt is not None:
        return await _included(here, here.receipt)
    if here.mined > here.nonce:
        return await _nonce_used(here, taken)
    if here.waits:
        detail = f"waits for a block ({_which(here)})"
        return Reconciled(Fate.PENDING, detail, again=max(1.0, adapter.settings.poll))
    if taken:
        return Reconciled(
            Fate.UNKNOWN,
            f"the node took it and knows it no more ({_which(here)}); it may still come as long "
            "as nothing else uses its nonce",
        )
    if now - float(notes["prepared_at"]) < LATE:
        return Reconciled(Fate.UNKNOWN, f"the node does not know it so far ({_which(here)})")
    return Reconciled(
        Fate.NOT_SENT, f"the node does not know it, and nothing used its nonce ({_which(here)})"
    )


class _Here:
    """What the node knows of one transaction at one moment."""

    def __init__(self, adapter: ChainAdapter, notes: Notes, hash: str) -> None:
        self.adapter = adapter
        self.notes = notes
        self.hash = hash
        self.nonce = int(notes["nonce"])
        self.receipt: Json | None = None
        self.waits = False
        self.mined = 0
        self.head = 0
        self.final: int | None = None
        self.other = ""
        """The transaction that used the nonce in its place."""

    async def ask(self) -> None:
        """Ask for all that is known at once."""
        sender = self.notes["from"]
        node = self.adapter.rpc.node
        seen = await looking.look(self.adapter.rpc, self.adapter.settings.confirmations)
        if str(seen.chain_id) != self.notes["chain_id"]:
            raise AdapterError(
                f"{node} is on chain {seen.chain_id}, not on {self.notes['chain_id']}: "
                "it cannot say"
            )
        self.head, self.final = seen.head.number, seen.final
        if self.head < int(self.notes["block"]):
            raise AdapterError(
                f"{node} is at block {self.head:,}, before block {int(self.notes['block']):,} that "
                "it was prepared at: it cannot say yet"
            )
        questions: list[Call] = [
            ("eth_getTransactionCount", (sender, "latest")),
            ("eth_getTransactionCount", (sender, "pending")),
        ]
        if self.hash:
            questions.append(("eth_getTransactionByHash", (self.hash,)))
            questions.append(("eth_getTransactionReceipt", (self.hash,)))
        answers = await self.adapter.rpc.batch(questions)
        mined, waiting, *ours = answers
        if isinstance(mined, RpcError):
            raise mined
        self.mined = quantity(mined, "eth_getTransactionCount")
        if ours:
            self.waits = isinstance(ours[0], dict)
            self.receipt = ours[1] if isinstance(ours[1], dict) else None
        elif not isinstance(waiting, RpcError):
            self.waits = quantity(waiting, "eth_getTransactionCount") > self.nonce

    async def search(self) -> None:
        """Find the transaction with our sender and nonce in the blocks since it was prepared."""
        # The nonces were counted after the head was asked for: a block may have come in between.
        now = quantity(await self.adapter.rpc.call("eth_blockNumber"), "eth_blockNumber")
        last = min(max(self.head, now), int(self.notes["block"]) + SCANNED)
        for start in range(int(self.notes["block"]), last + 1, TOGETHER):
            numbers = range(start, min(start + TOGETHER, last + 1))
            blocks = await self.adapter.rpc.batch(
                [("eth_getBlockByNumber", (hex(number), True)) for number in numbers]
            )
            for block in blocks:
                if isinstance(block, RpcError):
                    raise block
                for each in (block or {}).get("transactions") or ():
                    if isinstance(each, dict) and self._is_of_sender(each):
                        await self._found(each)
                        return

    def _is_of_sender(self, transaction: Json) -> bool:
        return (
            str(transaction.get("from", "")).lower() == self.notes["from"].lower()
            and quantity(transaction.get("nonce"), "a transaction's nonce") == self.nonce
        )

    async def _found(self, transaction: Json) -> None:
        hash = clean(str(transaction.get("hash", "")), 66)
        if self.hash or not self._is_ours(transaction):
            self.other = hash
            return
        answer = await self.adapter.rpc.call("eth_getTransactionReceipt", hash)
        if not isinstance(answer, dict):
            raise AdapterError(f"{self.adapter.rpc.node} has no receipt of {hash} yet")
        self.hash, self.receipt = hash, answer

    def _is_ours(self, transaction: Json) -> bool:
        notes = self.notes
        data = transaction.get("input", transaction.get("data"))
        return (
            str(transaction.get("to", "")).lower() == notes["to"].lower()
            and hexdata(data, "a transaction's data") == bytes.fromhex(notes["data"][2:])
            and quantity(transaction.get("value"), "a transaction's value") == int(notes["value"])
            and quantity(transaction.get("gas"), "a transaction's gas") == int(notes["gas"])
        )


async def _nonce_used(here: _Here, taken: bool) -> Reconciled:
    """Say who used the nonce: for certain not us, if our own receipt is not there even now."""
    if here.hash:
        again = await here.adapter.rpc.call("eth_getTransactionReceipt", here.hash)
        if isinstance(again, dict):  # it came in between the two questions
            return await _included(here, again)
        await here.search()
    if not here.hash and not here.other:
        return Reconciled(
            Fate.UNKNOWN, f"its nonce was used, by what was not found ({_which(here)})"
        )
    by = f" by {here.other}" if here.other else ""
    if not taken:
        return Reconciled(Fate.NOT_SENT, f"its nonce was used{by} ({_which(here)})")
    if here.final is not None:
        sender = here.notes["from"]
        answer = await here.adapter.rpc.call("eth_getTransactionCount", sender, hex(here.final))
        if quantity(answer, "eth_getTransactionCount") <= here.nonce:
            return _not_final(here, f"its nonce was used{by}")
    return Reconciled(
        Fate.FAILED, f"its nonce was used{by}: it can never be in a block ({_which(here)})"
    )


async def _included(here: _Here, receipt: Json) -> Reconciled:
    number = quantity(receipt.get("blockNumber"), "the receipt's block")
    hash = clean(str(receipt.get("transactionHash", "")), 66)
    if quantity(receipt.get("status"), "the receipt's status") == 1:
        told = {
            "hash": hash,
            "block": str(number),
            "block_hash": clean(str(receipt.get("blockHash", "")), 66),
        }
        return Reconciled(
            Fate.SENT, f"{hash} is in block {number:,}", Receipt(f"in block {number:,}", told)
        )
    why = await reverted(here.adapter, here.notes, receipt, number)
    if here.final is not None and number > here.final:
        return _not_final(here, f"{why}, in block {number:,}")
    return Reconciled(Fate.FAILED, f"{why}, in block {number:,} ({hash}); {_fee(receipt)}")


def _not_final(here: _Here, said: str) -> Reconciled:
    """Say that a reorganisation could still turn it."""
    return Reconciled(
        Fate.PENDING,
        f"{said}; that is not final yet (final so far is block {here.final:,})",
        again=max(1.0, here.adapter.settings.poll),
    )


async def reverted(adapter: ChainAdapter, notes: Notes, receipt: Json, number: int) -> str:
    """Return why it reverted: a receipt does not say, so it is run again on the block before."""
    used = quantity(receipt.get("gasUsed"), "the gas used")
    if used >= int(notes["gas"]):
        return f"reverted: it ran out of gas ({used:,})"
    call = {name: notes[name] for name in ("from", "to", "data")}
    call["value"] = hex(int(notes["value"]))
    try:
        await adapter.rpc.call("eth_call", call, hex(max(0, number - 1)))
    except RpcError as error:
        if error.revert is not None:
            try:
                return f"reverted: {because(adapter, adapter.contract(notes['to']), error.revert)}"
            except Refused:  # the contract is not configured any more
                pass
    except AdapterError:
        pass
    return "reverted"


def _fee(receipt: Json) -> str:
    try:
        price = quantity(receipt.get("effectiveGasPrice"), "")
        paid = price * quantity(receipt.get("gasUsed"), "")
    except AdapterError:
        return "it changed nothing but the fee"
    return f"it changed nothing but the fee, {units.ether(paid)}"


def _which(here: _Here) -> str:
    return f"nonce {here.nonce} of {here.notes['sender']}"
