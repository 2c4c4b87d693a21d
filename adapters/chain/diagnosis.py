"""`colony doctor` for one chain: configuration, reach, head, contracts, logs, finality, keys."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from adapters.chain.calls.keys import Keyring
from adapters.chain.heads import Head, head
from adapters.chain.known import Known, Names
from adapters.chain.rpc import Call, Denied, Rpc, RpcError, quantity
from adapters.chain.settings import Settings, named
from adapters.contract import AdapterError, ConfigurationError, Finding, Found, Refused
from adapters.text import clean

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

SLOW = 0.5
"""Seconds for a small answer past which the network is worth a word."""
OLD = 300.0
"""Seconds since the last block past which a chain is worth a word."""
AHEAD = 15.0
"""Seconds that a block may be in our future: what nodes themselves allow."""


async def diagnose(
    adapter: ChainAdapter, rpc: Rpc, contracts: Mapping[str, Known], names: Names
) -> Sequence[Finding]:
    """Return what was found; nothing is raised: what fails is a finding."""
    found = [configuration(adapter.settings, contracts)]
    reached = await _reach(adapter, rpc)
    found += reached
    if any(each.found is Found.BAD for each in reached):
        return [*found, *await _keys(adapter.call.keyring)]
    try:
        top = head(await rpc.call("eth_getBlockByNumber", "latest", False), "the latest block")
    except AdapterError as error:
        return [*found, Finding("head", Found.BAD, str(error), "look at the node's own log")]
    found.append(age(top, adapter.context.clock.now()))
    parts = await asyncio.gather(
        _contracts(rpc, contracts, top),
        _logs(rpc, contracts, top),
        _final(rpc, adapter.settings),
        _heads(adapter),
        _keys(adapter.call.keyring),
    )
    return [*found, *(finding for part in parts for finding in part)]


def misconfigured(error: ConfigurationError) -> Finding:
    """Return the finding for settings that cannot even be read."""
    return Finding("configuration", Found.BAD, str(error), f"correct {error.field or 'it'}")


def configuration(settings: Settings, contracts: Mapping[str, Known]) -> Finding:
    """Say what the configuration comes down to."""
    plural = "" if len(contracts) == 1 else "s"
    detail = f"{named(settings.url)}, {len(contracts)} contract{plural}"
    left_out = [line for each in contracts.values() for line in each.abi.left_out]
    if left_out:
        return Finding(
            "configuration",
            Found.WARNING,
            clean(f"{detail}; left out of an ABI: {'; '.join(left_out[:3])}", 300),
            "fine where nothing of it is needed",
        )
    if settings.chain_id is None:
        return Finding(
            "configuration",
            Found.WARNING,
            f"{detail}; any chain will do",
            "set chain_id: then nothing is ever read from or sent to another chain",
        )
    local = any(f"//{host}" in settings.url for host in ("127.0.0.1", "localhost", "[::1]"))
    if settings.url.startswith("http:") and not local:
        return Finding("configuration", Found.WARNING, f"{detail}; not encrypted", "use https://")
    return Finding("configuration", Found.GOOD, detail)


async def _reach(adapter: ChainAdapter, rpc: Rpc) -> list[Finding]:
    clock = adapter.context.clock
    try:
        await rpc.call("eth_chainId")
        before = clock.monotonic()  # now that there is a connection
        chain_id = quantity(await rpc.call("eth_chainId"), "eth_chainId")
        took = clock.monotonic() - before
        client = await _client(rpc)
    except ConfigurationError as error:
        return [misconfigured(error)]
    except Denied as error:
        return [Finding("reach", Found.BAD, str(error), "renew the token")]
    except AdapterError as error:
        return [Finding("reach", Found.BAD, str(error), "check network, url and certificates")]
    slow = took > SLOW
    reach = Finding(
        "reach",
        Found.WARNING if slow else Found.GOOD,
        f"{client}, answers in {took * 1000:.0f} ms",
        "calls will feel slow: run the station nearer" if slow else "",
    )
    try:
        adapter.check_chain(chain_id)
    except ConfigurationError as error:
        return [reach, Finding("chain", Found.BAD, str(error), "correct url or chain_id")]
    return [reach, Finding("chain", Found.GOOD, f"eip155:{chain_id}")]


async def _client(rpc: Rpc) -> str:
    try:
        return clean(str(await rpc.call("web3_clientVersion")), 80) or "an unknown node"
    except RpcError:
        return "a node that does not say what it is"


def age(top: Head, now: float) -> Finding:
    """Compare the head's timestamp with our clock: a chain that stands, or a clock that is off."""
    old = now - top.time
    detail = f"block {top.number:,}, {max(old, 0):.0f} s old"
    if old < -AHEAD:
        return Finding(
            "head",
            Found.WARNING,
            f"block {top.number:,} is {-old:.0f} s ahead of our clock",
            "synchronise both clocks (NTP): ages and windows are wrong by this much",
        )
    if old > OLD:
        return Finding(
            "head",
            Found.WARNING,
            detail,
            "the node is still syncing, the chain stands, or it makes blocks only when asked",
        )
    return Finding("head", Found.GOOD, detail)


async def _contracts(rpc: Rpc, contracts: Mapping[str, Known], top: Head) -> list[Finding]:
    calls: list[Call] = [
        ("eth_getCode", (each.address, hex(top.number))) for each in contracts.values()
    ]
    try:
        answers = await rpc.batch(calls)
    except AdapterError as error:
        return [Finding("contracts", Found.UNKNOWN, str(error))]
    found = []
    for each, code in zip(contracts.values(), answers, strict=True):
        check = f"contract {clean(each.name, 60)}"
        if not isinstance(code, str):
            said = str(code) if isinstance(code, RpcError) else "no code that can be read"
            found.append(Finding(check, Found.UNKNOWN, said))
        elif len(code) <= len("0x0"):
            found.append(
                Finding(
                    check,
                    Found.BAD,
                    f"there is no code at {each.address}",
                    f"correct contracts.{clean(each.name, 60)}.address, or is it another chain?",
                )
            )
        else:
            said = f"{each.address}, {(len(code) - 2) // 2:,} bytes of code"
            found.append(Finding(check, Found.GOOD, said))
    return found


async def _logs(rpc: Rpc, contracts: Mapping[str, Known], top: Head) -> list[Finding]:
    """Whether the node still has the oldest logs: pruned ones are an error, or nothing at all."""
    if not contracts:
        return []
    first = min(each.from_block for each in contracts.values())
    last = hex(min(first, top.number))
    asked = {
        "fromBlock": last,
        "toBlock": last,
        "address": [each.address for each in contracts.values()],
    }
    try:
        block, logs = await rpc.batch(
            [("eth_getBlockByNumber", (last, False)), ("eth_getLogs", (asked,))]
        )
    except AdapterError as error:
        return [Finding("history", Found.UNKNOWN, str(error))]
    if block is None or isinstance(block, RpcError) or isinstance(logs, RpcError):
        why = logs if isinstance(logs, RpcError) else f"it has no block {first:,}"
        return [
            Finding(
                "history",
                Found.BAD,
                clean(f"the node does not have the logs from block {first:,}: {why}", 300),
                "use an archive of receipts, or a later from_block",
            )
        ]
    return [Finding("history", Found.GOOD, f"logs from block {first:,} on")]


async def _final(rpc: Rpc, settings: Settings) -> list[Finding]:
    try:
        (block,) = await rpc.batch([("eth_getBlockByNumber", ("finalized", False))])
    except AdapterError as error:
        return [Finding("finality", Found.UNKNOWN, str(error))]
    if isinstance(block, dict):
        return [Finding("finality", Found.GOOD, "the node says which block is final")]
    if settings.confirmations is not None:
        said = f"the node does not say; {settings.confirmations} confirmations make a block final"
        return [Finding("finality", Found.GOOD, said)]
    return [
        Finding(
            "finality",
            Found.WARNING,
            "the node does not say which block is final",
            "set confirmations to the depth that the colony takes for final",
        )
    ]


async def _heads(adapter: ChainAdapter) -> list[Finding]:
    settings = adapter.settings
    if not settings.ws:
        return [Finding("heads", Found.GOOD, f"polling every {settings.poll:g} s: no ws is set")]
    problem = await adapter.try_heads()
    if not problem:
        return [Finding("heads", Found.GOOD, "told by a subscription")]
    return [
        Finding(
            "heads",
            Found.WARNING,
            f"polling every {settings.poll:g} s: {problem}",
            "correct ws, or leave it out",
        )
    ]


async def _keys(keyring: Keyring) -> list[Finding]:
    found = []
    for name in keyring.names:
        check = f"key {clean(name, 60)}"
        try:
            await keyring.address(name)
            await keyring.ready(name)  # its passphrase file may be wrong
            address = await keyring.address(name)
        except Refused as error:
            found.append(Finding(check, Found.BAD, str(error), "correct it or its file"))
            continue
        warnings = keyring.warnings(name)
        detail = address or "its keystore does not say whose it is"
        if warnings:
            found.append(Finding(check, Found.WARNING, f"{detail}; {warnings[0]}", "chmod 600"))
        else:
            locked = "; locked until a passphrase is given" if keyring.locked(name) else ""
            found.append(Finding(check, Found.GOOD, detail + locked))
    return found
