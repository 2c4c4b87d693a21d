"""A cluster with a namespace, the same served, and an EVM node."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from box_helpers import namespace
from evm_helpers import FOUNDED, Evm

from fixtures.kubernetes import Cluster, empty
from fixtures.kubernetes.server import Served, serving


@pytest.fixture
def cluster() -> Cluster:
    """Three nodes, MetalLB, and the namespace `bay`."""
    made = empty(seed=7)
    namespace(made)
    return made


@pytest.fixture
async def served(cluster: Cluster) -> AsyncIterator[Served]:
    """The cluster, served; its time stands still but for `advance`."""
    async with serving(cluster) as found:
        yield found


@pytest.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator's client."""
    headers = {"authorization": f"Bearer {served.token}"}
    async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=20) as made:
        yield made


@pytest.fixture
async def evm() -> AsyncIterator[Evm]:
    """A chain with nothing but its rich accounts, served; blocks are sealed by `mine` alone."""
    from fixtures.evm.node import Node
    from fixtures.evm.server import serving as serving_evm

    async with serving_evm(Node(founded=FOUNDED)) as found, httpx.AsyncClient() as made:
        yield Evm(found, made)
