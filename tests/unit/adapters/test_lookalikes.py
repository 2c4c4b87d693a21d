"""Names that look like other names are marked; names of one script are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.lookalikes import LOOKALIKES, MARK, deceptive, explained, marked


@pytest.mark.parametrize(
    "name",
    [
        "оxygen-generator",  # a Cyrillic о
        "oxygen-generatοr",  # a Greek ο
        "со2-scrubber",  # a word of nothing but such letters
        "аррӏе",
        "life-support/оxygen",
        "oxygen–generator",  # an en dash
        "oxygen‐generator",  # a hyphen that is not ASCII's
        "life∕support",
        "ｏxygen",
        "𝐨xygen",
        "reІay",
    ],
)
def test_deceives(name: str) -> None:
    assert deceptive(name)
    assert marked(name) == MARK + name


@pytest.mark.parametrize(
    "name",
    [
        "oxygen-generator", "", "насос", "насос-а", "водоочиститель-2", "Ελλάδα", "氧氣發生器",
        "höhenmesser", "kırmızı", "Åland", "kΩ", "10µm", "Δp", "σ", "±0.4", "40.1–40.9", "API-шка",
        "ที่พัก", "ガス", "산소",
    ],
)  # fmt: skip
def test_does_not(name: str) -> None:
    assert not deceptive(name)
    assert marked(name) == name


def test_each_word_of_a_sentence_is_marked_by_itself() -> None:
    assert marked("scaled оxygen to 3, not oxygen") == "scaled ≈оxygen to 3, not oxygen"


def test_the_characters_are_named_once_each() -> None:
    assert explained("oxygen") == ""
    assert explained("оxygen оrе") == (
        "о is U+043E CYRILLIC SMALL LETTER O, е is U+0435 CYRILLIC SMALL LETTER IE"
    )


@given(st.text(st.sampled_from([*LOOKALIKES, *"abco2-/. ж≈"])))
def test_marking_twice_changes_nothing_and_loses_nothing(text: str) -> None:
    once = marked(text)
    assert marked(once) == once
    if MARK not in text:
        assert once.replace(MARK, "") == text


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_never_marked(text: str) -> None:
    assert marked(text) == text
