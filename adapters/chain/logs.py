"""Contract logs by block range: paged, halved when the node refuses, and checked for a lag."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from adapters.chain.heads import Head, Moved, head
from adapters.chain.rpc import Call, Rpc, RpcError, Unreachable
from adapters.contract import AdapterError

LIMIT = 1_000_000
"""Logs of one page past which a node is not believed."""


class Log(msgspec.Struct, frozen=True):
    """One log. `address` is in lower case, `time` is its block's where the node says so."""

    address: str
    topics: tuple[str, ...]
    data: bytes
    block: int
    block_hash: str
    transaction: str
    index: int
    time: int | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands on the chain."""
        return self.block, self.index


class _Wire(msgspec.Struct, rename="camel"):
    address: str
    topics: tuple[str, ...]
    data: str
    block_number: str
    block_hash: str
    transaction_hash: str
    log_index: str
    block_timestamp: str | None = None
    removed: bool = False


def parse(answer: Any, what: str = "eth_getLogs") -> list[Log]:
    """Return the logs in a node's answer, in the chain's order; raises `AdapterError`."""
    try:
        found = [_log(each) for each in msgspec.convert(answer, list[_Wire]) if not each.removed]
    except (msgspec.ValidationError, ValueError):
        raise AdapterError(f"{what}: the node answered something else than logs") from None
    found.sort(key=lambda log: log.place)
    return found


def _log(wire: _Wire) -> Log:
    time = wire.block_timestamp
    return Log(
        wire.address.lower(),
        tuple(topic.lower() for topic in wire.topics[:4]),
        bytes.fromhex(wire.data.removeprefix("0x")),
        int(wire.block_number, 16),
        wire.block_hash.lower(),
        wire.transaction_hash.lower(),
        int(wire.log_index, 16),
        None if time is None else int(time, 16),
    )


class Reader:
    """Asks one node for the logs of some contracts. `page` adapts to what the node bears."""

    def __init__(
        self,
        rpc: Rpc,
        addresses: Sequence[str],
        page: int,
        topics: Sequence[str | None] = (),
    ) -> None:
        self._rpc = rpc
        self._addresses = list(addresses)
        self._topics = list(topics)
        self._longest = page
        self.page = page

    async def read(self, first: int, top: Head) -> AsyncIterator[tuple[int, list[Log]]]:
        """Yield the logs of blocks *first* to *top*, page by page, with the page's last block.

        Raises `Moved` where the node answers from behind *top*, or from another chain.
        """
        while first <= top.number and self._addresses:
            last = min(first + self.page - 1, top.number)
            try:
                found = await self._page(first, last, top)
            except (RpcError, Unreachable) as error:
                if not self._refused(error) or last == first:
                    raise
                self.page = max(1, (last - first + 1) // 2)
                continue
            yield last, found
            first = last + 1
            self.page = min(self._longest, self.page * 2)

    async def _page(self, first: int, last: int, top: Head) -> list[Log]:
        """Ask for a page and for *top* with it: a node that lags says "no logs", not an error."""
        asked: dict[str, Any] = {
            "fromBlock": hex(first),
            "toBlock": hex(last),
            "address": self._addresses,
        }
        asked |= {"topics": self._topics} if self._topics else {}
        calls: list[Call] = [
            ("eth_getLogs", (asked,)),
            ("eth_getBlockByNumber", (hex(top.number), False)),
        ]
        answer, there = await self._rpc.batch(calls)
        if isinstance(there, RpcError):
            raise there
        if there is None:
            raise Moved(f"the node that answers is behind block {top.number}")
        if head(there).hash != top.hash:
            raise Moved("the chain moved on while its logs were read")
        if isinstance(answer, RpcError):
            raise answer
        found = parse(answer)
        if len(found) > LIMIT:
            raise AdapterError(f"eth_getLogs: more than {LIMIT:,} logs at once")
        if any(not first <= log.block <= last for log in found):
            raise AdapterError("eth_getLogs: the node answered logs of other blocks")
        return found

    def _refused(self, error: AdapterError) -> bool:
        """Whether a smaller page may be answered: a limit on logs, blocks, bytes or time."""
        if isinstance(error, RpcError):
            return not error.missing
        return isinstance(error, Unreachable) and error.sent and "in time" in str(error)
