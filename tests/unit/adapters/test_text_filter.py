"""The one filter: controls become visible, columns stay columns, and nothing is filtered twice."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcwidth

from adapters.text import NAME_LIMIT, clean, clean_text

ANY = st.text(st.characters(), max_size=60)
"""Any code points there are, surrogates among them."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x9b31m\x9d0;t\x9c", "�31m�0;t�"),
        ("a\rb\x08c\x7f", "a␍b␈c␡"),
        ("abc\u202edef", "abc�def"),
        ("a\u200bb\u034fc\ufeff", "a�b�c�"),
        ("👩‍🚀", "👩�🚀"),
        ("👍🏽", "👍�"),
        ("🇩🇪", "��"),
        ("✖\ufe0f", "✖�"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 50 + "x", "e\u0301\u0301\u0301�x"),
        ("\u0301abc", "�abc"),
        ("a\u0489b\u20dd", "a�b�"),
        ("\ud800", "�"),
        ("\ue000\U0010fffd\u0378", "���"),
        ("氧氣\u3000x", "氧氣\u3000x"),
        ("оxygen", "≈оxygen"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_texts_keep_their_lines_and_tabs() -> None:
    assert clean("a\nb\tc") == "a␊b␉c"
    assert clean_text("a\r\nb\tc\rd\x1b") == "a\nb\tc␍d␛"
    assert clean_text("a\n\u0301b") == "a\n�b"


def test_a_cut_is_marked() -> None:
    assert clean("N" * 1_000_000) == "N" * (NAME_LIMIT - 1) + "…"
    assert len(clean("о" * 511 + "x")) == NAME_LIMIT


@given(ANY)
@example("e" + "\u0301" * 9)
@example("≈оx")
def test_what_comes_out_is_harmless_and_stays_so(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not {unicodedata.category(one) for one in once} & {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
        "Zl",
        "Zp",
    }
    many = clean_text(text)
    assert clean_text(many) == many
    assert all(unicodedata.category(one) != "Cc" or one in "\t\n" for one in many)


@given(ANY)
def test_a_terminal_that_takes_one_character_after_another_measures_it_the_same(text: str) -> None:
    once = clean(text)
    assert cell_len(once) == sum(map(wcwidth, once))
