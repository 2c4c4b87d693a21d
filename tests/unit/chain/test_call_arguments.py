"""Arguments as people write them: what is understood, what is refused, and there and back."""

from __future__ import annotations

import contextlib
from typing import Any

import eth_abi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chain import hashing
from adapters.chain.calls import arguments, notation, units
from adapters.chain.calls.arguments import Missing, Wrong, understand, written
from adapters.chain.known import Names
from adapters.chain.types import Described, Type, parse

OPS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
AGRI = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
NAMES = Names({"ops": OPS, "agri": AGRI})


def type_(text: str, *components: Described) -> Type:
    return parse(Described(text, components=list(components) or None))


def value(kind: str, written: Any) -> Any:
    return understand(type_(kind), written, NAMES, "it").value


def note(kind: str, written: Any) -> str:
    return understand(type_(kind), written, NAMES, "it").note


def error(kind: str | Type, written: Any) -> str:
    with pytest.raises(Wrong) as caught:
        understand(type_(kind) if isinstance(kind, str) else kind, written, NAMES, "it")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("it")
    return str(caught.value)


def test_an_address_may_be_a_name_and_says_which() -> None:
    assert understand(type_("address"), " ops ", NAMES, "to") == arguments.Understood(
        OPS, f"= {OPS}"
    )
    assert note("address", OPS) == "= ops"
    assert value("address", OPS.lower()) == OPS
    assert note("address", "0x" + "ab" * 20) == "no checksum to check it by"
    assert note("address", hashing.ZERO_ADDRESS) == "the zero address: nobody"


def test_an_address_with_a_wrong_checksum_is_an_error() -> None:
    assert "checksum (EIP-55) is wrong" in error("address", OPS.replace("C51812", "c51812"))


@pytest.mark.parametrize("text", ["0x12", "opss", "0x" + "g" * 40, OPS + "0", "\x1b[31m"])
def test_what_is_no_address_is_said_to_be_none(text: str) -> None:
    said = error("address", text)
    assert "known name: agri, ops" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        (" 1_000_000 ", 10**6),
        ("0xff", 255),
        ("0xFF_FF", 65535),
        ("1e18", 10**18),
        ("1.5e3", 1500),
        ("1.5 ether", 15 * 10**17),
        ("20gwei", 20 * 10**9),
        ("20 Gwei", 20 * 10**9),
        ("0.000000000000000001 ether", 1),
        ("1.0", 1),
    ],
)
def test_integers_in_all_spellings(text: str, number: int) -> None:
    assert value("uint256", text) == number


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("uint8", "256", "does not fit uint8; expected: a whole number from 0 to 2^8-1"),
        ("uint8", "-1", "is negative"),
        ("int8", "128", "does not fit int8"),
        ("int8", "-129", "does not fit int8"),
        ("uint256", str(1 << 256), "does not fit uint256"),
        ("uint256", "1.5", "is not a whole number"),
        ("uint256", "1.5 wei", "less than a wei"),
        ("uint256", "0.1 parsec", "unit that is not known"),
        ("uint256", "1e999", "far too large"),
        ("uint256", "0x", "is not a whole number"),
        ("uint256", "seven", "is not a whole number"),
        ("uint256", "٧", "is not a whole number"),
        ("uint256", "9" * 5000, "is not a whole number"),
        ("uint256", ["7"], "is a list"),
        ("bool", "maybe", "expected: yes or no"),
        ("bytes4", "0x0102", "has 2 bytes; expected: 0x and 8 hexadecimal digits (4 bytes)"),
        ("bytes", "0x123", "is not hexadecimal"),
        ("bytes", "1234", "is not hexadecimal"),
        ("bytes", "0x12 34", "is not hexadecimal"),
        ("string", "\ud800", "half a character"),
        ("string", "a" * 70_000, "has 70000 bytes"),
        ("uint8[]", "7", "is not a list"),
        ("uint8[]", "[1, 300]", "does not fit"),
        ("uint8[2]", "[1]", "has 1 items; expected: a list of 2 × uint8"),
        ("uint8[]", "[1, 2", "a comma or ] is expected at its end"),
        ("uint8[]", "[1] 2", "nothing more is expected before '2'"),
        ("uint8[]", "[" * 100, "lists within each other"),
        ("uint8[]", "[" + "1," * 2000 + "1]", "has 2001 items; expected: at most 1024"),
        ("uint8[]", "[" + "1," * 5000 + "1]", "more than 4096 values"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_expected(kind: str, text: Any, says: str) -> None:
    assert says in error(kind, text)


@pytest.mark.parametrize("kind", ["address", "uint256", "bool", "bytes", "bytes32", "uint8[]"])
@pytest.mark.parametrize("text", [None, "", "  "])
def test_what_was_not_written_yet_is_missing_not_wrong(kind: str, text: str | None) -> None:
    with pytest.raises(Missing, match="it: is missing; expected:"):
        value(kind, text)


def test_an_empty_text_is_a_text() -> None:
    assert value("string", "") == ""
    assert value("string", "  ") == "  "
    assert value("bytes", "0x") == b""
    with pytest.raises(Missing):
        value("string", None)


def test_how_it_was_understood_is_said_where_it_is_not_plain() -> None:
    assert note("uint256", "1.5 ether") == "= 1500000000000000000 wei"
    assert note("uint256", "0xff") == "= 255"
    assert note("uint256", "7") == ""
    assert note("bytes", "0x0102") == "2 bytes"
    assert value("bool", "Yes") is True
    assert value("bool", "false") is False


ENTRY = type_(
    "tuple[]",
    Described("address", "who"),
    Described("tuple", "what", [Described("string", "app"), Described("uint64[]", "revisions")]),
)


@pytest.mark.parametrize(
    "text",
    [
        f'[["{OPS}", ["a/b", [1, 2]]]]',
        '[(ops, ("a/b", [1, 2]))]',
        "[(ops, (a/b, [1, 0x2]))]",
        '[{"who": "ops", "what": {"revisions": ["1", 2], "app": "a/b"}}]',
        "[{who: ops, what: {app: a/b, revisions: [1, 2]}}]",
        [["ops", '("a/b", [1, 2])']],
    ],
)
def test_lists_and_tuples_by_position_and_by_name(text: Any) -> None:
    assert understand(ENTRY, text, NAMES, "it").value == [(OPS, ("a/b", [1, 2]))]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[{who: ops}]", "it[0]: what is missing"),
        ("[{who: ops, what: (a, []), why: 1}]", "it[0]: has no member 'why'"),
        ("[{who: ops, who: ops}]", "'who' is in it twice"),
        ("[(ops, (a, [-1]))]", "it[0].what.revisions[0]: '-1' is negative"),
        ("[(nobody, (a, []))]", "it[0].who: 'nobody' is neither"),
        ("[(ops)]", "it[0]: has 1 members; expected: (address who, (string,uint64[]) what)"),
    ],
)
def test_what_is_wrong_inside_is_found(text: str, says: str) -> None:
    assert says in error(ENTRY, text)


def test_the_list_of_arguments() -> None:
    assert arguments.listed("") == []
    assert arguments.listed('["ops", 7, true, null, ["a"]]') == ["ops", "7", "true", None, ["a"]]
    for text in ('{"to": 1}', "7", "[1", "[", '["\\x"]', '["'):
        with pytest.raises(Wrong, match=r"^args: "):
            arguments.listed(text)


def test_too_many_or_too_few_arguments() -> None:
    inputs = type_("tuple", Described("address", "to"), Described("uint256"))
    assert arguments.whole(inputs, ["ops", "7"], NAMES) == (OPS, 7)
    with pytest.raises(Wrong, match="args: 3 values are too many; expected: address to, uint256"):
        arguments.whole(inputs, ["ops", "7", "8"], NAMES)
    with pytest.raises(Missing, match="argument 2: is missing"):
        arguments.whole(inputs, ["ops"], NAMES)


@pytest.mark.parametrize(
    ("wei", "text"),
    [
        (0, "0 ether"),
        (1, "1 wei"),
        (99_999, "99999 wei"),
        (20 * 10**9, "20 gwei"),
        (10**14, "0.0001 ether"),
        (-(15 * 10**17), "-1.5 ether"),
        (123456789 * 10**18 + 1, "123456789.000000000000000001 ether"),
    ],
)
def test_amounts_are_exact(wei: int, text: str) -> None:
    assert units.ether(wei) == text
    assert units.integer(text) == wei


def _values(kind: Type) -> st.SearchStrategy[Any]:
    size = kind.size or 0
    match kind.kind:
        case "uint":
            return st.integers(0, (1 << size) - 1)
        case "int":
            return st.integers(-(1 << (size - 1)), (1 << (size - 1)) - 1)
        case "address":
            return st.binary(min_size=20, max_size=20).map(hashing.address)
        case "bool":
            return st.booleans()
        case "string":
            return st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
        case "bytes":
            return st.binary(max_size=70)
        case "fixed":
            return st.binary(min_size=size, max_size=size)
        case "array":
            assert kind.item is not None
            low, high = (size, size) if kind.size is not None else (0, 3)
            return st.lists(_values(kind.item), min_size=low, max_size=high)
        case _:
            return st.tuples(*map(_values, kind.parts))


def _described() -> st.SearchStrategy[Described]:
    sized = st.integers(1, 32)
    plain = st.one_of(
        st.sampled_from(["address", "bool", "string", "bytes"]),
        sized.map(lambda size: f"uint{8 * size}"),
        sized.map(lambda size: f"int{8 * size}"),
        sized.map(lambda size: f"bytes{size}"),
    ).map(Described)

    def nested(inner: st.SearchStrategy[Described]) -> st.SearchStrategy[Described]:
        arrays = st.builds(
            lambda each, size: Described(f"{each.type}[{size}]", components=each.components),
            inner,
            st.sampled_from(["", "1", "2"]),
        )
        tuples = st.lists(inner, min_size=1, max_size=3).map(
            lambda parts: Described("tuple", components=parts)
        )
        return arrays | tuples

    return st.recursive(plain, nested, max_leaves=4)


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[Type, Any]:
    kind = parse(draw(_described()))
    return kind, draw(_values(kind))


@settings(max_examples=200, deadline=None)
@given(_pairs())
def test_what_is_written_is_read_back_and_encodes_to_the_same(pair: tuple[Type, Any]) -> None:
    kind, there = pair
    back = understand(kind, written(kind, there), NAMES, "it").value
    assert back == there
    encoded = eth_abi.encode([kind.text], [back])
    assert encoded == eth_abi.encode([kind.text], [there])
    (decoded,) = eth_abi.decode([kind.text], encoded)
    assert eth_abi.encode([kind.text], [decoded]) == encoded


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_written_is_understood_or_one_line(text: str) -> None:
    for kind in (ENTRY, type_("uint256"), type_("address"), type_("bytes"), type_("bool")):
        said = ""
        try:
            understand(kind, text, NAMES, "it")
        except Wrong as error:
            said = str(error)
        assert "\n" not in said


@settings(max_examples=300, deadline=None)
@given(st.text('[](){},:"\\ntrue0 ', max_size=40))
def test_notation_reads_or_says_why_not(text: str) -> None:
    with contextlib.suppress(notation.Unreadable):
        notation.read(text)
