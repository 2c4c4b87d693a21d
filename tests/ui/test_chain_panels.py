"""The chain's panels and pages: what they say, where they lead, and what is held."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from adapters.records import ScopeState
from console.feed.messages import Parcel
from tests.ui import chain_data as chain
from tests.ui.colony_data import APPS, NOW, SOURCE, colony_parcels
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open


def line_with(console: Console, word: str) -> str:
    return next(line for line in console.lines if word in line)


def tell(station: FakeStation, scope: str, *records: object, **more: object) -> None:
    station.feed.deliver(Parcel(chain.SOURCE, scope, records, **more))


def without(station: FakeStation, *scopes: str) -> None:
    """Leave out what *scopes* of the chain bring; "chain" is what the station says of it."""
    station.parcels = tuple(one for one in colony_parcels() if one.scope not in scopes)


async def test_tokens_say_whether_identity_holds(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("4")
        assert "3 hold · 2 mismatch · 1 orphan · 1 unclaimed · 1 not known" in console.lines[2]
        assert "ops ▮▮▮▮ 4" in console.lines[3]
        assert "0xa0Ee…9720 ▮ 1" in console.lines[3]
        assert "the app names #5" in line_with(console, "▲  #4 ")
        assert "co2-scrubber names it" in line_with(console, "▲  #5 ")
        assert "match" in line_with(console, "#7 ")


async def test_a_transfer_shows_in_the_owner_the_tally_and_the_bars(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("4")
        moved = replace(chain.TOKENS[4], owner=chain.NAMES["agri"], owner_name="agri",
                        since=NOW, transfers=3)  # fmt: skip
        tell(station, "tokens", moved)
        await console.settle()
        assert "agri" in line_with(console, "#7 ")
        assert "ops ▮▮▮ 3   agri ▮▮ 2" in console.lines[3]


async def test_a_workload_that_changes_its_token_changes_the_verdict(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("4")
        station.feed.upsert("deployments", replace(APPS[2], token=APPS[2].token[:-1] + "4"))
        await console.settle()
        assert "match" in line_with(console, "#4 ")
        assert "mismatch" not in line_with(console, "#4 ")
        assert "4 hold" in console.lines[2]
        assert console.lines[5].startswith("▲")
        station.feed.deliver(Parcel(SOURCE, "deployments", gone=(APPS[2].key,)))
        await console.settle()
        assert "orphan" in line_with(console, "#4 ")


async def test_a_cluster_that_is_stale_makes_identity_not_known(
    open_console: Open, station: FakeStation
) -> None:
    from tests.ui.colony_data import scopes

    async with open_console() as console:
        await console.press("4")
        late = [one for one in scopes(deployments=ScopeState.STALE) if one.name == "deployments"]
        station.feed.upsert("station", *late)
        await console.settle()
        assert "8 not known" in console.lines[2]
        assert "hold" not in console.lines[2]
        await console.press("slash")
        await console.type("state:hold")
        assert "0 of 8" in console.text
        await console.press("escape", "enter")
        assert "tycho deployments stale since" in console.text


async def test_a_token_opens_with_both_sides_and_leads_to_its_app(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("4", "end", "enter")
        assert "Tokens › #7 of Identity" in console.text
        assert f"ops  {chain.NAMES['ops']}" in console.text
        assert "each names the other" in console.text
        assert "#7 agri → ops" in console.text
        await console.press("tab", "enter")
        assert "Apps › comms/comms-relay" in console.text
        await console.press("escape", "o")
        assert console.app.screen.panel.selected().name == "7"


async def test_all_of_a_tokens_history_is_asked_of_the_chain(
    open_console: Open, station: FakeStation
) -> None:
    station.texts["token"] = "2026-10-21 block 7 #7 minted for agri\n"
    station.texts["entry"] = "transaction:\n  nonce: 3\n"
    async with open_console() as console:
        await console.press("4", "end", "enter", "t")
        assert "#7 of Identity › all its history" in console.text
        assert "#7 minted for agri" in console.text
        asked = station.of("query")[-1]
        assert asked == {
            "source": "chain", "topic": "token", "contract": "Identity", "token": "7",
        }  # fmt: skip
        await console.press("escape", "7", "enter", "t")
        assert "nonce: 3" in console.text
        assert station.of("query")[-1]["transaction"] == chain.ENTRIES[-1].transaction


async def test_what_a_call_begins_with(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("4", "end")
        wanted = {"contract": "Identity", "function": "transferFrom",
                  "args": json.dumps([chain.NAMES["ops"], "", "7"])}  # fmt: skip
        assert console.app.screen.panel.call_here() == wanted
        await console.press("enter")
        assert console.app.screen.call_here() == wanted
        await console.press("5")
        assert console.app.screen.panel.call_here() == {"contract": "Deployments"}
        await console.press("tab")
        assert console.app.screen.panel.call_here() is None
        await console.press("shift+tab", "down", "enter")
        assert console.app.screen.call_here() == {"contract": "Identity"}
        await console.press("tab")
        found = console.app.screen.call_here()
        assert found == {"contract": "Identity", "function": "name()", "args": "[]"}
        await console.press("7", "enter")
        assert console.app.screen.call_here() is None


async def test_contracts_with_the_head_and_the_accounts(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console(size=(120, 40)) as console:
        await console.press("5")
        assert "48,211" in line_with(console, "eip155:1337")
        assert "totalSupply 8" in line_with(console, "0x5FbD…0aa3")
        assert "keystore, locked" in line_with(console, "● ")
        tell(station, "contracts", chain.MISSING)
        tell(station, "heads", replace(chain.CHAIN, number=48_212, final=48_210))
        await console.settle()
        assert "no code at this address" in line_with(console, "Permits")
        assert "48,212" in line_with(console, "eip155:1337")


async def test_a_contract_opens_with_its_functions_and_readings(open_console: Open) -> None:
    async with open_console(size=(120, 50)) as console:
        await console.press("5", "down", "enter")
        assert chain.IDENTITY in console.text
        assert "Colony Identity" in line_with(console, "  name  ")
        assert "not known" in line_with(console, "  paused  ")
        assert "(address from, address to, uint256 tokenId)" in console.text
        assert "#12 founder → power" in console.text


async def test_the_ledger_is_followed_and_held(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("7")
        assert "● following" in console.lines[2]
        newer = chain._entry(48_212, 0, "Named", "#1 names a/b", 1.0, token="1")
        tell(station, "ledger", newer)
        await console.settle()
        assert "#1 names a/b" in console.lines[4]
        assert console.app.screen.panel.selected() == newer.key
        await console.press("f")
        for block in (48_213, 48_214):
            tell(station, "ledger", chain._entry(block, 0, "Named", f"#2 in {block}", 0.5))
        await console.settle()
        assert "◌ held, 2 newer: f follows" in console.lines[2]
        assert "48_213" not in console.text
        assert "#1 names a/b" in console.lines[4]
        await console.press("f")
        assert "● following" in console.lines[2]
        assert "#2 in 48214" in console.lines[4]


async def test_what_is_held_stays_though_the_store_lets_go_of_it(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("7", "f")
        station.feed.deliver(Parcel(chain.SOURCE, "ledger", gone=(chain.ENTRIES[0].key,)))
        await console.settle()
        assert "#3 minted for" in console.text
        await console.press("f")
        assert "#3 minted for" not in console.text


async def test_finality_follows_the_head(open_console: Open, station: FakeStation) -> None:
    async with open_console(size=(120, 24)) as console:
        await console.press("7")
        assert "not final, 1" in line_with(console, "#12 founder")
        tell(station, "heads", replace(chain.CHAIN, number=48_213, final=48_210))
        await console.settle()
        assert "not final, 3" in line_with(console, "#12 founder")
        tell(station, "heads", replace(chain.CHAIN, number=48_213, final=48_211))
        await console.settle()
        assert line_with(console, "#12 founder").startswith("✔")
        tell(station, "ledger", replace(chain.ENTRIES[-1], removed=True))
        await console.settle()
        line = line_with(console, "#12 founder")
        assert line.startswith("✖")
        assert "removed: #12 founder" in line


async def test_an_entry_opens_whole_and_copies(open_console: Open) -> None:
    async with open_console(size=(120, 40)) as console:
        await console.press("7", "down", "enter")
        assert "Ledger › Deployed in block 48,209" in console.text
        assert "imageDigest     0x" + "7f" * 32 in console.text
        assert "confirmations   3 blocks" in console.text
        assert chain.STRANGER in console.text
        await console.press("c")
        assert console.app.clipboard == chain.ENTRIES[5].transaction
        await console.press("home", "down", "down", "y")
        assert console.app.clipboard != chain.ENTRIES[5].transaction
        await console.press("home", "down", "enter")
        assert "Apps › life-support/oxygen-generator" in console.text


@pytest.mark.parametrize(("filtered", "count"), [
    ("app:oxygen", 2), ("contract:deployments", 3), ("event:transfer", 3), ("token:#7", 1),
    ("by:0xa0", 1), ("block:48", 6), ("-final:removed", 6),
])  # fmt: skip
async def test_the_ledger_filters_by_field(open_console: Open, filtered: str, count: int) -> None:
    async with open_console(size=(120, 24)) as console:
        await console.press("7", "slash")
        await console.type(filtered)
        assert f"{count} of 7" in console.lines[-1]


async def test_empty_tables_say_why(open_console: Open, station: FakeStation) -> None:
    without(station, "chain", "heads", "contracts", "tokens", "ledger", "accounts")
    async with open_console() as console:
        for digit in "457":
            await console.press(digit)
            assert "No chain is configured: add an adapter `chain`" in console.text
    without(station, "tokens", "ledger")
    async with open_console() as console:
        await console.press("4")
        assert "No token was minted yet." in console.text
        await console.press("7")
        assert "The contracts have emitted no event yet." in console.text
    waits = chain.chain_scopes(tokens=ScopeState.NEVER)
    without(station, "chain", "tokens")
    station.parcels = (*station.parcels, Parcel("station", "chain", (*waits, chain.ADAPTER)))
    async with open_console() as console:
        await console.press("4")
        assert "waiting: chain tokens never received" in console.text


async def test_an_apps_page_tells_of_its_token_and_its_ledger(open_console: Open) -> None:
    async with open_console(size=(120, 50)) as console:
        await console.press("2", "slash")
        await console.type("co2")
        await console.press("enter", "enter")
        assert "token #5 of Identity   owner agri" in console.text
        assert "▲ mismatch" in console.text
        assert "#5 names agriculture/greenhouse-control; life-support/co2-scrubber" in console.text
        assert "#4 names life-support/" in console.text
        await console.press("enter")
        assert "Tokens › #5 of Identity" in console.text


async def test_read_only_offers_no_call(open_console: Open, station: FakeStation) -> None:
    station.welcome = FakeStation(mode="READ-ONLY").welcome
    async with open_console() as console:
        await console.press("5", "down", "enter")
        assert "begins a call" not in console.text
        assert " call" not in console.lines[-1]
        await console.press("tab", "enter")
        assert "read-only" in console.lines[-1]
