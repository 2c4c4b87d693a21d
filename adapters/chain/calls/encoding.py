"""Values into the bytes of the ABI, by eth-abi: off the loop, since its import takes 0.2-0.7 s."""

from __future__ import annotations

import asyncio
from typing import Any

from adapters.chain.abi import Function
from adapters.chain.types import Type
from adapters.contract import Refused

LARGEST = 131_072
"""Bytes of the longest calldata: what nodes take in one transaction."""


async def calldata(*calls: tuple[Function, tuple[Any, ...]]) -> list[bytes]:
    """Return what calls each function with its values; raises `Refused` where that is too much."""
    found = await asyncio.to_thread(
        lambda: [function.selector + encoded(function.inputs, values) for function, values in calls]
    )
    for data in found:
        if len(data) > LARGEST:
            raise Refused(
                f"the arguments take {len(data)} bytes; a transaction holds at most {LARGEST}"
            )
    return found


async def outputs(*answers: tuple[Type, tuple[Any, ...]]) -> list[bytes]:
    """Return each tuple of values as a contract would answer it."""
    return await asyncio.to_thread(lambda: [encoded(*each) for each in answers])


def encoded(type_: Type, values: tuple[Any, ...]) -> bytes:
    """Return *values* of the tuple *type_*; they were checked before."""
    from eth_abi.abi import encode

    return bytes(encode([part.text for part in type_.parts], values))
