"""The token that an app names and its owner, for what can be wrong between them."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.chain.links import links, parse
from adapters.contract import Link, Standing
from adapters.links import first_broken
from adapters.records import App, Chain, Contract, Function, LedgerEntry, Record, Token
from tests.known_world import KnownWorld

NOW = 1_900_000_000.0
ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
RENAME = Function("rename(uint256,string)", "rename")
GOOD, MOVING = Standing.GOOD, Standing.MOVING
DEGRADED, BROKEN, UNKNOWN = Standing.DEGRADED, Standing.BROKEN, Standing.UNKNOWN


def asset(number: int, chain: int = 1337, contract: str = ADDRESS) -> str:
    return f"eip155:{chain}/erc721:{contract}/{number}"


def app(token: str = "", name: str = "o2", **more: Any) -> App:
    return App(source="tycho", namespace="life-support", name=name, token=token, **more)


def token(number: int, names: str | None = "life-support/o2", **more: Any) -> Token:
    values: dict[str, Any] = {
        "source": "chain", "namespace": "Identity", "name": str(number), "chain_id": 1337,
        "contract": ADDRESS, "owner": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "owner_name": "ops", "app": names, "since": NOW - 9000, "since_block": 90, "transfers": 2,
        "reconciled": True,
    }  # fmt: skip
    return Token(**(values | more))


def entry(event: str, number: int, at: float, **more: Any) -> LedgerEntry:
    values: dict[str, Any] = {
        "source": "chain", "namespace": "Identity", "name": f"{event}{number}{at}",
        "chain_id": 1337, "contract": ADDRESS, "event": event, "token": str(number), "at": at,
        "block": int(at) % 1000, "summary": f"#{number} said", "sender_name": "ops",
    }  # fmt: skip
    return LedgerEntry(**(values | more))


CONTRACT = Contract(source="chain", name="Identity", chain_id=1337, address=ADDRESS,
                    functions=(RENAME,))  # fmt: skip
HEAD = Chain(source="chain", name="eip155:1337", chain_id=1337, number=100)


def chain(of: App, *records: Record) -> list[Link]:
    world = KnownWorld(of, HEAD, CONTRACT, *records, now=NOW)
    return list(links("chain", of, world))


def test_each_names_the_other() -> None:
    token_, owner = chain(app(asset(3)), token(3))
    assert (token_.name, token_.thing, token_.standing) == ("token", "#3 of Identity", GOOD)
    assert (owner.name, owner.thing, owner.standing) == ("owner", "ops", GOOD)
    assert (owner.since, owner.known) == (NOW - 9000, "block 90")
    assert first_broken([token_, owner]) is None


def test_a_token_that_was_made_to_name_another_app() -> None:
    named = entry("Named", 3, NOW - 600, app="life-support/co2")
    moved = entry("Transfer", 3, NOW - 700, sender_name="founder")
    of_app = entry("Deployed", 0, NOW - 800, token="", app="life-support/o2")
    gone = entry("Named", 3, NOW - 500, removed=True)
    of_other = entry("Named", 4, NOW - 400)
    records = (token(3, "life-support/co2"), named, moved, of_app, gone, of_other)
    token_, owner = chain(app(asset(3)), *records)
    assert (token_.standing, token_.since) == (DEGRADED, NOW - 600)
    assert token_.words == "it names life-support/co2, and not life-support/o2"
    assert "last named" in token_.known
    assert [one.what for one in token_.changes] == ["Named", "Deployed"]
    assert [(one.what, one.who) for one in owner.changes] == [("Transfer", "founder")]
    (fit,) = token_.actions
    assert dict(fit.arguments) == {
        "contract": "Identity", "function": "rename", "args": '["3", "life-support/o2"]',
    }  # fmt: skip


def test_a_contract_without_a_way_to_rename_offers_none() -> None:
    world = KnownWorld(app(asset(3)), HEAD, token(3, "x/y"),
                       Contract(source="chain", name="Identity", address=ADDRESS))  # fmt: skip
    assert links("chain", app(asset(3)), world)[0].actions == ()


CASES: dict[str, tuple[App, tuple[Record, ...], Standing, str]] = {
    "it is not on the chain": (app(asset(9)), (token(3),), BROKEN, "is not on the chain; #3 names"),
    "its contract is not watched": (
        app(asset(9, contract="0x" + "ab" * 20)), (), UNKNOWN, "not watched",
    ),
    "its app was not read yet": (app(asset(3)), (token(3, None),), UNKNOWN, "not read yet"),
    "two apps name it": (
        app(asset(3)), (token(3), app(asset(3), "co2")), DEGRADED, "life-support/co2 and",
    ),
    "the app does not claim it": (app(), (token(3),), MOVING, "unclaimed"),
    "another app claims it": (
        app(), (token(3), app(asset(3), "co2")), DEGRADED, "life-support/co2 names it",
    ),
    "another token names the app": (
        app(asset(3)), (token(3, ""), token(4)), DEGRADED, "no app, and not life-support/o2; #4",
    ),
    "the app's name for it is none": (app("token three"), (), DEGRADED, "no CAIP-19 name"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_how_a_token_stands(case: str) -> None:
    of, records, standing, words = CASES[case]
    first = chain(of, *records)[0]
    assert (first.name, first.standing) == ("token", standing)
    assert words in first.words


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        ({"owner": ""}, UNKNOWN),
        ({"owner": "0x" + "0" * 40}, BROKEN),
        ({"reconciled": False}, DEGRADED),
        ({"reconciled": None}, GOOD),
    ],
)
def test_how_an_owner_stands(more: dict[str, Any], standing: Standing) -> None:
    assert chain(app(asset(3)), token(3, **more))[1].standing is standing


def test_what_is_of_no_chain_or_of_another_is_not_told() -> None:
    assert chain(app()) == []
    assert chain(app(asset(3, chain=1))) == []


def test_two_names_of_one_token() -> None:
    assert parse(asset(3)) == parse(asset(3).lower()) == (1337, ADDRESS.lower(), "3")
    assert parse(f"eip155:1337/erc721:{ADDRESS}/003") == parse(asset(3))
    assert parse("eip155:x") is None
