"""The panels: going to them, filters, sorting, and what is subscribed to."""

from __future__ import annotations

from msgspec.structs import replace

from adapters.records import AdapterState, Health, Scope, ScopeState
from console.feed.messages import Parcel
from console.panels import PANELS, panel_named
from console.session import ALWAYS
from tests.ui.colony_data import ADAPTERS, APPS, NOW, SOURCE, scopes
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Open


def rows_with(text: str, word: str) -> list[str]:
    return [line for line in text.split("\n") if word in line]


async def test_digits_go_to_panels(open_console: Open) -> None:
    async with open_console() as console:
        for number, panel in enumerate(PANELS, 1):
            await console.press(str(number % 10))
            assert console.app.screen.current is panel
        await console.press("9")
        assert "kubernetes" in console.text
        await console.press("1")
        assert "WRONG NOW" in console.text


async def test_commands_go_to_panels_and_complete(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("colon")
        await console.type("apps")
        await console.press("enter")
        assert console.app.screen.current.name == "apps"
        await console.press("colon")
        await console.type("addr")
        await console.press("enter")
        assert console.app.screen.current.name == "addresses"
        await console.press("colon")
        await console.type("nonsense")
        await console.press("enter")
        assert ":nonsense is no command" in console.lines[-1]
        await console.press("ctrl+u")
        await console.type("q")
        await console.press("enter")
        assert console.app.return_code == 0


async def test_a_command_that_could_be_two_says_so(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("colon")
        await console.type("a")
        await console.press("enter")
        assert "could be" in console.lines[-1]
        assert "addresses" in console.lines[-1]


async def test_help_and_escape(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "question_mark")
        assert "Help › Apps" in console.text
        assert "READY is replicas ready" in console.text
        await console.press("escape")
        assert "Help" not in console.lines[1]


async def test_filter_is_live_counts_and_escape_clears(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("oxy")
        assert "1 of 10" in console.text
        assert "water-recycler" not in console.text
        await console.press("enter")
        assert "/oxy  1 of 10" in console.lines[1]
        assert "oxygen-generator" in console.text
        await console.press("escape")
        assert "water-recycler" in console.text
        assert "of 10" not in console.lines[1]


async def test_escape_while_typing_leaves_no_filter(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("zzz")
        assert "nothing here matches the filter; there are 10" in console.text
        await console.press("escape")
        assert "water-recycler" in console.text


async def test_a_filter_that_makes_no_sense_says_so(open_console: Open) -> None:
    async with open_console(size=(120, 24)) as console:
        await console.press("2", "slash")
        await console.type("colour:red")
        assert "no field colour" in console.lines[-1]


async def test_keys_typed_ahead_go_where_they_belong(
    open_console: Open, station: FakeStation
) -> None:
    """The keys of one burst: none of them may reach the table, where y and e open pages."""
    async with open_console() as console:
        await console.press("2")
        from textual.events import Key

        for key, character in [("slash", "/"), *((c, c) for c in "oxyge"), ("enter", "\r")]:
            console.app.post_message(Key(key, character))
        await console.settle()
        assert len(console.app.screen_stack) == 1
        assert "/oxyge  1 of 10" in console.lines[1]


async def test_sort_goes_through_columns_and_turns_around(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "s")
        assert "sorted by app" in console.lines[-1]
        names = [line.split()[1] for line in console.lines[3:13]]
        assert names == sorted(names)
        await console.press("S")
        names = [line.split()[1] for line in console.lines[3:13]]
        assert names == sorted(names, reverse=True)
        assert "APP↓" in console.lines[2]


async def test_tab_goes_between_tables(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("3")
        assert console.app.focused.id is None
        first = console.app.focused
        await console.press("tab")
        assert console.app.focused is not first
        await console.press("shift+tab")
        assert console.app.focused is first


async def test_only_what_is_shown_is_watched(open_console: Open, station: FakeStation) -> None:
    overview = {*ALWAYS, "Event", "LedgerEntry", "Trend"}
    async with open_console() as console:
        assert {one.kind for one in station.feed.wanted} == overview
        await console.press("2")
        assert {one.kind for one in station.feed.wanted} == set(ALWAYS)
        await console.press("enter")
        narrow = [one for one in station.feed.wanted if one.app]
        assert {one.kind for one in narrow} == {"Revision", "Pod", "Event"}
        assert {(one.namespace, one.app) for one in narrow} == {
            ("life-support", "oxygen-generator")
        }
        await console.press("escape", "1")
        assert {one.kind for one in station.feed.wanted} == overview


async def test_an_app_that_is_no_deployment_is_watched_by_its_name(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("seed-vault")
        await console.press("enter", "enter")
        assert "StatefulSet of tycho" in console.text
        assert {one.app for one in station.feed.wanted if one.app} == {"seed-vault"}
        await console.press("e")
        assert {one.app for one in station.feed.wanted if one.app} == {"seed-vault"}


async def test_changes_appear_and_only_in_sight(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2")
        healed = replace(APPS[0], health=Health.HEALTHY, ready=3, reason="", revision=13)
        station.feed.upsert("deployments", healed)
        await console.settle()
        assert "3/3   13" in rows_with(console.text, "oxygen-generator")[0]
        station.feed.deliver(Parcel(SOURCE, "deployments", gone=(APPS[1].key,)))
        await console.settle()
        assert "water-recycler" not in console.text


async def test_the_cursor_keeps_to_its_row_when_the_order_changes(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2", "end")
        assert console.app.screen.app_here().name == "water-recycler"
        failed = replace(APPS[1], health=Health.FAILED, ready=0, reason="all pods crash")
        station.feed.upsert("deployments", failed)
        await console.settle()
        assert console.app.screen.app_here().name == "water-recycler"
        assert "water-recycler" in console.lines[3]


async def test_bad_states_are_shown(open_console: Open, station: FakeStation) -> None:
    async with open_console(size=(120, 40)) as console:
        down = replace(
            ADAPTERS[0], state=AdapterState.DOWN, detail="the token is refused (401)",
            retry_at=NOW + 30, since=NOW - 5,
        )  # fmt: skip
        denied = Scope(
            source=SOURCE, name="servicebgpstatuses", state=ScopeState.DENIED,
            detail="no right to list them", since=NOW, received=NOW,
        )  # fmt: skip
        station.feed.upsert("station", down, denied)
        station.feed.deliver(Parcel(SOURCE, "events", lost=7))
        await console.settle()
        assert "7 events lost" in console.lines[0]
        assert "✖ 1" in console.lines[0]
        await console.press("9")
        assert "the token is refused (401)" in console.text
        assert "no right to list them" in rows_with(console.text, "servicebgpstatuses")[0]
        await console.press("enter")
        assert "Adapters › tycho" in console.text
        assert "the token is refused (401) · tried again at 14:03:01Z" in console.text


async def test_what_a_stale_scope_brought_is_marked(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2")
        stale = [one for one in scopes(deployments=ScopeState.STALE) if one.name == "deployments"]
        station.feed.upsert("station", *stale)
        await console.settle()
        assert "▲◔ oxygen-generator" in console.text
        await console.press("enter")
        assert "stale since 14:02:30Z" in console.text


async def test_an_empty_colony_says_what_it_waits_for(
    open_console: Open, station: FakeStation
) -> None:
    starting = replace(
        ADAPTERS[0], state=AdapterState.STARTING, since=NOW - 3, records=0, last_record_at=None
    )
    station.parcels = (Parcel("station", "station", (starting,), begin=True, end=True),)
    async with open_console() as console:
        assert "kubernetes tycho is starting, 3 s" in console.text
        await console.press("2")
        assert "nothing received yet" in console.text


async def test_an_address_opens_in_full_and_leads_to_its_app(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("3", "end", "enter")
        assert "Addresses › habitat/airlock-control" in console.text
        assert "BGP relay-1 (spine-a)   configured peer" in console.text
        await console.press("enter")
        assert "Apps › habitat/airlock-control" in console.text


async def test_the_overview_opens_records_and_panels(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("enter")
        assert "Apps › life-support/oxygen-generator" in console.text
        await console.press("escape")
        page = console.app.screen.query_one("#page")
        for _ in range(20):
            if page.value == "apps":
                break
            await console.press("down")
        await console.press("enter")
        assert console.app.screen.current.name == "apps"


async def test_what_changed_opens_from_anywhere(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("3", "h")
        assert "what changed in the last 30 minutes" in console.text
        assert "New revision" in console.text
        assert "BackOff" in console.text
        assert any(one.kind == "Revision" for one in station.feed.wanted)
        await console.press("slash")
        await console.type("new")
        await console.press("enter")
        assert "BackOff" not in console.text
        await console.press("enter")
        assert "Apps › life-support/oxygen-generator" in console.text


async def test_the_palette_finds_apps(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("ctrl+p")
        await console.type("water")
        await console.pilot.pause(0.5)
        await console.settle()
        await console.press("enter")
        await console.settle()
        assert "Apps › life-support/water-recycler" in console.text


async def test_themes_change_by_name(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("colon")
        await console.type("theme light")
        await console.press("enter")
        assert console.app.theme == "light"


def test_panels_by_name() -> None:
    assert panel_named("apps").name == "apps"
    assert panel_named("Addr").name == "addresses"
    assert panel_named("a") is None
    assert panel_named("") is None
