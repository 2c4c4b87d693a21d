"""Owners folded from logs: equal to a naive model, whatever is taken back."""

from __future__ import annotations

import httpx
import pytest
from chain_node import CONTRACT, URL, account, digest, word
from hypothesis import given
from hypothesis import strategies as st

from adapters.chain import ownership as under_test
from adapters.chain.abi import TRANSFER
from adapters.chain.hashing import checksummed
from adapters.chain.logs import Log
from adapters.chain.ownership import Ownership, is_transfer, owners
from adapters.chain.rpc import Rpc

Change = tuple[int, int, int | None]
"""A block's distance from the one before, a token, its heir (0: nobody), None: it is named."""


def log(block: int, token: int, heir: int) -> Log:
    topics = (TRANSFER, word(1), word(heir), word(token))
    own = digest(str(block))
    return Log(CONTRACT, topics, b"", block, own, digest("t"), 0, 1000 + block)


def naive(changes: list[tuple[int, int, int | None]]) -> dict[int, tuple[str, int, int, str]]:
    """Fold by the book: owner, block, transfers and app of each token."""
    found: dict[int, tuple[str, int, int, str]] = {}
    for block, token, heir in changes:
        before = found.get(token)
        if heir is None:
            if before is not None:
                found[token] = (*before[:3], f"app/{block}")
        elif heir == 0:
            found.pop(token, None)
        else:
            times, app = (before[2], before[3]) if before else (0, "")
            found[token] = (checksummed(account(heir)), block, times + 1, app)
    return found


def folded(owned: Ownership) -> dict[int, tuple[str, int, int, str]]:
    return {
        token: (held.owner, held.block, held.transfers, held.app or "")
        for token, held in owned.tokens.items()
    }


def take(owned: Ownership, change: tuple[int, int, int | None]) -> None:
    block, token, heir = change
    if heir is None:
        owned.named(block, token, f"app/{block}")
    else:
        owned.transfer(log(block, token, heir))


changes = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4), st.none() | st.integers(0, 3)), max_size=40
)


@given(changes, st.data())
def test_folding_and_taking_back_equal_the_naive_model(
    steps: list[Change], data: st.DataObject
) -> None:
    owned, history, block = Ownership(), [], 1
    for distance, token, heir in steps:
        block += distance
        history.append((block, token, heir))
        take(owned, history[-1])
        if data.draw(st.integers(0, 9)) == 0:
            block = data.draw(st.integers(0, block))
            owned.undo(block)
            history = [each for each in history if each[0] <= block]
        assert folded(owned) == naive(history)


@given(changes)
def test_a_record_is_due_exactly_for_what_changed(steps: list[Change]) -> None:
    owned, block = Ownership(), 1
    for distance, token, heir in steps:
        block += distance
        before, owned.dirty = folded(owned), {}
        take(owned, (block, token, heir))
        after = folded(owned)
        differing = {each for each in before | after if before.get(each) != after.get(each)}
        assert differing <= owned.dirty.keys()


def test_what_is_settled_is_not_taken_back() -> None:
    owned = Ownership()
    for block in (1, 2, 3):
        owned.transfer(log(block, 7, block))
    owned.settle(3)
    owned.undo(1)
    assert owned.tokens[7].block == 2


def test_a_contract_that_contradicts_its_logs() -> None:
    owned = Ownership()
    owned.transfer(log(1, 7, 5))
    assert owned.tokens[7].reconciled is None
    owned.dirty.clear()
    owned.asked(7, told=checksummed(account(5)))
    assert owned.tokens[7].reconciled is True
    owned.asked(7, told=checksummed(account(6)))
    assert owned.tokens[7].reconciled is False
    assert owned.dirty == {7: None}
    owned.transfer(log(2, 7, 6))
    assert owned.tokens[7].reconciled is None


def test_there_is_a_limit_to_how_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "TOKENS", 3)
    owned = Ownership()
    for token in range(5):
        owned.transfer(log(1, token, 1))
    assert (len(owned.tokens), owned.left_out) == (3, 2)
    owned.transfer(log(2, 0, 2))
    assert owned.tokens[0].owner == checksummed(account(2))


def test_erc_20_has_the_same_topic_and_one_fewer() -> None:
    assert is_transfer(log(1, 1, 1))
    assert not is_transfer(Log(CONTRACT, (TRANSFER, word(1), word(2)), b"", 1, "", "", 0))
    assert not is_transfer(Log(CONTRACT, (), b"", 1, "", "", 0))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"result": "0x" + "0" * 24 + "ab" * 20}, checksummed("0x" + "ab" * 20)),
        ({"result": "0x" + "0" * 64}, ""),
        ({"error": {"code": 3, "message": "execution reverted", "data": "0x7e273289"}}, ""),
        ({"error": {"code": -32000, "message": "missing trie node"}}, None),
        ({"result": "0x"}, None),
        ({"result": None}, None),
        ({"result": 7}, None),
        ({"result": "0x" + "1" * 64}, None),
        ({"result": "0x" + "0" * 24 + "zz" * 20}, None),
    ],
)
async def test_what_owner_of_answers(answer: dict[str, object], expected: str | None) -> None:
    def node(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[{"jsonrpc": "2.0", "id": 1, **answer}])

    rpc = Rpc(URL, transport=httpx.MockTransport(node))
    assert await owners(rpc, CONTRACT, [7]) == [expected]
    await rpc.close()
