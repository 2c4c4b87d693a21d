"""One look after another at a chain that a test makes: snapshots, changes, forks, silence."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from chain_node import CONTRACT, EPOCH, FakeClock, FakeNode, account, transfer
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chain import follower as under_test
from adapters.chain.calls.keys import Keyring
from adapters.chain.follower import Follower
from adapters.chain.hashing import checksummed
from adapters.chain.heads import DEPTH, Moved
from adapters.chain.known import contracts, names
from adapters.chain.publisher import SCOPES, Publisher
from adapters.chain.settings import ContractAt, Settings
from adapters.chain.world import World
from adapters.contract import Batch
from adapters.records import Chain, Key, LedgerEntry, Record, ScopeState, Token


class Watched:
    """A follower of a node, and what a station would hold of what it says."""

    def __init__(self, node: FakeNode, **more: Any) -> None:
        self.node = node
        self.clock = FakeClock()
        values: dict[str, Any] = {
            "url": "http://node.example",
            "contracts": {"Identity": ContractAt(CONTRACT)},
            "names": {"ops": account(1), "agri": account(2)},
        }
        made = Settings(**{**values, **more})
        self.rpc = node.rpc()
        self.world = World(contracts(made), names(made), made.history)
        self.follower = Follower(
            self.rpc, self.world, made, Keyring({}, None), self.clock,
            source="chain", check=lambda chain_id: None,
        )  # fmt: skip
        self.out = Publisher()
        self.records: dict[Key, Record] = {}
        self.ledger: dict[str, LedgerEntry] = {}
        self.told: list[str] = []
        self.batches: list[Batch] = []

    async def look(self) -> None:
        """Take one look, as soon as the node lets it."""
        self.clock.at += 10
        while True:
            try:
                self.batches = [batch async for batch in self.follower.round(self.out)]
                break
            except Moved:
                await self.clock.sleep(1)
        for batch in self.batches:
            self._take(batch)

    def _take(self, batch: Batch) -> None:
        for record in batch.upserts:
            if isinstance(record, LedgerEntry):
                self.told.append(record.name)
                self.ledger[record.name] = record
            else:
                self.records[record.key] = record
        for key in batch.gone:
            del self.records[key]

    def tokens(self) -> dict[str, str]:
        return {r.name: r.owner for r in self.records.values() if isinstance(r, Token)}

    def entries(self) -> list[tuple[int, str]]:
        found = [each for each in self.ledger.values() if not each.removed]
        return sorted((each.block, each.summary) for each in found)

    def chain(self) -> Chain:
        (found,) = [each for each in self.records.values() if isinstance(each, Chain)]
        return found


def owner(number: int) -> str:
    return checksummed(account(number))


def expected(node: FakeNode) -> tuple[dict[str, str], int]:
    """Fold the node's own logs by the book."""
    found: dict[str, str] = {}
    logs = [log for block in node.logs for log in block]
    for log in logs:
        token, heir = str(int(log["topics"][3], 16)), int(log["topics"][2], 16)
        if heir:
            found[token] = owner(heir)
        else:
            found.pop(token, None)
    return found, len(logs)


async def test_the_first_look_is_a_snapshot_and_the_next_only_what_changed() -> None:
    node = FakeNode(3)
    node.grow(1, transfer(7, 0, 1), transfer(8, 0, 2))
    seen = Watched(node)
    await seen.look()
    assert {b.scope for b in seen.batches if b.begin and b.end} == {
        "heads", "tokens", "contracts", "accounts",
    }  # fmt: skip
    assert seen.tokens() == {"7": owner(1), "8": owner(2)}
    token = next(r for r in seen.records.values() if r.name == "7")
    assert isinstance(token, Token)
    assert (token.since, token.owner_name, token.transfers) == (EPOCH + 36, "ops", 1)
    entry = next(iter(seen.ledger.values()))
    assert entry.at == EPOCH + 36
    assert entry.sender == checksummed(account(0xFEED))
    node.grow(1, transfer(7, 1, 2))
    await seen.look()
    told = [r for b in seen.batches for r in b.upserts if isinstance(r, Token)]
    assert {each.name for each in told} == {"7"}
    assert not any(batch.begin or batch.end for batch in seen.batches)
    await seen.look()
    assert {batch.scope for batch in seen.batches} == set(SCOPES)
    assert not any(batch.upserts for batch in seen.batches)


async def test_nothing_is_told_twice_when_a_look_fails_in_the_middle() -> None:
    node = FakeNode(3)
    node.grow(1, transfer(7, 0, 1))
    seen = Watched(node)
    await seen.look()
    node.grow(1, transfer(7, 1, 2))
    for _ in range(3):
        stream = seen.follower.round(seen.out)
        await anext(stream)  # the head, and then the line is cut
        await stream.aclose()  # type: ignore[attr-defined]
    await seen.look()
    await seen.look()
    assert seen.tokens() == {"7": owner(2)}
    assert len(seen.told) == len(set(seen.told)) == 2


@pytest.mark.parametrize("depth", [1, 5, DEPTH - 1, DEPTH + 40])
async def test_a_fork_of_any_depth_takes_back_what_it_took(depth: int) -> None:
    node = FakeNode(3)
    node.grow(1, transfer(1, 0, 1))
    for number in range(DEPTH + 60):
        node.grow(1, transfer(100 + number, 0, 1))
    seen = Watched(node)
    await seen.look()
    for _ in range(DEPTH):  # fill the ring as heads do
        node.grow(1)
    await seen.look()
    for _ in range(2):
        node.cut(DEPTH)
        node.grow(DEPTH)
        await seen.look()
    node.cut(depth + 1)
    node.grow(1, transfer(1, 1, 2))
    node.grow(depth)
    await seen.look()
    tokens, logs = expected(node)
    assert seen.tokens() == tokens
    assert len(seen.entries()) == logs
    assert seen.chain().reorgs == 3
    assert seen.chain().number == len(node.blocks) - 1


Event = tuple[int, list[tuple[int, int, int]]]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 4),
            st.lists(
                st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(0, 3)), max_size=4
            ),
        ),
        max_size=12,
    )
)
async def test_whatever_happens_it_is_what_the_logs_say(events: list[Event]) -> None:
    node = FakeNode(6)
    seen = Watched(node, page=3)
    await seen.look()
    for cut, transfers in events:
        node.cut(min(cut, len(node.blocks) - 1))
        node.grow(1, *(transfer(*each) for each in transfers))
        await seen.look()
        tokens, logs = expected(node)
        assert seen.tokens() == tokens
        assert len(seen.entries()) == logs
        assert seen.chain().block_hash == node.head["hash"]


async def test_a_lower_head_of_our_own_chain_is_a_lag_at_first() -> None:
    node = FakeNode(20)
    seen = Watched(node)
    await seen.look()
    node.cut(4)
    with pytest.raises(Moved, match="answers from block 15"):
        [batch async for batch in seen.follower.round(seen.out)]
    assert seen.chain().number == 19
    seen.clock.at += under_test.PATIENCE
    await seen.look()
    assert (seen.chain().number, seen.chain().reorgs, seen.chain().reorg_depth) == (15, 1, 4)


async def test_a_head_that_was_told_and_is_not_there_yet_is_waited_for() -> None:
    node = FakeNode(20)
    seen = Watched(node)
    seen.follower.told = 21
    with pytest.raises(Moved):
        [batch async for batch in seen.follower.round(seen.out)]
    node.grow(2)
    await seen.look()
    assert seen.follower.told is None


async def test_a_long_history_says_how_far_it_is() -> None:
    node = FakeNode(50)
    node.grow(1, transfer(7, 0, 1))
    seen = Watched(node, page=10)
    await seen.look()
    said = [b.detail for b in seen.batches if b.scope == "tokens" and b.state is ScopeState.NEVER]
    assert said[0] == "reading history: block 9 of 50"
    assert seen.tokens() == {"7": owner(1)}


async def test_a_node_lost_in_the_middle_of_a_long_history_goes_on_from_there() -> None:
    node = FakeNode(50)
    node.grow(1, transfer(7, 0, 1))
    seen = Watched(node, page=10)
    stream = seen.follower.round(seen.out)
    async for batch in stream:
        if batch.detail.startswith("reading history: block 29"):
            break
    await stream.aclose()  # type: ignore[attr-defined]
    node.asked.clear()
    await seen.look()
    ranges = [each["params"][0]["fromBlock"] for each in node.asked
              if each["method"] == "eth_getLogs"]  # fmt: skip
    assert ranges[0] == hex(30)
    assert seen.tokens() == {"7": owner(1)}


async def test_contracts_are_read_at_each_head_but_not_more_than_every_few_seconds() -> None:
    node = FakeNode(3)
    seen = Watched(node)
    await seen.look()
    assert seen.follower.waits() is None
    node.grow(1)
    seen.clock.at -= 10
    node.asked.clear()
    await asyncio.sleep(0)
    [batch async for batch in seen.follower.round(seen.out)]
    assert "eth_getBalance" not in {each["method"] for each in node.asked}
    wait = seen.follower.waits()
    assert wait is not None
    assert 0 < wait <= under_test.READ_EVERY + 10
