"""A client of the box's EVM node, as plain as the protocol, and a test's own hand on the node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from fixtures.evm.contracts import Artifact
    from fixtures.evm.server import Served

FOUNDED = 1_900_000_000
ETHER = 10**18
MISSING = "0x" + "ab" * 32
"""A hash that is nobody's."""


class Failed(Exception):
    """The node answered with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data: Any = error.get("data")


class Evm:
    """A served node, and one who asks it. `accounts` are written as the node writes them."""

    def __init__(self, served: Served, client: httpx.AsyncClient) -> None:
        self.served = served
        self.node = served.node
        self.accounts = ["0x" + each.hex() for each in served.node.accounts]
        self._client = client

    async def post(self, body: Any, **options: Any) -> httpx.Response:
        """Post a body as it is, or as JSON."""
        if isinstance(body, bytes):
            options.setdefault("headers", {"content-type": "application/json"})
            return await self._client.post(self.served.url, content=body, **options)
        return await self._client.post(self.served.url, json=body, **options)

    async def ask(self, method: str, *params: Any) -> Any:
        """Return the result of a method. Raises Failed."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        told = (await self.post(body)).json()
        assert set(told) in ({"jsonrpc", "id", "result"}, {"jsonrpc", "id", "error"})
        if "error" in told:
            raise Failed(told["error"])
        return told["result"]

    async def refusal(self, method: str, *params: Any) -> Failed:
        """Return the error that a method answers; without one the test fails."""
        with pytest.raises(Failed) as caught:
            await self.ask(method, *params)
        return caught.value

    async def identity(self, *tokens: tuple[int, int, str]) -> Artifact:
        """Deploy Identity and mint tokens: an account's number, the token's, the app's name."""
        found = await self.served.deploy("Identity")
        for account, number, app in tokens:
            to = self.accounts[account]
            await self.served.send(found.address, found.encode("mint", to, number, app))
        if tokens:
            await self.served.mine()
        return found

    async def owner(self, identity: Artifact, number: int, tag: str = "latest") -> str:
        """Return the owner of a token."""
        call = {"to": identity.address, "data": hexed(identity.encode("ownerOf", number))}
        return "0x" + (await self.ask("eth_call", call, tag))[-40:]

    def transfer(self, identity: Artifact, number: int, source: int, to: int) -> dict[str, str]:
        """Return the transaction that hands a token over."""
        owner, heir = self.accounts[source], self.accounts[to]
        data = identity.encode("transferFrom", owner, heir, number)
        return {"from": owner, "to": identity.address, "data": hexed(data)}


def hexed(data: bytes) -> str:
    """Write bytes as the protocol does."""
    return "0x" + data.hex()
