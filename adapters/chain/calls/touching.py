"""What a call touches: its contract, the token, the app, and the accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.chain.abi import Function
from adapters.chain.calls.simulated import Simulated
from adapters.chain.decoding import Undecodable, decode
from adapters.chain.known import Names
from adapters.chain.types import Type
from adapters.text import clean

OF_TOKENS = frozenset({"ownerOf(uint256)", "appOf(uint256)", "getApproved(uint256)"})
"""Reads of one token: its owner, its name, who may move it."""
_APPROVAL = "setApprovalForAll(address,bool)"


def touches(names: Names, found: Simulated) -> tuple[str, ...]:
    """Return a line for each."""
    contract = found.asked.contract
    found_accounts = [found.signer.address, *_arguments(found)]
    for seen in found.seen:
        for data in (seen.before, seen.after):
            found_accounts += _addresses(seen.read.function.outputs, decoded(seen, data))
    lines = [f"contract {contract.name} {contract.address}"]
    lines += [f"token {token} of {contract.name}" for token in _tokens(found)]
    lines += [f"app {app}" for app in apps(found)]
    for address in dict.fromkeys(found_accounts):
        if int(address, 16) and address != contract.address:
            lines.append(f"account {who(names.of(address), address)}")
    return tuple(lines)


def warnings(names: Names, found: Simulated) -> tuple[str, ...]:
    """Return what a person should look at twice."""
    lines = []
    for address in _arguments(found):
        if not int(address, 16):
            if found.asked.function.name == "approve":
                continue  # that is how an approval is taken back
            lines.append("the zero address is among the arguments: nobody holds its key")
        elif not names.of(address):
            lines.append(f"{address} has no name here: compare it digit by digit")
    if found.asked.function.signature == _APPROVAL and found.asked.values[1]:
        lines.append("who is approved for all may move every token of this account")
    return tuple(dict.fromkeys(lines))


def who(name: str, address: str) -> str:
    """Return an account with its name, if it has one."""
    return address if name in ("", address) else f"{name} {address}"


def decoded(seen: Any, data: bytes | None) -> tuple[Any, ...]:
    """Return what a read answered, () where that is not known."""
    function: Function = seen.read.function
    try:
        return () if data is None else decode(function.outputs, data)
    except Undecodable:
        return ()


def _arguments(found: Simulated) -> list[str]:
    return _addresses(found.asked.function.inputs, found.asked.values)


def _addresses(type_: Type, values: Sequence[Any]) -> list[str]:
    return [
        value for part, value in zip(type_.parts, values, strict=False) if part.kind == "address"
    ]


def _tokens(found: Simulated) -> list[int]:
    if not found.asked.contract.abi.tokens:
        return []
    reads = [seen.read for seen in found.seen if seen.read.function.signature in OF_TOKENS]
    return list(dict.fromkeys(read.values[0] for read in reads))


def apps(found: Simulated) -> list[str]:
    """Return the apps that it bears on: named in its arguments, or by the token."""
    inputs = found.asked.function.inputs
    named = [
        value
        for name, part, value in zip(inputs.names, inputs.parts, found.asked.values, strict=True)
        if name == "app" and part.kind == "string"
    ]
    for seen in found.seen:
        if seen.read.function.signature == "appOf(uint256)":
            named += [*decoded(seen, seen.before), *decoded(seen, seen.after)]
    return [clean(app) for app in dict.fromkeys(named) if app]
