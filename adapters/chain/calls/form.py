"""The form of a call: asked for again at each key, so it is pure but for one question at most."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapters.chain.abi import Abi, Function
from adapters.chain.calls import arguments, asked, cast, encoding, saying
from adapters.chain.calls.accounts import Accounts, Signer
from adapters.chain.calls.arguments import Missing, Wrong
from adapters.chain.calls.keys import Keyring
from adapters.chain.calls.notation import Node
from adapters.chain.calls.reasons import because
from adapters.chain.known import Known, Names
from adapters.chain.rpc import RpcError, hexdata, quantity
from adapters.contract import AdapterError, Draft, Field, Form, Option, Refused

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

ARGS = "args"
_WHOEVER = Option("", "whoever may", "the first of these for whom it does not revert")


async def form(adapter: ChainAdapter, accounts: Accounts, keyring: Keyring, draft: Draft) -> Form:
    """Return what to ask, with what was filled in so far checked."""
    given = draft.arguments
    options = tuple(Option(each.name, each.name) for each in adapter.contracts.values())
    if not given.get("contract", "") and draft.target is None:
        return Form("Call a contract", (Field("contract", "Contract", options=options),), live=True)
    contract = asked.contract_of(adapter, draft)
    wanted = given.get("function", "").strip()
    function, wrong = _function(contract.abi, wanted)
    called = _value(contract.abi, function) if function else wanted
    fields = [
        Field(
            "contract",
            "Contract",
            default=given.get("contract", "") or contract.name,
            options=options,
            note=f"= {contract.address}",
        ),
        Field("function", "Function", default=called, options=functions(contract.abi), error=wrong),
    ]
    if function is None:
        return Form(f"Call {contract.name}", tuple(fields), live=True)
    values, wrong = _given(given.get(ARGS, ""))
    parts, is_whole = parameters(function, values, adapter.names)
    fields += parts
    title = f"Call {contract.name}.{function.name}"
    if function.reads:
        answer, command = None, ""
        if is_whole and not wrong:
            complete = arguments.whole(function.inputs, values[: len(parts)], adapter.names)
            command = cast.call(adapter.settings.url, contract.address, function, complete)
            answer, wrong = await _answer(adapter, contract, function, complete)
        return Form(
            title, tuple(fields), live=True, reads=True, answer=answer, error=wrong, command=command
        )
    if function.mutability == "payable":
        fields.append(_amount(function, given.get("value", "")))
    fields.append(await _from(adapter, accounts, keyring, given.get("from", ""), function, values))
    return Form(title, tuple(fields), live=True, error=wrong)


def functions(abi: Abi) -> tuple[Option, ...]:
    """Return the functions to choose from: those that change something first."""
    ordered = sorted(abi.functions, key=lambda each: (each.reads, each.name, each.signature))
    return tuple(
        Option(
            _value(abi, each),
            f"{each.name}({_parameters(each)})",
            "reads" if each.reads else ("payable" if each.mutability == "payable" else ""),
        )
        for each in ordered
    )


def parameters(
    function: Function, values: Sequence[Node], names: Names
) -> tuple[list[Field], bool]:
    """Return a field for each parameter, and whether all of them are given and right."""
    fields = []
    whole = True
    inputs = function.inputs
    for position, (part, name) in enumerate(zip(inputs.parts, inputs.names, strict=True)):
        given = values[position] if position < len(values) else None
        called = arguments.label(name, position)
        error = note = ""
        try:
            note = arguments.understand(part, given, names, called).note
        except Missing as wrong:
            whole = False
            # A list is "[1, ]" while it is typed: what lacks inside of it is said.
            error = "" if _is_blank(given) else str(wrong)
        except Wrong as wrong:
            whole, error = False, str(wrong)
        fields.append(
            Field(
                name=f"{ARGS}.{position}",
                label=f"{called}  {part.text}",
                help=arguments.expected(part),
                required=part.kind != "string",
                default=_text(given),
                error=error,
                note=note,
                into=ARGS,
            )
        )
    return fields, whole


def _function(abi: Abi, wanted: str) -> tuple[Function | None, str]:
    if not wanted:
        return None, ""
    try:
        return abi.function(wanted), ""
    except Refused as error:
        return None, str(error)


def _value(abi: Abi, function: Function) -> str:
    """Return how a function is named: its signature only where there are several."""
    several = sum(each.name == function.name for each in abi.functions) > 1
    return function.signature if several else function.name


def _parameters(function: Function) -> str:
    inputs = function.inputs
    pairs = zip(inputs.names, inputs.parts, strict=True)
    return ", ".join(name or part.text for name, part in pairs)


def _given(text: str) -> tuple[list[Node], str]:
    try:
        return arguments.listed(text), ""
    except Wrong as error:
        return [], str(error)


def _is_blank(given: Node) -> bool:
    return given is None or (isinstance(given, str) and not given.strip())


def _text(given: Node) -> str:
    if given is None or isinstance(given, str):
        return given or ""
    return json.dumps(given, ensure_ascii=False)


def _amount(function: Function, given: str) -> Field:
    error = note = ""
    try:
        value = asked.amount(function, {"value": given})
        note = f"= {value} wei" if given.strip() and not given.strip().isdecimal() else ""
    except Wrong as wrong:
        error = str(wrong)
    return Field(
        "value", "value  wei", "an amount to send along, such as 0.5 ether", False,
        given or "0", error=error, note=note,
    )  # fmt: skip


async def _from(
    adapter: ChainAdapter,
    accounts: Accounts,
    keyring: Keyring,
    given: str,
    function: Function,
    values: Sequence[Node],
) -> Field:
    """Return who can send it; by itself who the arguments say is giving something away."""
    error = note = ""
    try:
        signers = await accounts.signers()
    except AdapterError as trouble:
        signers, error = (), str(trouble)
    if not signers and not error:
        error = "no account can sign here: configure keys, or node_accounts"
    options = tuple(_option(keyring, each) for each in signers)
    text = given.strip()
    if text:
        try:
            signer = await accounts.find(text)
            text, note = signer.name, "" if signer.name == signer.address else f"= {signer.address}"
        except AdapterError as trouble:
            error = str(trouble)
    elif len(signers) == 1:
        text = signers[0].name
    else:
        text = _giver(adapter.names, signers, function, values)
    if len(signers) > 1:
        options = (_WHOEVER, *options)
    return Field(
        "from", "sent by", "who signs and pays", False, text, options, error=error, note=note
    )


def _option(keyring: Keyring, signer: Signer) -> Option:
    locked = "locked: its passphrase is asked for" if keyring.locked(signer.name) else ""
    address = "" if signer.name == signer.address else signer.address
    return Option(signer.name, signer.name, " · ".join(each for each in (address, locked) if each))


def _giver(
    names: Names, signers: Sequence[Signer], function: Function, values: Sequence[Node]
) -> str:
    for position, name in enumerate(function.inputs.names):
        if name.strip("_") == "from" and position < len(values):
            try:
                part = function.inputs.parts[position]
                address = arguments.understand(part, values[position], names, name).value
            except Wrong:
                return ""
            return next((each.name for each in signers if each.address == address), "")
    return ""


async def _answer(
    adapter: ChainAdapter, contract: Known, function: Function, values: tuple[Any, ...]
) -> tuple[str | None, str]:
    """Return what a read answers, or why it does not."""
    try:
        answer, _ = await read(adapter, contract, function, values)
    except AdapterError as error:
        return None, str(error)
    return saying.lines(adapter.names, function, answer), ""


async def read(
    adapter: ChainAdapter, contract: Known, function: Function, values: tuple[Any, ...]
) -> tuple[bytes, int]:
    """Return what *function* answers now, and the block; raises `Refused` where it reverts."""
    (data,) = await encoding.calldata((function, values))
    call = {"to": contract.address, "data": "0x" + data.hex()}
    chain, head, answer = await adapter.rpc.batch(
        [("eth_chainId", ()), ("eth_blockNumber", ()), ("eth_call", (call, "latest"))]
    )
    adapter.check_chain(quantity(chain, "eth_chainId"))
    if isinstance(answer, RpcError):
        if answer.revert is None:
            raise answer
        raise Refused(f"it reverts: {because(adapter, contract, answer.revert)}")
    found = hexdata(answer, "eth_call")
    if not found and function.outputs.parts:
        raise Refused(f"there is no contract at {contract.address}, or not this one")
    return found, quantity(head, "eth_blockNumber")
