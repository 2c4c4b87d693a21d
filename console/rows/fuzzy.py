"""How well a name fits a few letters: all of it, its beginning, its words', its letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

_WORDS: Final = re.compile(r"[^\W_]+")


class Fit(NamedTuple):
    """The lower, the better: first how it fits, then how much else there is."""

    rank: int
    length: int
    text: str


def fitting(typed: str) -> Callable[[str], Fit | None]:
    """Return what says how well a name fits *typed*, None where it does not.

    Words that are apart must all fit, in any order; it fits as badly as the worst of them does.
    """
    words = typed.lower().split()

    def fit(name: str) -> Fit | None:
        low = name.lower()
        worst = 0
        for word in words:
            rank = _rank(word, low)
            if rank is None:
                return None
            worst = max(worst, rank)
        return Fit(worst, len(name), name)

    return fit


def _rank(word: str, name: str) -> int | None:
    """Return 0 for all of *name*, 1 for its beginning, 2 for the beginning of a word or of
    several, 3 for a part, 4 for letters in that order."""
    at = name.find(word)
    if at == 0:
        return 0 if len(word) == len(name) else 1
    if at > 0:
        # The last part of a path is what most names are known by.
        if name[at - 1] == "/" and at + len(word) == len(name):
            return 0
        starts = any(not name[one - 1].isalnum() for one in (at, name.rfind(word)) if one > 0)
        return 2 if starts else 3
    letters = iter(name)
    if not all(letter in letters for letter in word):
        return None
    return 2 if _begins_words(word, name) else 4


def _begins_words(word: str, name: str) -> bool:
    """Whether *word* is made of beginnings of the words of *name*, in order: "og", "oxgen"."""
    left = word
    for one in _WORDS.findall(name):
        same = 0
        while same < min(len(left), len(one)) and left[same] == one[same]:
            same += 1
        left = left[same:]
    return not left
