"""The walk along a device's models: marker, unknown models, ends, hostile lengths."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sunspec.chain import MOST_BLOCKS, Map, walk
from adapters.sunspec.failures import Excepted, Failure, Garbled, NotSunSpec, Silent
from tests.unit.sunspec import sunspec_images as images


class Registers:
    """A device's registers from *base* on; what is asked beyond them is an exception."""

    def __init__(self, data: bytes, base: int = 40000, code: int = 2) -> None:
        self.data, self.base, self.code = data, base, code
        self.asked = 0

    async def __call__(self, address: int, count: int) -> bytes:
        self.asked += 1
        start = (address - self.base) * 2
        if start < 0 or start + count * 2 > len(self.data):
            raise Excepted(self.code)
        return self.data[start : start + count * 2]


def _models(found: Map) -> list[tuple[int, int]]:
    return [(block.model, block.address) for block in found.blocks]


async def test_the_chain_with_an_unknown_model_in_it() -> None:
    vendor = struct.pack(">HH", 64_001, 3) + bytes(6)
    found = await walk(Registers(images.device(vendor, images.inverter())))
    assert found.base == 40000
    assert _models(found) == [(1, 40002), (64_001, 40070), (103, 40075)]


@pytest.mark.parametrize("base", [40000, 0, 50000])
async def test_each_place_of_the_marker(base: int) -> None:
    assert (await walk(Registers(images.device(), base))).base == base


@pytest.mark.parametrize(("length", "next_"), [(65, 40069), (66, 40070)])
async def test_a_common_block_of_either_length(length: int, next_: int) -> None:
    data = b"SunS" + images.common(length=length) + images.inverter() + images.END
    assert _models(await walk(Registers(data)))[1] == (103, next_)


async def test_an_end_model_without_a_length_and_none_at_all() -> None:
    whole = images.device(images.inverter())
    assert len((await walk(Registers(whole[:-2]))).blocks) == 2
    assert len((await walk(Registers(whole[:-4]))).blocks) == 2


async def test_no_marker() -> None:
    with pytest.raises(NotSunSpec, match="no SunSpec marker at 40000, 0 or 50000 "):
        await walk(Registers(b"SMA!" + bytes(100)))


async def test_a_marker_and_no_common_block() -> None:
    with pytest.raises(NotSunSpec, match="no common model"):
        await walk(Registers(b"SunS" + images.inverter() + images.END))


async def test_silence_and_an_absent_target_end_the_search_at_once() -> None:
    async def silent(address: int, count: int) -> bytes:
        raise Silent("no answer")

    with pytest.raises(Silent):
        await walk(silent)
    registers = Registers(b"", code=11)
    with pytest.raises(Excepted):
        await walk(registers)
    assert registers.asked == 1


async def test_an_exception_in_the_middle_is_not_an_end() -> None:
    with pytest.raises(Excepted):
        await walk(Registers(images.device()[:-4], code=4))


async def test_a_chain_without_an_end_is_given_up() -> None:
    empty = struct.pack(">HH", 64_002, 0)
    registers = Registers(b"SunS" + images.common() + empty * 5000)
    with pytest.raises(Garbled, match=f"more than {MOST_BLOCKS} models"):
        await walk(registers)
    assert registers.asked < MOST_BLOCKS + 5


async def test_a_length_past_the_last_register() -> None:
    long = struct.pack(">HH", 64_003, 60_000)
    with pytest.raises(Garbled, match="past the last register"):
        await walk(Registers(images.device(long)))


@given(st.binary(max_size=600))
async def test_any_registers_are_walked_in_few_steps(tail: bytes) -> None:
    registers = Registers(b"SunS" + images.common() + tail)
    try:
        found = await walk(registers)
    except Failure:
        pass
    else:
        assert len(found.blocks) <= MOST_BLOCKS
    assert registers.asked <= 2 * MOST_BLOCKS
