"""The last gate: nothing that is no text passes, and what follows stays in its column."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from console.terminal.lastgate import Harmless, harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("│ ✔ 3/3 │", "│ ✔ 3/3 │"),
        ("a\x1b[31mb", "a[31mb"),
        ("a\u202eb", "ab"),
        ("a\u200bb\n", "ab"),
        ("氧氣", "氧氣"),
    ],
)
def test_in_as_many_cells(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_it_is_as_wide_as_before_and_has_no_control(text: str) -> None:
    made = harmless(text)
    assert cell_len(made) == cell_len(text)
    assert not {unicodedata.category(one) for one in made} & {"Cc", "Cf", "Cs"}


def test_styles_stay() -> None:
    segments = [Segment("a\x1b", None), Segment("b")]
    assert [one.text for one in Harmless().apply(segments, Color(0, 0, 0))] == ["a", "b"]
