"""What logs alone do not tell: when, who sent it, and whether the contract agrees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from adapters.chain import hashing
from adapters.chain.abi import Abi
from adapters.chain.decoding import Undecodable
from adapters.chain.heads import Head
from adapters.chain.known import Known
from adapters.chain.ledger import APP_LIMIT
from adapters.chain.logs import Log
from adapters.chain.ownership import NAMED, Ownership, owners
from adapters.chain.rpc import Call, Rpc, hexdata
from adapters.chain.world import World
from adapters.contract import AdapterError, Refused
from adapters.text import clean

TIMES = 65_536
"""Blocks whose timestamps are remembered."""


class Details:
    """Timestamps of blocks and senders of transactions, asked for once."""

    def __init__(self) -> None:
        self.times: dict[str, int] = {}
        self.senders: dict[str, str] = {}

    def timed(self, log: Log) -> Log:
        """Return *log* with its block's time, where that is known."""
        time = self.times.get(log.block_hash)
        if log.time is not None or time is None:
            return log
        return msgspec.structs.replace(log, time=time)

    async def learn(self, rpc: Rpc, world: World) -> None:
        """Ask for all that the world's new logs and changed tokens lack."""
        for head in world.ring:
            self.times[head.hash] = head.time
        self.times |= {log.block_hash: log.time for log in world.fresh if log.time is not None}
        lacking = {log.block_hash for log in world.fresh} | {
            held.block_hash
            for owned in world.tokens.values()
            for token in owned.untimed
            if (held := owned.tokens.get(token)) is not None
        }
        await self._ask(rpc, lacking, {log.transaction for log in world.fresh})
        _time(world.tokens.values(), self.times)
        _trim(self.times)
        _trim(self.senders)

    async def ask(self, rpc: Rpc, logs: Sequence[Log]) -> None:
        """Ask for what some logs lack."""
        untimed = {log.block_hash for log in logs if log.time is None}
        await self._ask(rpc, untimed, {log.transaction for log in logs})

    async def _ask(self, rpc: Rpc, lacking: Iterable[str], sent: Iterable[str]) -> None:
        blocks = [each for each in lacking if each not in self.times]
        unknown = [each for each in sent if each not in self.senders]
        calls: list[Call] = [("eth_getBlockByHash", (each, False)) for each in blocks]
        calls += [("eth_getTransactionByHash", (each,)) for each in unknown]
        answers = await rpc.batch(calls)
        for block, answer in zip(blocks, answers, strict=False):
            time = _number(answer, "timestamp")
            if time is not None:
                self.times[block] = time
        for transaction, answer in zip(unknown, answers[len(blocks) :], strict=True):
            sender = answer.get("from") if isinstance(answer, dict) else None
            if isinstance(sender, str) and hashing.is_address(sender):
                self.senders[transaction] = hashing.checksummed(sender)


def _time(all_owned: Iterable[Ownership], times: Mapping[str, int]) -> None:
    for owned in all_owned:
        for token in list(owned.untimed):
            held = owned.tokens.get(token)
            if held is None:
                del owned.untimed[token]
            elif held.block_hash in times:
                owned.timed(token, times[held.block_hash])


def _trim(known: dict[str, Any]) -> None:
    while len(known) > TIMES:
        del known[next(iter(known))]


def _number(answer: Any, name: str) -> int | None:
    value = answer.get(name) if isinstance(answer, dict) else None
    try:
        return int(value, 16) if isinstance(value, str) else None
    except ValueError:
        return None


async def reconcile(rpc: Rpc, contract: Known, owned: Ownership, top: Head) -> None:
    """Ask the contract itself about the tokens that changed; what it left out stays `unasked`."""
    tokens = [token for token in owned.unasked if token in owned.tokens]
    answers = await owners(rpc, contract.address, tokens, hex(top.number))
    owned.unasked = {}
    for token, owner in zip(tokens, answers, strict=True):
        if owner is None:
            owned.unasked[token] = None
        else:
            owned.asked(token, told=owner)
    await _ask_apps(rpc, contract, owned, tokens, top)


async def _ask_apps(
    rpc: Rpc, contract: Known, owned: Ownership, tokens: list[int], top: Head
) -> None:
    """Ask `appOf` about the tokens that never said what they name, where there is such a thing."""
    silent = [token for token in tokens if owned.tokens[token].app is None]
    if not silent:
        return
    try:
        function = contract.abi.function("appOf(uint256)")
    except Refused:
        if not _can_name(contract.abi):
            for token in silent:
                owned.asked(token, app="")  # its tokens name nothing, and that is known
        return
    calls: list[Call] = []
    for token in silent:
        data = f"0x{function.selector.hex()}{token:064x}"
        calls.append(("eth_call", ({"to": contract.address, "data": data}, hex(top.number))))
    for token, answer in zip(silent, await rpc.batch(calls), strict=True):
        try:
            (app,) = contract.abi.decode_output(function, hexdata(answer, "appOf"))
        except (AdapterError, Undecodable, ValueError):
            continue
        owned.asked(token, app=clean(str(app), APP_LIMIT))


def _can_name(abi: Abi) -> bool:
    return any(event.signature == NAMED for event in abi.events)
