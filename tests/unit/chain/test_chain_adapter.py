"""The adapter around it all: what it announces, what it raises, how it waits and comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chain_node import CONTRACT, FakeClock, FakeNode, transfer

from adapters.chain.adapter import ChainAdapter, WrongChain
from adapters.chain.diagnosis import age
from adapters.chain.heads import Head
from adapters.chain.publisher import SCOPES
from adapters.chain.rpc import Unreachable
from adapters.chain.settings import ContractAt, Key, Settings
from adapters.contract import Batch, Context, Found
from adapters.records import LedgerEntry, ScopeState, Token

ONE = {"Identity": ContractAt(CONTRACT)}


class Switched:
    """A node that can be switched off."""

    def __init__(self, node: FakeNode) -> None:
        self.node = node
        self.on = True

    def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.on:
            raise httpx.ConnectError("gone")
        return self.node.answer(request)


def built(node: Switched, **more: Any) -> ChainAdapter:
    values = {"url": "http://node.example", "contracts": ONE, **more}
    context = Context(clock=FakeClock(), seed=1)
    return ChainAdapter("chain", Settings(**values), context, httpx.MockTransport(node.answer))


async def until(stream: AsyncIterator[Batch], scope: str, state: ScopeState) -> list[Batch]:
    """Return the batches up to the first of *scope* in *state*."""
    found = []
    async with asyncio.timeout(10):
        async for batch in stream:
            found.append(batch)
            if batch.scope == scope and batch.state is state:
                return found
    raise AssertionError("it ended")


async def test_every_scope_is_announced_before_anything_is_asked() -> None:
    node = Switched(FakeNode(3))
    node.on = False
    adapter = built(node)
    stream = adapter.records()
    announced = [await anext(stream) for _ in SCOPES]
    assert {each.scope for each in announced} == set(SCOPES)
    assert {each.state for each in announced} == {ScopeState.NEVER}
    with pytest.raises(Unreachable, match=r"http://node.example: gone"):
        await anext(stream)
    # The station calls again: what was announced is not announced twice.
    with pytest.raises(Unreachable):
        await anext(adapter.records())
    await adapter.close()


async def test_another_chain_ends_it_with_one_clear_line() -> None:
    node = FakeNode(3)
    adapter = built(Switched(node), chain_id=5)
    with pytest.raises(WrongChain, match=r"chain_id: .* is on chain 31337, not on 5: nothing is"):
        [batch async for batch in adapter.records()]
    assert {each["method"] for each in node.asked} == {"eth_chainId"}
    await adapter.close()


async def test_a_lost_node_is_stale_with_a_reason_and_is_taken_up_where_it_was_left() -> None:
    node = Switched(FakeNode(3))
    node.node.grow(1, transfer(7, 0, 1))
    adapter = built(node)
    stream = adapter.records()
    await until(stream, "accounts", ScopeState.ABSENT)
    node.on = False
    lost = await until(stream, "ledger", ScopeState.STALE)
    assert lost[-1].detail == "http://node.example: gone"
    node.on = True
    node.node.grow(1, transfer(7, 1, 2))
    node.node.asked.clear()
    back = await until(stream, "contracts", ScopeState.LIVE)
    told = [record for batch in back for record in batch.upserts]
    (entry,) = [each for each in told if isinstance(each, LedgerEntry)]
    assert (entry.block, entry.token) == (4, "7")
    assert {each.name for each in told if isinstance(each, Token)} == {"7"}
    ranges = [each["params"][0] for each in node.node.asked if each["method"] == "eth_getLogs"]
    assert {each["fromBlock"] for each in ranges} == {"0x4"}
    await stream.aclose()  # type: ignore[attr-defined]
    await adapter.close()


async def test_records_called_again_tell_all_but_the_history_once_more() -> None:
    node = Switched(FakeNode(3))
    node.node.grow(1, transfer(7, 0, 1))
    adapter = built(node)
    for again in (False, True):
        stream = adapter.records()
        batches = await until(stream, "contracts", ScopeState.LIVE)
        told = [record for batch in batches for record in batch.upserts]
        assert any(isinstance(each, Token) for each in told)
        assert any(isinstance(each, LedgerEntry) for each in told) is not again
        assert [b.scope for b in batches if b.begin] == ["heads", "tokens", "contracts"]
        await stream.aclose()  # type: ignore[attr-defined]
    await adapter.close()


async def test_polling_says_how_often() -> None:
    adapter = built(Switched(FakeNode(3)), poll=7.0)
    stream = adapter.records()
    batches = await until(stream, "heads", ScopeState.LIVE)
    assert batches[-1].interval == 7.0
    (chain,) = batches[-1].upserts
    assert chain.how == "polling"  # type: ignore[attr-defined]
    await stream.aclose()  # type: ignore[attr-defined]
    await adapter.close()


@pytest.mark.parametrize(
    ("time", "found", "word"),
    [(1000, Found.GOOD, "block 5, 10 s old"), (500, Found.WARNING, "510 s old"),
     (1040, Found.WARNING, "30 s ahead of our clock")],
)  # fmt: skip
def test_the_age_of_the_head(time: int, found: Found, word: str) -> None:
    finding = age(Head(5, "0xa", "0x9", time), 1010)
    assert finding.found is found
    assert word in finding.detail


async def test_the_doctor_never_raises() -> None:
    node = Switched(FakeNode(3))
    node.on = False
    adapter = built(node)
    found = {each.check: each for each in await adapter.diagnose()}
    assert (found["reach"].found, found["reach"].detail) == (
        Found.BAD,
        "http://node.example: gone",
    )
    node.on = True
    found = {each.check: each for each in await adapter.diagnose()}
    assert found["configuration"].found is Found.WARNING  # any chain will do
    assert found["contract Identity"].found is Found.GOOD
    assert found["finality"].advice.startswith("set confirmations")
    assert found["reach"].detail.startswith("a node that does not say what it is")
    await adapter.close()
    wrong = built(node, url="nowhere")
    (one,) = await wrong.diagnose()
    assert (one.found, one.advice) == (Found.BAD, "correct url")


async def test_a_key_is_a_name_unless_the_configuration_says_whose_name_it_is(
    tmp_path: Path,
) -> None:
    """A keystore says its address without its passphrase."""
    for name, digit in (("ops", "1"), ("agri", "2"), ("gone", "")):
        if digit:
            store = {"version": 3, "address": digit * 40}
            (tmp_path / f"{name}.json").write_text(json.dumps(store))
    keys = {name: Key(str(tmp_path / f"{name}.json")) for name in ("ops", "agri", "gone")}
    adapter = built(Switched(FakeNode(3)), keys=keys, names={"agri": "0x" + "3" * 40})
    stream = adapter.records()
    await anext(stream)
    assert adapter.names.of("0x" + "1" * 40) == "ops"
    assert adapter.names.of("0x" + "2" * 40) == ""
    assert adapter.names.addresses["agri"] == "0x" + "3" * 40
    await stream.aclose()
    await adapter.close()
