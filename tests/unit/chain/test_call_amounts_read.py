"""Amounts that a person reads: six decimals, and never on the wrong side of what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chain.calls import units


@pytest.mark.parametrize(
    ("wei", "most", "least"),
    [
        (51_728_000_724_192, "51728.000725 gwei", "51728.000724… gwei"),
        (9_999_998_236_361_250_621_708, "9999.998237 ether", "9999.998236… ether"),
        (104_688_000_000_000, "0.000104688 ether", "0.000104688 ether"),
        (104_688_123_456_789, "0.000104689 ether", "0.000104688… ether"),
        (10**18, "1 ether", "1 ether"),
        (10**18 + 1, "1.000001 ether", "1.000000… ether"),
        (10**18 - 1, "1 ether", "0.999999… ether"),
        (15 * 10**17, "1.5 ether", "1.5 ether"),
        (7, "7 wei", "7 wei"),
        (0, "0 ether", "0 ether"),
    ],
)
def test_six_decimals_are_read(wei: int, most: str, least: str) -> None:
    assert units.at_most(wei) == most
    assert units.at_least(wei) == least


@given(st.integers(0, 2**128))
def test_they_stay_on_their_side(wei: int) -> None:
    most = units.integer(units.at_most(wei))
    least = units.integer(units.at_least(wei).replace("…", ""))
    assert least <= wei <= most
    assert (most - least) * 10**5 <= wei
