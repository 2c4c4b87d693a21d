"""Following an answer that grows, by asking again."""

from __future__ import annotations

import pytest

from adapters.following import added


@pytest.mark.parametrize(
    ("before", "after", "fresh"),
    [
        ("", "a\n", "a\n"),
        ("a\n", "a\n", ""),
        ("a\n", "a\nb\n", "b\n"),
        ("a\nb\n", "b\nc\n", "c\n"),
        ("a\nb\nc\n", "c\nd\ne\n", "d\ne\n"),
        ("a\na\n", "a\na\n", ""),
        ("a\nb", "b\nc\n", "c\n"),
        ("a\n", "x\ny\n", "x\ny\n"),
        ("a\n", "", ""),
    ],
)
def test_what_is_new_is_at_the_end(before: str, after: str, fresh: str) -> None:
    assert added(before, after) == fresh
