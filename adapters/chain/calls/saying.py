"""A call, a read and an answer in words, with names in the place of addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapters.chain import wording
from adapters.chain.abi import Function
from adapters.chain.calls import reasons
from adapters.chain.calls.asked import Asked
from adapters.chain.decoding import Undecodable, decode
from adapters.chain.known import Names
from adapters.chain.types import Type
from adapters.text import clean

if TYPE_CHECKING:
    from adapters.chain.calls.effects import Read

TITLE = 120
"""Characters of the arguments in a title."""
ANSWER = 400
"""Characters of one answer in a preview."""
LINES = 64
"""Lines of an answer that was asked for."""
LONG = 4096
"""Characters of one of them."""
TRANSFERS = frozenset(
    {
        "transferFrom(address,address,uint256)",
        "safeTransferFrom(address,address,uint256)",
        "safeTransferFrom(address,address,uint256,bytes)",
    }
)
"""What gives an ERC-721 token to somebody else: from, to, token."""


def title(names: Names, asked: Asked) -> str:
    """Return what is called, with what: `Identity.transferFrom(#7: agri → ops)`."""
    if asked.contract.abi.tokens and asked.function.signature in TRANSFERS:
        before, after, token = asked.values[:3]
        return f"{asked.name}(#{token}: {names.shown(before)} → {names.shown(after)})"
    return f"{asked.name}({row(names, asked.function.inputs, asked.values, TITLE)})"


def read(names: Names, what: Read) -> str:
    """Return a read with its values: `ownerOf(7)`."""
    return f"{what.function.name}({row(names, what.function.inputs, what.values, 80)})"


def row(names: Names, type_: Type, values: Sequence[Any], limit: int) -> str:
    """Return values in a row."""
    pairs = zip(type_.parts, values, strict=True)
    texts = [wording.worded(part, value, limit, inner=True) for part, value in pairs]
    return clean(reasons.named(names, ", ".join(texts)), limit)


def answered(names: Names, function: Function, data: bytes) -> str:
    """Return in one line what *function* answered, "" where it answers nothing."""
    if not function.outputs.parts:
        return ""
    try:
        values = decode(function.outputs, data)
    except Undecodable as error:
        return f"an answer that its ABI does not explain: {error}"
    if len(values) == 1:
        text = wording.worded(function.outputs.parts[0], values[0], ANSWER)
        return clean(reasons.named(names, text), ANSWER)
    return row(names, function.outputs, values, ANSWER)


def lines(names: Names, function: Function, data: bytes) -> str:
    """Return what *function* answered, a line for each value, and for each member of a tuple."""
    try:
        values = decode(function.outputs, data)
    except Undecodable as error:
        return f"an answer that its ABI does not explain: {error}"
    type_ = function.outputs
    if len(values) == 1 and type_.parts[0].kind == "tuple":
        type_, values = type_.parts[0], values[0]
    if len(values) == 1 and type_.parts[0].kind == "array" and type_.parts[0].item is not None:
        item = type_.parts[0].item
        found = [wording.worded(item, each, LONG) for each in values[0][:LINES]]
        found += [f"… and {len(values[0]) - LINES} more"] if len(values[0]) > LINES else []
        return "\n".join(reasons.named(names, each) for each in found) or "[]"
    found = []
    for name, part, value in zip(type_.names, type_.parts, values, strict=True):
        text = reasons.named(names, wording.worded(part, value, LONG))
        found.append(f"{clean(name, 64)}: {text}" if name and len(values) > 1 else text)
    return "\n".join(found)
