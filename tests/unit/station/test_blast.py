"""How far an action reaches: joined from records, and unknown where nobody can know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.contract import Blast, Preview
from adapters.records import Address, App, Quality, Record, Token
from console.station.blast import joined
from console.station.intent import Intent
from console.station.request import Offers

CONTRACT = "0x" + "aB" * 20
SEVEN, EIGHT = (f"eip155:1/erc721:{CONTRACT}/{number}" for number in (7, 8))
OXYGEN = App(source="k8s", namespace="life", name="oxygen", token=SEVEN, site="north")
WATER = App(source="k8s", namespace="life", name="water")
TOKENS = (
    Token(source="chain", chain_id=1, contract=CONTRACT, name="7", app="life/oxygen"),
    Token(source="chain", chain_id=1, contract=CONTRACT, name="8", app="life/water"),
)


def address(ip: str, *apps: str, source: str = "k8s") -> Address:
    return Address(source=source, namespace="life", name=f"{ip}-svc", ip=ip, apps=apps)


def reach(records: Sequence[Record], target: App | None = None, **said: Any) -> Blast:
    key = target.key if target else None
    intent = Intent("i", "a", "t", "k8s", {}, "", key, "", "ana", 0.0)
    offers = Offers(
        lambda: [], lambda kind: [one for one in records if one.kind == kind],
        lambda record: Quality.FRESH,
    )  # fmt: skip
    return joined(intent, Preview("t", "s", {}, "o", blast=Blast(**said)), offers)


def test_an_app_has_its_token_its_site_and_the_addresses_that_select_it() -> None:
    records = [OXYGEN, WATER, *TOKENS, address("10.0.0.1", "oxygen"), address("10.0.0.2", "water"),
               address("10.0.0.3", "oxygen", source="other"), address("", "oxygen")]  # fmt: skip
    found = reach(records, OXYGEN, pods=("a", "b"))
    assert found == Blast(
        pods=("a", "b"), addresses=("10.0.0.1",), tokens=(SEVEN,), sites=("north",),
        apps=("life/oxygen",),
    )  # fmt: skip


def test_a_token_has_its_app_whoever_names_the_other() -> None:
    assert reach([OXYGEN, *TOKENS], tokens=(SEVEN,)).apps == ("life/oxygen",)
    assert reach([WATER, *TOKENS], tokens=(EIGHT,)).apps == ("life/water",)
    lower = EIGHT.replace("aB", "ab")
    assert reach([WATER, *TOKENS], tokens=(lower,)).apps == ("life/water",)


def test_an_app_that_a_call_names_brings_what_it_has() -> None:
    found = reach([OXYGEN, WATER, *TOKENS], apps=("life/water", "life/gone"))
    assert (found.apps, found.tokens) == (("life/water", "life/gone"), (EIGHT,))


@pytest.mark.parametrize(
    ("records", "addresses", "tokens"),
    [
        ([WATER], None, None),
        ([WATER, address("10.0.0.1", "oxygen")], (), None),
        ([WATER, address("10.0.0.1", "oxygen", source="other")], None, None),
        ([WATER, TOKENS[0]], None, ()),
    ],
)
def test_none_is_said_only_where_it_could_be_looked(
    records: list[Record], addresses: object, tokens: object
) -> None:
    found = reach(records, WATER)
    assert (found.addresses, found.tokens, found.sites, found.pods) == (
        addresses, tokens, (), None,
    )  # fmt: skip


def test_what_is_of_no_known_app_stays_as_the_adapter_said() -> None:
    said = Blast(tokens=("x",))
    assert reach([OXYGEN, *TOKENS], tokens=("x",)) == said
    assert reach([]) == Blast()


def test_the_adapter_has_the_last_word_on_its_own_addresses() -> None:
    records = [OXYGEN, address("10.0.0.1", "oxygen")]
    assert reach(records, OXYGEN, addresses=()).addresses == ()
    assert reach(records, OXYGEN, addresses=("::1",)).addresses == ("::1",)
