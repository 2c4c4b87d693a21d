"""Decoding: what eth-abi encodes comes back, and what lies costs nothing."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from adapters.chain import decoding
from adapters.chain.decoding import Undecodable, decode, decode_word
from adapters.chain.hashing import checksummed
from adapters.chain.types import DEPTH, Described, Type, Unsupported, parse, tuple_of

Made = tuple[Described, st.SearchStrategy[Any]]


def _plain() -> list[Made]:
    found: list[Made] = []
    for bits in (8, 64, 256):
        found.append((Described(f"uint{bits}"), st.integers(0, (1 << bits) - 1)))
        half = 1 << (bits - 1)
        found.append((Described(f"int{bits}"), st.integers(-half, half - 1)))
    found.append((Described("bool"), st.booleans()))
    found.append((Described("address"), st.binary(min_size=20, max_size=20).map(_address)))
    found.append((Described("bytes"), st.binary(max_size=70)))
    found.append((Described("bytes7"), st.binary(min_size=7, max_size=7)))
    found.append((Described("string"), st.text(max_size=40)))
    return found


def _address(raw: bytes) -> str:
    return checksummed("0x" + raw.hex())


def _arrays(inner: Made, size: int | None) -> Made:
    described, values = inner
    suffix = "[]" if size is None else f"[{size}]"
    item = Described(described.type + suffix, "", described.components)
    length = {"max_size": 3} if size is None else {"min_size": size, "max_size": size}
    return item, st.lists(values, **length)


def _tuples(members: list[Made]) -> Made:
    parts = [Described(each.type, f"m{i}", each.components) for i, (each, _) in enumerate(members)]
    return Described("tuple", "", parts), st.tuples(*(values for _, values in members))


def _wider(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    return st.one_of(
        st.builds(_arrays, inner, st.none() | st.integers(1, 3)),
        st.lists(inner, min_size=1, max_size=3).map(_tuples),
    )


made = st.recursive(st.sampled_from(_plain()), _wider, max_leaves=5)


@settings(deadline=None)
@given(st.lists(made, max_size=3), st.data())
def test_what_is_encoded_comes_back(members: list[Made], data: st.DataObject) -> None:
    try:
        type_ = tuple_of([described for described, _ in members])
    except Unsupported:  # deeper than what is taken
        assume(False)
    values = tuple(data.draw(values) for _, values in members)
    assert decode(type_, encode([part.text for part in type_.parts], values)) == values


@settings(deadline=None)
@given(made, st.binary(max_size=300))
def test_anything_at_all_is_decoded_or_refused(one: Made, data: bytes) -> None:
    try:
        type_ = tuple_of([one[0]])
    except Unsupported:
        assume(False)
    try:
        decode(type_, data)
    except Undecodable:
        pass


def test_offsets_that_all_lead_to_one_place_do_not_unfold() -> None:
    """A megabyte of these would be 32 GB."""
    count, size = 1000, 32_000
    offsets = b"".join((32 * count).to_bytes(32, "big") for _ in range(count))
    tail = size.to_bytes(32, "big") + bytes(size)
    data = (32).to_bytes(32, "big") + count.to_bytes(32, "big") + offsets + tail
    with pytest.raises(Undecodable, match="unfolds"):
        decode(tuple_of([Described("bytes[]")]), data)


def test_items_that_take_no_place_are_counted() -> None:
    data = (32).to_bytes(32, "big") + (64).to_bytes(32, "big")
    type_ = tuple_of([Described("uint256[0][]")])
    assert decode(type_, data) == ([[]] * 64,)
    nested = tuple_of([Described("uint256[0][1000000][1000000]")])
    with pytest.raises(Undecodable):
        decode(nested, b"")


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        ("uint8", "01" * 32, "too large"),
        ("int8", "00" * 30 + "0100", "too large"),
        ("bool", "00" * 31 + "02", "neither"),
        ("address", "01" * 32, "not an address"),
        ("bytes4", "01" * 32, "longer"),
        ("uint256", "01" * 31, "too early"),
        ("string", "00" * 31 + "20" + "ff" * 32, "beyond the end"),
        ("string", "ff" * 32, "beyond the end"),
        ("uint256[]", "00" * 31 + "20" + "00" * 31 + "02", "too early"),
    ],
)
def test_what_is_no_value_of_its_type(kind: str, data: str, why: str) -> None:
    with pytest.raises(Undecodable, match=why):
        decode(tuple_of([Described(kind)]), bytes.fromhex(data))


def test_a_string_that_is_no_utf_8_keeps_what_is() -> None:
    data = encode(["bytes"], [b"a/\xff\xfeb"])
    assert decode(tuple_of([Described("string")]), data) == ("a/\ufffd\ufffdb",)


def test_there_is_a_limit_to_what_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "INPUT_LIMIT", 64)
    with pytest.raises(Undecodable, match="more than"):
        decode(tuple_of([Described("uint256")]), bytes(96))


def test_a_topic_is_one_word() -> None:
    assert decode_word(parse(Described("uint256")), bytes(31) + b"\x07") == 7
    with pytest.raises(Undecodable):
        decode_word(parse(Described("uint256")), b"\x07")


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("uint", "uint256"),
        ("int[]", "int256[]"),
        ("function", "function"),
        ("bytes32[2][]", "bytes32[2][]"),
    ],
)
def test_types_are_spelled_canonically(written: str, spelled: str) -> None:
    assert parse(Described(written)).text == spelled


@pytest.mark.parametrize(
    "written", ["uint7", "uint264", "bytes0", "bytes33", "fixed128x18", "", "uint256[", "x[]",
                "uint256[99999999]", "uint256[9999999]", "uint256" + "[]" * (DEPTH + 1)]
)  # fmt: skip
def test_types_that_are_not_known(written: str) -> None:
    with pytest.raises(Unsupported):
        parse(Described(written))


def test_a_tuple_takes_its_place_where_nothing_in_it_is_dynamic() -> None:
    members = [Described("uint8", "a"), Described("bytes4[2]", "b")]
    plain: Type = parse(Described("tuple", "", members))
    assert (plain.text, plain.dynamic, plain.head) == ("(uint8,bytes4[2])", False, 96)
    far: Type = parse(Described("tuple[]", "", members))
    assert (far.text, far.dynamic, far.head) == ("(uint8,bytes4[2])[]", True, 32)
