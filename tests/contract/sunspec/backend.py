"""What the contract tests need of the Modbus server they run against: the box's, or jsmodbus'."""

from __future__ import annotations

import abc
import asyncio
import enum
from collections.abc import Callable, Mapping
from typing import ClassVar

from fixtures.sunspec.modbus import Partly, Server
from tests.real.modbus.running import ModbusServer

Images = Mapping[int, Callable[[], bytes]]


class Can(enum.Enum):
    """What a backend may offer; without it, the test of degraded behaviour is the one to pass."""

    MOVES = "registers that follow the sun by themselves"


class Backend(abc.ABC):
    """A server of register images on loopback, each unit's from register `base` on."""

    name: ClassVar[str]
    can: ClassVar[frozenset[Can]]
    host = "127.0.0.1"

    @property
    @abc.abstractmethod
    def port(self) -> int:
        """Its port; it stays the same."""

    @abc.abstractmethod
    async def serve(self, images: Images, base: int = 40000) -> None:
        """Serve *images* from now on; what they return later is served after `refresh`."""

    @abc.abstractmethod
    def refresh(self) -> None:
        """Let the registers be what the images say now."""

    @abc.abstractmethod
    def fail(
        self,
        *,
        exceptions: Mapping[int, int] | None = None,
        partial: Mapping[int, Partly] | None = None,
        silent: set[int] | None = None,
    ) -> None:
        """Answer units with an exception's code, in part, or not at all; and all others well."""

    @abc.abstractmethod
    def kill(self) -> None:
        """End the server as a crash would, until `revive`."""

    @abc.abstractmethod
    async def revive(self) -> None:
        """Start it again, on its port."""


class BoxBackend(Backend):
    """The box's server, in this process."""

    name = "box"
    can = frozenset({Can.MOVES})

    def __init__(self) -> None:
        self._server = Server({}, 40000)

    @property
    def port(self) -> int:
        """Its port."""
        return self._server.port

    async def open(self) -> None:
        """Listen."""
        await self._server.open()

    async def serve(self, images: Images, base: int = 40000) -> None:
        """Serve what the images say whenever they are asked."""
        self._server.units, self._server.base = dict(images), base

    def refresh(self) -> None:
        """Nothing is to be done: its registers are made as they are read."""

    def fail(
        self,
        *,
        exceptions: Mapping[int, int] | None = None,
        partial: Mapping[int, Partly] | None = None,
        silent: set[int] | None = None,
    ) -> None:
        """Set its switches."""
        faults = self._server.faults
        faults.clear()
        faults.exceptions.update(exceptions or {})
        faults.partial.update(partial or {})
        faults.silent.update(silent or set())

    def kill(self) -> None:
        """Break every connection and refuse new ones."""
        self._server.shut()

    async def revive(self) -> None:
        """Listen again."""
        await self._server.open()


class RealBackend(Backend):
    """jsmodbus' server, a process of its own."""

    name = "real"
    can = frozenset()

    def __init__(self, server: ModbusServer) -> None:
        self._server = server
        self._images: Images = {}
        self._base = 40000

    @property
    def port(self) -> int:
        """Its port."""
        return self._server.port

    async def serve(self, images: Images, base: int = 40000) -> None:
        """Have it hold what the images say now."""
        self._images, self._base = images, base
        self.refresh()

    def refresh(self) -> None:
        """Hand the images over again."""
        self._server.images({unit: image() for unit, image in self._images.items()}, self._base)

    def fail(
        self,
        *,
        exceptions: Mapping[int, int] | None = None,
        partial: Mapping[int, Partly] | None = None,
        silent: set[int] | None = None,
    ) -> None:
        """Tell it."""
        self._server.tell(
            exceptions={str(unit): code for unit, code in (exceptions or {}).items()},
            partial={str(unit): how.name.lower() for unit, how in (partial or {}).items()},
            silent=sorted(silent or ()),
        )

    def kill(self) -> None:
        """Kill the process."""
        self._server.kill()

    async def revive(self) -> None:
        """Start it again; what it was told it is told again."""
        self._server.start()
        await asyncio.sleep(0)
