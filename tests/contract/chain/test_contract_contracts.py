"""What the adapter makes of the configured contracts: there or not, and what they say now."""

from __future__ import annotations

from adapters.chain.settings import ContractAt
from adapters.records import Contract, ScopeState
from tests.contract.chain.backend import FOUNDER, Backend
from tests.contract.chain.watching import adapter, observing, settings
from tests.contract.kubernetes.mirror import Mirror


def contract(mirror: Mirror, name: str) -> Contract | None:
    return mirror.one(Contract, "", name)


def says(found: Contract) -> dict[str, str | None]:
    return {each.function: each.value for each in found.readings}


async def test_functions_and_live_readings(deployed: Backend) -> None:
    async with observing(deployed) as seen:
        found: Contract = await seen.until(lambda mirror: contract(mirror, "Identity"), "Identity")
        assert (found.address, found.deployed, found.standard) == (
            deployed.identity,
            True,
            "ERC-721",
        )
        assert found.actions == ("contract.call",)
        assert found.balance == "0"
        by = {each.signature: each for each in found.functions}
        transfer = by["transferFrom(address,address,uint256)"]
        assert [(each.name, each.type) for each in transfer.inputs] == [
            ("from", "address"),
            ("to", "address"),
            ("tokenId", "uint256"),
        ]
        assert not transfer.reads
        assert by["ownerOf(uint256)"].reads
        assert "Transfer(address,address,uint256)" in found.events
        assert says(found)["totalSupply"] == "0"
        assert says(found)["symbol"] == "COLONY"
        assert says(found)["owner"] == deployed.accounts[FOUNDER]
        await deployed.mint(1, "a/one")

        def one(mirror: Mirror) -> bool:
            return says(contract(mirror, "Identity"))["totalSupply"] == "1"

        await seen.until(one, "a total supply of 1")
        assert contract(seen.mirror, "Deployments").standard == ""


async def test_a_contract_that_is_not_there(deployed: Backend) -> None:
    nowhere = "0x00000000000000000000000000000000DeaDBeef"
    contracts = {"Identity": ContractAt(deployed.identity), "Deployments": ContractAt(nowhere)}
    async with observing(deployed, contracts=contracts) as seen:
        found: Contract = await seen.until(
            lambda mirror: contract(mirror, "Deployments"), "Deployments"
        )
        assert found.deployed is False
        assert (found.readings, found.actions) == ((), ())
        assert contract(seen.mirror, "Identity").deployed is True
        assert seen.mirror.state("contracts") is ScopeState.LIVE


async def test_the_doctor_finds_all_well(deployed: Backend) -> None:
    checked = adapter(settings(deployed))
    try:
        found = {each.check: each for each in await checked.diagnose()}
    finally:
        await checked.close()
    good = ("configuration", "reach", "chain", "contract Identity", "history", "finality", "heads")
    assert {found[check].found.value for check in good} == {"good"}
    assert found["chain"].detail == "eip155:31337"


async def test_the_doctor_names_what_is_wrong(deployed: Backend) -> None:
    nowhere = {"Identity": ContractAt("0x00000000000000000000000000000000DeaDBeef")}
    for wrong, check in (
        ({"chain_id": 1}, "chain"),
        ({"contracts": nowhere}, "contract Identity"),
        ({"contracts": {"Tokens": ContractAt(deployed.identity)}}, "configuration"),
    ):
        checked = adapter(settings(deployed, **wrong))
        try:
            found = {each.check: each for each in await checked.diagnose()}
        finally:
            await checked.close()
        assert found[check].found.value == "bad", found
        assert found[check].advice
