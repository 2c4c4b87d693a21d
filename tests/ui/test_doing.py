"""`a` on an app: what can be done with it, and the form of what is chosen."""

from __future__ import annotations

import pytest

from adapters.records import App
from console.feed.answers import ActionInfo
from console.screens.doing import DoingScreen, doing_rows, offers
from tests.ui.colony_data import colony_parcels
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Open

APP = "tycho:life-support/Deployment/oxygen-generator"
ROLLBACK = ActionInfo("app.rollback", "Roll back", "tycho", "caution", "App")
SCALE = ActionInfo("app.scale", "Scale", "tycho", "caution", "App")
CALL = ActionInfo("contract.call", "Call a contract", "chain", "caution", "Contract")


@pytest.fixture
def two(station: FakeStation) -> FakeStation:
    """A station whose apps can be rolled back and scaled."""
    import msgspec

    both = ("app.rollback", "app.scale")
    station.parcels = [
        msgspec.structs.replace(
            parcel,
            upserts=tuple(
                msgspec.structs.replace(one, actions=both) if isinstance(one, App) else one
                for one in parcel.upserts
            ),
        )
        for parcel in colony_parcels()
    ]
    station.answers["action.list"] = lambda arguments: [ROLLBACK, SCALE, CALL]
    return station


async def test_a_lists_what_applies_and_enter_opens_its_form(
    open_console: Open, two: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2")
        assert "a do" in console.lines[-1]
        await console.press("a")
        text = console.text
        assert "WHAT CAN BE DONE WITH life-support/oxygen-generator" in text
        assert "Roll back" in text
        assert "app.scale" in text
        assert "contract.call" not in text
        assert "nothing is done at once." in text
        await console.press("down", "enter")
        assert two.of("action.form") == [{"action": "app.scale", "arguments": {"app": APP}}]
        await console.press("escape")
        assert len(console.app.screen_stack) == 1


@pytest.mark.parametrize("key", ["escape", "q", "a"])
async def test_going_back_does_nothing(open_console: Open, two: FakeStation, key: str) -> None:
    async with open_console() as console:
        await console.press("2", "a", key)
        assert len(console.app.screen_stack) == 1
        assert two.of("action.form") == []


async def test_it_is_on_the_page_of_an_app_and_on_the_overview_too(
    open_console: Open, two: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2", "enter", "a", "enter")
        assert two.of("action.form")[0]["action"] == "app.rollback"
    async with open_console() as console:
        assert "a do" in console.lines[-1]
        await console.press("a")
        assert isinstance(console.app.screen, DoingScreen)


async def test_the_only_thing_to_do_opens_at_once(open_console: Open, two: FakeStation) -> None:
    two.answers["action.list"] = lambda arguments: [SCALE, CALL]
    async with open_console() as console:
        await console.press("2", "a")
        assert two.of("action.form") == [{"action": "app.scale", "arguments": {"app": APP}}]


async def test_nothing_to_do_and_no_answer_are_lines(open_console: Open, two: FakeStation) -> None:
    two.answers["action.list"] = lambda arguments: [CALL]
    async with open_console() as console:
        await console.press("2", "a")
        assert "Deployment oxygen-generator: its adapter offers nothing to do" in console.text

        two.refuses("action.list", "the station is busy")
        await console.press("a")
        assert "the station is busy" in console.text


async def test_read_only_has_no_such_key(open_console: Open, two: FakeStation) -> None:
    async with open_console(read_only=True) as console:
        await console.press("2", "a")
        assert "a do" not in console.lines[-1]
        assert two.of("action.list") == []


def test_another_adapters_actions_are_not_this_apps() -> None:
    app = App(source="tycho", namespace="n", name="a", actions=("app.scale",))
    elsewhere = ActionInfo("app.scale", "Scale", "luna", "caution", "App")
    assert offers([ROLLBACK, elsewhere, SCALE, CALL], app) == [SCALE]


def test_a_box_is_never_wider_than_it_is() -> None:
    from console.widgets.spans import line_width

    hostile = ActionInfo("x" * 99, "\x1b[2J" + "長" * 60, "tycho", "critical", "App")
    rows = doing_rows("n/" + "y" * 200, [hostile, SCALE], 66)
    assert {line_width(one.line) for one in rows} == {66}
    assert not any("\x1b" in text for one in rows for text, _ in one.line)
