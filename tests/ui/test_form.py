"""A form that is live: asked again as it is filled in, checked, composed, read from."""

from __future__ import annotations

import asyncio
import json

from console.screens.form_live import PAUSE
from tests.ui import fake_calls
from tests.ui.fakes import FakeStation
from tests.ui.filled_form import PRESET, TRANSFER, asked, begin, calls
from tests.ui.pilot import Console, Open

__all__ = ["calls"]

RECORD = next(name for name in fake_calls.FUNCTIONS if name.startswith("record"))


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
    async with open_console() as console:
        await begin(console, **PRESET)
        await console.tick()
        calls.refuses("action.form", "chain: no answer from the node")
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
