"""Boxes that close with what enter chose, where an escape was there before that."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from textual.screen import Screen

from console.screens.columns import ColumnsScreen
from console.screens.copying import Choice, CopyScreen
from console.screens.doing import DoingScreen
from console.screens.why_which import WhichScreen
from console.widgets.document import Document
from tests.ui.colony_data import APPS
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open
from tests.ui.test_doing import CALL, ROLLBACK, SCALE


def copying(console: Console) -> Screen[Any]:
    return CopyScreen([Choice("row", "a"), Choice("cell", "b")])


def doing(console: Console) -> Screen[Any]:
    app = replace(APPS[0], actions=("app.rollback", "app.scale"))
    return DoingScreen(console.app.session, app)


def which(console: Console) -> Screen[Any]:
    return WhichScreen(APPS[:2])


def columns(console: Console) -> Screen[Any]:
    listing = console.app.page.table_here()
    return ColumnsScreen(console.app.session, listing)


@pytest.mark.parametrize("made", [copying, doing, which, columns])
async def test_an_enter_that_comes_to_its_end_after_an_escape_closes_nothing_else(
    open_console: Open, station: FakeStation, made: Any
) -> None:
    station.answers["action.list"] = lambda arguments: [ROLLBACK, SCALE, CALL]
    async with open_console() as console:
        await console.press("2")
        answers: list[object] = []
        box = made(console)
        console.app.push_screen(box, answers.append)
        await console.settle()
        page = box.query(Document).first()
        assert page.value is not None, "there is something to choose"
        page.action_choose()  # a message, which is handled later
        await console.app.run_action("screen.back")
        await console.settle()
        assert console.app.screen is console.app.page
        assert len(console.app.screen_stack) == 1
        assert answers in ([], [None], [""])
        await console.press("question_mark")
        assert len(console.app.screen_stack) == 2


async def test_a_page_below_a_box_stays_as_well(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "l", "C")
        box = console.app.screen
        box.query_one("#list", Document).action_choose()
        await console.app.run_action("screen.back")
        await console.settle()
        assert len(console.app.screen_stack) == 2
