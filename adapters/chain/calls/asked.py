"""What a draft asks for, understood and encoded: a function of a contract, with its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from adapters.chain.abi import Function
from adapters.chain.calls import arguments, encoding, units
from adapters.chain.calls.arguments import Wrong
from adapters.chain.known import Known
from adapters.contract import Draft, Refused
from adapters.records.chain import Contract
from adapters.text import clean

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter


class Asked(msgspec.Struct, frozen=True):
    """One call. `value` is in wei, `data` the calldata, `sender` the `from` as it was given."""

    contract: Known
    function: Function
    values: tuple[Any, ...]
    value: int
    data: bytes
    sender: str

    @property
    def name(self) -> str:
        """What is called: `Identity.transferFrom`."""
        return f"{self.contract.name}.{self.function.name}"


async def asked(adapter: ChainAdapter, draft: Draft) -> Asked:
    """Return what *draft* asks for; raises `Refused`."""
    given = draft.arguments
    contract = contract_of(adapter, draft)
    try:
        function = contract.abi.function(given.get("function", "").strip())
        values = arguments.whole(
            function.inputs, arguments.listed(given.get("args", "")), adapter.names
        )
        value = amount(function, given)
    except Wrong as error:
        raise Refused(str(error)) from None
    (data,) = await encoding.calldata((function, values))
    return Asked(contract, function, values, value, data, given.get("from", "").strip())


def contract_of(adapter: ChainAdapter, draft: Draft) -> Known:
    """Return the contract that *draft* names; raises `Refused`."""
    if isinstance(draft.target, Contract) and draft.target.address:
        return adapter.contract(draft.target.address)
    return adapter.contract(draft.arguments.get("contract", "").strip().rpartition("/")[2])


def amount(function: Function, given: Mapping[str, str]) -> int:
    """Return the value to send with a call, in wei; raises `Wrong`."""
    text = given.get("value", "").strip()
    if not text:
        return 0
    try:
        value = units.integer(text)
    except ValueError as error:
        said = f"value: {clean(text, 60)!r} {error}"
        raise Wrong(f"{said}; expected: an amount, such as 0.5 ether") from None
    if not 0 <= value < 1 << 256:
        raise Wrong("value: cannot be negative" if value < 0 else "value: is far too large")
    if value and function.mutability != "payable":
        raise Wrong(f"value: {function.name} takes no ether; expected: 0")
    return value
