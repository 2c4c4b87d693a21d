"""LiveTable in a headless app: what it paints, what it does not, where its cursor goes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.geometry import Region

from console.rows.cells import Cell, Column
from console.themes import token_defaults
from console.widgets.livetable import LiveTable

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "NAME", 12, least=8, flex=1, priority=10),
    Column("count", "N", 5, align="right", priority=8),
    Column("why", "WHY", 14, least=10, flex=1, priority=5),
)


class Shown(App[None]):
    """An app with one table over `rows`, and a list of what the table told."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, rows: dict[Hashable, Sequence[Cell]], columns: Sequence[Column] = COLUMNS):
        super().__init__()
        self.rows = rows
        self.asked: list[Hashable] = []
        self.told: list[Any] = []
        self.table = LiveTable(columns, self.cells_of, empty="Nothing\nhere [/]")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return token_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.set_rows(list(self.rows))

    def cells_of(self, key: Hashable) -> Sequence[Cell]:
        self.asked.append(key)
        return self.rows[key]

    def on_live_table_chosen(self, message: LiveTable.Chosen) -> None:
        self.told.append(("chosen", message.key))

    def on_live_table_moved(self, message: LiveTable.Moved) -> None:
        self.told.append(("moved", message.key))

    def on_live_table_header_chosen(self, message: LiveTable.HeaderChosen) -> None:
        self.told.append(("header", message.column))

    def lines(self) -> list[str]:
        """Return the table as it is painted."""
        whole = Region(0, 0, self.table.size.width, self.table.size.height)
        return [strip.text for strip in self.table.render_lines(whole)]

    def put(self, key: Hashable, **changes: str) -> None:
        """Change cells of one row."""
        cells = list(self.rows[key])
        for number, column in enumerate(COLUMNS):
            if column.key in changes:
                cells[number] = Cell(changes[column.key], cells[number].tone)
        self.rows[key] = tuple(cells)


def some(count: int) -> dict[Hashable, Sequence[Cell]]:
    return {
        n: (Cell("✔ ", "good"), Cell(f"row-{n:05}"), Cell(str(n)), Cell("ready", "dim"))
        for n in range(count)
    }


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[Region]:
    """What the table asks to have painted; a Region(0, 0, 0, 0) stands for all of it."""
    regions: list[Region] = []
    refresh = LiveTable.refresh

    def spy(self: LiveTable, *some: Region, **more: Any) -> LiveTable:
        if more.get("repaint", True):
            regions.extend(some or (Region(),))
        return refresh(self, *some, **more)

    monkeypatch.setattr(LiveTable, "refresh", spy)
    return regions


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


# The cursor


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
