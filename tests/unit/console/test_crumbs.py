"""Breadcrumbs say where one is; where there is no room, the first ones go."""

from __future__ import annotations

import pytest

from console.screens.page import crumbs
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
