"""An app's identity as links, on the box's chain and on a real node: from match to mismatch."""

from __future__ import annotations

import json

from adapters.contract import Link, Standing
from adapters.records import App, Contract
from tests.contract.chain.backend import AGRI, OPS, Backend
from tests.contract.chain.watching import observing, owned, token, told
from tests.contract.kubernetes.mirror import Mirror, Observation
from tests.known_world import KnownWorld

APP = "life-support/oxygen-generator"


def _app(backend: Backend, number: int) -> App:
    asset = f"eip155:{backend.chain_id}/erc721:{backend.identity}/{number}"
    return App(source="main", namespace="life-support", name="oxygen-generator", token=asset)


async def _links(seen: Observation, app: App) -> dict[str, Link]:
    world = KnownWorld(app, *seen.mirror.records.values(), *seen.mirror.events)
    return {one.name: one for one in await seen.adapter.links(app, world)}


async def test_a_token_its_owner_and_what_became_of_them(deployed: Backend) -> None:
    await deployed.mint(3, APP, to=OPS)
    app = _app(deployed, 3)
    async with observing(deployed) as seen:
        await seen.until(owned(3, "ops"), "token 3 with ops")
        links = await _links(seen, app)
        assert [(one.name, one.standing) for one in links.values()] == [
            ("token", Standing.GOOD), ("owner", Standing.GOOD),
        ]  # fmt: skip
        assert links["owner"].thing == "ops"

        # A new owner is what changed, and no failure.
        await deployed.transfer(3, OPS, AGRI)
        await seen.until(owned(3, "agri"), "token 3 with agri")
        await seen.until(told("#3 ops → agri"), "the transfer")
        links = await _links(seen, app)
        assert (links["owner"].thing, links["owner"].standing) == ("agri", Standing.GOOD)
        handed = next(one for one in links["owner"].changes if one.words == "#3 ops → agri")
        assert (handed.what, handed.who) == ("Transfer", "ops")
        assert links["owner"].since == handed.at

        # The token is made to name another app: that one and its moment are told.
        receipt = await deployed.rename(3, "life-support/co2-scrubber", sender=AGRI)
        block = await deployed.block(int(receipt["blockNumber"], 16))

        def renamed(mirror: Mirror) -> bool:
            found = token(mirror, 3)
            return found is not None and found.app == "life-support/co2-scrubber"

        await seen.until(renamed, "the new name")
        await seen.until(told("#3 names life-support/co2-scrubber"), "the entry")
        await seen.until(lambda m: m.one(Contract, "", "Identity"), "the contract")
        link = (await _links(seen, app))["token"]
        assert link.standing is Standing.DEGRADED
        assert link.words == f"it names life-support/co2-scrubber, and not {APP}"
        assert link.since == int(block["timestamp"], 16)
        (fit,) = link.actions
        assert fit.action == "contract.call"
        # What fits does fit: the action makes a form of it, filled in.
        arguments = dict(fit.arguments)
        assert (arguments["function"], json.loads(arguments["args"])) == ("rename", ["3", APP])


async def test_a_token_that_is_not_on_the_chain(deployed: Backend) -> None:
    await deployed.mint(3, APP, to=OPS)
    async with observing(deployed) as seen:
        await seen.until(owned(3, "ops"), "token 3 with ops")
        await seen.until(lambda m: m.one(Contract, "", "Identity"), "the contract")
        (link,) = (await _links(seen, _app(deployed, 9))).values()
        assert (link.name, link.standing) == ("token", Standing.BROKEN)
        assert link.words == "the app names #9, which is not on the chain; #3 names it"
