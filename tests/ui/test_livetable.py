"""LiveTable in a headless app: what it paints, what it does not, and what it stands."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import pytest
from rich.cells import cell_len
from textual.geometry import Region

from console.rows.cells import Cell
from tests.ui.shown_table import COLUMNS, Shown, painted, some

__all__ = ["painted"]


async def test_a_table_with_titles_and_rows() -> None:
    app = Shown(some(3))
    async with app.run_test(size=(40, 6)):
        lines = app.lines()
        assert lines[0].split() == ["NAME", "N", "WHY"]
        assert lines[1].split() == ["✔", "row-00000", "0", "ready"]
        assert lines[3].split() == ["✔", "row-00002", "2", "ready"]
        assert lines[4].strip() == ""
        assert {cell_len(line) for line in lines} == {40}


async def test_only_visible_rows_are_asked_for() -> None:
    app = Shown(some(50_000))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert set(app.asked) == set(range(19))
        app.asked.clear()
        app.put(40_000, why="changed")
        app.table.refresh_keys({40_000, 3})
        assert app.asked == [3]
        await pilot.press("end")
        await pilot.pause()
        assert app.table.cursor_key == 49_999
        assert app.lines()[-1].split()[1] == "row-49999"
        assert max(key for key in app.asked if isinstance(key, int)) == 49_999
        assert len(app.asked) < 60


async def test_one_changed_cell_repaints_its_span_alone(painted: list[Region]) -> None:
    app = Shown(some(9))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.lines()
        painted.clear()
        app.put(4, count="77")
        app.table.refresh_keys([4])
        places = {one.column.key: one for one in app.table._places(60)}
        assert painted == [Region(places["count"].x, 5, 5, 1)]
        assert app.lines()[5].split() == ["✔", "row-00004", "77", "ready"]


async def test_an_update_that_changes_nothing_paints_nothing(painted: list[Region]) -> None:
    app = Shown(some(9))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.lines()
        painted.clear()
        app.table.refresh_keys(range(9))
        app.table.refresh_visible()
        app.table.set_rows(list(range(9)))
        app.table.refresh_keys([])
        assert painted == []


async def test_a_change_off_screen_is_seen_when_it_comes_into_view() -> None:
    app = Shown(some(100))
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("pagedown", "pagedown")
        app.lines()
        app.put(0, why="changed")
        app.table.refresh_keys([0])
        await pilot.press("home")
        await pilot.pause()
        assert app.lines()[1].split() == ["✔", "row-00000", "0", "changed"]


async def test_ages_move_without_a_record(painted: list[Region]) -> None:
    app = Shown(some(5))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.lines()
        painted.clear()
        app.put(2, why="1 m")
        app.table.refresh_visible()
        assert len(painted) == 1
        assert app.lines()[3].split()[-2:] == ["1", "m"]


# Columns, sizes, texts


async def test_the_arrow_stands_at_the_column_that_sorts(painted: list[Region]) -> None:
    app = Shown(some(5))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.table.set_sort("name")
        assert "NAME↑" in app.lines()[0]
        painted.clear()
        app.table.set_sort("count", descending=True)
        assert "NAME↑" not in app.lines()[0]
        assert "N↓" in app.lines()[0]
        assert painted == [Region(0, 0, 60, 1)]


async def test_columns_drop_out_when_it_gets_narrow() -> None:
    app = Shown(some(5))
    async with app.run_test(size=(60, 12)) as pilot:
        assert "WHY" in app.lines()[0]
        await pilot.resize_terminal(20, 12)
        await pilot.pause()
        assert app.lines()[0].split() == ["NAME", "N"]
        app.table.set_columns(COLUMNS[:2], "name")
        assert app.lines()[0].split() == ["NAME↑"]
        assert app.lines()[1].split() == ["✔", "row-00000"]


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (5, 1), (2, 2), (3, 3), (80, 1), (200, 60)])
@pytest.mark.parametrize("rows", [0, 1, 100])
async def test_it_stands_any_size(size: tuple[int, int], rows: int) -> None:
    app = Shown(some(rows))
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "pagedown", "end", "up")
        app.table.refresh_visible()
        width = app.table.scrollable_content_region.width
        assert {cell_len(line) for line in app.lines()} == {width}
        if rows and size[1] == 1:
            assert app.table.visible_keys == [app.table.cursor_key]


async def test_the_scroll_bar_covers_no_cell() -> None:
    app = Shown({n: (Cell(), Cell("a"), Cell("1"), Cell("x" * 99)) for n in range(50)})
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.pause()
        assert app.table.scrollable_content_region.width == 59
        line = app.lines()[1]
        assert cell_len(line) == 59
        assert line.endswith("x…")


HOSTILE = [
    "[red]alarm[/]", "[/]", "[@click=app.quit]x", "\\[", "]]", "漢字漢字漢字漢字", "e\u0301" * 20,
    "\x1b[31m\x07\r\n\t", "\u202eabc", "👩‍🚀🇫🇷", "\u0300", "a" * 100_000, "", "\udc80",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_shown_as_text_and_keeps_the_columns(text: str) -> None:
    rows: dict[Hashable, Sequence[Cell]] = {
        n: (Cell("✔ "), Cell(text), Cell("7"), Cell(text)) for n in range(2)
    }
    columns = (*COLUMNS[:3], COLUMNS[3]._replace(title=text))
    app = Shown(rows, columns)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        app.table.empty = text
        for line in app.lines():
            assert cell_len(line) == 60
            assert not any(ord(letter) < 32 or letter in "\x7f\u202e\x9b" for letter in line)
        place = next(one for one in app.table._places(60) if one.column.key == "count")
        strip = app.table.render_lines(Region(0, 0, 60, 8))[1]
        assert strip.crop(place.x, place.x + place.width).text == "    7"


async def test_fewer_cells_than_columns_leave_blanks() -> None:
    app = Shown({0: (Cell("✔ "),), 1: ()})
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        assert app.lines()[1].strip() == "✔"
        assert app.lines()[2].strip() == ""
        app.rows[1] = (Cell("✖ "), Cell("late"))
        app.table.refresh_keys([1])
        assert app.lines()[2].split() == ["✖", "late"]


async def test_another_theme_repaints_in_its_colours() -> None:
    app = Shown(some(2))
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()

        def colour() -> object:
            return next(iter(app.table.render_lines(Region(0, 1, 60, 1))[0])).style

        before = colour()
        app.theme = "textual-light"
        await pilot.pause()
        assert colour() != before


async def test_a_frame_or_fading_goes_the_long_way_round() -> None:
    app = Shown(some(3))
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.styles.border = ("round", "red")
        await pilot.pause()
        region = Region(0, 0, 40, 8)
        lines = [strip.text for strip in app.table.render_lines(region)]
        assert lines[0].startswith("╭")
        assert "row-00000" in lines[2]
        app.put(0, name="changed")
        app.table.refresh_keys([0])
        await pilot.pause()
        assert "changed" in app.table.render_lines(region)[2].text


async def test_keys_in_an_update_may_be_any_iterable() -> None:
    app = Shown(some(3))
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        app.put(1, why="x")
        app.table.refresh_keys(key for key in (1, "nobody"))
        assert app.lines()[2].split()[-1] == "x"
