"""Answers that are asked for: what a function says, a transaction, a token's history, anchors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from adapters.chain import anchors, ledger
from adapters.chain.calls import arguments as writing
from adapters.chain.calls import form, saying
from adapters.chain.calls.arguments import Wrong
from adapters.chain.enriching import Details
from adapters.chain.heads import HASH, Head, head
from adapters.chain.known import Known
from adapters.chain.logs import Log, Reader, parse
from adapters.chain.rpc import RpcError
from adapters.chain.wording import worded
from adapters.contract import Answer, Refused
from adapters.text import clean

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

Json = dict[str, Any]
TEXT_LIMIT = 256 * 1024
"""Characters of one answer."""
WIDEST = 1 << 62
"""Blocks of a page of logs that a node is first asked for: it can find one token's by itself."""


async def call(adapter: ChainAdapter, given: Mapping[str, str]) -> Answer:
    """Answer what a function that changes nothing says now: `contract`, `function`, `args`."""
    contract = adapter.contract(given.get("contract", ""))
    function = contract.abi.function(given.get("function", ""))
    if not function.reads:
        raise Refused(f"{function.name} changes the chain: it is an action, contract.call")
    try:
        values = writing.whole(
            function.inputs, writing.listed(given.get("args", "")), adapter.names
        )
    except Wrong as error:
        raise Refused(str(error)) from None
    data, block = await form.read(adapter, contract, function, values)
    text = saying.lines(adapter.names, function, data)
    return _answer(text, f"{contract.name}.{function.name} at block {block:,}", "")


async def entry(adapter: ChainAdapter, given: Mapping[str, str]) -> Answer:
    """Answer all of one transaction: `transaction` is its hash, or `name` an entry's."""
    name = given.get("transaction") or given.get("name", "").split("/")[1:2] or ""
    wanted = name if isinstance(name, str) else name[0]
    if len(wanted) != HASH or not wanted.startswith("0x"):
        raise Refused("entry: transaction says which: 0x and 64 digits")
    chain_id = await adapter.chain_id()
    sent, receipt = await adapter.rpc.batch(
        [("eth_getTransactionByHash", (wanted,)), ("eth_getTransactionReceipt", (wanted,))]
    )
    for each in (sent, receipt):
        if isinstance(each, RpcError):
            raise each
    if not isinstance(sent, dict):
        raise Refused(f"the node knows no transaction {wanted}: a reorganisation may have taken it")
    shown: Json = {"transaction": _numbers(sent)}
    if isinstance(receipt, dict):
        logs = receipt.pop("logs", None)
        receipt.pop("logsBloom", None)
        shown["receipt"] = _numbers(receipt)
        shown["events"] = [_event(adapter, chain_id, each) for each in parse(logs or [])]
    return _answer(_yaml(shown), f"transaction {wanted}", "yaml")


async def token(adapter: ChainAdapter, given: Mapping[str, str]) -> Answer:
    """Answer the history of one token, oldest first: `contract` and `token` say which."""
    contract = adapter.contract(given.get("contract") or given.get("namespace", ""))
    number = given.get("token") or given.get("name", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 78):
        raise Refused("token: its number says which")
    if not contract.abi.tokens:
        raise Refused(f"{clean(contract.name)} keeps no tokens")
    await adapter.chain_id()
    top = head(await adapter.rpc.call("eth_getBlockByNumber", "latest", False))
    topic = f"0x{int(number):064x}"
    found: dict[tuple[int, int], Log] = {}
    for topics in ([None, None, None, topic], [None, topic]):
        for log in await _logs(adapter, contract, top, topics):
            found[log.place] = log
    logs = [found[place] for place in sorted(found)]
    details = Details()
    await details.ask(adapter.rpc, logs)
    lines = [_line(adapter, contract, details.timed(log), details) for log in logs]
    return _answer("\n".join(lines) or "nothing yet", f"{contract.name} #{number}", "")


async def _logs(
    adapter: ChainAdapter, contract: Known, top: Head, topics: list[str | None]
) -> list[Log]:
    reader = Reader(adapter.rpc, [contract.address], WIDEST, topics)
    found: list[Log] = []
    async for _, logs in reader.read(contract.from_block, top):
        found += logs
    return found


def _line(adapter: ChainAdapter, contract: Known, log: Log, details: Details) -> str:
    from datetime import UTC, datetime

    made = ledger.entry(log, contract, adapter.names)
    when = "at a time not known  "
    if log.time is not None and log.time < 1 << 37:  # the year 6325
        when = f"{datetime.fromtimestamp(log.time, UTC):%Y-%m-%d %H:%M:%SZ}"
    sender = details.senders.get(log.transaction, "")
    by = f"  by {adapter.names.shown(sender)}" if sender else ""
    return f"{when}  block {log.block:<8} {made.summary}{by}"


def _event(adapter: ChainAdapter, chain_id: int, log: Log) -> Json:
    """One log, decoded where it is of a contract that is known here."""
    known = next(
        (each for each in adapter.contracts.values() if each.address.lower() == log.address), None
    )
    found = known.abi.decode_log(log.topics, log.data) if known else None
    if known is None or found is None:
        return {
            "contract": known.name if known else log.address,
            "topics": list(log.topics),
            "data": clean("0x" + log.data[:1024].hex(), 2048),
        }
    made = ledger.entry(log, known, adapter.names, chain_id=chain_id)
    values = {
        name or str(place): f"0x{value.hex()}" if place in found.hashed else worded(type_, value)
        for place, (name, type_, value) in enumerate(
            zip(found.type.names, found.type.parts, found.values, strict=True)
        )
    }
    return {"contract": known.name, "event": found.name, "reads": made.summary, "values": values}


_QUANTITIES = frozenset(
    {
        "blockNumber", "chainId", "cumulativeGasUsed", "effectiveGasPrice", "gas", "gasPrice",
        "gasUsed", "maxFeePerGas", "maxPriorityFeePerGas", "nonce", "status", "transactionIndex",
        "type", "value", "blockTimestamp",
    }
)  # fmt: skip


def _numbers(answer: Json) -> Json:
    """Return *answer* with its numbers in decimal and long texts cut."""
    shown: Json = {}
    for name, value in list(answer.items())[:64]:
        if name in _QUANTITIES and isinstance(value, str):
            try:
                shown[name] = int(value, 16)
                continue
            except ValueError:
                pass
        shown[clean(name, 64)] = clean(value, 4096) if isinstance(value, str) else value
    return shown


def _yaml(shown: Json) -> str:
    import yaml  # 20 ms that only a request for it is worth

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(
        shown, Dumper=dumper, sort_keys=False, default_flow_style=False, allow_unicode=True
    )
    return text


def _answer(text: str, title: str, syntax: str) -> Answer:
    return Answer(text[:TEXT_LIMIT], title=title, syntax=syntax, more=len(text) > TEXT_LIMIT)


TOPICS: Mapping[str, Callable[[ChainAdapter, Mapping[str, str]], Awaitable[Answer]]]
TOPICS = {"call": call, "entry": entry, "token": token, "anchors": anchors.answer}
