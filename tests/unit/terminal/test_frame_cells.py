"""Reading a frame: what is known of it, and that all else is none."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from adapters.text import with_stand_ins
from console.terminal.cells import PLAIN, SINGLE, Style, cut, doubtful, styled, turning
from console.terminal.frame import draws_nothing, is_frame, parse, pieces


def test_a_frame_is_runs_of_cells_with_a_style() -> None:
    frame = parse("\x1b[2;3H\x1b[1;31mab\x1b[0mc\n\x1b[4;1Hd\x1b[1;1H")
    assert frame is not None
    assert [(run.x, run.y, "".join(run.cells), run.style) for run in frame.runs] == [
        (2, 1, "ab", Style((1,), "31")),
        (4, 1, "c", PLAIN),
        (0, 3, "d", PLAIN),
    ]
    assert frame.cursor == (0, 0)


def test_a_newline_goes_to_the_start_of_the_next_row() -> None:
    frame = parse("\x1b[1;5Hx\ny")
    assert frame is not None
    assert [(run.x, run.y) for run in frame.runs] == [(4, 0), (0, 1)]


def test_the_id_of_a_link_is_drawn_by_lot_and_makes_no_difference() -> None:
    one, other = (
        parse(f"\x1b[1;1H\x1b]8;id={number};https://a.test\x1b\\x\x1b]8;;\x1b\\") for number in "12"
    )
    assert one == other
    assert one is not None
    assert one.runs[0].style.link == "https://a.test"


@pytest.mark.parametrize(
    "unknown",
    ["\x1b[2J", "\x1b[1;2;3H", "\x07", "\r", "\t", "\x9b1m", "\x1b[58;5;1m", "\x1b[38;7m",
     "\x1b]0;t\x07", "\x1b", "\x1b[?25h"],
)  # fmt: skip
def test_what_is_not_known_makes_it_none(unknown: str) -> None:
    assert parse(f"\x1b[1;1Ha{unknown}b") is None


def test_pieces_begin_where_the_cursor_is_placed() -> None:
    text = "\x1b[1;1Ha\x1b[0mb\n\x1b[12;34Hc"
    assert pieces(text) == [(0, 0, "\x1b[1;1Ha\x1b[0mb\n"), (33, 11, "\x1b[12;34Hc")]
    assert is_frame(text)
    assert not is_frame("a\x1b[1;1H")


@pytest.mark.parametrize(
    "text",
    ["\x07", "\x1b[?1049h", "\x1b[>25u", "\x1b[<u", "\x1b[?2026$p", "\x1b]52;c;YQ==\x07",
     "\x1b]22;pointer\x07", "\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\", "\x1b]9;done\x1b\\"],
)  # fmt: skip
def test_modes_bells_and_the_clipboard_draw_nothing(text: str) -> None:
    assert draws_nothing(text)


@pytest.mark.parametrize("text", ["a", "\x1b[2J", "\x1b[1;1Ha", "\x1bc", "\n"])
def test_anything_else_may_draw(text: str) -> None:
    assert not draws_nothing(text)


@pytest.mark.parametrize(
    ("text", "cells", "joins"),
    [
        ("ab", ["a", "b"], ""),
        ("漢b", ["漢", "", "b"], ""),
        ("e\u0301x", ["e\u0301", "x"], ""),
        ("漢\u0301", ["漢\u0301", ""], ""),
        ("\u0301x", ["x"], "\u0301"),
        ("👩\u200d🚀", ["👩\u200d🚀", ""], ""),
        ("☁\ufe0fx", ["☁\ufe0f", "", "x"], ""),
    ],
)
def test_text_is_cut_into_cells_as_wide_as_textual_takes_them(
    text: str, cells: list[str], joins: str
) -> None:
    assert cut(text) == (cells, joins)


def test_widths_that_terminals_disagree_on_are_in_doubt() -> None:
    assert [doubtful(one) for one in ("a", "漢", "e\u0301", "⣿")] == [0, 0, 0, 0]
    assert doubtful("🚀") == 2
    assert doubtful("👩\u200d🚀") == 4


def test_styles_add_up_and_go_away_by_their_own_numbers() -> None:
    bold = styled(PLAIN, "1;38;2;1;2;3")
    assert bold == Style((1,), "38;2;1;2;3")
    assert styled(bold, "2;22;48;5;7") == Style((), "38;2;1;2;3", "48;5;7")
    assert styled(bold, "") == PLAIN


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        (None, PLAIN, "\x1b[0m"),
        (PLAIN, PLAIN, ""),
        (Style((1,)), PLAIN, "\x1b[m"),
        (PLAIN, Style((4,), "31"), "\x1b[4;31m"),
        (Style((1, 4), "31"), Style((4,), "31"), "\x1b[22m"),
        (Style((1, 2)), Style((2,)), "\x1b[0;2m"),
        (Style((), "31", "41"), Style((), "32", "41"), "\x1b[32m"),
        (Style((), "31", "41"), Style((), "", "41"), "\x1b[39m"),
        (PLAIN, Style(link="https://a.test"), "\x1b]8;;https://a.test\x1b\\"),
        (Style(link="https://a.test"), PLAIN, "\x1b]8;;\x1b\\"),
    ],
)
def test_styles_turn_into_one_another_in_few_bytes(
    before: Style | None, after: Style, written: str
) -> None:
    assert turning(before, after) == written


def test_what_is_let_through_unseen_is_one_cell_wide_and_harmless() -> None:
    for character in SINGLE:
        assert cell_len(character) == 1
        assert with_stand_ins(character) == character
        assert with_stand_ins(f"x{character}") == f"x{character}"
