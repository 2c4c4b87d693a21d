"""A decoded event in one line that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.chain import hashing
from adapters.chain.abi import Abi, Decoded
from adapters.chain.hashing import ZERO_ADDRESS
from adapters.chain.known import Names
from adapters.chain.wording import described, worded
from adapters.text import clean

LIMIT = 240


def summary(found: Decoded, abi: Abi, names: Names) -> str:
    """Return what *found* says: "#7 ops → agri"."""
    line = _LINES.get(found.signature)
    if line is not None:
        return clean(line(found, abi, names), LIMIT)
    return clean(_plain(found, names), LIMIT)


def _plain(found: Decoded, names: Names) -> str:
    """Any event: its name and values, known addresses by their names."""
    parts = []
    for position, (name, type_) in enumerate(zip(found.type.names, found.type.parts, strict=True)):
        value = found.values[position]
        if position in found.hashed:
            return described(found)
        text = names.shown(value) if type_.kind == "address" else worded(type_, value, 80)
        parts.append(f"{clean(name, 40)}: {text}" if name else text)
    return f"{found.name}({', '.join(parts)})"


def _transfer(found: Decoded, abi: Abi, names: Names) -> str:
    giver, heir, token = found.values
    what = f"#{token}" if abi.tokens else str(token)
    if giver == ZERO_ADDRESS:
        return f"{what} minted for {names.shown(heir)}"
    if heir == ZERO_ADDRESS:
        return f"{what} burned by {names.shown(giver)}"
    return f"{what} {names.shown(giver)} → {names.shown(heir)}"


def _approval(found: Decoded, abi: Abi, names: Names) -> str:
    owner, agent, token = found.values
    if not abi.tokens:
        return _plain(found, names)
    if agent == ZERO_ADDRESS:
        return f"#{token} nobody but {names.shown(owner)} may move it"
    return f"#{token} {names.shown(agent)} may move it for {names.shown(owner)}"


def _approval_for_all(found: Decoded, abi: Abi, names: Names) -> str:
    owner, agent, approved = found.values
    word = "may" if approved else "may no longer"
    return f"{names.shown(agent)} {word} move every token of {names.shown(owner)}"


def _named(found: Decoded, abi: Abi, names: Names) -> str:
    token, app = found.values
    return f"#{token} names {app}" if app else f"#{token} names no app"


def _deployed(found: Decoded, abi: Abi, names: Names) -> str:
    line = f"Deployed {_short(found, 'app')} rev {found.get('revision')} {_short(found, 'image')}"
    return _noted(line, found)


def _configured(found: Decoded, abi: Abi, names: Names) -> str:
    return _noted(f"Configured {_short(found, 'app')} rev {found.get('revision')}", found)


def _anchored(found: Decoded, abi: Abi, names: Names) -> str:
    log, by, size, root = found.values
    entries = "entry" if size == 1 else "entries"
    what = f"Anchored log {_digits(log)} at {size:,} {entries}, root {_digits(root)}"
    return f"{what}, by {names.shown(by)}"


def _digits(value: bytes) -> str:
    return f"{value[:4].hex()}…"


def _noted(line: str, found: Decoded) -> str:
    note = _short(found, "note")
    return f"{line}: {note}" if note else line


def _short(found: Decoded, name: str) -> str:
    return clean(str(found.get(name)), 80)


def _owner(found: Decoded, abi: Abi, names: Names) -> str:
    before, after = found.values
    if after == ZERO_ADDRESS:
        return f"{names.shown(before)} gave the contract up"
    if before == ZERO_ADDRESS:
        return f"{names.shown(after)} owns the contract"
    return f"contract {names.shown(before)} → {names.shown(after)}"


def _granted(found: Decoded, abi: Abi, names: Names) -> str:
    role, account, _ = found.values
    return f"{names.shown(account)} has {_role(role, abi)}"


def _revoked(found: Decoded, abi: Abi, names: Names) -> str:
    role, account, _ = found.values
    return f"{names.shown(account)} has no longer {_role(role, abi)}"


def _role(role: bytes, abi: Abi) -> str:
    """A role is a hash of its name, which a function of the contract has for its own."""
    if not any(role):
        return "DEFAULT_ADMIN_ROLE"
    for function in abi.functions:
        name = function.name
        if name.endswith("_ROLE") and hashing.keccak(name.encode()) == role:
            return name
    return f"role 0x{role[:4].hex()}…"


_LINES: Mapping[str, Callable[[Decoded, Abi, Names], str]] = {
    "Transfer(address,address,uint256)": _transfer,
    "Approval(address,address,uint256)": _approval,
    "ApprovalForAll(address,address,bool)": _approval_for_all,
    "Named(uint256,string)": _named,
    "Deployed(uint256,bytes32,address,string,uint64,string,bytes32,string)": _deployed,
    "Configured(uint256,bytes32,address,string,uint64,bytes32,string)": _configured,
    "Anchored(bytes32,address,uint64,bytes32)": _anchored,
    "OwnershipTransferred(address,address)": _owner,
    "RoleGranted(bytes32,address,address)": _granted,
    "RoleRevoked(bytes32,address,address)": _revoked,
}


def app_of(found: Decoded) -> str:
    """Return the app that an event names, "" for none: its string called `app`."""
    return _member(found, "app", "string") or ""


def token_of(found: Decoded, abi: Abi) -> int | None:
    """Return the token that an event of a token contract is about, None for none."""
    token: int | None = _member(found, "tokenId", "uint") if abi.tokens else None
    return token


def _member(found: Decoded, name: str, kind: str) -> Any:
    for type_, each, value in zip(found.type.parts, found.type.names, found.values, strict=True):
        if each == name and type_.kind == kind and isinstance(value, (str, int)):
            return value
    return None
