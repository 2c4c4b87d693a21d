"""The accounts that the configuration names or can sign with: balances and nonces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from adapters.chain import hashing
from adapters.chain.calls.keys import Keyring
from adapters.chain.heads import Head
from adapters.chain.known import Names
from adapters.chain.readings import amount
from adapters.chain.rpc import Call, Rpc, RpcError
from adapters.chain.settings import Settings
from adapters.contract import AdapterError, Refused
from adapters.records import Account

NODE_ACCOUNTS = 64
"""Accounts of the node's own that are taken up."""


class Listed(msgspec.Struct, frozen=True):
    """One account: `address` is "" where a keystore does not say it before it is open."""

    name: str
    address: str
    signs: str = ""
    locked: bool = False


async def listed(rpc: Rpc, settings: Settings, names: Names, keys: Keyring) -> list[Listed]:
    """Return the accounts that there are: keys first, then names, then what the node has.

    A key whose file cannot be read is listed without its address; `diagnose` says why.
    """
    own = await _node_accounts(rpc) if settings.node_accounts else []
    found: dict[str, Listed] = {}
    for name in keys.names:
        try:
            address = await keys.address(name)
        except Refused:
            address = ""
        found[name] = Listed(name, address, "keystore", keys.locked(name))
    for name in settings.names:
        if name not in found:
            address = names.addresses[name]
            found[name] = Listed(name, address, "node" if address in own else "")
    there = {each.address for each in found.values()}
    for address in own:
        if address not in there:
            found[address] = Listed(address, address, "node")
    return list(found.values())


async def _node_accounts(rpc: Rpc) -> list[str]:
    """Return the accounts that the node has unlocked, none where it does not tell."""
    try:
        said = await rpc.call("eth_accounts")
    except RpcError as error:
        if error.missing:
            return []
        raise
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise AdapterError("eth_accounts: the node answered something else than accounts")
    found = [hashing.checksummed(each) for each in said if hashing.is_address(each)]
    return found[:NODE_ACCOUNTS]


async def read(
    rpc: Rpc, accounts: Sequence[Listed], top: Head, chain_id: int, *, source: str, now: float
) -> list[Account]:
    """Return the accounts at block *top*, in one batch; raises as `Rpc.batch` does."""
    known = [each for each in accounts if each.address]
    calls: list[Call] = []
    for each in known:
        for method in ("eth_getBalance", "eth_getTransactionCount"):
            calls.append((method, (each.address, hex(top.number))))
    answers = iter(await rpc.batch(calls))
    values = {each.name: (next(answers), next(answers)) for each in known}
    found = []
    for each in accounts:
        balance, nonce = values.get(each.name, (None, None))
        found.append(
            Account(
                source=source,
                name=each.name,
                at=float(top.time),
                received=now,
                chain_id=chain_id,
                address=each.address,
                balance=amount(balance),
                nonce=_nonce(nonce),
                signs=each.signs,
                locked=each.locked,
            )
        )
    return found


def _nonce(answer: Any) -> int | None:
    text = amount(answer)
    return int(text) if text and int(text) < 1 << 63 else None
