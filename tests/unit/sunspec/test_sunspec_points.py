"""Registers become points: scale factors, sentinels, hostile counts."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sunspec.points import Points, Undecodable, decode, known
from tests.unit.sunspec import sunspec_images as images

MODELS = (1, 103, 113, 120, 160, 701, 702, 713, 714, 802, 803)


def test_a_scale_factor_is_a_power_of_ten() -> None:
    found = decode(103, images.inverter(498, scale=1))
    assert found.number("W") == 4980.0
    assert found.number("Hz") == 50.01
    assert found.number("TmpCab") == 41.2
    assert found.number("WH") == 1_234_567.0
    assert found.code("St") == 4
    assert found.symbol("St") == "MPPT"


def test_what_is_not_implemented_is_none() -> None:
    found = decode(103, images.inverter(-32768))
    assert found.number("W") is None
    assert found.number("TmpSnk") is None  # int16
    assert found.number("PPVphAB") is None  # uint16
    assert found.number("VA") is None
    assert found.code("StVnd") is None  # enum16
    assert decode(103, images.inverter(energy=0)).number("WH") is None  # acc32


def test_zero_is_a_number() -> None:
    assert decode(103, images.inverter(0)).number("W") == 0.0


@pytest.mark.parametrize("scale", [-32768, 11, -11, 32767])
def test_a_value_without_a_sane_scale_factor_is_not_known(scale: int) -> None:
    found = decode(103, images.inverter(498, scale=scale))
    assert found.raw("W") == 498
    assert found.number("W") is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_floats_that_are_no_numbers(value: float) -> None:
    found = decode(113, images.floats(power=value))
    assert found.number("W") is None
    assert found.number("Hz") == 50.0


def test_a_float_has_no_scale_factor_and_no_noise() -> None:
    assert decode(113, images.floats(power=4980.123)).number("W") == 4980.123


def test_bits_by_their_names() -> None:
    found = decode(103, images.inverter(events=1 << 7 | 1 << 0 | 1 << 30))
    assert found.bits("Evt1") == ("GROUND_FAULT", "OVER_TEMP", "bit 30")
    assert found.bits("EvtVnd1") == ()  # not implemented


def test_a_common_block_of_either_length() -> None:
    for length in (65, 66):
        assert decode(1, images.common("ABC", length)).text("SN") == "ABC"


def test_text_that_is_no_text_is_none() -> None:
    block = bytearray(images.common("ABC"))
    block[104:108] = b"\xff\xfe\xfd\xfc"
    assert decode(1, bytes(block)).text("SN") == ""


def test_a_model_longer_than_its_definition_is_read_as_far_as_that_goes() -> None:
    body = bytearray(images.inverter() + bytes(20))
    body[2:4] = (60).to_bytes(2, "big")
    assert decode(103, bytes(body)).number("W") == 4980.0
    short = bytearray(images.inverter()[: 2 * 30])
    short[2:4] = (28).to_bytes(2, "big")
    found = decode(103, bytes(short))
    assert (found.number("W"), found.number("TmpCab"), found.code("St")) == (4980.0, None, None)


def test_counts_beyond_reason_are_refused() -> None:
    many = struct.pack(">HHH", 803, 26, 0xFFFE) + bytes(50)
    with pytest.raises(Undecodable, match="model 803 counts groups for"):
        decode(803, many)
    with pytest.raises(Undecodable, match="is 3000 registers long"):
        decode(160, bytes(2 * 3002))


def test_definitions_come_from_the_library_alone() -> None:
    import sunspec2.device as library

    assert known(103)
    assert not known(64_999)
    assert "." not in library.get_model_defs_path()


def _walk(points: Points) -> None:
    for name in points.names():
        number = points.number(name)
        assert number is None or math.isfinite(number)
        points.symbol(name)
        points.bits(name)
        points.text(name)
    for group in points.group_names():
        for each in points.groups(group):
            _walk(each)


@given(model=st.sampled_from(MODELS), body=st.binary(max_size=400))
def test_nothing_that_a_device_says_breaks_the_reading(model: int, body: bytes) -> None:
    body = body[: len(body) // 2 * 2]
    data = model.to_bytes(2, "big") + (len(body) // 2).to_bytes(2, "big") + body
    try:
        found = decode(model, data)
    except Undecodable:
        return
    _walk(found)
