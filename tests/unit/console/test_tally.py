"""The count of alarms reads at first sight, in whatever room there is."""

from __future__ import annotations

import pytest

from console.rows.tally import beside, words


@pytest.mark.parametrize(
    ("calling", "total", "said"),
    [
        (1, 1, ("1 alarm", "1 alarm", "1 new")),
        (3, 3, ("3 alarms", "3 alarms", "3 new")),
        (2, 7, ("2 new of 7 alarms", "2 new of 7", "2 new")),
        (0, 1, ("1 alarm, seen", "1 alarm seen", "1 seen")),
        (0, 7, ("7 alarms, all seen", "7 alarms seen", "7 seen")),
    ],
)
def test_in_fewer_words_where_there_is_less_room(
    calling: int, total: int, said: tuple[str, ...]
) -> None:
    assert tuple(words(calling, total, short) for short in range(3)) == said


@pytest.mark.parametrize(
    ("calling", "total", "said"), [(1, 1, "1 new"), (2, 7, "2 new of 7"), (0, 7, "7 seen")]
)
def test_after_the_word(calling: int, total: int, said: str) -> None:
    assert beside(calling, total) == said
