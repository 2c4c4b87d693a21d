"""Breadcrumbs say where one is; where there is no room, the first ones go."""

from __future__ import annotations

import pytest

from console.screens.page import crumbs, named
from console.widgets.spans import joined, line_width

PARTS = ("Apps", "life-support/oxygen-generator", "logs of all 3 pods")


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, " Apps › life-support/oxygen-generator › logs of all 3 pods"),
        (57, " … › life-support/oxygen-generator › logs of all 3 pods"),
        (50, " … › logs of all 3 pods"),
        (20, " …logs of all 3 pods"),
        (12, " …all 3 pods"),
    ],
)
def test_the_first_go_first(width: int, shown: str) -> None:
    assert joined(crumbs(*PARTS, width=width)) == shown


@pytest.mark.parametrize("width", range(2, 90))
def test_they_never_stick_out(width: int) -> None:
    for parts in (PARTS, PARTS[:2], PARTS[:1], ("日本" * 20,), ("a", "日本" * 30)):
        assert line_width(crumbs(*parts, width=width)) <= max(2, width)


def test_one_part_is_all() -> None:
    assert joined(crumbs("Bookmarks", width=40)) == " Bookmarks"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, ("Actions", "3f9a0c1d2e", "anchor: write the root of tycho's log")),
        (44, ("Actions", "3f9a0c1d2e", "anchor: write the r…")),
        (30, ("Actions", "3f9a0c1d2e")),
    ],
)
def test_of_a_long_name_the_end_is_cut_and_the_id_stays(width: int, shown: tuple[str, ...]) -> None:
    what = "anchor: write the root of tycho's log"
    made = named("Actions", "3f9a0c1d2e", what=what, width=width)
    assert made == shown
    assert "3f9a0c1d2e" in joined(crumbs(*made, width=width))


def test_an_action_without_a_name_is_its_id() -> None:
    assert named("Actions", "a81", what="", width=80) == ("Actions", "a81")
