"""The two chains that the contract is checked against, and what each test starts from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.contract.chain.backend import Backend, BoxBackend, RealBackend
from tests.real.anvil import GENESIS, Anvil
from tests.real.installed import required


@pytest.fixture(params=["box", pytest.param("real", marks=pytest.mark.real)])
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    """A chain of the test's own that holds nothing yet but its accounts' ether."""
    if request.param == "box":
        async with _box() as box:
            yield box
        return
    node = Anvil(required("anvil"), tmp_path)
    real = RealBackend(node)
    try:
        node.start()
        await real.open()
        yield real
    finally:
        await real.close()
        node.stop()


@pytest.fixture
async def deployed(backend: Backend) -> Backend:
    """The same with Identity and Deployments on it, and nothing in them."""
    await backend.deploy()
    return backend


@pytest.fixture
async def box() -> AsyncIterator[BoxBackend]:
    """The box's alone with both contracts, for what only its faults can show."""
    async with _box() as box:
        await box.deploy()
        yield box


@asynccontextmanager
async def _box() -> AsyncIterator[BoxBackend]:
    from fixtures.evm.node import Node
    from fixtures.evm.server import serving

    async with serving(Node(founded=GENESIS, interval=1, automine=True)) as served:
        box = BoxBackend(served)
        try:
            await box.open()
            yield box
        finally:
            await box.close()
