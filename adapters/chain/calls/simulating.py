"""Simulates a call against one block of the node: what it answers, emits, changes and costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapters.chain.calls import effects, encoding, fees, simulated, units
from adapters.chain.calls.accounts import Accounts, Signer
from adapters.chain.calls.asked import Asked
from adapters.chain.calls.effects import Read
from adapters.chain.calls.fees import Cost
from adapters.chain.calls.reasons import because
from adapters.chain.calls.simulated import Block, Seen, Simulated
from adapters.chain.rpc import Call, RpcError, hexdata, quantity
from adapters.contract import AdapterError, ConfigurationError, Refused

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

_REFUSALS = ("insufficient funds", "gas required exceeds", "intrinsic gas", "out of gas")
"""What a node says of a call that can never be, without a revert."""
SLOW = 15.0
"""Seconds between blocks that are reckoned with where finality is counted in blocks."""


async def simulate(
    adapter: ChainAdapter, accounts: Accounts, asked: Asked, cost: Cost | None = None
) -> Simulated:
    """Simulate *asked*; raises `Refused` where it would not be taken, or would revert.

    With *cost*, what was approved, it is that which has to suffice.
    """
    chain_id, block, lag = await _ground(adapter, asked)
    signer, chosen = await _signer(adapter, accounts, asked, block)
    reads = effects.reads(asked.contract.abi, asked.function, asked.values, signer.address)
    data = await encoding.calldata(*((each.function, each.values) for each in reads))
    transaction = _transaction(asked, signer)
    at = hex(block.number)
    questions: list[Call] = [
        ("eth_getBalance", (signer.address, at)),
        ("eth_call", (transaction, at)),
        ("eth_estimateGas", (transaction,)),
        ("eth_maxPriorityFeePerGas", ()),
        ("eth_gasPrice", ()),
        ("eth_simulateV1", (_blocks(asked, transaction, data), at)),
        *(("eth_call", (_reading(asked, each), at)) for each in data),
    ]
    balance, result, gas, tip, legacy, whole, *before = await adapter.rpc.batch(questions)
    has = quantity(_good(balance), "eth_getBalance")
    if has < asked.value:
        missing = units.ether(asked.value - has)
        raise Refused(
            f"insufficient funds: {signer.name} has {units.ether(has)} and is to send "
            f"{units.ether(asked.value)}; {missing} are missing"
        )
    for answer in (result, gas):
        if isinstance(answer, RpcError):
            raise _refused(adapter, asked, answer, accounts.left_out if chosen else ())
    estimate = quantity(gas, "eth_estimateGas")
    cost = _cost(adapter, block, estimate, tip, legacy, cost)
    fees.affordable(signer.name, has, asked.value, cost)
    events, after, why = simulated.whole(whole, len(data))
    expected = await _expected(reads, after)
    return Simulated(
        asked=asked,
        signer=signer,
        chosen=chosen,
        chain_id=chain_id,
        block=block,
        result=hexdata(result, "eth_call"),
        gas=estimate,
        cost=cost,
        balance=has,
        seen=tuple(
            Seen(read, each, _bytes(was), becomes)
            for read, each, was, becomes in zip(reads, data, before, expected, strict=True)
        ),
        events=events,
        why=why,
        lag=lag,
    )


async def _ground(adapter: ChainAdapter, asked: Asked) -> tuple[int, Block, float]:
    """Return the chain, its head, and by how many seconds what is final lags behind it.

    Raises `Refused` where there is nothing to call on it.
    """
    chain, head, final, code = await adapter.rpc.batch(
        [
            ("eth_chainId", ()),
            ("eth_getBlockByNumber", ("latest", False)),
            ("eth_getBlockByNumber", ("finalized", False)),
            ("eth_getCode", (asked.contract.address, "latest")),
        ]
    )
    chain_id = quantity(_good(chain), "eth_chainId")
    try:
        adapter.check_chain(chain_id)
    except ConfigurationError as error:
        raise Refused(str(error)) from None
    if not hexdata(_good(code), "eth_getCode"):
        raise Refused(
            f"there is no contract at {asked.contract.address} on chain {chain_id}: "
            f"check contracts.{asked.contract.name}.address"
        )
    block = _block(_good(head))
    if isinstance(final, dict):
        return chain_id, block, float(max(0, block.time - _block(final).time))
    return chain_id, block, SLOW * (adapter.settings.confirmations or 0)


def _block(head: Any) -> Block:
    if not isinstance(head, dict):
        raise AdapterError("eth_getBlockByNumber: the node answered no block")
    base, most = head.get("baseFeePerGas"), head.get("gasLimit")
    return Block(
        number=quantity(head.get("number"), "the block's number"),
        time=quantity(head.get("timestamp"), "the block's time"),
        base_fee=None if base is None else quantity(base, "the base fee"),
        gas_limit=None if most is None else quantity(most, "the block's gas limit"),
    )


async def _signer(
    adapter: ChainAdapter, accounts: Accounts, asked: Asked, block: Block
) -> tuple[Signer, bool]:
    """Return who sends it: who was named, else the first for whom it does not revert."""
    if asked.sender:
        return await accounts.find(asked.sender), False
    signers = await accounts.signers()
    if not signers:
        raise Refused(
            f"no account can sign on {adapter.name}: "
            + (
                "; ".join(accounts.left_out)
                or "configure keys, or node_accounts where the node has its own"
            )
        )
    for name, value in zip(asked.function.inputs.names, asked.values, strict=True):
        for signer in signers:
            if name.strip("_") == "from" and value == signer.address:
                return signer, True
    if len(signers) == 1:
        return signers[0], True
    at = hex(block.number)
    answers = await adapter.rpc.batch(
        [("eth_call", (_transaction(asked, each), at)) for each in signers]
    )
    for signer, answer in zip(signers, answers, strict=True):
        if not isinstance(answer, RpcError):
            return signer, True
    return signers[0], True


def _transaction(asked: Asked, signer: Signer) -> dict[str, str]:
    return {
        "from": signer.address,
        "to": asked.contract.address,
        "data": "0x" + asked.data.hex(),
        "value": hex(asked.value),
    }


def _reading(asked: Asked, data: bytes) -> dict[str, str]:
    return {"to": asked.contract.address, "data": "0x" + data.hex()}


def _blocks(asked: Asked, transaction: dict[str, str], reads: Sequence[bytes]) -> dict[str, Any]:
    """Return one block to simulate: the call, and then the reads that it bears on."""
    return {
        "blockStateCalls": [
            {"calls": [transaction, *(_reading(asked, each) for each in reads)]},
        ],
        "validation": False,
    }


def _good(answer: Any) -> Any:
    if isinstance(answer, RpcError):
        raise answer
    return answer


def _refused(
    adapter: ChainAdapter, asked: Asked, error: RpcError, left_out: Sequence[str]
) -> AdapterError:
    """Return what a node's *error* means; keys *left_out* may be those that would have done."""
    data = error.revert
    if data is None:
        refused = any(each in error.said.lower() for each in _REFUSALS)
        return Refused(f"{asked.name} would not be taken: {error.said}") if refused else error
    said = f"{asked.name} would revert: {because(adapter, asked.contract, data)}"
    return Refused("; ".join((said, *left_out)))


def _cost(
    adapter: ChainAdapter, block: Block, gas: int, tip: Any, legacy: Any, approved: Cost | None
) -> Cost:
    if approved is None:
        price, offered = fees.price(
            block.base_fee, _number(tip), _number(legacy), adapter.settings.max_fee_gwei
        )
        return Cost(fees.gas_limit(gas, block.gas_limit), price, offered)
    if gas > approved.gas:
        raise Refused(
            f"it would take {gas} gas now, more than the {approved.gas} that were approved: "
            "simulate again"
        )
    if block.base_fee is not None and block.base_fee > approved.price:
        raise Refused(
            f"the base fee has risen to {units.ether(block.base_fee)}, above the "
            f"{units.ether(approved.price)} that were approved: simulate again"
        )
    return approved


def _number(answer: Any) -> int | None:
    """Return a suggestion of the node; a node without one is no error."""
    try:
        return quantity(answer, "")
    except AdapterError:
        return None


def _bytes(answer: Any) -> bytes | None:
    return None if isinstance(answer, RpcError) else hexdata(answer, "eth_call")


async def _expected(
    reads: Sequence[Read], after: tuple[bytes | None, ...] | None
) -> tuple[bytes | None, ...]:
    """Return what each read will answer: as simulated, else as the table expects it."""
    if after is not None:
        return after
    known = [(each.function.outputs, each.expected) for each in reads if each.expected is not None]
    encoded = iter(await encoding.outputs(*known))
    return tuple(None if each.expected is None else next(encoded) for each in reads)
