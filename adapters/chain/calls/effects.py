"""What a call changes that can be read: functions whose answer it moves, and what to.

A small and explicit table: ERC-721, OpenZeppelin's access control, and the colony's own contracts.
A contract that has the function but not the read is not in it. What a node can simulate decides
over what the table expects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from adapters.chain import hashing
from adapters.chain.abi import Abi, Function
from adapters.contract import Refused

Values = tuple[Any, ...]
Pick = Callable[[Values, str], Any]
"""From a call's values and its sender to a read's values, or to the answer expected of it."""


class Rule(msgspec.Struct, frozen=True):
    """One read that a call bears on. Without `becomes` it is shown, and not waited for."""

    read: str
    of: Pick
    becomes: Pick | None = None


class Read(msgspec.Struct, frozen=True):
    """One read of the same contract: the function, its values, and what it is to answer."""

    function: Function
    values: Values
    expected: Values | None = None


def _token(position: int, *becomes: int) -> tuple[Rule, ...]:
    return (
        Rule("ownerOf(uint256)", lambda v, s: (v[position],), lambda v, s: v[becomes[0]]),
        Rule("appOf(uint256)", lambda v, s: (v[position],)),
    )


_OWNER = "owner()"
_ROLE = "hasRole(bytes32,address)"
_COUNT = (Rule("count()", lambda v, s: ()),)

RULES: dict[str, tuple[Rule, ...]] = {
    "transferFrom(address,address,uint256)": _token(2, 1),
    "safeTransferFrom(address,address,uint256)": _token(2, 1),
    "safeTransferFrom(address,address,uint256,bytes)": _token(2, 1),
    "approve(address,uint256)": (
        Rule("getApproved(uint256)", lambda v, s: (v[1],), lambda v, s: v[0]),
        Rule("appOf(uint256)", lambda v, s: (v[1],)),
    ),
    "setApprovalForAll(address,bool)": (
        Rule("isApprovedForAll(address,address)", lambda v, s: (s, v[0]), lambda v, s: v[1]),
    ),
    "mint(address,uint256,string)": (
        Rule("ownerOf(uint256)", lambda v, s: (v[1],), lambda v, s: v[0]),
        Rule("appOf(uint256)", lambda v, s: (v[1],), lambda v, s: v[2]),
        Rule("totalSupply()", lambda v, s: ()),
    ),
    "rename(uint256,string)": (
        Rule("appOf(uint256)", lambda v, s: (v[0],), lambda v, s: v[1]),
        Rule("ownerOf(uint256)", lambda v, s: (v[0],)),
    ),
    "transferOwnership(address)": (Rule(_OWNER, lambda v, s: (), lambda v, s: v[0]),),
    "renounceOwnership()": (Rule(_OWNER, lambda v, s: (), lambda v, s: hashing.ZERO_ADDRESS),),
    "grantRole(bytes32,address)": (Rule(_ROLE, lambda v, s: v, lambda v, s: True),),
    "revokeRole(bytes32,address)": (Rule(_ROLE, lambda v, s: v, lambda v, s: False),),
    "renounceRole(bytes32,address)": (Rule(_ROLE, lambda v, s: v, lambda v, s: False),),
    "anchor(bytes32,uint64,bytes32)": (
        Rule("rootAt(bytes32,uint64)", lambda v, s: (v[0], v[1]), lambda v, s: v[2]),
        Rule("count(bytes32)", lambda v, s: (v[0],)),
    ),
    "recordDeployment(string,uint64,string,bytes32,string)": _COUNT,
    "recordConfiguration(string,uint64,bytes32,string)": _COUNT,
}


def reads(abi: Abi, function: Function, values: Values, sender: str) -> tuple[Read, ...]:
    """Return what to read before and after *function* is called with *values* by *sender*."""
    found = []
    for rule in RULES.get(function.signature, ()):
        try:
            read = abi.function(rule.read)
        except Refused:
            continue
        if read.signature != rule.read or not read.reads or len(read.outputs.parts) != 1:
            continue
        expected = None if rule.becomes is None else (rule.becomes(values, sender),)
        found.append(Read(read, rule.of(values, sender), expected))
    return tuple(found)
