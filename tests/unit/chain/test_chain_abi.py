"""ABIs: what they declare, found by name, selector and topic; and how it reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from chain_node import digest, word
from eth_abi.abi import encode

from adapters.chain import hashing, wording
from adapters.chain.abi import STANDARD_ERRORS, TRANSFER, Abi, built_in, load, parse
from adapters.chain.types import Described
from adapters.chain.types import parse as parse_type
from adapters.contract import ConfigurationError, Refused


def written(*entries: dict[str, Any]) -> Abi:
    return parse(json.dumps(list(entries)).encode())


def parameter(type_: str, name: str = "", indexed: bool = False) -> dict[str, Any]:
    return {"type": type_, "name": name, "indexed": indexed}


def test_what_is_spelled_out_is_what_it_hashes_to() -> None:
    assert hashing.topic("Transfer(address,address,uint256)") == TRANSFER
    for error in STANDARD_ERRORS:
        assert error.selector == hashing.selector(error.signature)


@pytest.mark.parametrize(
    "text",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)
def test_addresses_are_spelled_as_eip_55_says(text: str) -> None:
    assert hashing.checksummed(text.lower()) == text
    assert not hashing.mistyped(text)
    assert not hashing.mistyped(text.lower())
    assert hashing.mistyped(text[:-1] + text[-1].swapcase()) is text[-1].isalpha()


def test_the_colonys_own_contracts() -> None:
    assert built_in() == ["Anchor", "Deployments", "Identity"]
    identity, deployments = load("Identity"), load("Deployments")
    assert identity.tokens
    assert not deployments.tokens
    assert identity.function("mint").signature == "mint(address,uint256,string)"
    assert identity.function("ownerOf").selector == bytes.fromhex("6352211e")
    assert identity.function("ownerOf").reads
    assert not identity.left_out
    assert "AppTaken" in {each.name for each in identity.errors}


def test_a_function_that_is_there_twice_or_not_at_all() -> None:
    identity = load("Identity")
    with pytest.raises(Refused, match=r"several.*\(address,address,uint256,bytes\)"):
        identity.function("safeTransferFrom")
    assert identity.function("safeTransferFrom(address, address, uint256)").inputs.parts
    with pytest.raises(Refused, match=r"no function is called 'burn'; there are: .*mint"):
        identity.function("burn")


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps([{"type": "function", "name": "ping", "inputs": []}]))
    assert load(str(path)).function("ping").signature == "ping()"
    artifact = {"abi": [{"type": "function", "name": "ping"}], "bytecode": "0x"}
    path.write_text(json.dumps(artifact))
    assert load(str(path)).function("ping").signature == "ping()"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no ABI"),
        (b"{}", "is no ABI"),
        (b"[1]", "is no ABI"),
        (b"\xff", "is no ABI"),
        (b"[" * 100_000, "is no ABI"),
        (b"[" + b"{}," * 5_000 + b"{}]", "more than 4096 entries"),
        (b" " * (5 << 20), "larger than 4 MB"),
    ],
)
def test_files_that_are_no_abi(content: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"contracts.x.abi: .*{why}"):
        load(str(path), "contracts.x.abi")


@pytest.mark.parametrize("name", ["", "Nothing", "../Identity", "/nowhere/x.json"])
def test_names_that_are_no_abi(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"not built in|cannot be read"):
        load(name)


def test_what_has_an_unknown_type_is_left_out_and_the_rest_is_not() -> None:
    deep: dict[str, Any] = {"type": "uint256"}
    for _ in range(12):
        deep = {"type": "tuple", "components": [deep]}
    found = written(
        {"type": "function", "name": "a", "inputs": [parameter("fixed128x18")]},
        {"type": "function", "name": "b", "inputs": [deep]},
        {"type": "function", "name": "c\x1b", "inputs": []},
        {"type": "function", "name": "d", "inputs": []},
    )
    assert [each.name for each in found.functions] == ["d"]
    assert len(found.left_out) == 3
    assert all(line.isprintable() for line in found.left_out)


def test_an_event_by_how_many_topics_it_has() -> None:
    members = ("from", "address"), ("to", "address"), ("value", "uint256")
    plain = [parameter(type_, name, name != "value") for name, type_ in members]
    token = [parameter(type_, name, True) for name, type_ in members]
    found = written(
        {"type": "event", "name": "Transfer", "inputs": plain},
        {"type": "event", "name": "Transfer", "inputs": token},
    )
    assert not found.tokens
    topics = [TRANSFER, word(0xA), word(0xB)]
    coins = found.decode_log(topics, bytes(31) + b"\x05")
    assert coins is not None
    assert coins.get("value") == 5
    one = found.decode_log([*topics, word(7)], b"")
    assert one is not None
    assert one.values[2] == 7
    assert found.decode_log(topics[:2], b"") is None
    assert found.decode_log([], b"") is None
    assert found.decode_log([digest("x")], b"") is None
    assert found.decode_log([TRANSFER, "0x" + "f" * 64, word(1), word(1)], b"") is None


def test_a_topic_that_is_a_hash_is_said_to_be_one() -> None:
    found = written({"type": "event", "name": "Said", "inputs": [parameter("string", "app", True)]})
    said = found.decode_log([hashing.topic("Said(string)"), digest("x")], b"")
    assert said is not None
    assert said.hashed == {0}
    assert said.get("app") is None
    assert wording.described(said) == f"Said(app: {digest('x')})"


def reason(data: bytes) -> str:
    return wording.reverted(load("Identity"), data)


def test_why_a_call_reverted() -> None:
    text, panic = (bytes.fromhex(each) for each in ("08c379a0", "4e487b71"))
    taken = hashing.selector("AppTaken(string,uint256)")
    assert reason(b"") == "reverted without a reason"
    assert reason(text + encode(["string"], ["no\x1b"])) == "no␛"
    assert reason(text + encode(["string"], [""])) == "reverted without a reason"
    assert reason(panic + encode(["uint256"], [0x11])) == "arithmetic overflow"
    assert reason(panic + encode(["uint256"], [0x99])) == "panic 0x99"
    assert reason(panic + b"\xff" * 32) == "an unknown panic"
    assert reason(taken + encode(["string", "uint256"], ["a/b", 3])) == (
        "AppTaken(app: a/b, tokenId: 3)"
    )
    assert "does not know (0x01020304)" in reason(b"\x01\x02\x03\x04")
    assert "does not know" in reason(text + b"\xff" * 64)
    assert len(reason(text + encode(["string"], ["x" * 100_000]))) <= wording.VALUE_LIMIT


def test_values_as_a_person_reads_them() -> None:
    members = [Described("uint8", "a"), Described("string", "b"), Described("bytes", "")]
    whole = parse_type(Described("tuple[]", "", members))
    value = [(1, 'x"\x1b', b"\x01"), (2, "", b"")]
    assert wording.worded(whole, value) == '[(a: 1, b: "x\\"␛", 0x01), (a: 2, b: "", 0x)]'
    assert wording.worded(parse_type(Described("bool")), True) == "true"
    long = wording.worded(parse_type(Described("uint8[]")), [1] * 100_000)
    assert len(long) <= wording.VALUE_LIMIT
    assert long.endswith("…")
    large = wording.worded(parse_type(Described("bytes")), b"\x01" * 1_000_000)
    assert len(large) <= wording.VALUE_LIMIT
