"""A form in a small terminal: what enter would take is in sight, wherever the cursor goes."""

from __future__ import annotations

import pytest

from adapters.contract import Field, Form, Option
from console.widgets.document import Document
from tests.ui import fake_calls
from tests.ui.fakes import FORM, FakeStation
from tests.ui.filled_form import begin, calls
from tests.ui.pilot import Console, Open

__all__ = ["calls"]

LEAST = (40, 10)
MANY = Form(
    FORM.title,
    (
        Field(
            "to", "Revision", default="30",
            options=tuple(Option(str(n), f"rev {n}") for n in range(30, 0, -1)),
        ),
    ),
    notes=("Argo CD owns this Deployment and will undo the rollback, as it did before",),
)  # fmt: skip


def chosen(console: Console) -> str:
    """Return the line that shows what is chosen, "" where it is out of sight."""
    return next((line for line in console.lines if "▸" in line), "")


async def test_the_chosen_revision_is_in_sight(open_console: Open, station: FakeStation) -> None:
    async with open_console(size=LEAST) as console:
        await console.press("2", "r")
        assert "11" in chosen(console)
        await console.press("down")
        assert "10" in chosen(console)
        await console.press("enter")
        (asked,) = station.of("action.simulate")
        assert asked["arguments"]["to"] == "10"


async def test_all_the_way_down_and_up_a_long_list(
    open_console: Open, station: FakeStation
) -> None:
    station.form = MANY
    async with open_console(size=LEAST) as console:
        await console.press("2", "r")
        for number in range(30, 1, -1):
            assert f"rev {number}" in chosen(console)
            await console.press("down")
        await console.press("home")
        assert "rev 30" in chosen(console)


@pytest.mark.parametrize("size", [LEAST, (60, 12), (120, 14)])
async def test_it_is_in_sight_after_a_resize(
    open_console: Open, station: FakeStation, size: tuple[int, int]
) -> None:
    station.form = MANY
    async with open_console() as console:
        await console.press("2", "r", *["down"] * 12)
        assert "rev 18" in chosen(console)
        await console.pilot.resize_terminal(*size)
        await console.settle()
        assert "rev 18" in chosen(console)


async def test_each_field_is_in_sight_where_keys_go_to_it(
    open_console: Open, calls: FakeStation
) -> None:
    record = next(name for name in fake_calls.FUNCTIONS if name.startswith("record"))
    async with open_console(size=LEAST) as console:
        screen = await begin(console, contract="Deployments", function=record)
        for key in ("tab", "shift+tab"):
            for _ in screen.fields.fields:
                await console.press(key)
                target = screen.focused
                assert target is not None
                if isinstance(target, Document):
                    assert chosen(console)
                else:
                    assert screen.fields.region.contains_region(target.region)


async def test_a_person_may_scroll_on(open_console: Open, station: FakeStation) -> None:
    station.form = MANY
    async with open_console(size=LEAST) as console:
        await console.press("2", "r", "tab")
        at = console.app.screen.fields.scroll_offset
        console.app.screen.action_page(-1)
        await console.tick()
        assert console.app.screen.fields.scroll_offset != at
