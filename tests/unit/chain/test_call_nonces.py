"""Nonces: one sender a key, no gap, none twice."""

from __future__ import annotations

import asyncio

import pytest

from adapters.chain.calls.nonces import ABANDONED, Nonces
from adapters.contract import Envelope, Fate, Refused

OPS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


class StoppedClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        until = self.at + seconds
        while self.at < until:
            await self._moved.wait()

    def turn(self, seconds: float) -> None:
        self.at += seconds
        self._moved.set()
        self._moved = asyncio.Event()


class Node:
    """What a node would answer."""

    def __init__(self, mined: int = 5, waiting: int = 5) -> None:
        self.mined, self.waiting = mined, waiting
        self.fates: dict[str, Fate] = {}

    async def counts(self) -> tuple[int, int]:
        return self.mined, self.waiting

    async def look(self, envelope: Envelope) -> Fate:
        return self.fates.get(envelope.target, Fate.PENDING)


def reserving(nonces: Nonces, node: Node, intent: str) -> asyncio.Task[int]:
    return asyncio.ensure_future(nonces.reserve(OPS, intent, node.counts, node.look))


def send(nonces: Nonces, nonce: int, intent: str, hash: str = "0x1") -> None:
    nonces.begin(OPS, nonce, intent, Envelope(intent, b""))
    nonces.sent(OPS, nonce, intent, hash)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def nonces(clock: StoppedClock) -> Nonces:
    return Nonces(clock)


async def test_the_next_call_waits_until_the_one_before_was_sent(nonces: Nonces) -> None:
    node = Node()
    assert await reserving(nonces, node, "a") == 5
    second = reserving(nonces, node, "b")
    await settle()
    assert not second.done()
    send(nonces, 5, "a")
    assert await second == 6


async def test_a_nonce_that_was_refused_is_the_next_one_s(nonces: Nonces) -> None:
    node = Node()
    assert await reserving(nonces, node, "a") == 5
    second = reserving(nonces, node, "b")
    await settle()
    nonces.release(OPS, 5, "a")
    assert await second == 5


async def test_a_call_that_was_given_up_holds_nothing_up(
    nonces: Nonces, clock: StoppedClock
) -> None:
    node = Node()
    assert await reserving(nonces, node, "a") == 5
    second = reserving(nonces, node, "b")
    await settle()
    clock.turn(ABANDONED + 1)
    assert await second == 5
    with pytest.raises(Refused, match="was given to another call"):
        nonces.begin(OPS, 5, "a", Envelope("a", b""))


async def test_what_waits_on_the_node_is_counted_even_if_the_node_does_not(
    nonces: Nonces,
) -> None:
    node = Node(mined=5, waiting=5)
    assert await reserving(nonces, node, "a") == 5
    send(nonces, 5, "a")
    assert await reserving(nonces, node, "b") == 6
    send(nonces, 6, "b")
    node.mined = node.waiting = 7
    assert await reserving(nonces, node, "c") == 7


async def test_the_hands_of_others_are_counted(nonces: Nonces) -> None:
    assert await reserving(nonces, Node(mined=5, waiting=9), "a") == 9


async def test_a_call_in_doubt_is_waited_for(nonces: Nonces) -> None:
    node = Node()
    assert await reserving(nonces, node, "a") == 5
    send(nonces, 5, "a", hash="")
    node.fates["a"] = Fate.UNKNOWN
    with pytest.raises(Refused, match=r"the call before this one \(a, nonce 5\) is in doubt"):
        await reserving(nonces, node, "b")
    node.fates["a"] = Fate.NOT_SENT
    assert await reserving(nonces, node, "c") == 5


async def test_after_a_restart_it_is_learnt_what_may_have_been_sent(nonces: Nonces) -> None:
    node = Node()
    nonces.learn(OPS, 5, "a", Envelope("a", b""))
    assert await reserving(nonces, node, "b") == 6
    node.fates["a"] = Fate.NOT_SENT
    nonces.release(OPS, 6, "b")
    assert await reserving(nonces, node, "c") == 5


async def test_what_the_node_had_is_remembered_after_its_nonce_is_another_s(
    nonces: Nonces,
) -> None:
    node = Node()
    assert await reserving(nonces, node, "a") == 5
    send(nonces, 5, "a", hash="0xaa")
    node.fates["a"] = Fate.NOT_SENT
    assert await reserving(nonces, node, "b") == 5
    assert nonces.standing("a") == ("0xaa", True)
    assert nonces.standing("b") == ("", False)


async def test_accounts_do_not_wait_for_each_other(nonces: Nonces) -> None:
    node = Node()
    assert await reserving(nonces, node, "a") == 5
    assert await nonces.reserve("0xother", "b", node.counts, node.look) == 5
