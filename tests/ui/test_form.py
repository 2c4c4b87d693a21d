"""A form that is live: asked again as it is filled in, checked, composed, read from."""

from __future__ import annotations

import asyncio
import json

import pytest

from adapters.contract import Field, Form, Option
from console.feed.client import FeedRefused
from console.screens import form_values
from console.screens.form import FormScreen
from console.screens.form_live import PAUSE
from tests.ui import fake_calls
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open

TRANSFER = "transferFrom(address,address,uint256)"
RECORD = next(name for name in fake_calls.FUNCTIONS if name.startswith("record"))
PRESET = {"contract": "Identity", "function": TRANSFER, "args": '["founder","","7"]'}


@pytest.fixture
def calls(station: FakeStation) -> FakeStation:
    station.answers["action.form"] = fake_calls.form
    station.preview = fake_calls.CALL_PREVIEW
    return station


async def begin(console: Console, **preset: str) -> FormScreen:
    screen = FormScreen(console.app.screen.session, "contract.call", preset)
    console.app.push_screen(screen)
    await console.settle()
    return screen


def asked(station: FakeStation) -> list[dict[str, str]]:
    return [one["arguments"] for one in station.of("action.form")]


def parts(screen: FormScreen) -> dict[str, str]:
    """Return what the parts of an argument hold, by the first word of their labels."""
    held = screen.fields.values().items()
    return {slot.name.split()[0]: value for slot, value in held if slot.into}


def line_with(console: Console, word: str) -> str:
    return next(line for line in console.lines if word in line)


async def test_c_asks_for_the_contract_first(open_console: Open, calls: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2", "c")
        assert asked(calls)[0] == {}
        assert "── CONTRACT" in console.text
        assert "▸ Identity" in console.text
        await console.tick()
        assert "▾ 40 to choose from" in line_with(console, "Function")


async def test_c_begins_with_what_is_selected(open_console: Open, calls: FakeStation) -> None:
    async with open_console() as console:
        console.app.screen.panel.call_here = lambda: dict(PRESET)
        await console.press("c")
        assert asked(calls)[0] == PRESET


async def test_the_command_does_the_same(open_console: Open, calls: FakeStation) -> None:
    async with open_console() as console:
        await console.press("colon")
        await console.type("call")
        await console.press("enter")
        assert "── CONTRACT" in console.text


async def test_read_only_calls_nothing(open_console: Open, calls: FakeStation) -> None:
    async with open_console(read_only=True) as console:
        await console.press("2", "c")
        assert asked(calls) == []
        await console.press("colon")
        await console.type("call")
        await console.press("enter")
        assert len(console.app.screen_stack) == 1


async def test_what_is_preset_fills_the_parts_of_an_argument(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        screen = await begin(console, **PRESET)
        held = {(slot.into, slot.name): value for slot, value in screen.fields.values().items()}
        assert held == {
            ("", "contract"): "Identity", ("", "function"): TRANSFER,
            ("args", "from (address)"): "founder", ("args", "to (address)"): "",
            ("args", "tokenId (uint256)"): "7",
            ("", "value"): "", ("", "from"): "ops", ("", ""): "",
        }  # fmt: skip
        assert screen.fields.at.name == "to (address)"
        assert "= 0xf39F…2266" in console.text


async def test_each_field_is_checked_as_it_is_typed(open_console: Open, calls: FakeStation) -> None:
    async with open_console() as console:
        await begin(console, **PRESET)
        await console.tick()
        before = len(asked(calls))
        await console.type("agrx")
        assert len(asked(calls)) == before
        await console.tick()
        assert len(asked(calls)) == before + 1
        assert json.loads(asked(calls)[-1]["args"]) == ["founder", "agrx", "7"]
        assert "✖ 'agrx' is neither an address nor a known name" in console.text
        await console.press("backspace")
        await console.type("i")
        await console.tick()
        assert "= 0x3C44…93BC" in console.text
        assert "✖" not in console.text


async def test_one_question_at_a_time_and_the_newest_state_wins(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        await begin(console, **PRESET)
        await console.tick()
        waits: list[asyncio.Future[None]] = []

        async def slow(arguments: dict) -> object:
            waits.append(asyncio.get_running_loop().create_future())
            await waits[-1]
            return fake_calls.form(arguments)

        calls.answers["action.form"] = slow
        before = len(asked(calls))
        await console.type("agr")
        await console.tick(2 * PAUSE)
        await console.type("i")
        await console.tick(2 * PAUSE)
        assert len(asked(calls)) == before + 1
        waits[0].set_result(None)
        await console.settle()
        assert "is neither an address" not in console.text
        await console.tick(2 * PAUSE)
        assert len(asked(calls)) == before + 2
        waits[1].set_result(None)
        await console.settle()
        assert "= 0x3C44…93BC" in console.text


async def test_simulates_with_one_array_of_texts(open_console: Open, calls: FakeStation) -> None:
    async with open_console() as console:
        await begin(console, **PRESET)
        await console.type("agri")
        await console.press("enter")
        (simulated,) = calls.of("action.simulate")
        assert simulated["arguments"] == {
            "contract": "Identity", "function": TRANSFER, "from": "ops",
            "args": '["founder", "agri", "7"]',
        }  # fmt: skip
        assert "Identity.transferFrom(ops, agri, 7)" in console.text


async def test_an_error_keeps_it_from_being_simulated_and_says_which(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        screen = await begin(console, **PRESET)
        await console.type("agrx")
        await console.press("tab", "tab", "enter")
        assert calls.of("action.simulate") == []
        assert console.lines[-2].startswith(" ✖ to (address): 'agrx' is neither")
        assert screen.fields.at.name == "to (address)"


async def test_enter_goes_to_what_is_still_empty(open_console: Open, calls: FakeStation) -> None:
    async with open_console() as console:
        screen = await begin(console)
        await console.press("enter")
        assert screen.fields.at.name == "function"
        await console.press("down", "enter")
        assert [slot.name for slot in screen.fields.fields][2:4] == [
            "from (address)",
            "to (address)",
        ]
        assert (screen.fields.at.into, screen.fields.at.name) == ("args", "from (address)")
        await console.type("founder")
        await console.press("enter")
        assert screen.fields.at.name == "to (address)"
        assert calls.of("action.simulate") == []


async def test_other_fields_keep_what_was_typed_and_the_focus(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        screen = await begin(console, **PRESET)
        await console.tick()
        line = screen.focused
        await console.type("ag")
        await console.tick()
        assert screen.focused is line
        await console.press("shift+tab", "shift+tab")
        assert screen.fields.at.name == "function"
        await console.press("up")
        await console.tick()
        held = parts(screen)
        assert held == {"to": "ag", "tokenId": "7", "app": ""}
        assert screen.fields.at.name == "function"
        await console.press("down")
        await console.tick()
        held = parts(screen)
        assert held == {"from": "founder", "to": "ag", "tokenId": "7"}


async def test_another_choice_is_asked_for_without_parts_of_the_one_before(
    open_console: Open, calls: FakeStation
) -> None:
    """What stands third in one question need not be what stands third in another."""
    async with open_console() as console:
        screen = await begin(console, **PRESET)
        await console.press("shift+tab", "shift+tab", "up")
        before = len(asked(calls))
        await console.tick()
        await console.tick()
        first, second = asked(calls)[before:]
        assert first == {"contract": "Identity", "function": "mint(address,uint256,string)"}
        assert second == {**first, "args": '["", "7", ""]'}
        assert screen.filled()["from"] == "ops"


async def test_a_default_that_nobody_chose_is_the_adapters_to_change(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        screen = await begin(console, **PRESET)
        assert "from" not in screen.to_check()
        assert screen.filled()["from"] == "ops"
        await console.press("tab", "tab", "tab", "down")
        assert screen.to_check()["from"] == "founder"


async def test_a_list_that_becomes_a_line_keeps_the_keys(
    open_console: Open, calls: FakeStation
) -> None:
    from msgspec.structs import replace

    def plain(arguments: dict) -> object:
        made = fake_calls.form(arguments)
        fields = [replace(one, options=()) if one.name == "contract" else one
                  for one in made.fields]  # fmt: skip
        return replace(made, fields=tuple(fields)) if arguments["arguments"] else made

    calls.answers["action.form"] = plain
    async with open_console() as console:
        screen = await begin(console)
        await console.tick()
        assert screen.focused is screen.fields.here.target
        assert screen.fields.values()[screen.fields.at] == "Identity"


async def test_a_long_list_is_filtered(open_console: Open, calls: FakeStation) -> None:
    async with open_console() as console:
        screen = await begin(console)
        await console.press("enter")
        assert "/ filter" in console.lines[-1]
        await console.press("slash")
        await console.type("own read")
        await console.press("enter")
        assert "ownerOf(uint256)" in console.text
        assert "mint" not in console.text
        await console.press("enter")
        await console.settle()
        assert screen.fields.values()[screen.fields.lists[1]] == "ownerOf(uint256)"
        assert screen.fields.at.name == "tokenId (uint256)"


async def test_a_required_field_left_empty_is_never_simulated(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        screen = await begin(console, contract="Identity", function=TRANSFER)
        await console.press("tab", "tab")
        await console.type("7")
        await console.tick()
        await console.press("enter")
        await console.settle()
        assert calls.of("action.simulate") == []
        assert "✖ from (address): is missing" in console.text
        assert screen.fields.at.name == "from (address)"


async def test_enter_stops_at_a_text_that_may_stay_empty_and_the_list_closes(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        screen = await begin(console, contract="Identity")
        await console.press("slash")
        await console.type("record")
        await console.press("enter")
        await console.press("enter")
        await console.settle()
        assert screen.fields.at.name == "app (string)"
        assert "── FUNCTION" not in console.text


def test_what_is_given_in_other_words_is_the_option_it_was_understood_as() -> None:
    options = (Option("ownerOf", "ownerOf(tokenId)"), Option("name", "name()"))
    given = {"function": "ownerOf(uint256)"}
    (slot,) = form_values.preset(
        form := Form("", (Field("function", "Function", options=options),)), given
    )
    assert form_values.preset(form, given) == {slot: "ownerOf(uint256)"}
    form = Form("", (Field("function", "Function", default="ownerOf", options=options),))
    assert form_values.preset(form, given) == {slot: "ownerOf"}


def test_what_is_wrong_names_its_field_once() -> None:
    field = Field("args.0", "to  address")
    assert form_values.named(field, "is missing") == "to: is missing"
    assert form_values.named(field, "to: 'x' is no name") == "to: 'x' is no name"


async def test_a_read_is_answered_live_and_never_simulated(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        await begin(console, contract="Identity", function="ownerOf(uint256)")
        assert "it comes as soon as the fields are filled in" in console.text
        assert "a read: it changes nothing" in console.text
        assert "enter ask again" in console.lines[-1]
        assert "esc back" in console.lines[-1]
        assert "Reason" not in console.text
        await console.type("7")
        await console.tick()
        await console.tick()
        assert "owner of #7: agri" in console.text
        before = len(asked(calls))
        await console.press("enter")
        assert len(asked(calls)) == before + 1
        assert calls.of("action.simulate") == []


async def test_a_read_without_parameters_is_answered_at_once(
    open_console: Open, calls: FakeStation
) -> None:
    async with open_console() as console:
        await begin(console, contract="Identity", function="totalSupply()", args="[]")
        assert "── ANSWER" in console.text
        assert "   24" in console.lines


async def test_c_copies_the_equivalent(open_console: Open, calls: FakeStation) -> None:
    async with open_console() as console:
        await begin(console, contract="Identity", function="totalSupply()")
        assert "c copy command" in console.lines[-1]
        await console.press("c")
        assert console.app.clipboard == "cast call 0x5FbD totalSupply()"
        assert len(console.app.screen_stack) == 2


async def test_eight_parameters_fit_and_scroll(open_console: Open, calls: FakeStation) -> None:
    async with open_console(size=(80, 18)) as console:
        screen = await begin(console, contract="Deployments", function=RECORD)
        assert "app (string)" in console.text
        assert "Reason" not in console.text
        places = list(screen.fields.fields)
        await console.press(*["tab"] * (len(places) - 1 - places.index(screen.fields.at)))
        assert screen.fields.at.name == ""
        assert "Reason" in console.text


async def test_a_check_that_fails_is_a_line_and_typing_goes_on(
    open_console: Open, calls: FakeStation
) -> None:
    def refuse(arguments: dict) -> None:
        raise FeedRefused("chain: no answer from the node")

    async with open_console() as console:
        await begin(console, **PRESET)
        await console.tick()
        calls.answers["action.form"] = refuse
        await console.type("a")
        await console.tick()
        assert "✖ chain: no answer from the node" in console.text
        calls.answers["action.form"] = fake_calls.form
        await console.type("gri")
        await console.tick()
        assert "= 0x3C44…93BC" in console.text
        assert "no answer" not in console.text


async def test_the_undo_of_a_call_fills_its_form(open_console: Open, calls: FakeStation) -> None:
    from adapters.records import ActionState

    async with open_console() as console:
        undo = tuple({**PRESET, "args": '["agri","founder","7"]'}.items())
        action = calls.become(ActionState.VERIFIED, action="contract.call", undo=undo)
        await console.settle()
        console.app.screen.begin_undo(action)
        await console.settle()
        await console.press("tab", "tab", "tab", "tab", "tab")
        assert asked(calls)[0]["args"] == '["agri","founder","7"]'
        assert "= 0x3C44…93BC" in console.text
