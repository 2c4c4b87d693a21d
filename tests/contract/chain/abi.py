"""Calls, answers, events and errors of the colony's contracts, for the tests' own hand.

Written on eth_abi alone and not on the adapter, so that one may check the other.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.abi import (
    abi_to_signature,
    event_abi_to_log_topic,
    function_abi_to_4byte_selector,
    get_abi_input_types,
    get_abi_output_types,
)

ROOT = Path(__file__).parents[3]
ARTIFACTS = ROOT / "adapters/chain/contracts/artifacts"
Call = tuple[str, tuple[Any, ...]]
"""What an event or an error is told by: its name and its values."""


@functools.cache
def artifact(contract: str) -> dict[str, Any]:
    """Return the artifact of *contract* as it is committed."""
    found: dict[str, Any] = json.loads((ARTIFACTS / f"{contract}.json").read_text())
    return found


def _entries(contract: str, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in artifact(contract)["abi"] if entry["type"] == kind]


def function(contract: str, name: str, count: int) -> dict[str, Any]:
    """Return the ABI's entry of the function of that name, or signature, with *count* inputs."""
    for entry in _entries(contract, "function"):
        if name in (entry["name"], abi_to_signature(entry)) and len(entry["inputs"]) == count:
            return entry
    raise LookupError(f"{contract} has no function {name} of {count}")


def calldata(contract: str, name: str, *arguments: Any) -> str:
    """Return a call as hexadecimal text."""
    entry = function(contract, name, len(arguments))
    body: bytes = encode(get_abi_input_types(entry), arguments)
    return f"0x{(function_abi_to_4byte_selector(entry) + body).hex()}"


def answer(contract: str, name: str, count: int, data: str) -> Any:
    """Return what a function of *count* inputs answered: one value, or a tuple of them."""
    types = get_abi_output_types(function(contract, name, count))
    values = decode(types, bytes.fromhex(data[2:]))
    return values[0] if len(values) == 1 else values


def event(contract: str, log: dict[str, Any]) -> Call:
    """Return the event that *log* is, its values in the ABI's order.

    A log of no event of the contract raises `LookupError`.
    """
    for entry in _entries(contract, "event"):
        if f"0x{event_abi_to_log_topic(entry).hex()}" == log["topics"][0]:
            topics = iter(bytes.fromhex(topic[2:]) for topic in log["topics"][1:])
            rest = [one["type"] for one in entry["inputs"] if not one["indexed"]]
            data = iter(decode(rest, bytes.fromhex(log["data"][2:])))
            return entry["name"], tuple(
                decode([one["type"]], next(topics))[0] if one["indexed"] else next(data)
                for one in entry["inputs"]
            )
    raise LookupError(f"{log['topics'][0]} is no event of {contract}")


def error(contract: str, data: str) -> Call:
    """Return the custom error, `Error(string)` or `Panic(uint256)` that reverted a call."""
    raw = bytes.fromhex(data[2:])
    for entry in [*_entries(contract, "error"), *_BUILT_IN]:
        if function_abi_to_4byte_selector(entry) == raw[:4]:
            return entry["name"], tuple(decode(get_abi_input_types(entry), raw[4:]))
    raise LookupError(f"{data[:10]} is no error of {contract}")


_BUILT_IN = [
    {"type": "error", "name": name, "inputs": [{"name": "", "type": kind}]}
    for name, kind in (("Error", "string"), ("Panic", "uint256"))
]
