"""Logs as entries of the ledger: what a person reads, and what each bears on."""

from __future__ import annotations

import json

import pytest
from chain_node import CONTRACT, account, digest, word
from eth_abi.abi import encode

from adapters.chain import hashing, ledger, wording
from adapters.chain.abi import TRANSFER, load, parse
from adapters.chain.known import Known, Names
from adapters.chain.ledger import Ledger
from adapters.chain.logs import Log
from adapters.records import LedgerEntry

NAMES = Names({"ops": account(0xA), "agri": account(0xB)})
ANCHOR = Known("Anchor", hashing.checksummed(CONTRACT), load("Anchor"))
IDENTITY = Known("Identity", hashing.checksummed(CONTRACT), load("Identity"))
DEPLOYMENTS = Known("Deployments", hashing.checksummed(CONTRACT), load("Deployments"))


def log(topics: list[str], data: bytes = b"", time: int | None = 1000) -> Log:
    return Log(CONTRACT, tuple(topics), data, 5, digest("b"), digest("t"), 2, time)


def named(number: int, app: str) -> Log:
    topics = [hashing.topic("Named(uint256,string)"), word(number)]
    return log(topics, encode(["string"], [app]))


def event(contract: Known, name: str) -> str:
    return next(each.topic for each in contract.abi.events if each.name == name)


ROLE = hashing.keccak(b"RECORDER_ROLE")
NOBODY = word(0)


@pytest.mark.parametrize(
    ("contract", "name", "topics", "data", "said"),
    [
        (IDENTITY, "Transfer", [NOBODY, word(0xA), word(7)], b"", "#7 minted for ops"),
        (IDENTITY, "Transfer", [word(0xA), word(0xB), word(7)], b"", "#7 ops → agri"),
        (IDENTITY, "Transfer", [word(0xA), NOBODY, word(7)], b"", "#7 burned by ops"),
        (IDENTITY, "Approval", [word(0xA), word(0xB), word(7)], b"", "#7 agri may move it for ops"),
        (IDENTITY, "Approval", [word(0xA), NOBODY, word(7)], b"", "#7 nobody but ops may move it"),
        (
            IDENTITY, "ApprovalForAll", [word(0xA), word(0xB)], bytes(31) + b"\x01",
            "agri may move every token of ops",
        ),
        (IDENTITY, "Named", [word(7)], encode(["string"], [""]), "#7 names no app"),
        (IDENTITY, "OwnershipTransferred", [NOBODY, word(0xA)], b"", "ops owns the contract"),
        (
            DEPLOYMENTS, "RoleGranted", ["0x" + ROLE.hex(), word(0xA), word(0xB)], b"",
            "ops has RECORDER_ROLE",
        ),
        (
            DEPLOYMENTS, "RoleRevoked", [NOBODY, word(0xA), word(0xB)], b"",
            "ops has no longer DEFAULT_ADMIN_ROLE",
        ),
        (
            DEPLOYMENTS, "Configured", [word(0), digest("a"), word(0xA)],
            encode(["string", "uint64", "bytes32", "string"], ["a/b", 3, bytes(32), ""]),
            "Configured a/b rev 3",
        ),
        (
            ANCHOR, "Anchored", ["0x" + "1a" * 32, word(0xA)],
            encode(["uint64", "bytes32"], [48211, b"\x9f" * 32]),
            "Anchored log 1a1a1a1a… at 48,211 entries, root 9f9f9f9f…, by ops",
        ),
        (
            ANCHOR, "RoleGranted", ["0x" + ROLE.hex(), word(0xA), word(0xB)], b"",
            "ops has RECORDER_ROLE",
        ),
    ],
)  # fmt: skip
def test_events_in_one_line(
    contract: Known, name: str, topics: list[str], data: bytes, said: str
) -> None:
    made = ledger.entry(log([event(contract, name), *topics], data), contract, NAMES)
    assert (made.summary, made.event) == (said, name)


def test_an_entry_joins_its_app_and_token() -> None:
    made = ledger.entry(named(7, "a/b"), IDENTITY, NAMES, chain_id=5, source="chain")
    assert (made.app, made.token, made.namespace) == ("a/b", "7", "Identity")
    assert made.name == f"{digest('b')}/{digest('t')}/2"
    assert (made.at, made.chain_id, made.source) == (1000.0, 5, "chain")
    moved = log([TRANSFER, word(0xA), word(0xB), word(7)], time=None)
    apps = {("Identity", 7): "a/b"}
    known = ledger.entry(moved, IDENTITY, NAMES, app_of=lambda *what: apps.get(what))
    assert (known.app, known.at) == ("a/b", None)
    assert ledger.entry(moved, IDENTITY, NAMES).app == ""


def test_a_log_that_its_abi_does_not_know_is_an_entry_all_the_same() -> None:
    made = ledger.entry(log([digest("?")]), IDENTITY, NAMES)
    assert made.event == ""
    assert made.summary.startswith("an event that its ABI does not know: 0x")
    assert "without a topic" in ledger.entry(log([]), IDENTITY, NAMES).summary


def test_an_event_that_nobody_wrote_a_line_for() -> None:
    inputs = [
        {"type": "address", "name": "who", "indexed": True},
        {"type": "string", "name": "why"},
    ]
    own = [{"type": "event", "name": "Moved", "inputs": inputs}]
    known = Known("Own", CONTRACT, parse(json.dumps(own).encode()))
    topics = [hashing.topic("Moved(address,string)"), word(0xA)]
    made = ledger.entry(log(topics, encode(["string"], ["x\x1b" * 500])), known, NAMES)
    assert made.summary.startswith("Moved(who: ops, why: x␛")
    assert made.summary.isprintable()
    assert len(made.summary) <= 240
    assert len(made.values[1].text) <= wording.VALUE_LIMIT


def entry(block: int, index: int = 0) -> LedgerEntry:
    return LedgerEntry(name=f"{block}/{index}", block=block, index=index, transaction=f"t{block}")


def blocks(entries: list[LedgerEntry]) -> list[int]:
    return [each.block for each in entries]


def test_what_was_told_is_not_told_again() -> None:
    kept = Ledger(history=3)
    assert blocks(kept.add([entry(1), entry(2)])) == [1, 2]
    assert blocks(kept.add([entry(2), entry(3)])) == [3]
    kept.add([entry(4)])
    assert len(kept) == 3


def test_what_is_taken_back_is_told_as_removed_and_may_come_again() -> None:
    kept = Ledger(history=9)
    kept.add([entry(1), entry(2), entry(3)])
    gone = kept.undo(1)
    assert blocks(gone) == [2, 3]
    assert all(each.removed for each in gone)
    assert blocks(kept.add([entry(2)])) == [2]


def test_a_chain_that_is_read_anew_removes_only_what_does_not_come_again() -> None:
    kept = Ledger(history=9)
    kept.add([entry(1), entry(5), entry(6), entry(7)])
    kept.doubt()
    assert kept.add([entry(6), entry(8)]) == [entry(8)]
    gone = kept.settle(since=2)  # what is before the first that was read stays
    assert blocks(gone) == [5, 7]
    assert kept.settle(since=0) == []
