"""The README's pictures: there, small, of the names that the command makes, and asking nobody."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.pictures.__main__ import HERE
from tests.pictures.scenes import SCENES
from tests.pictures.shapes import SHAPES, braille
from tests.pictures.svg import Glyph, svg
from tests.ui.terminal import ROOT

MADE = {f"{scene.name}.svg" for scene in SCENES}
MOST = 150 * 1024


def test_the_readme_shows_pictures_that_the_command_makes() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\((tests/pictures/[^)]+)\)", text)
    assert shown
    for path in shown:
        assert (ROOT / path).is_file(), path
        assert path.rpartition("/")[2] in MADE, path
    assert {path.name for path in HERE.glob("*.svg")} == MADE


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_picture_is_small_and_asks_no_host_for_anything(name: str) -> None:
    data = (HERE / name).read_bytes()
    assert len(data) < MOST
    text = data.decode("utf-8")
    assert not re.search(r"url\(|href|@import|<style|<script", text)
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {"http://www.w3.org/2000/svg"}
    root = ElementTree.fromstring(data)
    assert root.find("{*}title").text  # type: ignore[union-attr]


def drawn(text: str) -> str:
    return svg([[Glyph(one, "#ffffff", "#000000") for one in text]], "#ffffff", "#000000", "a<b")


def test_a_run_says_how_wide_it_is_and_blanks_part_runs() -> None:
    made = drawn("ab c  de")
    assert ">ab c</text>" in made
    assert 'x="0" y="13.3" textLength="33.6"' in made
    assert ">de</text>" in made
    assert 'x="50.4"' in made
    assert "<title>a&lt;b</title>" in made


def test_what_has_to_join_is_drawn_and_no_font_is_asked() -> None:
    made = drawn("╭─▰✖⣿")
    assert "<text" not in made
    assert made.count("<path") == 2
    assert braille("⣿") == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    assert braille("a") == []
    assert all(len(one) == 1 for one in SHAPES)


def test_markup_in_a_screen_is_text() -> None:
    made = drawn("<b>&")
    assert "&lt;b&gt;&amp;" in made
    ElementTree.fromstring(made)
