"""Amounts in wei as text: exact, in the unit that reads best, cut but never rounded up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.rows.amounts import amount, brief, wei_of


@pytest.mark.parametrize(
    ("wei", "text"),
    [
        ("0", "0 ether"), ("1", "1 wei"), ("999999", "999,999 wei"), ("1000000", "0.001 gwei"),
        ("1000000000", "1 gwei"), ("1250000000", "1.25 gwei"),
        ("999999999999999", "999,999.999999999 gwei"),
        ("1000000000000000", "0.001 ether"), ("1500000000000000000", "1.5 ether"),
        ("1000000000000000000", "1 ether"), ("1000000000000000001", "1.000000000000000001 ether"),
        ("9999984617200000000000", "9,999.9846172 ether"),
        (str(2**256 - 1), "115,792,089,237,316,195,423,570,985,008,687,907,853,269,984,665,640,564,"
                          "039,457.584007913129639935 ether"),
        ("", "—"), ("-5", "-5"), ("1.5", "1.5"), ("0x10", "0x10"), ("٣", "٣"), ("1e18", "1e18"),
    ],
)  # fmt: skip
def test_amounts_are_exact(wei: str, text: str) -> None:
    assert amount(wei) == text


@pytest.mark.parametrize(
    ("wei", "text"),
    [
        ("1500000000000000000", "1.5 ether"), ("9999984617200000000000", "9,999.9846… ether"),
        ("999999999999999999", "0.9999… ether"), ("1234567891", "1.2345… gwei"), ("", "—"),
    ],
)  # fmt: skip
def test_what_is_cut_says_so_and_is_never_more(wei: str, text: str) -> None:
    assert brief(wei) == text


@given(st.integers(min_value=0, max_value=2**256 - 1))
def test_an_amount_reads_back_as_what_it_was(value: int) -> None:
    number, _, unit = amount(str(value)).partition(" ")
    places = {"ether": 18, "gwei": 9, "wei": 0}[unit]
    sign, digits, exponent = Decimal(number.replace(",", "")).as_tuple()
    assert sign == 0
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits))) * 10 ** (places + exponent)
    assert whole == value


def test_only_whole_numbers_are_wei() -> None:
    assert wei_of("12") == 12
    assert [wei_of(text) for text in ("", "-1", "1.0", "1" * 79, "0x1", " 1")] == [None] * 6
