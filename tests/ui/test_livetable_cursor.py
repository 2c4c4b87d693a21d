"""The cursor of a LiveTable: where keys and clicks take it, and what it stays with."""

from __future__ import annotations

import pytest
from textual.geometry import Region

from console.widgets.livetable import LiveTable
from tests.ui.shown_table import Shown, painted, some

__all__ = ["painted"]


async def test_keys_move_the_cursor_and_enter_chooses() -> None:
    app = Shown(some(100))
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.pause()
        assert app.table.cursor_key == 0
        for key, row in [
            ("down", 1), ("j", 2), ("up", 1), ("k", 0), ("up", 0), ("pagedown", 9),
            ("pageup", 0), ("end", 99), ("down", 99), ("home", 0), ("G", 99), ("g", 0),
        ]:  # fmt: skip
            await pilot.press(key)
            assert app.table.cursor_key == row, key
            assert row in app.table.visible_keys
        app.told.clear()
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.told == [("moved", 1), ("chosen", 1)]


async def test_the_cursor_stays_with_its_key_when_rows_are_sorted_anew() -> None:
    app = Shown(some(6))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("down", "down")
        app.told.clear()
        app.table.set_rows([5, 4, 3, 2, 1, 0])
        await pilot.pause()
        assert app.table.cursor_key == 2
        assert app.told == []
        assert app.lines()[4].split()[1] == "row-00002"


@pytest.mark.parametrize(
    ("left", "goes_to"),
    [
        ([0, 1, 2, 4, 5], 4),
        ([0, 1, 2], 2),
        ([5], 5),
        ([0], 0),
        ([5, 4, 1, 0], 4),
        ([7, 8], 8),
    ],
)
async def test_the_cursor_goes_to_the_neighbour_of_a_row_that_went(
    left: list[int], goes_to: int
) -> None:
    app = Shown(some(9))
    async with app.run_test(size=(60, 12)) as pilot:
        app.table.set_rows([0, 1, 2, 3, 4, 5])
        app.table.move_to(3)
        await pilot.pause()
        app.told.clear()
        app.table.set_rows(left)
        await pilot.pause()
        assert app.table.cursor_key == goes_to
        assert app.told == [("moved", goes_to)]


async def test_rows_that_come_and_go_and_come() -> None:
    app = Shown({})
    async with app.run_test(size=(30, 5)) as pilot:
        await pilot.pause()
        assert app.table.cursor_key is None
        assert [line.strip() for line in app.lines()[1:3]] == ["Nothing", "here [/]"]
        await pilot.press("down", "enter", "end", "pageup")
        assert app.told == []
        app.rows.update(some(2))
        app.table.set_rows([0, 1])
        await pilot.pause()
        assert app.table.cursor_key == 0
        app.table.set_rows([])
        app.table.empty = "gone"
        await pilot.pause()
        assert app.lines()[1].strip() == "gone"
        assert app.told == [("moved", 0), ("moved", None)]


async def test_a_new_row_above_does_not_push_the_cursor_out_of_sight() -> None:
    app = Shown(some(50))
    async with app.run_test(size=(60, 11)) as pilot:
        app.table.set_rows(list(range(40)))
        app.table.move_to(9)
        await pilot.pause()
        app.table.set_rows([*range(40, 50), *range(40)])
        await pilot.pause()
        assert app.table.cursor_key == 9
        assert 9 in app.table.visible_keys


async def test_who_scrolled_away_from_the_cursor_is_left_there() -> None:
    app = Shown(some(50))
    async with app.run_test(size=(60, 11)) as pilot:
        app.table.scroll_to(y=30, animate=False, immediate=True)
        await pilot.pause()
        app.table.set_rows([*range(1, 50), 0])
        await pilot.pause()
        assert app.table.scroll_offset.y == 30


async def test_the_cursor_is_lit_only_with_the_focus(painted: list[Region]) -> None:
    app = Shown(some(5))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.table.focus()
        await pilot.pause()

        def background(y: int) -> object:
            strip = app.table.render_lines(Region(0, y, 60, 1))[0]
            return next(iter(strip)).style.bgcolor  # type: ignore[union-attr]

        lit, plain = background(1), background(2)
        assert lit != plain
        await pilot.press("down")
        assert (background(1), background(2)) == (plain, lit)
        app.screen.set_focus(None)
        await pilot.pause()
        assert (background(1), background(2)) == (plain, plain)


async def test_a_click_moves_a_second_chooses_and_a_title_is_told() -> None:
    app = Shown(some(5))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.click(LiveTable, offset=(10, 3))
        assert app.table.cursor_key == 2
        await pilot.click(LiveTable, offset=(10, 4), times=2)
        await pilot.click(LiveTable, offset=(4, 0))
        await pilot.click(LiveTable, offset=(4, 9))
        await pilot.pause()
        assert app.told == [("moved", 0), ("moved", 2), ("moved", 3), ("chosen", 3),
                            ("header", "name")]  # fmt: skip


async def test_moving_to_a_key_that_is_not_there_moves_nothing() -> None:
    app = Shown(some(5))
    async with app.run_test(size=(60, 12)):
        assert app.table.move_to(4)
        assert not app.table.move_to("nobody")
        assert app.table.cursor_key == 4
