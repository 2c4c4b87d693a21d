"""What a call costs, is called, changes, undoes and records: plain functions."""

from __future__ import annotations

import json
import shlex

import pytest

from adapters.chain import abi
from adapters.chain.abi import Abi
from adapters.chain.calls import cast, effects, encoding, fees, form, recording
from adapters.chain.calls.fees import Cost
from adapters.chain.hashing import ZERO_ADDRESS, selector
from adapters.chain.known import Known, Names
from adapters.contract import Refused

OPS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
AGRI = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
PLACE = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
GWEI = 10**9
COST = Cost(60_000, 3 * GWEI, GWEI)


def identity() -> Abi:
    return abi.load("Identity")


def deployments() -> Known:
    return Known("Deployments", PLACE, abi.load("Deployments"))


# -- fees


@pytest.mark.parametrize(
    ("base", "tip", "legacy", "offer"),
    [
        (10 * GWEI, GWEI, 11 * GWEI, (21 * GWEI, GWEI)),
        (10 * GWEI, None, 12 * GWEI, (22 * GWEI, 2 * GWEI)),
        (10 * GWEI, None, None, (20 * GWEI, 0)),
        (0, 0, 0, (0, 0)),  # a network without fees
        (None, None, 5 * GWEI, (5 * GWEI, None)),  # from before London
        (None, None, None, (0, None)),
    ],
)
def test_the_price_that_is_offered(
    base: int | None, tip: int | None, legacy: int | None, offer: tuple[int, int | None]
) -> None:
    assert fees.price(base, tip, legacy, None) == offer


def test_the_price_stays_below_the_limit_or_is_refused() -> None:
    assert fees.price(10 * GWEI, GWEI, None, 15) == (15 * GWEI, GWEI)
    with pytest.raises(Refused, match="11 gwei a unit now, more than max_fee_gwei allows"):
        fees.price(10 * GWEI, GWEI, None, 10)
    with pytest.raises(Refused, match="max_fee_gwei"):
        fees.price(None, None, 5 * GWEI, 4)


def test_gas_has_headroom_and_fits_the_block() -> None:
    assert fees.gas_limit(100_000, 30_000_000) == 120_000
    assert fees.gas_limit(100_000, 110_000) == 110_000
    assert fees.gas_limit(100, None) == 21_000


def test_what_is_missing_is_said() -> None:
    fees.affordable("ops", COST.most + 5, 5, COST)
    with pytest.raises(Refused) as caught:
        fees.affordable("ops", 10**18, 10**18, COST)
    assert str(caught.value) == (
        "insufficient funds: ops has 1 ether and needs 1 ether and at most 0.00018 ether of fees; "
        "0.00018 ether are missing"
    )


# -- cast


def test_the_command_for_cast_is_safe_to_paste() -> None:
    function = identity().function("mint")
    hostile = 'a/b\'; rm -rf ~; echo $(id) `id` "x"'
    command = cast.send(
        "http://127.0.0.1:8545/", PLACE, function, (OPS, 7, hostile),
        sender=AGRI, how=["--unlocked"], value=5, cost=COST,
    )  # fmt: skip
    assert shlex.split(command) == [
        "cast", "send", "--rpc-url", "http://127.0.0.1:8545/", "--unlocked", "--from", AGRI,
        "--gas-limit", "60000", "--value", "5wei", PLACE, "mint(address,uint256,string)",
        OPS, "7", hostile,
    ]  # fmt: skip


def test_a_node_with_a_key_in_its_path_is_not_shown() -> None:
    function = identity().function("tokenOf")
    command = cast.call("https://node.example/v3/secret", PLACE, function, ("--json",))
    assert "secret" not in command
    assert command == (
        f"cast call --rpc-url \"$ETH_RPC_URL\" -- {PLACE} 'tokenOf(string)(uint256)' --json"
    )


# -- effects


@pytest.mark.parametrize(
    ("signature", "values", "reads"),
    [
        ("transferFrom(address,address,uint256)", (AGRI, OPS, 7), {"ownerOf": (OPS,)}),
        ("safeTransferFrom(address,address,uint256)", (AGRI, OPS, 7), {"ownerOf": (OPS,)}),
        ("approve(address,uint256)", (OPS, 7), {"getApproved": (OPS,)}),
        ("setApprovalForAll(address,bool)", (OPS, True), {"isApprovedForAll": (True,)}),
        ("rename(uint256,string)", (7, "a/b"), {"appOf": ("a/b",)}),
        ("mint(address,uint256,string)", (OPS, 7, "a/b"),
         {"ownerOf": (OPS,), "appOf": ("a/b",)}),
        ("transferOwnership(address)", (OPS,), {"owner": (OPS,)}),
        ("renounceOwnership()", (), {"owner": (ZERO_ADDRESS,)}),
    ],
)  # fmt: skip
def test_what_a_call_of_identity_changes(
    signature: str, values: tuple[object, ...], reads: dict[str, tuple[object, ...]]
) -> None:
    there = identity()
    found = effects.reads(there, there.function(signature), values, AGRI)
    waited = {each.function.name: each.expected for each in found if each.expected is not None}
    assert waited == reads


def test_every_rule_is_of_a_function_that_its_reads_can_follow() -> None:
    for there in (identity(), deployments().abi):
        for function in there.functions:
            for rule in effects.RULES.get(function.signature, ()):
                assert there.function(rule.read).signature == rule.read


def test_a_contract_without_the_read_has_no_effect_to_look_at() -> None:
    plain = abi.parse(
        b'[{"type":"function","name":"transferFrom","stateMutability":"nonpayable","outputs":[],'
        b'"inputs":[{"type":"address"},{"type":"address"},{"type":"uint256"}]}]'
    )
    assert effects.reads(plain, plain.function("transferFrom"), (AGRI, OPS, 7), AGRI) == ()


# -- encoding


async def test_calldata_is_the_selector_and_the_values() -> None:
    function = identity().function("ownerOf")
    (data,) = await encoding.calldata((function, (7,)))
    assert data == selector("ownerOf(uint256)") + (7).to_bytes(32, "big")
    text = identity().function("tokenOf")
    with pytest.raises(Refused, match="a transaction holds at most 131072"):
        await encoding.calldata((text, ("a" * 200_000,)))


# -- the form's pure parts


def test_functions_that_change_something_stand_first() -> None:
    options = form.functions(identity())
    kinds = [option.detail for option in options]
    assert kinds == sorted(kinds, key=lambda kind: kind == "reads")
    labels = {option.value: option.label for option in options}
    assert labels["mint"] == "mint(to, tokenId, app)"
    assert labels["ownerOf"] == "ownerOf(tokenId)"
    overloads = [value for value in labels if value.startswith("safeTransferFrom")]
    assert overloads == [
        "safeTransferFrom(address,address,uint256)",
        "safeTransferFrom(address,address,uint256,bytes)",
    ]


def test_each_parameter_is_a_field_that_says_what_is_wrong() -> None:
    names = Names({"ops": OPS})
    function = identity().function("mint")
    fields, whole = form.parameters(function, ["ops", "seven"], names)
    assert not whole
    to, token, app = fields
    assert (to.name, to.label, to.note, to.error) == ("args.0", "to  address", f"= {OPS}", "")
    assert token.error.startswith("tokenId: 'seven' is not a whole number; expected: ")
    assert (app.required, app.error, app.into) == (False, "", "args")
    assert form.parameters(function, ["ops", "7", ""], names)[1]
    _, whole = form.parameters(function, ["", "", ""], names)
    assert not whole


def test_what_lacks_inside_of_a_list_is_said_and_a_blank_field_is_not() -> None:
    there = abi.parse(
        b'[{"type":"function","name":"f","inputs":[{"type":"uint8[]","name":"ids"}]}]'
    )
    function = there.function("f")
    blank, part = (form.parameters(function, [each], Names({}))[0][0] for each in ("", "[1,null]"))
    assert blank.error == ""
    assert part.error.startswith("ids[1]: is missing")


# -- recording

FACTS = {
    "app": "life-support/oxygen-generator",
    "revision": "7",
    "image": "colony/o2-gen:2.3.6",
    "digest": "sha256:" + "ab" * 32,
    "actor": "ops-1",
    "action": "app.rollback",
    "intent": "c0ffee",
}


def test_a_deployment_is_recorded_as_the_contract_takes_it() -> None:
    found = recording.arguments({"Deployments": deployments()}, FACTS)
    assert found is not None
    assert (found["contract"], found["function"]) == ("Deployments", recording.RECORD)
    assert json.loads(found["args"]) == [
        "life-support/oxygen-generator", "7", "colony/o2-gen:2.3.6", "0x" + "ab" * 32,
        "app.rollback c0ffee by ops-1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("digest", "word"),
    [
        ("", recording.UNKNOWN),
        ("sha256:12", recording.UNKNOWN),
        ("registry/o2@sha256:" + "cd" * 32, "0x" + "cd" * 32),
    ],
)
def test_a_digest_that_is_not_known_is_zero(digest: str, word: str) -> None:
    found = recording.arguments({"D": deployments()}, {**FACTS, "digest": digest})
    assert found is not None
    assert json.loads(found["args"])[3] == word


@pytest.mark.parametrize("change", [{"app": ""}, {"revision": ""}, {"revision": "v7"},
                                    {"revision": str(1 << 64)}, {"app": "a" * 400}])  # fmt: skip
def test_what_cannot_be_recorded_truly_is_not(change: dict[str, str]) -> None:
    assert recording.arguments({"D": deployments()}, {**FACTS, **change}) is None


def test_without_the_contract_there_is_no_record() -> None:
    assert recording.arguments({}, FACTS) is None
    assert recording.arguments({"Identity": Known("Identity", PLACE, identity())}, FACTS) is None


def test_texts_fit_the_contract_in_bytes() -> None:
    found = recording.arguments(
        {"D": deployments()}, {**FACTS, "image": "é" * 400, "actor": "ü" * 2000}
    )
    assert found is not None
    _, _, image, _, note = json.loads(found["args"])
    assert len(image.encode()) <= recording.IMAGE_LIMIT
    assert len(note.encode()) <= recording.NOTE_LIMIT
    assert image.endswith("…")


# -- anchoring

POINT = {"event": "checkpoint", "log": "1a" * 32, "size": "48211", "root": "9f" * 32}


def anchor() -> Known:
    return Known("Anchor", PLACE, abi.load("Anchor"))


def test_a_checkpoint_is_anchored_as_the_contract_takes_it() -> None:
    places = {"Deployments": deployments(), "Anchor": anchor()}
    found = recording.arguments(places, POINT)
    assert found is not None
    assert (found["contract"], found["function"]) == ("Anchor", recording.ANCHOR)
    assert json.loads(found["args"]) == ["0x" + "1a" * 32, "48211", "0x" + "9f" * 32]
    assert recording.arguments({"Anchor": anchor()}, FACTS) is None
    assert recording.arguments({"Deployments": deployments()}, POINT) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log", "1a"),
        ("root", ""),
        ("root", "zz" * 32),
        *(("size", size) for size in ("", "-1", str(1 << 64), "٣")),
    ],
)
def test_a_checkpoint_that_is_none_is_not_anchored(name: str, value: str) -> None:
    assert recording.arguments({"Anchor": anchor()}, {**POINT, name: value}) is None


def test_an_anchor_is_known_by_its_root() -> None:
    there = anchor().abi
    values = (b"\x1a" * 32, 48211, b"\x9f" * 32)
    found = effects.reads(there, there.function(recording.ANCHOR), values, AGRI)
    assert [(each.function.name, each.values, each.expected) for each in found] == [
        ("rootAt", values[:2], values[2:]),
        ("count", values[:1], None),
    ]
