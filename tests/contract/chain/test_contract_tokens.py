"""What the adapter makes of ERC-721 tokens, on the box's chain and on a real node."""

from __future__ import annotations

import pytest

from adapters.records import ScopeState, Token
from tests.contract.chain.backend import AGRI, FOUNDER, OPS, POWER, Backend, Can
from tests.contract.chain.watching import observing, owned, token
from tests.contract.kubernetes.mirror import Mirror


async def test_tokens_that_were_there_before_and_one_that_comes(deployed: Backend) -> None:
    await deployed.mint(3, "life-support/oxygen-generator", to=OPS)
    await deployed.mint(4, "", to=AGRI)
    receipt = await deployed.transfer(3, OPS, AGRI)
    async with observing(deployed) as seen:
        found: Token = await seen.until(owned(3, "agri"), "token 3 with agri")
        block = await deployed.block(int(receipt["blockNumber"], 16))
        assert found.owner == deployed.accounts[AGRI]
        assert (found.app, found.transfers, found.reconciled) == (
            "life-support/oxygen-generator",
            2,
            True,
        )
        assert found.since == int(block["timestamp"], 16)
        assert found.since_block == int(block["number"], 16)
        assert found.contract == deployed.identity
        assert found.asset == f"eip155:{deployed.chain_id}/erc721:{deployed.identity}/3"
        assert token(seen.mirror, 4).app == ""
        await deployed.mint(5, "power/relay", to=POWER)
        fresh: Token = await seen.until(owned(5, "power"), "token 5")
        assert (fresh.app, fresh.transfers) == ("power/relay", 1)
        await deployed.transfer(5, POWER, FOUNDER)
        await seen.until(owned(5, "founder"), "token 5 with the founder")
        await deployed.rename(5, "power/array", sender=FOUNDER)

        def renamed(mirror: Mirror) -> bool:
            return token(mirror, 5).app == "power/array"

        await seen.until(renamed, "token 5 renamed")
        assert seen.mirror.state("tokens") is ScopeState.LIVE
        assert seen.mirror.states["tokens"][0] is ScopeState.NEVER


async def test_a_colony_without_tokens_has_none_and_that_is_known(deployed: Backend) -> None:
    async with observing(deployed) as seen:

        def live(mirror: Mirror) -> bool:
            return mirror.state("tokens") is ScopeState.LIVE

        await seen.until(live, "the tokens' scope")
        assert seen.mirror.all(Token, "Identity") == []


async def test_a_reorganisation_takes_owners_back(deployed: Backend) -> None:
    if Can.REORGS not in deployed.can:
        pytest.fail("both backends have it")
    await deployed.mint(1, "a/one", to=OPS)
    await deployed.mine(3)
    await deployed.transfer(1, OPS, AGRI)
    await deployed.mint(2, "a/two", to=OPS)
    async with observing(deployed) as seen:
        await seen.until(owned(1, "agri"), "token 1 with agri")
        await seen.until(owned(2, "ops"), "token 2")
        await deployed.reorganise(2)
        found: Token = await seen.until(owned(1, "ops"), "token 1 with ops again")
        assert (found.transfers, found.app) == (1, "a/one")
        await seen.until(lambda mirror: token(mirror, 2) is None, "token 2 gone")
        await deployed.mint(9, "a/nine", to=OPS)
        await seen.until(owned(9, "ops"), "a token on the new chain")


async def test_blocks_that_are_taken_away_take_their_tokens_with_them(deployed: Backend) -> None:
    await deployed.mint(1, "a/one", to=OPS)
    await deployed.mint(2, "a/two", to=OPS)
    async with observing(deployed) as seen:
        await seen.until(owned(2, "ops"), "token 2")
        await deployed.rewind(1)
        await seen.until(lambda mirror: token(mirror, 2) is None, "token 2 gone")
        assert token(seen.mirror, 1) is not None
