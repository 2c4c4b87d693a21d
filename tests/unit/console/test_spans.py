"""Lines, rows and frames: every one exactly as wide as was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.widgets.document import changed_until
from console.widgets.header import Facts, header_line
from console.widgets.keyline import keys_line, note_line
from console.widgets.spans import (
    Row,
    beside,
    fit,
    fit_line,
    framed,
    joined,
    line,
    line_width,
    row,
    spread,
)
from console.widgets.wrapped import wrapped

texts = st.text(st.sampled_from("abc é界 ▲─"), max_size=30)
spans = st.lists(st.tuples(texts, st.sampled_from(["", "bad"])), max_size=5)


@given(texts, st.integers(1, 40))
def test_fit_is_exactly_as_wide(text: str, width: int) -> None:
    assert line_width(line(fit(text, width))) == width


@given(spans, st.integers(1, 60))
def test_a_fitted_line_is_exactly_as_wide(parts: list[tuple[str, str]], width: int) -> None:
    assert line_width(fit_line(line(*parts), width)) == width


def test_a_line_that_fits_is_not_cut() -> None:
    assert joined(fit_line(line("abc", ("def", "bad")), 6)) == "abcdef"
    assert joined(fit_line(line("abc", ("def", "bad")), 5)) == "abcd…"
    assert joined(fit_line(line("abc", ("def", "bad")), 3)) == "ab…"


def test_spread_cuts_the_left_side() -> None:
    assert joined(spread(line("a long left side"), line("right"), 12)) == "a long…right"


def test_frames_say_how_much_they_hide() -> None:
    rows = [row(str(number), target=number) for number in range(5)]
    made = framed(line("TITLE"), line("r"), rows, 20, 5, hidden=7)
    assert len(made) == 5
    assert {line_width(one.line) for one in made} == {20}
    assert "and 10 more" in joined(made[3].line)
    assert [target.x for one in made for target in one.targets] == [2, 2]


def test_blocks_beside_each_other_keep_their_targets() -> None:
    left, right = [row("a", target="a")], [row("b", target="b"), Row(())]
    rows = beside([left, right], [5, 6], gap=2)
    assert [joined(one.line) for one in rows] == ["a      b     ", "             "]
    assert [target.x for target in rows[0].targets] == [0, 7]


@given(st.text(st.sampled_from("ab \n"), max_size=60), st.integers(4, 20))
def test_wrapped_text_stays_within_its_width(text: str, width: int) -> None:
    assert all(line_width(one.line) <= width for one in wrapped(text, width, indent=1))


def test_what_changed_of_a_line() -> None:
    old = line("abc", ("12", "bad"), "tail")
    assert changed_until(old, line("abc", ("13", "bad"), "tail")) == 5
    assert changed_until(old, line("abd", ("12", "bad"), "tail")) == 3
    assert changed_until(old, line("abc")) is None


FACTS = Facts(
    colony="tycho", mode="LIVE", production=True, read_only=True, who="ops-1@relay-2",
    role="operator", bad=2, warnings=3, age="data 10 s old", stale=True, lost=4, told="",
)  # fmt: skip


@pytest.mark.parametrize("width", [40, 60, 71, 80, 100, 120, 200])
def test_the_header_says_what_matters_at_any_width(width: int) -> None:
    text = joined(header_line(FACTS, width))
    assert line_width(line(text)) == width
    assert ("data 10 s old" if width >= 60 else "10 s old") in text
    if width >= 60:
        assert "TYCHO" in text
    if width >= 120:
        assert "ops-1@relay-2 · operator" in text
        assert "LIVE PRODUCTION" in text
        assert "⊘ READ-ONLY" in text
        assert "✖ 2" in text
        assert "4 events lost" in text


@pytest.mark.parametrize("width", range(9, 140))
@pytest.mark.parametrize("alarms", [(0, 0, "", ""), (2, 12, "✖", "bad")])
@pytest.mark.parametrize("read_only", [False, True])
def test_production_is_never_cut(
    width: int, alarms: tuple[int, int, str, str], read_only: bool
) -> None:
    facts = FACTS._replace(alarms=alarms, read_only=read_only, glass="12 min", waiting=1)
    shown = header_line(facts, max(width, 12 if read_only else 9))
    badges = [text for text, tone in shown if tone == "production"]
    assert badges in ([" ▌LIVE PRODUCTION▐ "], [" ▌PROD▐ "])
    assert any("⊘" in text for text, _ in shown) is read_only


def test_the_narrowest_header_says_which_colony_what_mode_and_what_is_wrong() -> None:
    facts = FACTS._replace(read_only=False, alarms=(2, 2, "✖", "bad"), age="data live", lost=0)
    assert joined(header_line(facts, 29)) == " TYCHO  ▌PROD▐  ✖ 2 new  live"
    long = facts._replace(colony="mare-imbrium")
    assert joined(header_line(long, 29)) == " MARE…  ▌PROD▐  ✖ 2 new  live"
    assert joined(header_line(long, 20)) == " ▌PROD▐  ✖ 2 new  l…"
    calm = facts._replace(mode="DEMO", production=False)
    assert joined(header_line(calm, 29)) == " TYCHO  DEMO    ✖ 2 new  live"


@pytest.mark.parametrize(
    ("alarms", "said"),
    [
        ((0, 0, "", ""), "✖ 2"),
        ((1, 3, "▲", "warn"), "▲ 1 new of 3 alarms  ✖ 2 critical"),
        ((1, 3, "✖", "bad"), "✖ 1 new of 3 alarms  4 events"),
        ((0, 3, "", ""), "3 alarms, all seen  4 events"),
    ],
)
def test_what_is_critical_is_said_beside_alarms_that_are_not(
    alarms: tuple[int, int, str, str], said: str
) -> None:
    assert said in joined(header_line(FACTS._replace(alarms=alarms), 160))


def test_keys_that_do_not_fit_are_left_out_whole() -> None:
    from console.keys import Hint

    hints = [Hint("a", "first"), Hint("b", "second")]
    assert joined(keys_line(hints, 80)).strip() == "a first  b second"
    assert joined(keys_line(hints, 12)).strip() == "a first"


def test_what_stays_is_at_the_end_whatever_goes_for_it() -> None:
    from console.keys import Hint

    hints = [Hint("a", "first"), Hint("?", "help", "help"), Hint("b", "second")]
    end = Hint("?", "help", "help")
    assert joined(keys_line(hints, 40, (), end)) == f"{' a first  b second':33}? help "
    assert joined(keys_line(hints, 17, (), end)) == " a first  ? help "
    assert joined(keys_line(hints, 16, (), end)) == "         ? help "
    held = ((" 12 changes wait, f goes on ", "found"),)
    assert joined(keys_line(hints, 20, held, end)) == " 12 changes… ? help "
    assert joined(keys_line(hints, 8, held, end)).endswith("? help ")


def test_a_note_keeps_the_way_to_help_where_it_has_room() -> None:
    from console.keys import Hint

    note, end = ((" saved", "info"),), Hint("?", "help", "help")
    assert joined(note_line(note, 20, end)) == f"{' saved':13}? help "
    assert joined(note_line(note, 12, end)) == " saved"
    assert joined(note_line(note, 4, end)) == " sa…"
