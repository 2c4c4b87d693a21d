"""What the differ writes, byte by byte: no cell that is there already, and the shortest way."""

from __future__ import annotations

import pytest

from console.terminal.canvas import MODES, Canvas
from console.terminal.differ import Pen, diff, move
from console.terminal.frame import parse
from console.terminal.grid import Grid


def _grid(*frames: str, width: int = 20, height: int = 3) -> Grid:
    grid = Grid(width, height)
    for frame in frames:
        parsed = parse(frame)
        assert parsed is not None
        for run in parsed.runs:
            grid.put(run)
    return grid


def _row(text: str, y: int = 1) -> str:
    return f"\x1b[{y};1H{text}"


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        ((None, None), (4, 2), "\x1b[3;5H"),
        ((None, None), (0, 2), "\x1b[3H"),
        ((None, None), (0, 0), "\x1b[H"),
        ((4, 2), (4, 2), ""),
        ((4, 2), (5, 2), "\x1b[C"),
        ((4, 2), (9, 2), "\x1b[5C"),
        ((4, 2), (3, 2), "\b"),
        ((30, 2), (9, 2), "\x1b[10G"),
        ((30, 2), (0, 2), "\r"),
        ((4, 2), (4, 3), "\x1b[B"),
        ((4, 2), (0, 3), "\x1b[4H"),
    ],
)
def test_the_cursor_goes_the_shortest_way(
    before: tuple[int | None, int | None], after: tuple[int, int], written: str
) -> None:
    pen = Pen()
    pen.x, pen.y = before
    assert move(pen, *after) == written
    assert (pen.x, pen.y) == after


def test_equal_grids_need_nothing() -> None:
    assert diff(_grid(_row("hello")), _grid(_row("hello"))) == ""


def test_only_what_changed_is_written() -> None:
    sent = _grid(_row("pods 12 of 14"))
    assert diff(_grid(_row("pods 13 of 14")), sent) == "\x1b[1;7H\x1b[0m3"
    assert sent.cells == _grid(_row("pods 13 of 14")).cells


def test_a_short_gap_is_written_again_and_a_long_one_jumped() -> None:
    before, after = _row("a--b------c"), _row("A--B------C")
    assert diff(_grid(after), _grid(before)) == "\x1b[H\x1b[0mA--B\x1b[6CC"


def test_what_the_target_does_not_know_is_left_alone() -> None:
    assert diff(_grid(_row("ab", 2)), _grid()) == "\x1b[2H\x1b[0mab"


def test_a_blank_needs_no_colour_of_its_own() -> None:
    after = "\x1b[31mA\x1b[0m \x1b[31mB\x1b[0m"
    assert diff(_grid(_row(after)), _grid(_row("abc"))) == "\x1b[H\x1b[0;31mA B"


def test_long_blanks_are_erased_where_the_terminal_erases_in_colour() -> None:
    sent = _grid(_row("x" * 20))
    target = _grid(_row("ab" + " " * 18))
    assert diff(target, sent, erase=True) == "\x1b[H\x1b[0mab\x1b[K"
    assert diff(target, _grid(_row("x" * 20)), erase=False) == "\x1b[H\x1b[0mab" + " " * 18


def test_underlined_blanks_are_written() -> None:
    target = _grid(_row(f"\x1b[4m{' ' * 20}\x1b[0m"))
    assert " " * 20 in diff(target, _grid(), erase=True)


def test_half_of_a_wide_character_takes_the_other_with_it() -> None:
    sent = _grid(_row("a漢b"))
    assert diff(_grid(_row("axyb")), sent) == "\x1b[1;2H\x1b[0mxy"
    assert diff(_grid(_row("a漢b")), sent) == "\x1b[1;2H\x1b[0m漢"


def test_after_a_joined_emoji_the_cursor_is_placed_anew() -> None:
    written = diff(_grid(_row("👩\u200d🚀ab")), _grid())
    assert written == "\x1b[H\x1b[0m  \r👩\u200d🚀\x1b[1;3Hab"


def test_a_link_is_ended_where_the_writing_ends() -> None:
    target = _grid(_row("\x1b]8;id=7;https://a.test\x1b\\go\x1b]8;;\x1b\\"))
    assert diff(target, _grid()).endswith("\x1b]8;;https://a.test\x1b\\\x1b[0mgo\x1b]8;;\x1b\\")


def _canvas(*frames: str) -> Canvas:
    canvas = Canvas(20, 5)
    for at, frame in enumerate(frames):
        assert canvas.merge(frame, float(at))
    return canvas


def test_the_first_piece_sets_the_modes_and_the_next_one_does_not() -> None:
    canvas = _canvas(_row("a"))
    assert canvas.take(1 << 20, 0.0).text.startswith(MODES)
    canvas.merge(_row("b"), 0.5)
    assert canvas.take(1 << 20, 0.5).text == "\x1b[Hb"
    assert not canvas.pending


def test_the_row_that_waits_longest_comes_first_and_the_newest_state_of_it() -> None:
    canvas = _canvas(_row("one", 3), _row("two", 1), _row("three", 3))
    assert canvas.behind(5.0) == 5.0
    first = canvas.take(1, 5.0)
    assert "three" in first.text
    assert "two" not in first.text
    assert first.age == 5.0
    assert "two" in canvas.take(1, 5.0).text


def test_what_a_key_changed_overtakes_and_the_smallest_change_first() -> None:
    canvas = _canvas(_row("old", 1))
    canvas.merge(_row("many", 2) + _row("many", 3), 1.0, urgent=True)
    canvas.merge(_row("typed", 5), 1.0, urgent=True)
    taken = [canvas.take(1, 2.0).text for _ in range(4)]
    assert [word for text in taken for word in ("old", "many", "typed") if word in text] == [
        "typed", "many", "many", "old",
    ]  # fmt: skip


def test_one_row_may_be_more_than_a_piece() -> None:
    canvas = Canvas(200, 1)
    canvas.merge(_row("x" * 200), 0.0)
    sizes = []
    while canvas.pending:
        sizes.append(len(canvas.take(50, 0.0).text))
    assert len(sizes) > 2
    assert max(sizes) < 120


def test_a_frame_that_is_not_understood_is_said_to_be_none() -> None:
    assert not _canvas().merge("\x1b[1;1Ha\x1b[2J", 0.0)


def test_everything_is_sent_again_after_a_repaint_and_after_a_resize() -> None:
    canvas = _canvas(_row("hello"))
    canvas.take(1 << 20, 0.0)
    canvas.forget(1.0)
    assert "hello" in canvas.take(1 << 20, 1.0).text
    canvas.resize(4, 5, 2.0)
    assert "hell" in canvas.take(1 << 20, 2.0).text


def test_where_a_person_types_the_cursor_stands() -> None:
    canvas = _canvas(_row("a"))
    canvas.take(1 << 20, 0.0)
    canvas.merge("\x1b[2;1Hz\x1b[2;8H", 0.5, urgent=True)
    assert canvas.take(1 << 20, 0.5).text.endswith("z\x1b[6C")


def test_ascii_only_goes_where_only_ascii_is_shown() -> None:
    canvas = Canvas(20, 1, plain=lambda text: text.replace("é", "e"))
    canvas.merge(_row("Caf" + "é"), 0.0)
    assert "Cafe" in canvas.take(1 << 20, 0.0).text
