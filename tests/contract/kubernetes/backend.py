"""What the contract tests need of the system they run against, be it the box or the real one."""

from __future__ import annotations

import abc
import asyncio
import enum
import ssl
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import httpx

from tests.real import users

if TYPE_CHECKING:
    from fixtures.kubernetes.server import Served
    from tests.real.controlplane import ControlPlane

Found = TypeVar("Found")


class Can(enum.Enum):
    """What a backend may offer; without it, the test of degraded behaviour is the one to pass."""

    LOGS = "pod logs"
    CERTIFICATES = "client certificates"
    RIGHTS = "users with different rights"
    KUBECTL = "the real kubectl"
    FAULTS = "a server that can be told to fail"


class Backend(abc.ABC):
    """One running system; `admin`, `operator`, `reader` and `nobody` are bearer tokens."""

    name: ClassVar[str]
    can: ClassVar[frozenset[Can]]
    patience: ClassVar[float] = 30.0
    """How long `settle` waits, in seconds of this machine."""

    url: str
    authority: Path | None
    admin: str
    operator: str
    reader: str
    nobody: str

    def client(self, token: str | None = None, **more: Any) -> httpx.AsyncClient:
        """Return a client with *token*, the administrator's if none is given."""
        verify: ssl.SSLContext | bool = True
        if self.authority is not None:
            verify = ssl.create_default_context(cafile=str(self.authority))
        headers = {"authorization": f"Bearer {self.admin if token is None else token}"}
        options = {"verify": verify, "headers": headers, "timeout": 20.0, **more}
        return httpx.AsyncClient(base_url=self.url, **options)

    def now(self) -> float:
        """Return the system's time, in seconds since the Unix epoch."""
        return time.time()

    @abc.abstractmethod
    async def hasten(self) -> None:
        """Let a little time pass: the box's own, or the machine's."""

    @abc.abstractmethod
    async def expire(self) -> None:
        """Make every resourceVersion and continue token of the past expire."""

    @abc.abstractmethod
    def kill(self) -> None:
        """End the server as a crash would, until `revive`."""

    @abc.abstractmethod
    async def revive(self) -> None:
        """Start the server again, at its old address."""

    @abc.abstractmethod
    async def metallb(self, *, present: bool) -> None:
        """Install MetalLB's CRDs, or take them away with all that is of them."""

    async def settle(self, probe: Callable[[], Awaitable[Found | None]], what: str) -> Found:
        """Return the first true thing that *probe* returns; fail saying *what* did not come."""
        ends = time.monotonic() + self.patience
        while True:
            found = await probe()
            if found:
                return found
            assert time.monotonic() < ends, f"{self.name}: {what}: not in time"
            await self.hasten()


class BoxBackend(Backend):
    """The box's API server, in this process, with a cluster whose time the test turns."""

    name = "box"
    can = frozenset({Can.LOGS, Can.RIGHTS, Can.FAULTS})
    patience = 20.0
    authority = None

    def __init__(self, served: Served) -> None:
        self.served = served
        self.url = served.url
        tokens = served.tokens
        self.admin, self.operator = tokens["admin"], tokens["operator"]
        self.reader, self.nobody = tokens["reader"], tokens["nobody"]

    def now(self) -> float:
        """The cluster's own time."""
        return self.served.cluster.now

    async def hasten(self) -> None:
        """Let half a second of the cluster's life go by."""
        self.served.cluster.advance(0.5)
        await asyncio.sleep(0.002)  # what changed has to cross the wire

    async def expire(self) -> None:
        """Have the store forget."""
        self.served.cluster.compact()

    def kill(self) -> None:
        """Break every connection and refuse new ones."""
        self.served.faults.refuse()

    async def revive(self) -> None:
        """Accept connections again."""
        self.served.faults.accept()

    async def metallb(self, *, present: bool) -> None:
        """Serve MetalLB's resources, or not."""
        cluster = self.served.cluster
        if present is not cluster.metallb:
            (cluster.install_metallb if present else cluster.remove_metallb)()


class RealBackend(Backend):
    """The real control plane."""

    name = "real"
    can = frozenset({Can.CERTIFICATES, Can.RIGHTS, Can.KUBECTL})

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane
        self.url = plane.url
        self.authority = plane.authority.certificate
        self.admin = users.ADMIN.token
        self.operator = users.OPERATOR.token
        self.reader = users.READER.token
        self.nobody = users.NOBODY.token

    async def hasten(self) -> None:
        """Real controllers cannot be hurried, nor do they say when they are done."""
        await asyncio.sleep(0.05)

    async def expire(self) -> None:
        """Have etcd forget, and the API server's watch cache with it."""
        self.plane.compact()
        self.kill()
        await self.revive()

    def kill(self) -> None:
        """Kill the API server's process."""
        self.plane.kill_apiserver()

    async def revive(self) -> None:
        """Start it again if it does not run, and wait until it is ready."""
        if self.plane.apiserver_runs:
            return
        self.plane.start_apiserver()
        await asyncio.to_thread(self.plane.wait_ready)
        # Its controllers wait up to half a minute before they connect again.
        self.plane.restart_manager()

    async def metallb(self, *, present: bool) -> None:
        """Create or delete the CRDs."""
        change = self.plane.add_metallb if present else self.plane.remove_metallb
        await asyncio.to_thread(change)
