"""Identity and Deployments: what they let whom do, what they remember, and how they refuse."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from tests.contract.chain import abi
from tests.contract.chain.backend import AGRI, COMMS, FOUNDER, OPS, POWER, Backend

OXYGEN, WATER = "life-support/oxygen-generator", "life-support/water-recycler"
NOBODY = "0x0000000000000000000000000000000000000000"
DIGEST, UNKNOWN = bytes(range(32)), bytes(32)


def _events(contract: str, receipt: dict[str, object]) -> list[abi.Call]:
    logs = receipt["logs"]
    assert isinstance(logs, list)
    return [abi.event(contract, log) for log in logs]


def _lower(backend: Backend, account: int) -> str:
    return backend.accounts[account].lower()


async def test_a_token_is_minted_and_names_its_app(deployed: Backend) -> None:
    receipt = await deployed.mint(3, OXYGEN, to=OPS)
    ops = _lower(deployed, OPS)
    assert _events("Identity", receipt) == [
        ("Transfer", (NOBODY, ops, 3)),
        ("Named", (3, OXYGEN)),
    ]
    assert await deployed.read("Identity", "ownerOf", 3) == ops
    assert await deployed.read("Identity", "appOf", 3) == OXYGEN
    assert await deployed.read("Identity", "tokenOf", OXYGEN) == 3
    assert await deployed.read("Identity", "totalSupply") == 1
    assert await deployed.read("Identity", "name") == "Colony Identity"
    assert await deployed.read("Identity", "symbol") == "COLONY"
    assert await deployed.read("Identity", "supportsInterface", bytes.fromhex("80ac58cd")) is True


@pytest.mark.parametrize("token", [0, 2**256 - 1])
async def test_any_number_may_be_a_tokens(deployed: Backend, token: int) -> None:
    assert await deployed.refusal("Identity", "tokenOf", OXYGEN) == ("AppUnknown", (OXYGEN,))
    await deployed.mint(token, OXYGEN)
    assert await deployed.read("Identity", "tokenOf", OXYGEN) == token
    assert await deployed.refusal("Identity", "tokenOf", WATER) == ("AppUnknown", (WATER,))


async def test_only_the_owner_of_the_contract_mints(deployed: Backend) -> None:
    to = deployed.accounts[OPS]
    said = await deployed.refusal("Identity", "mint", to, 1, OXYGEN, sender=OPS)
    assert said == ("OwnableUnauthorizedAccount", (_lower(deployed, OPS),))
    await deployed.mint(1, OXYGEN)
    said = await deployed.refusal("Identity", "mint", to, 1, WATER)
    assert said == ("ERC721InvalidSender", (NOBODY,))
    said = await deployed.refusal("Identity", "mint", NOBODY, 2, WATER)
    assert said == ("ERC721InvalidReceiver", (NOBODY,))
    said = await deployed.refusal("Identity", "mint", deployed.identity, 2, WATER)
    assert said == ("ERC721InvalidReceiver", (deployed.identity.lower(),))


async def test_one_app_has_one_token(deployed: Backend) -> None:
    await deployed.mint(1, OXYGEN)
    await deployed.mint(2, WATER)
    taken = ("AppTaken", (OXYGEN, 1))
    assert await deployed.refusal("Identity", "mint", deployed.accounts[OPS], 3, OXYGEN) == taken
    assert await deployed.refusal("Identity", "rename", 2, OXYGEN, sender=OPS) == taken
    await deployed.rename(1, "life-support/oxygen")  # and the name is free again
    await deployed.rename(2, OXYGEN)
    assert await deployed.read("Identity", "tokenOf", OXYGEN) == 2
    assert await deployed.refusal("Identity", "tokenOf", WATER) == ("AppUnknown", (WATER,))
    await deployed.rename(2, OXYGEN)  # to what it is called already
    assert await deployed.read("Identity", "tokenOf", OXYGEN) == 2


async def test_tokens_that_name_no_app(deployed: Backend) -> None:
    await deployed.mint(1)
    await deployed.mint(2)  # as many as one likes
    assert await deployed.read("Identity", "appOf", 1) == ""
    assert await deployed.refusal("Identity", "tokenOf", "") == ("AppUnknown", ("",))
    await deployed.rename(1, OXYGEN)
    receipt = await deployed.rename(1, "")
    assert _events("Identity", receipt) == [("Named", (1, ""))]
    assert await deployed.refusal("Identity", "tokenOf", OXYGEN) == ("AppUnknown", (OXYGEN,))


async def test_who_may_rename(deployed: Backend) -> None:
    await deployed.mint(1, OXYGEN, to=OPS)
    for stranger in (FOUNDER, AGRI):
        said = await deployed.refusal("Identity", "rename", 1, WATER, sender=stranger)
        assert said == ("ERC721InsufficientApproval", (_lower(deployed, stranger), 1))
    await deployed.send("Identity", "approve", deployed.accounts[AGRI], 1, sender=OPS)
    await deployed.rename(1, WATER, sender=AGRI)
    power = deployed.accounts[POWER]
    await deployed.send("Identity", "setApprovalForAll", power, True, sender=OPS)
    await deployed.rename(1, OXYGEN, sender=POWER)
    said = await deployed.refusal("Identity", "rename", 9, WATER, sender=OPS)
    assert said == ("ERC721NonexistentToken", (9,))
    assert await deployed.refusal("Identity", "appOf", 9) == ("ERC721NonexistentToken", (9,))


async def test_a_name_goes_with_its_token(deployed: Backend) -> None:
    await deployed.mint(1, OXYGEN, to=OPS)
    receipt = await deployed.transfer(1, OPS, AGRI)
    ops, agri = _lower(deployed, OPS), _lower(deployed, AGRI)
    assert _events("Identity", receipt) == [("Transfer", (ops, agri, 1))]
    assert await deployed.read("Identity", "appOf", 1) == OXYGEN
    said = await deployed.refusal("Identity", "rename", 1, WATER, sender=OPS)
    assert said == ("ERC721InsufficientApproval", (ops, 1))
    arguments = (deployed.accounts[AGRI], deployed.accounts[COMMS], 1)
    said = await deployed.refusal("Identity", "transferFrom", *arguments, sender=OPS)
    assert said == ("ERC721InsufficientApproval", (ops, 1))


async def test_a_name_has_a_limit(deployed: Backend) -> None:
    await deployed.mint(1, "n" * 320)
    to = deployed.accounts[OPS]
    said = await deployed.refusal("Identity", "mint", to, 2, "n" * 321)
    assert said == ("AppTooLong", (321, 320))


async def test_a_deployment_is_recorded(deployed: Backend) -> None:
    await deployed.at(1_931_300_000)
    receipt = await deployed.record(OXYGEN, 12, "colony/o2-gen:2.4.1", DIGEST, "rolled back")
    founder = _lower(deployed, FOUNDER)
    hashed = keccak(text=OXYGEN)
    assert _events("Deployments", receipt) == [
        (
            "Deployed",
            (0, hashed, founder, OXYGEN, 12, "colony/o2-gen:2.4.1", DIGEST, "rolled back"),
        )
    ]
    entry = (0, founder, 1_931_300_000, 12, OXYGEN, "colony/o2-gen:2.4.1", DIGEST, "rolled back")
    assert await deployed.read("Deployments", "entry", 0) == entry
    assert await deployed.read("Deployments", "latest", OXYGEN) == entry
    assert await deployed.read("Deployments", "count") == 1


async def test_a_configuration_is_recorded(deployed: Backend) -> None:
    await deployed.record(WATER)
    await deployed.record(OXYGEN)
    await deployed.at(1_931_300_000)
    receipt = await deployed.send(
        "Deployments", "recordConfiguration", OXYGEN, 13, UNKNOWN, "purge every 90 s"
    )
    founder = _lower(deployed, FOUNDER)
    assert _events("Deployments", receipt) == [
        (
            "Configured",
            (2, keccak(text=OXYGEN), founder, OXYGEN, 13, UNKNOWN, "purge every 90 s"),
        )
    ]
    entry = (1, founder, 1_931_300_000, 13, OXYGEN, "", UNKNOWN, "purge every 90 s")
    assert await deployed.read("Deployments", "latest", OXYGEN) == entry
    assert await deployed.read("Deployments", "count") == 3
    assert (await deployed.read("Deployments", "latest", WATER))[4] == WATER


async def test_what_was_never_recorded(deployed: Backend) -> None:
    assert await deployed.read("Deployments", "count") == 0
    assert await deployed.refusal("Deployments", "entry", 0) == ("NoEntry", (0, 0))
    said = await deployed.refusal("Deployments", "latest", OXYGEN)
    assert said == ("NothingRecorded", (OXYGEN,))


async def test_only_recorders_record(deployed: Backend) -> None:
    arguments = (OXYGEN, 1, "colony/o2-gen:1", UNKNOWN, "")
    role = await deployed.read("Deployments", "RECORDER_ROLE")
    assert role == keccak(text="RECORDER_ROLE")
    refused = ("AccessControlUnauthorizedAccount", (_lower(deployed, OPS), role))
    said = await deployed.refusal("Deployments", "recordDeployment", *arguments, sender=OPS)
    assert said == refused
    said = await deployed.refusal(
        "Deployments", "recordConfiguration", OXYGEN, 1, UNKNOWN, "", sender=OPS
    )
    assert said == refused
    await deployed.send("Deployments", "grantRole", role, deployed.accounts[OPS])
    await deployed.send("Deployments", "recordDeployment", *arguments, sender=OPS)
    assert (await deployed.read("Deployments", "entry", 0))[1] == _lower(deployed, OPS)
    await deployed.send("Deployments", "revokeRole", role, deployed.accounts[OPS])
    said = await deployed.refusal("Deployments", "recordDeployment", *arguments, sender=OPS)
    assert said == refused


@pytest.mark.parametrize(
    ("app", "image", "note", "refused"),
    [
        ("", "image", "", ("NoApp", ())),
        ("a" * 321, "image", "", ("TooLong", ("app", 321, 320))),
        ("a", "i" * 513, "", ("TooLong", ("image", 513, 512))),
        ("a", "image", "é" * 513, ("TooLong", ("note", 1026, 1024))),
    ],
    ids=["no app", "app", "image", "note"],
)
async def test_texts_have_limits(
    deployed: Backend, app: str, image: str, note: str, refused: abi.Call
) -> None:
    said = await deployed.refusal("Deployments", "recordDeployment", app, 1, image, UNKNOWN, note)
    assert said == refused
