"""The two chains that the contract is checked against, and what each test starts from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.chain.backend import Backend, RealBackend


@pytest.fixture(params=[pytest.param("real", marks=pytest.mark.real)])
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    """A chain of the test's own that holds nothing yet but its accounts' ether."""
    from tests.real.anvil import Anvil
    from tests.real.installed import required

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
