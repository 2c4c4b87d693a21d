"""The arguments of the call that would undo one, where there is one that we could make."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from adapters.chain.calls.arguments import written
from adapters.chain.calls.simulated import Simulated
from adapters.chain.decoding import Undecodable, decode
from adapters.chain.known import Names

_TRANSFERS = ("transferFrom(", "safeTransferFrom(")
_BACK = "transferFrom(address,address,uint256)"


def undo(found: Simulated, names: Names, ours: frozenset[str] = frozenset()) -> Mapping[str, str]:
    """Return the arguments that undo *found*, empty where nothing does.

    *ours* are the addresses that can sign here besides the sender.
    """
    signature, values = found.asked.function.signature, found.asked.values
    before = _before(found)
    sender = found.signer.address
    if signature.startswith(_TRANSFERS) and found.asked.contract.abi.tokens:
        if values[1] in ours | {sender} and before == values[0]:
            return _call(found, names, _BACK, (values[1], values[0], values[2]), values[1])
    elif signature == "rename(uint256,string)" and isinstance(before, str):
        return _call(found, names, signature, (values[0], before), sender)
    elif signature == "approve(address,uint256)" and isinstance(before, str):
        return _call(found, names, signature, (before, values[1]), sender)
    elif signature == "setApprovalForAll(address,bool)" and isinstance(before, bool):
        return _call(found, names, signature, (values[0], before), sender)
    elif signature == "grantRole(bytes32,address)" and before is False:
        return _call(found, names, "revokeRole(bytes32,address)", values, sender)
    elif signature == "revokeRole(bytes32,address)" and before is True:
        return _call(found, names, "grantRole(bytes32,address)", values, sender)
    elif signature == "transferOwnership(address)" and values[0] in ours and before == sender:
        return _call(found, names, signature, (sender,), values[0])
    return {}


def _before(found: Simulated) -> Any:
    """Return what the first read that the call is to change answered before, None if not known."""
    for seen in found.seen:
        if seen.read.expected is not None:
            try:
                return decode(seen.read.function.outputs, seen.before or b"")[0]
            except Undecodable:
                return None
    return None


def _call(
    found: Simulated, names: Names, signature: str, values: tuple[Any, ...], sender: str
) -> Mapping[str, str]:
    contract = found.asked.contract
    function = contract.abi.function(signature)
    texts = []
    for part, value in zip(function.inputs.parts, values, strict=True):
        named = names.of(value) if part.kind == "address" else ""
        texts.append(named or written(part, value))
    return {
        "contract": contract.name,
        "function": signature,
        "args": json.dumps(texts, ensure_ascii=False),
        "from": names.of(sender) or sender,
    }
