"""Keccak-256, and what is made of it: selectors, topics, the spelling of addresses."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
ZERO_ADDRESS = "0x0000000000000000000000000000000000000000"


@functools.cache
def _hasher() -> Callable[[bytes], bytes]:
    from eth_hash.auto import keccak as found  # 25 ms, and only a chain needs it

    return found


def keccak(data: bytes) -> bytes:
    """Return the Keccak-256 of *data*, which is not SHA3-256."""
    return _hasher()(data)


def selector(signature: str) -> bytes:
    """Return the four bytes that open a call of *signature*, or a custom error of it."""
    return keccak(signature.encode())[:4]


def topic(signature: str) -> str:
    """Return the first topic of an event of *signature*: 0x and 64 lower-case digits."""
    return "0x" + keccak(signature.encode()).hex()


def address(raw: bytes) -> str:
    """Return 20 bytes in EIP-55 spelling."""
    return _spelled(raw.hex())


def checksummed(text: str) -> str:
    """Return the address *text* in EIP-55 spelling; raises `ValueError` where it is none."""
    if not is_address(text):
        raise ValueError("not an address")
    return _spelled(text[2:].lower())


def is_address(text: str) -> bool:
    """Whether *text* is 0x and 40 hexadecimal digits, in whatever case."""
    return _ADDRESS.fullmatch(text) is not None


def mistyped(text: str) -> bool:
    """Whether the address *text* is in mixed case and EIP-55 says that it holds a mistake."""
    digits = text[2:]
    return digits not in (digits.lower(), digits.upper()) and text != checksummed(text)


@functools.lru_cache(maxsize=65_536)
def _spelled(digits: str) -> str:
    """10,000 tokens have far fewer owners, and each is spelled again and again."""
    marks = keccak(digits.encode()).hex()
    return "0x" + "".join(
        digit.upper() if mark > "7" else digit for digit, mark in zip(digits, marks, strict=False)
    )
