"""The way of an action: form, simulation, approval, progress, undo."""

from __future__ import annotations

import asyncio

import pytest

from adapters.contract import Significance
from adapters.records import ActionState
from console.feed.answers import Simulated
from console.feed.client import FeedRefused
from tests.ui.fakes import FakeStation, preview
from tests.ui.pilot import Console, Open

APP = "tycho:life-support/Deployment/oxygen-generator"


async def at_preview(console: Console) -> None:
    await console.press("2", "r", "enter")


async def test_the_form_shows_the_revisions(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2", "r")
        assert station.of("action.form") == [{"action": "app.rollback", "arguments": {"app": APP}}]
        lines = console.text
        assert "12 colony/o2-gen:2.4.1" in lines
        assert "● runs now" in lines
        assert "▸   11 colony/o2-gen:2.3.9" in lines
        assert "membrane fix" in lines
        await console.press("escape")
        assert len(console.app.screen_stack) == 1
        assert station.of("action.simulate") == []


async def test_simulates_with_the_choice_and_the_reason(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2", "r", "down", "tab")
        await console.type("pressure is wrong")
        await console.press("enter")
        assert station.of("action.simulate") == [
            {
                "action": "app.rollback",
                "arguments": {"app": APP, "to": "10"},
                "reason": "pressure is wrong",
                "undoes": "",
            }
        ]


async def test_a_slow_simulation_is_cancelled_by_escape(
    open_console: Open, station: FakeStation
) -> None:
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    station.answers["action.simulate"] = lambda arguments: never
    async with open_console() as console:
        await console.press("2", "r", "enter")
        await console.tick(2)
        assert "simulating" in console.text
        await console.press("escape")
        assert "nothing was changed" in console.text
        assert never.cancelled()
        assert len(console.app.screen_stack) == 2


async def test_a_refused_simulation_says_why(open_console: Open, station: FakeStation) -> None:
    station.refuses("action.simulate", "life-support/oxygen-generator is paused: resume it first")
    async with open_console() as console:
        await console.press("2", "r", "enter")
        assert "is paused: resume it first" in console.text


async def test_the_preview_shows_what_changes(open_console: Open) -> None:
    async with open_console() as console:
        await at_preview(console)
        for said in (
            "WHAT CHANGES",
            "server dry run",
            "- colony/o2-gen:2.4.1",
            "+ colony/o2-gen:2.3.9",
            "- kPa",
            "command, resources, probes: the same",
            "3 pods on 2 nodes",
            "▲ Argo CD owns this Deployment",
            "7F-C2-9D",
            "kubectl -n life-support rollout undo",
            "caution",
        ):
            assert said in console.text, said
        assert "y approve" in console.lines[-1]


async def test_caution_is_approved_by_y_and_goes_on(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("enter")
        assert station.of("action.approve") == []
        assert "y approves it" in console.lines[-1]
        await console.press("y")
        (asked,) = station.of("action.approve")
        assert (asked["id"], asked["digest"][:6]) == ("a81", "7fc29d")
        station.become(ActionState.SUBMITTED, progress="waiting for the rollout")
        await console.settle()
        assert "✔ submitted" in console.text
        assert "waiting for the rollout" in console.text
        assert "Done" not in console.text
        await console.press("y")
        assert len(station.of("action.approve")) == 1
        station.become(ActionState.VERIFIED, outcome="3 of 3 ready at revision 13")
        await console.settle()
        assert "Done: the effect was verified." in console.text
        assert "3 of 3 ready at revision 13" in console.text


async def test_a_simulation_can_be_approved_though_the_record_of_it_is_behind(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        station.answers["action.simulate"] = lambda arguments: Simulated(
            "a81", station.preview, "7fc29d" + "0" * 58, "7F-C2-9D"
        )
        station.become(ActionState.DRAFT)
        await at_preview(console)
        assert "y approve" in console.lines[-1]
        await console.press("y")
        assert len(station.of("action.approve")) == 1


async def test_leaving_the_page_goes_past_the_form(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("y")
        await console.press("escape")
        assert len(console.app.screen_stack) == 1
        assert station.of("action.cancel") == []


async def test_before_approval_escape_goes_back_to_the_form(open_console: Open) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("escape")
        assert "● runs now" in console.text


async def test_routine_is_approved_by_enter(open_console: Open, station: FakeStation) -> None:
    station.preview = preview(significance=Significance.ROUTINE)
    async with open_console() as console:
        await at_preview(console)
        assert "enter approve" in console.lines[-1]
        await console.press("y")
        assert station.of("action.approve") == []
        await console.press("enter")
        assert len(station.of("action.approve")) == 1


@pytest.mark.parametrize(
    ("typed", "approved"), [("oxygen-generator", 1), ("oxygen", 0), ("", 0), ("y", 0)]
)
async def test_critical_wants_the_name(
    open_console: Open, station: FakeStation, typed: str, approved: int
) -> None:
    station.preview = preview(significance=Significance.CRITICAL)
    async with open_console() as console:
        await at_preview(console)
        await console.press("y")
        assert "type oxygen-generator to approve" in console.lines[-1]
        await console.type(typed)
        await console.press("enter")
        asked = station.of("action.approve")
        assert len(asked) == approved
        if asked:
            assert asked[0]["confirm"] == "oxygen-generator"


async def test_x_cancels_before_it_is_sent(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("x")
        assert station.of("action.cancel") == [{"id": "a81"}]
        assert "Cancelled before it was sent" in console.text
        await console.press("y")
        assert station.of("action.approve") == []


async def test_x_is_too_late_once_it_is_sent(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("y")
        station.become(ActionState.SUBMITTED)
        await console.settle()
        await console.press("x")
        assert station.of("action.cancel") == []
        assert "too late to cancel" in console.lines[-1]


async def test_nothing_to_do_cannot_be_approved(open_console: Open, station: FakeStation) -> None:
    station.preview = preview(nothing="revision 11 is what runs", changes=())
    async with open_console() as console:
        await at_preview(console)
        assert "nothing: revision 11 is what runs" in console.text
        await console.press("y", "enter")
        assert station.of("action.approve") == []


async def test_a_refused_approval_says_why(open_console: Open, station: FakeStation) -> None:
    station.refuses(
        "action.approve", "a81: the outcome is not the approved one any more; simulate again"
    )
    async with open_console() as console:
        await at_preview(console)
        await console.press("y")
        assert "✖ a81: the outcome is not the approved one any more" in console.text


async def test_c_copies_the_command(open_console: Open) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("c")
        assert console.app.clipboard.startswith("kubectl -n life-support rollout undo")


async def test_an_old_action_opens_and_is_undone(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("8", "enter")
        assert station.of("action.show") == [{"id": "a79"}]
        assert "Done: the effect was verified." in console.text
        assert "✔ submitted" in console.text
        await console.press("escape", "u")
        assert station.of("action.form")[0]["arguments"]["to"] == "16"
        station.form = station.form
        await console.press("tab")
        await console.type("back to where we were")
        await console.press("enter")
        (asked,) = station.of("action.simulate")
        assert asked["undoes"] == "a79"


async def test_without_a_station_nothing_is_begun(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2")
        station.refuse = FeedRefused("gone")
        station.feed.lose()
        await console.settle()
        await console.press("r")
        assert station.of("action.form") == []
        assert len(console.app.screen_stack) == 1
