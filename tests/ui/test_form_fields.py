"""The fields of a live form: what is kept, what is asked for anew, where the keys go."""

from __future__ import annotations

from adapters.contract import Field, Form, Option
from console.screens import form_values
from console.screens.form import FormScreen
from tests.ui import fake_calls
from tests.ui.fakes import FakeStation
from tests.ui.filled_form import PRESET, TRANSFER, asked, begin, calls
from tests.ui.pilot import Open

__all__ = ["calls"]


def parts(screen: FormScreen) -> dict[str, str]:
    """Return what the parts of an argument hold, by the first word of their labels."""
    held = screen.fields.values().items()
    return {slot.name.split()[0]: value for slot, value in held if slot.into}


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
