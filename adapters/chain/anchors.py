"""What a contract Anchor holds of a log: each root with its size, block, transaction and finality.

An event tells of each anchor, and the contract's own state of the last one: a node that keeps no
old events still knows where a log stands.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from adapters.chain import looking
from adapters.chain.abi import Decoded
from adapters.chain.calls.recording import ANCHOR, takes
from adapters.chain.enriching import Details
from adapters.chain.heads import Head, Moved, head
from adapters.chain.known import Known
from adapters.chain.logs import Log, Reader
from adapters.chain.looking import Look
from adapters.chain.rpc import RpcError, hexdata
from adapters.contract import Answer, Refused
from adapters.text import clean

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

EVENT = "Anchored(bytes32,address,uint64,bytes32)"
LATEST = "latest(bytes32)"
NOTHING = "NothingAnchored"
MOST = 200
"""Anchors in one answer, the newest."""
WIDEST = 1 << 62
"""Blocks of a page of logs that a node is first asked for: it finds one log's by their topic."""
_LOG = re.compile(r"(?:0x)?([0-9a-fA-F]{64})")


class Anchored(msgspec.Struct, frozen=True):
    """One anchor. `root` and the hashes are 0x and digits, `time` is seconds since 1970.

    `transaction` and `by` are "" where only the contract's state tells of it; `final` is None
    where finality is not known.
    """

    size: int
    root: str
    block: int
    block_hash: str
    time: int | None
    transaction: str = ""
    by: str = ""
    final: bool | None = None


class Anchors(msgspec.Struct, frozen=True):
    """The anchors of a log, the oldest first; `head` and `final` say how far the chain was."""

    chain: str
    contract: str
    log: str
    head: int
    final: int | None
    anchors: tuple[Anchored, ...]


async def answer(adapter: ChainAdapter, given: Mapping[str, str]) -> Answer:
    """Answer what is anchored of a log, as JSON in the shape of `Anchors`.

    `log` is the SHA-256 of the log's origin. `last` asks for the newest alone, `upto` for those of
    at most that size, `contract` says where, if not in the first contract that anchors.
    """
    found = _LOG.fullmatch(given.get("log", ""))
    if found is None:
        raise Refused("anchors: log says which: the SHA-256 of its origin, 64 digits")
    log, upto = found[1].lower(), _size(given.get("upto", ""))
    contract = _place(adapter, given.get("contract", ""))
    await adapter.chain_id()
    now = await looking.look(adapter.rpc, adapter.settings.confirmations)
    last = await _last(adapter, contract, log, now)
    wanted = [last] if last and last.size <= upto else []
    if last and not given.get("last"):
        older = await _read(adapter, contract, log, contract.from_block, now.head, now, upto)
        wanted = [*(each for each in older if each.size < last.size), *wanted]
    said = Anchors(
        f"eip155:{now.chain_id}",
        contract.address,
        log,
        now.head.number,
        now.final,
        tuple(wanted[-MOST:]),
    )
    text = msgspec.json.format(msgspec.json.encode(said)).decode()
    return Answer(text, f"anchors of {log[:8]}…", "json", more=len(wanted) > MOST)


def _size(text: str) -> int:
    if not text:
        return WIDEST
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        return int(text)
    raise Refused("anchors: upto is a size: digits")


def _place(adapter: ChainAdapter, name: str) -> Known:
    """Return the contract that is asked; raises `Refused` where none anchors."""
    if name:
        contract = adapter.contract(name)
        if takes(contract, ANCHOR):
            return contract
        raise Refused(f"{clean(contract.name)} has no {ANCHOR}: it anchors nothing")
    for each in adapter.contracts.values():
        if takes(each, ANCHOR):
            return each
    raise Refused(f"no contract here has {ANCHOR}: configure the contract Anchor")


async def _last(adapter: ChainAdapter, contract: Known, log: str, now: Look) -> Anchored | None:
    """Return the newest anchor, None where there is none; the state says it, its event the rest."""
    function = contract.abi.function(LATEST)
    call = {"to": contract.address, "data": f"0x{function.selector.hex()}{log}"}
    try:
        data = await adapter.rpc.call("eth_call", call, hex(now.head.number))
    except RpcError as error:
        said = contract.abi.decode_error(error.revert) if error.revert else None
        if said is not None and said.name == NOTHING:
            return None
        raise
    raw = hexdata(data, "eth_call")
    if not raw:
        raise Refused(f"there is no contract at {contract.address} on this chain")
    size, root, number, time = contract.abi.decode_output(function, raw)
    block = head(await adapter.rpc.call("eth_getBlockByNumber", hex(number), False), "its block")
    for each in await _read(adapter, contract, log, number, block, now):
        if each.size == size:
            if each.root != "0x" + root.hex():
                raise Moved("the chain moved on while its anchors were read")
            return each
    return Anchored(size, "0x" + root.hex(), number, block.hash, time, final=_final(number, now))


async def _read(
    adapter: ChainAdapter,
    contract: Known,
    log: str,
    first: int,
    top: Head,
    now: Look,
    upto: int = WIDEST,
) -> list[Anchored]:
    """Return the anchors in the blocks *first* to *top* by their events, the newest of them.

    One more than `MOST` says that there are older ones.
    """
    topic = next((each.topic for each in contract.abi.events if each.signature == EVENT), None)
    if topic is None:
        return []
    reader = Reader(adapter.rpc, [contract.address], WIDEST, [topic, "0x" + log])
    found: deque[tuple[Log, Decoded]] = deque(maxlen=MOST + 1)
    async for _, logs in reader.read(first, top):
        for each in logs:
            said = contract.abi.decode_log(each.topics, each.data)
            if said is not None and said.values[2] <= upto:
                found.append((each, said))
    details = Details()
    await details.ask(adapter.rpc, [each for each, _ in found])
    return [_anchored(details.timed(each), said, now) for each, said in found]


def _anchored(log: Log, said: Decoded, now: Look) -> Anchored:
    _, by, size, root = said.values
    final = _final(log.block, now)
    return Anchored(
        size, "0x" + root.hex(), log.block, log.block_hash, log.time, log.transaction, by, final
    )


def _final(block: int, now: Look) -> bool | None:
    return None if now.final is None else block <= now.final
