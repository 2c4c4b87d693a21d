"""The colony's contracts: whether they are there, what they can do, what they say now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.chain import wording
from adapters.chain.abi import Function
from adapters.chain.decoding import Undecodable
from adapters.chain.heads import Head
from adapters.chain.known import Known
from adapters.chain.rpc import Call, Rpc, RpcError, hexdata
from adapters.chain.types import Type
from adapters.contract import AdapterError
from adapters.records import Contract, Parameter, Reading
from adapters.records import Function as FunctionRecord
from adapters.text import clean

READINGS = 32
"""Functions without arguments that are read of one contract."""
ACTIONS = ("contract.call",)


class Contracts:
    """Reads the configured contracts at one block. Code that was found is not asked for again."""

    def __init__(self, known: Mapping[str, Known], source: str) -> None:
        self._known = known
        self._source = source
        self._deployed: dict[str, bool] = {}
        self._functions = {name: functions(each) for name, each in known.items()}

    def doubt(self) -> None:
        """Blocks were taken back, and contracts may have been in them."""
        self._deployed.clear()

    async def read(self, rpc: Rpc, top: Head, chain_id: int, now: float) -> list[Contract]:
        """Return every contract at block *top*, in one batch; raises as `Rpc.batch` does."""
        block = hex(top.number)
        calls: list[Call] = []
        for each in self._known.values():
            calls.append(("eth_getBalance", (each.address, block)))
            if not self._deployed.get(each.name):
                calls.append(("eth_getCode", (each.address, block)))
            for function in readable(each):
                data = "0x" + function.selector.hex()
                calls.append(("eth_call", ({"to": each.address, "data": data}, block)))
        answers = iter(await rpc.batch(calls))
        found = []
        for each in self._known.values():
            balance = next(answers)
            if not self._deployed.get(each.name):
                code = next(answers)
                if isinstance(code, str):
                    self._deployed[each.name] = code not in ("0x", "0x0", "")
            readings = tuple(reading(each, fn, next(answers)) for fn in readable(each))
            found.append(self._record(each, top, chain_id, now, readings, balance))
        return found

    def _record(
        self,
        known: Known,
        top: Head,
        chain_id: int,
        now: float,
        readings: tuple[Reading, ...],
        balance: Any,
    ) -> Contract:
        deployed = self._deployed.get(known.name)
        return Contract(
            source=self._source,
            name=known.name,
            at=float(top.time),
            received=now,
            chain_id=chain_id,
            address=known.address,
            standard="ERC-721" if known.abi.tokens else "",
            deployed=deployed,
            functions=self._functions[known.name],
            events=tuple(event.signature for event in known.abi.events),
            readings=() if deployed is False else readings,
            block=top.number,
            balance=amount(balance),
            actions=() if deployed is False else ACTIONS,
        )


def amount(answer: Any) -> str:
    """Return a balance in wei as decimal text, "" where it is not known."""
    try:
        return str(int(answer, 16)) if isinstance(answer, str) and len(answer) <= 66 else ""
    except ValueError:
        return ""


def readable(known: Known) -> list[Function]:
    """Return the functions that are read as they stand: they change nothing and ask nothing."""
    found = [
        each
        for each in known.abi.functions
        if each.reads and not each.inputs.parts and each.outputs.parts
    ]
    return found[:READINGS]


def reading(known: Known, function: Function, answer: Any) -> Reading:
    """Return what a function answered, or why nobody knows."""
    if isinstance(answer, RpcError):
        revert = answer.revert
        said = answer.said if revert is None else wording.reverted(known.abi, revert)
        return Reading(function.name, None, clean(said, 200))
    try:
        values = known.abi.decode_output(function, hexdata(answer, function.name))
    except (AdapterError, Undecodable):
        return Reading(function.name, None, "its answer is not what its ABI says")
    return Reading(function.name, answered(function, values))


def answered(function: Function, values: tuple[Any, ...], limit: int = 256) -> str:
    """Return a function's results as text: the one there is, or all of them with their names."""
    if len(values) == 1:
        return wording.worded(function.outputs.parts[0], values[0], limit)
    return wording.worded(function.outputs, values, limit)


def functions(known: Known) -> tuple[FunctionRecord, ...]:
    """Return a contract's functions as its record lists them."""
    return tuple(
        FunctionRecord(
            each.signature,
            each.name,
            _parameters(each.inputs),
            _parameters(each.outputs),
            each.mutability,
        )
        for each in known.abi.functions
    )


def _parameters(type_: Type) -> tuple[Parameter, ...]:
    pairs = zip(type_.names, type_.parts, strict=True)
    return tuple(Parameter(clean(name, 64), part.text[:200]) for name, part in pairs)
