"""A chain with 10,000 tokens of Identity on it: what `tests.bench.owners` reads."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from eth_abi.abi import encode
from eth_utils.abi import function_signature_to_4byte_selector

from tests.contract.chain.backend import Backend, RealBackend
from tests.real.anvil import Anvil
from tests.real.installed import installed
from tests.real.solidity import compiled

TOKENS, AT_ONCE = 10_000, 250
"""As many mints as a block has gas for go in one transaction."""
_MINT = "mint(address,uint256,address[])"


def owner(backend: Backend, token: int) -> str:
    """Return whose *token* is, as it was minted (EIP-55)."""
    return backend.accounts[token % len(backend.accounts)]


@asynccontextmanager
async def crowd() -> AsyncIterator[Backend]:
    """An anvil with Identity and its tokens; raises `NotInstalled`."""
    with tempfile.TemporaryDirectory(prefix="colony-bench-") as directory:
        node = Anvil(installed("anvil"), Path(directory))
        backend = RealBackend(node)
        try:
            node.start()
            await backend.open()
            await backend.deploy()
            await _mint(backend, Path(directory))
            yield backend
        finally:
            await backend.close()
            node.stop()


async def _mint(backend: Backend, directory: Path) -> None:
    compiled(installed("solidity"), directory, Path(__file__).with_name("Minter.sol"))
    code = json.loads((directory / "Minter.json").read_text())["bytecode"]
    minter = (await backend.transact(data=code))["contractAddress"]
    await backend.send("Identity", "transferOwnership", minter)
    for first in range(0, TOKENS, AT_ONCE):
        owners = [owner(backend, token) for token in range(first, first + AT_ONCE)]
        body = encode(["address", "uint256", "address[]"], [backend.identity, first, owners])
        call = function_signature_to_4byte_selector(_MINT) + body
        await backend.transact(to=minter, data=f"0x{call.hex()}")
