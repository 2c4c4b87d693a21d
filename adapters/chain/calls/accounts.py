"""Who can sign here: the configured keys, and the node's own accounts where that is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from adapters.chain import hashing
from adapters.chain.calls.keys import Keyring
from adapters.chain.rpc import RpcError
from adapters.contract import Refused
from adapters.text import clean

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

KEYSTORE = "keystore"
NODE = "node"
MOST = 64
"""Accounts of a node that are taken notice of."""


class Signer(msgspec.Struct, frozen=True):
    """One account that can sign: its name here, its address, and how ("keystore" or "node")."""

    name: str
    address: str
    how: str


class Accounts:
    """The accounts that can sign, in the order in which they are tried."""

    def __init__(self, adapter: ChainAdapter, keyring: Keyring) -> None:
        self._adapter = adapter
        self._keyring = keyring
        self._node: tuple[str, ...] | None = None
        self.left_out: tuple[str, ...] = ()
        """Why keys that cannot be read were no signers the last time, a line each."""

    async def signers(self) -> tuple[Signer, ...]:
        """Return them: keys first. Asks the node once; a key that cannot be read is left out."""
        found: dict[str, Signer] = {}
        left_out = []
        for name in self._keyring.names:
            try:
                address = await self._keyring.address(name)
                if not address and not self._keyring.locked(name):
                    await self._keyring.ready(name)
                    address = await self._keyring.address(name)
            except Refused as error:
                left_out.append(str(error))
                continue
            address = address or self._adapter.names.addresses.get(name, "")
            if address:
                found.setdefault(address, Signer(name, address, KEYSTORE))
        for address in await self._of_node():
            name = self._adapter.names.of(address) or address
            found.setdefault(address, Signer(name, address, NODE))
        self.left_out = tuple(left_out)
        return tuple(found.values())

    async def find(self, text: str) -> Signer:
        """Return the signer called *text*, or of that address; raises `Refused`."""
        signers = await self.signers()
        wanted = text.strip()
        for signer in signers:
            if wanted == signer.name or wanted.lower() == signer.address.lower():
                return signer
        known = self._adapter.names.addresses.get(wanted, "")
        for signer in signers:
            if signer.address == known:
                return signer
        if wanted in self._keyring.names:
            await self._keyring.address(wanted)  # says what is wrong with its file
            raise Refused(f"from: whose key {clean(wanted)} is, is known once it is unlocked")
        there = ", ".join(signer.name for signer in signers) or "none"
        raise Refused(f"from: {clean(wanted, 60)!r} cannot sign here; there are: {clean(there)}")

    async def _of_node(self) -> tuple[str, ...]:
        if not self._adapter.settings.node_accounts:
            return ()
        if self._node is None:
            try:
                answer = await self._adapter.rpc.call("eth_accounts")
            except RpcError as error:
                if not error.missing:
                    raise
                answer = ()
            texts = answer[:MOST] if isinstance(answer, list) else []
            self._node = tuple(
                hashing.checksummed(text)
                for text in texts
                if isinstance(text, str) and hashing.is_address(text)
            )
        return self._node
