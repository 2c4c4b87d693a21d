"""One unit behind the host: its chain, walked once, and its models, read again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adapters.sunspec.chain import Block, Map, Read, walk
from adapters.sunspec.failures import Failure, Garbled
from adapters.sunspec.link import Link
from adapters.sunspec.points import LONGEST, Points, Undecodable, decode, known

INVERTERS = (101, 102, 103, 111, 112, 113)
DER, DER_CAPACITY, STORAGE, DC_PORTS = 701, 702, 713, 714
NAMEPLATE, BASIC_SETTINGS, MPPT = 120, 121, 160
BATTERY, LITHIUM = 802, 803
FIXED = frozenset({1, NAMEPLATE, BASIC_SETTINGS, DER_CAPACITY})
"""Models that do not change while a device runs: read with the chain only."""
SAMPLED = frozenset({*INVERTERS, MPPT, DER, STORAGE, DC_PORTS, BATTERY, LITHIUM})
"""Models that are read at each interval."""


class Reading(NamedTuple):
    """What a unit said at one time: its models in the order of its chain."""

    at: float
    models: tuple[Points, ...]

    def first(self, *numbers: int) -> Points | None:
        """Return the first model of *numbers* that there is, in their order."""
        for number in numbers:
            for model in self.models:
                if model.model == number:
                    return model
        return None


class Unit:
    """Reads one unit. A chain that turns out to have changed is walked again."""

    def __init__(self, link: Link, number: int) -> None:
        self.number = number
        self.map: Map | None = None
        self.fixed: tuple[Points, ...] = ()
        self.flaws: tuple[str, ...] = ()
        """What was wrong with the models of the last reading that could not be decoded."""
        self._link = link
        self._epoch = -1

    async def registers(self, address: int, count: int) -> bytes:
        """Return registers; raises `Failure`."""
        return await self._link.read(self.number, address, count)

    async def read(self, at: float) -> Reading:
        """Return what the unit says now; *at* is the time. Raises `Failure`."""
        if self.map is not None and self._epoch == self._link.epoch:
            try:
                return await self._sample(self.map, at)
            except _Moved:
                pass
        return await self._sample(await self._walk(), at)

    async def _walk(self) -> Map:
        self.map = None
        found = await walk(self.registers)
        models, _ = await _decoded(self.registers, found.blocks, FIXED)
        self.map, self.fixed = found, tuple(models)
        self._epoch = self._link.epoch  # the walk may have made the connection
        return found

    async def _sample(self, found: Map, at: float) -> Reading:
        models, flaws = await _decoded(self.registers, found.blocks, SAMPLED)
        self.flaws = tuple(flaws)
        if not models:
            if flaws:
                raise Garbled(flaws[0])
            raise Failure("no model of an inverter or a battery in its chain")
        return Reading(at, (*self.fixed, *models))


class _Moved(Failure):
    """A model is not where it was: the device is another, or was configured anew."""


async def _decoded(
    read: Read, blocks: Sequence[Block], wanted: frozenset[int]
) -> tuple[list[Points], list[str]]:
    """Return the models of *wanted*, and what is wrong with those that could not be decoded."""
    models: list[Points] = []
    flaws: list[str] = []
    for block in blocks:
        if block.model not in wanted:
            continue
        if block.length > LONGEST:
            flaws.append(f"model {block.model} is {block.length} registers long")
            continue
        data = await read(block.address, block.size)
        header = (int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big"))
        if header != (block.model, block.length):
            raise _Moved(f"model {block.model} is not at {block.address} any more")
        try:
            models.append(decode(block.model, data))
        except Undecodable as error:
            flaws.append(str(error))
    return models, flaws


async def everything(unit: Unit) -> tuple[Map, list[Points], list[str]]:
    """Return the chain of *unit* and all of its models that have a definition, read now.

    The last are what could not be decoded. Raises `Failure`.
    """
    found = await walk(unit.registers)
    wanted = frozenset(block.model for block in found.blocks if known(block.model))
    models, flaws = await _decoded(unit.registers, found.blocks, wanted)
    return found, models, flaws
