"""What a simulation found, and the answer of `eth_simulateV1` read with care."""

from __future__ import annotations

from typing import Any

import msgspec

from adapters.chain.calls.accounts import Signer
from adapters.chain.calls.asked import Asked
from adapters.chain.calls.effects import Read
from adapters.chain.calls.fees import Cost
from adapters.chain.rpc import RpcError, hexdata
from adapters.contract import AdapterError

LOGS = 256
"""Events of one call that are kept."""


class Log(msgspec.Struct, frozen=True):
    """One event that a call emits, as it stands on the chain."""

    address: str
    topics: tuple[str, ...]
    data: bytes


class Block(msgspec.Struct, frozen=True):
    """The block that was simulated on."""

    number: int
    time: int
    base_fee: int | None
    gas_limit: int | None


class Seen(msgspec.Struct, frozen=True):
    """One read of the contract before and after: None where it reverts, or nobody knows."""

    read: Read
    data: bytes
    before: bytes | None
    after: bytes | None


class Simulated(msgspec.Struct, frozen=True):
    """What the node says of a call. `events` is None where it cannot tell, and `why` not.

    `gas` is what was estimated. `chosen` is whether nobody said who is to send it. `lag` is how
    many seconds it takes here until a block is final.
    """

    asked: Asked
    signer: Signer
    chosen: bool
    chain_id: int
    block: Block
    result: bytes
    gas: int
    cost: Cost
    balance: int
    seen: tuple[Seen, ...]
    events: tuple[Log, ...] | None
    why: str
    lag: float


def logs(found: Any) -> tuple[Log, ...]:
    """Return the logs in an answer of the node; raises `AdapterError`."""
    try:
        return tuple(
            Log(
                msgspec.convert(log["address"], str),
                msgspec.convert(log["topics"], tuple[str, ...]),
                hexdata(log["data"], "a log"),
            )
            for log in found[:LOGS]
        )
    except (LookupError, TypeError, ValueError):
        raise AdapterError("the node answered something else than logs") from None


def whole(
    answer: Any, reads: int
) -> tuple[tuple[Log, ...] | None, tuple[bytes | None, ...] | None, str]:
    """Return the events and the reads after, as `eth_simulateV1` has them; else why it has not."""
    if isinstance(answer, RpcError):
        if answer.missing:
            return None, None, "the node has no eth_simulateV1"
        return None, None, f"eth_simulateV1: {answer.said}"
    try:
        call, *rest = answer[0]["calls"]
        if call["status"] != "0x1" or len(rest) != reads:
            return None, None, "eth_simulateV1 does not agree with eth_call"
        events = logs(call["logs"])
        after = tuple(
            hexdata(each["returnData"], "eth_simulateV1") if each["status"] == "0x1" else None
            for each in rest
        )
    except (LookupError, TypeError, ValueError, AdapterError):
        return None, None, "eth_simulateV1 answers in a way that is not known here"
    return events, after, ""
