"""Which calls are critical, and what a call reaches: plain functions of a simulation."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from adapters.chain import abi, hashing
from adapters.chain.abi import TRANSFER, Abi, Function
from adapters.chain.calls import control, effects, reaching
from adapters.chain.calls.accounts import Signer
from adapters.chain.calls.asked import Asked
from adapters.chain.calls.fees import Cost
from adapters.chain.calls.simulated import Block, Log, Seen, Simulated
from adapters.chain.known import Known
from adapters.chain.types import Described, tuple_of
from adapters.contract import Blast, Significance

OPS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
AGRI = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
PLACE = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
ELSEWHERE = "0x" + "11" * 20
IDENTITY = Known("Identity", PLACE, abi.load("Identity"))
OTHER = Known("Vault", PLACE, Abi())
ETHER = 10**18
ROLE = bytes(32)


def _function(signature: str) -> Function:
    name, _, types = signature.removesuffix(")").partition("(")
    inputs = tuple_of([Described(each, "") for each in types.split(",") if each])
    return Function(name, signature, b"\0\0\0\0", inputs, tuple_of([]), "payable")


def _found(
    signature: str = "ping()",
    values: tuple[Any, ...] = (),
    *,
    value: int = 0,
    balance: int = 100 * ETHER,
    contract: Known = OTHER,
    events: tuple[Log, ...] | None = (),
    seen: tuple[Seen, ...] = (),
) -> Simulated:
    asked = Asked(contract, _function(signature), values, value, b"", "ops")
    return Simulated(
        asked=asked, signer=Signer("ops", OPS, "node"), chosen=False, chain_id=31337,
        block=Block(7, 1_700_000_000, 1, 30_000_000), result=b"", gas=50_000,
        cost=Cost(60_000, 1, 1), balance=balance, seen=seen, events=events, why="", lag=0.0,
    )  # fmt: skip


def _log(signature: str, *topics: str, data: bytes = b"", address: str = PLACE) -> Log:
    return Log(address.lower(), (hashing.topic(signature), *topics), data)


def _word(number: int) -> str:
    return f"0x{number:064x}"


@pytest.mark.parametrize(
    ("signature", "values", "because"),
    [
        ("transferOwnership(address)", (OPS,), "another owner"),
        ("renounceOwnership()", (), "without an owner, for good"),
        ("grantRole(bytes32,address)", (ROLE, OPS), "gives a role"),
        ("revokeRole(bytes32,address)", (ROLE, OPS), "takes a role"),
        ("renounceRole(bytes32,address)", (ROLE, OPS), "gives a role in the contract up"),
        ("setApprovalForAll(address,bool)", (OPS, True), "may move every token"),
        ("setApprovalForAll(address,bool)", (OPS, False), ""),
        ("upgradeTo(address)", (OPS,), "changes the code"),
        ("upgradeToAndCall(address,bytes)", (OPS, b""), "changes the code"),
        ("upgrade_to(address)", (OPS,), "changes the code"),
        ("selfDestruct()", (), "may end the contract"),
        ("kill()", (), "may end the contract"),
        ("changeAdmin(address)", (OPS,), "another administrator"),
        ("multicall(bytes[])", ((b"",),), "carries calls that are not shown"),
        ("execute(address,uint256,bytes)", (OPS, 0, b""), "carries calls"),
        ("executeProposal(uint256)", (3,), ""),
        ("approve(address,uint256)", (OPS, (1 << 256) - 1), "without limit"),
        ("approve(address,uint256)", (OPS, 500), ""),
        ("mint(address,uint256,string)", (OPS, 7, "a/b"), ""),
        ("killometres(uint256)", (7,), ""),
        ("upgradeable()", (), ""),
    ],
)
def test_by_its_name(signature: str, values: tuple[Any, ...], because: str) -> None:
    significance, said = control.weigh(_found(signature, values))
    assert because in said
    assert bool(said) is bool(because)
    assert significance is (Significance.CRITICAL if because else Significance.CAUTION)


def test_an_approval_of_one_token_has_no_amount() -> None:
    found = _found("approve(address,uint256)", (OPS, 1 << 255), contract=IDENTITY)
    assert control.weigh(found)[1] == ""


@pytest.mark.parametrize(
    ("log", "because"),
    [
        (_log("OwnershipTransferred(address,address)"), "the contract gets another owner"),
        (_log("RoleGranted(bytes32,address,address)", address=ELSEWHERE), "gives a role"),
        (_log("Upgraded(address)"), "changes the code"),
        (_log("ApprovalForAll(address,address,bool)", data=bytes(31) + b"\1"), "every token"),
        (_log("ApprovalForAll(address,address,bool)", data=bytes(32)), ""),
        (_log("Transfer(address,address,uint256)"), ""),
        (Log(PLACE, (), b""), ""),
    ],
)
def test_what_happens_counts_whatever_the_function_is_called(log: Log, because: str) -> None:
    significance, said = control.weigh(_found("claimReward()", events=(log,)))
    assert because in said
    assert (significance is Significance.CRITICAL) is bool(because)


@pytest.mark.parametrize(
    ("value", "balance", "because"),
    [
        (0, 0, ""),
        (ETHER - 1, 100 * ETHER, ""),
        (ETHER, 100 * ETHER, "it sends 1 ether, and 1 ether is much"),
        (ETHER // 2, ETHER, ""),
        (ETHER // 2 + 1, ETHER, "more than half of what ops has"),
    ],
)
def test_much_ether(value: int, balance: int, because: str) -> None:
    significance, said = control.weigh(_found(value=value, balance=balance))
    assert because in said
    assert (significance is Significance.CRITICAL) is bool(because)


def _asset(number: int) -> str:
    return f"eip155:31337/erc721:{PLACE}/{number}"


def _seen(signature: str, values: tuple[Any, ...], before: Any, after: Any) -> tuple[Seen, ...]:
    function = IDENTITY.abi.function(signature)
    reads = effects.reads(IDENTITY.abi, function, values, OPS)
    return tuple(Seen(each, b"", before, after) for each in reads)


def test_a_call_reaches_the_tokens_that_its_events_move() -> None:
    events = (
        Log(PLACE.lower(), (TRANSFER, _word(1), _word(2), _word(7)), b""),
        Log(PLACE.lower(), (TRANSFER, _word(1), _word(2)), bytes(32)),  # an ERC-20's
        Log(ELSEWHERE, (TRANSFER, _word(1), _word(2), _word(9)), b""),  # of nobody known
    )
    found = _found(contract=IDENTITY, events=events)
    assert reaching.blast([IDENTITY], found) == Blast(tokens=(_asset(7),), apps=())


def test_a_name_that_changes_reaches_its_app() -> None:
    text = b"a/b"
    data = (32).to_bytes(32, "big") + len(text).to_bytes(32, "big") + text.ljust(32, b"\0")
    events = (_log("Named(uint256,string)", _word(8), data=data),)
    found = _found(contract=IDENTITY, events=events)
    assert reaching.blast([IDENTITY], found) == Blast(tokens=(_asset(8),), apps=("a/b",))


def test_without_events_the_reads_that_change_tell() -> None:
    values = (AGRI, OPS, 7)
    seen = _seen("transferFrom(address,address,uint256)", values, b"\0" * 32, b"\1" * 32)
    found = _found(
        "transferFrom(address,address,uint256)", values, contract=IDENTITY, events=None, seen=seen
    )
    assert reaching.blast([IDENTITY], found).tokens == (_asset(7),)
    same = tuple(msgspec.structs.replace(each, after=each.before) for each in seen)
    assert reaching.blast([IDENTITY], msgspec.structs.replace(found, seen=same)).tokens == ()


def test_what_nobody_told_is_not_known() -> None:
    found = _found(contract=IDENTITY, events=None)
    assert reaching.blast([IDENTITY], found) == Blast()
    found = _found("setApprovalForAll(address,bool)", (OPS, True), contract=IDENTITY)
    assert reaching.blast([IDENTITY], found) == Blast(tokens=None, apps=())
    found = _found("setApprovalForAll(address,bool)", (OPS, False), contract=IDENTITY)
    assert reaching.blast([IDENTITY], found).tokens == ()
