"""What is opened says where one came from, not where it could have been opened."""

from __future__ import annotations

import pytest

from tests.ui.pilot import Open


@pytest.mark.parametrize(("digit", "panel"), [("1", "Overview"), ("2", "Apps"), ("9", "Adapters")])
async def test_what_changed_says_from_which_panel(
    open_console: Open, digit: str, panel: str
) -> None:
    async with open_console() as console:
        await console.press(digit, "h")
        assert console.lines[1].startswith(f" {panel} › what changed in the last 30 minutes")


async def test_an_event_says_of_which_app(open_console: Open) -> None:
    async with open_console(size=(120, 40)) as console:
        await console.press("2", "e")
        assert "Apps › life-support/oxygen-generator › events" in console.lines[1]
        await console.press("enter")
        assert console.lines[1].startswith(
            " Apps › life-support/oxygen-generator › events › life-support/e"
        )
        await console.press("h")
        assert "/e" in console.lines[1]
        assert "› what changed in the last 30 minutes" in console.lines[1]
        await console.press("escape", "escape", "escape")
        assert len(console.app.screen_stack) == 1
