"""The two systems that the contract is checked against, and what each test starts from."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import pytest

from tests.contract.kubernetes.backend import Backend, Hand, RealBackend
from tests.contract.kubernetes.objects import namespace

_numbers = itertools.count(1)


@pytest.fixture(scope="session", params=[pytest.param("real", marks=pytest.mark.real)])
def backend(request: pytest.FixtureRequest) -> Backend:
    """The system under test."""
    return RealBackend(request.getfixturevalue("control_plane"))


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
