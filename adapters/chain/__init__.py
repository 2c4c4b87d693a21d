"""The adapter for an EVM chain: heads, tokens, contracts and their history, and calls.

Importing this package costs nothing: `ChainAdapter` is imported when it is asked for; httpx,
websockets and eth-account only when a connection is made or something is signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

__all__ = ["ChainAdapter"]


def __getattr__(name: str) -> Any:
    if name == "ChainAdapter":
        from adapters.chain.adapter import ChainAdapter

        return ChainAdapter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
