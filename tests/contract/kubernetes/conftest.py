"""The two systems that the contract is checked against, and what each test starts from."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import pytest

from tests.contract.kubernetes.backend import Backend, BoxBackend, RealBackend
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.objects import namespace

_numbers = itertools.count(1)


@pytest.fixture(params=["box", pytest.param("real", marks=pytest.mark.real)])
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    """The system under test: an empty box of the test's own, or the session's control plane."""
    if request.param == "real":
        real = RealBackend(request.getfixturevalue("control_plane"))
        yield real
        await real.revive()  # a test that failed in the middle must not take the next with it
        return
    from fixtures.kubernetes import empty
    from fixtures.kubernetes.server import serving

    async with serving(empty(seed=1)) as served:
        yield BoxBackend(served)


@pytest.fixture
async def hand(backend: Backend) -> AsyncIterator[Hand]:
    """The administrator's hand on it."""
    async with backend.client() as client:
        yield Hand(backend, client)


@pytest.fixture
async def space(hand: Hand) -> str:
    """A namespace of the test's own."""
    name = f"contract-{next(_numbers)}"
    await hand.create(namespace(name))
    return name
