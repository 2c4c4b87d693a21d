"""An app's page, its logs, YAML and events."""

from __future__ import annotations

import asyncio

from console.feed.messages import Parcel
from console.widgets.textview import LIMIT, TextView
from tests.ui.colony_data import APPS, SOURCE
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Open


async def test_an_app_with_all_that_is_joined(open_console: Open) -> None:
    async with open_console(size=(120, 50)) as console:
        await console.press("2", "enter")
        for said in (
            "▲ degraded  6 min",
            "rollout stuck · ImagePullBackOff",
            "2 of 3 ready",
            "token #3 of Identity   owner ops   held 30 d   ✔ match",
            "report pressure in kPa",
            "oxygen-generator-7d9f-x2x8z",
            "ImagePullBa",
            "10.40.1.7",
            "edge-udp",
            "L2 relay-1",
            "Back-off pulling image",
            "No actions yet",
        ):
            assert said in console.text, said


async def test_an_app_that_goes_is_said(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2", "enter")
        station.feed.deliver(Parcel(SOURCE, "deployments", gone=(APPS[0].key,)))
        await console.settle()
        assert "is gone" in console.text
        await console.press("r", "l", "escape")
        assert len(console.app.screen_stack) == 1


async def test_tab_goes_through_its_tables(open_console: Open) -> None:
    async with open_console(size=(120, 50)) as console:
        await console.press("2", "enter")
        page = console.app.screen.query_one("#page")
        kinds = []
        for _ in range(6):
            kinds.append(page.value.kind)
            await console.press("tab")
        assert kinds == ["Token", "Revision", "Pod", "Address", "Event", "LedgerEntry"]
        assert page.value.kind == "Token"
        await console.press("shift+tab")
        assert page.value.kind == "LedgerEntry"


async def test_a_revision_begins_a_rollback_to_it(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2", "enter", "tab", "down", "down", "enter")
        assert station.of("action.form")[0]["arguments"] == {
            "app": "tycho:life-support/Deployment/oxygen-generator",
            "to": "10",
        }
        assert "▸   10" in console.text


async def test_logs_of_all_pods_follow(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2", "l")
        assert "logs of all 3 pods" in console.text
        assert "k2x9p │ 14:00:02Z pressure 101.3 kPa" in console.text
        assert "● following" in console.text
        for queue in station.feed.followed:
            queue.put_nowait("14:02:40Z new line\n")
        await console.settle()
        assert "x2x8z │ 14:02:40Z new line" in console.text
        await console.press("f")
        assert "◌ held" in console.text
        await console.press("tab")
        assert "logs of pod 1 of 3" in console.text
        asked = station.of("query")[-1]
        assert asked["pod"] == "oxygen-generator-5b8c-k2x9p"
        assert (asked["source"], asked["namespace"]) == ("tycho", "life-support")
        await console.press("p")
        assert station.of("query")[-1]["previous"] == "true"
        await console.press("escape")
        assert len(console.app.screen_stack) == 1


async def test_logs_are_bounded_and_searched(open_console: Open, station: FakeStation) -> None:
    station.texts["logs"] = "".join(f"line {n}\n" for n in range(LIMIT + 200))
    async with open_console() as console:
        await console.press("2", "end", "l")
        view = console.app.screen.query_one(TextView)
        assert view.total <= LIMIT


async def test_search_within_a_text(open_console: Open, station: FakeStation) -> None:
    station.texts["yaml"] = "\n".join(f"key{n}: value" for n in range(400)) + "\nneedle: here\n"
    async with open_console() as console:
        await console.press("2", "y")
        assert "401 lines" in console.text
        await console.press("slash")
        await console.type("needle")
        await console.press("enter")
        assert "needle: here" in console.text
        assert "1 line with “needle”" in console.text
        await console.press("m")
        assert "only these" in console.text
        assert "key399" not in console.text
        await console.press("escape")
        assert "only these" not in console.text
        await console.press("escape")
        assert len(console.app.screen_stack) == 1


async def test_a_text_that_is_refused_says_why(open_console: Open, station: FakeStation) -> None:
    station.refuses("query", "tycho: no right to read this")
    async with open_console() as console:
        await console.press("2", "y")
        assert "✖ tycho: no right to read this" in console.text


async def test_loading_says_how_long_and_escape_ends_it(
    open_console: Open, station: FakeStation
) -> None:
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    station.answers["query"] = lambda arguments: never
    async with open_console() as console:
        await console.press("2", "y")
        await console.tick(4)
        assert "asking for YAML, 4 s" in console.text
        await console.press("escape")
        await console.settle()
        assert never.cancelled()


async def test_hostile_text_is_shown_as_it_is(open_console: Open, station: FakeStation) -> None:
    station.texts["yaml"] = "name: [bold red]x[/] [/nothing] [@click=app.quit]y[/]\n"
    async with open_console() as console:
        await console.press("2", "y")
        assert "[bold red]x[/] [/nothing] [@click=app.quit]y[/]" in console.text


async def test_events_of_an_app(open_console: Open) -> None:
    async with open_console(size=(120, 24)) as console:
        await console.press("2", "e")
        assert "› events" in console.lines[1]
        assert "×14" in console.text
        await console.press("slash")
        await console.type("scaling")
        assert "1 of 3" in console.text
        await console.press("escape", "escape")
        assert len(console.app.screen_stack) == 1


async def test_long_lines_scroll_sideways(open_console: Open, station: FakeStation) -> None:
    station.texts["yaml"] = "short\n" + "x" * 150 + "END\n"
    async with open_console() as console:
        await console.press("2", "y")
        assert "END" not in console.text
        await console.press("right", "right", "right", "right")
        assert "END" in console.text
        await console.press("left", "left", "left", "left")
        assert "short" in console.text


async def test_a_digit_leaves_any_page_for_its_panel_but_not_a_form(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "enter", "y", "3")
        assert len(console.app.screen_stack) == 1
        assert "ALLOCATIONS" in console.text
        await console.press("2", "r", "3")
        assert "Actions › app.rollback" in console.text


async def test_what_a_columns_title_shortens_is_said_whole_on_a_page(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("9", "enter")
        assert "restarts  " in console.text
        assert "rst  " not in console.text
