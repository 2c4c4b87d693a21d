"""Names that look like other names: letters of one script that stand for those of another.

Of a name in one script nothing is said, whichever it is. What is marked is a word that mixes ASCII
letters with ones that only look like them, a word of nothing but such letters, and a dash, dot or
slash that is none. The name itself stays as it is behind the mark: nothing is lost, and what is
marked equals only itself, wherever it is typed, compared or copied to.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MARK: Final = "≈"
"""Stands before a name that looks like another one."""

# Letters that are drawn as the ASCII one they stand under, in the usual fonts of terminals; after
# the confusables of Unicode's UTS 39, those that a monospaced font keeps apart left out.
_LETTERS: Final = {
    "a": "аαɑ", "b": "Ь", "c": "сϲᴄ", "d": "ԁ", "e": "еҽ", "g": "ɡց", "h": "һհ", "i": "іι",
    "j": "јϳ", "k": "κк", "l": "ӏון", "n": "ոռ", "o": "оοօσ०੦௦ⲟ", "p": "рρ", "q": "ԛզ",
    "r": "гᴦ", "s": "ѕꜱ", "u": "υս", "v": "ѵνᴠ", "w": "ԝѡաᴡ", "x": "хχ", "y": "уүγყ", "z": "ᴢ",
    "A": "АΑᎪ", "B": "ВΒᏴ", "C": "СϹᏟ", "D": "Ꭰ", "E": "ЕΕᎬ", "F": "Ϝ", "G": "ԌᏀ", "H": "НΗᎻ",
    "I": "ІΙӀ", "J": "ЈᎫͿ", "K": "КΚᏦ", "L": "Ꮮ", "M": "МΜᎷ", "N": "Ν", "O": "ОΟՕ", "P": "РΡᏢ",
    "Q": "Ԛ", "R": "Ꭱ", "S": "ЅՏᏚ", "T": "ТΤᎢ", "U": "Ս", "V": "ѴᏙ", "W": "ԜᎳ", "X": "ХΧ",
    "Y": "УΥҮ", "Z": "ΖᏃ", "-": "‐‑‒–−˗⁃", "/": "⁄∕⧸", ".": "․", ":": "꞉∶ː׃",
}  # fmt: skip
LOOKALIKES: Final = {like: one for one, likes in _LETTERS.items() for like in likes}
"""What only looks like ASCII, to what it looks like. Latin letters of living languages are none."""

# Letters of the compatibility forms: full-width, mathematical, Roman numerals, Kelvin's K.
_FORMS: Final = "\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\u2160-\u217f\u212a\u2113"
_ANY: Final = re.compile(f"[{''.join(LOOKALIKES)}{_FORMS}]")
_WORD: Final = re.compile(r"[^\W_]+")
_LETTER: Final = re.compile("[A-Za-z]")


def _like(character: str) -> bool:
    return _ANY.match(character) is not None


def deceptive(token: str) -> bool:
    """Whether *token*, a text without blanks, can be taken for another one in ASCII."""
    if token.isascii() or _ANY.search(token) is None:
        return False
    if _LETTER.search(token) and any(LOOKALIKES.get(one, "a") in "-/.:" for one in token):
        return True
    # One letter that ASCII has nothing like says that the script is meant as what it is.
    foreign = any(one.isalpha() and not one.isascii() and not _like(one) for one in token)
    for word in _WORD.findall(token):
        if _ANY.search(word) is None:
            continue
        if _LETTER.search(word):
            return True
        letters = [one for one in word if one.isalpha()]
        # A single one is a quantity's sign more often than somebody's trick.
        if len(letters) > 1 and not foreign and all(map(_like, letters)):
            return True
    return False


def marked(text: str) -> str:
    """Return *text* with `MARK` before each of its words, between blanks, that deceives.

    A text that is marked stays as it is.
    """
    if text.isascii() or _ANY.search(text) is None or MARK in text:
        return text
    return " ".join(MARK + word if deceptive(word) else word for word in text.split(" "))


def explained(text: str) -> str:
    """Return which characters of *text* are not what they look like, "" where all are.

    In the form of `о is U+043E CYRILLIC SMALL LETTER O`, each once.
    """
    words = [word for word in text.split(" ") if deceptive(word)]
    told = dict.fromkeys(one for word in words for one in word if _like(one))
    return ", ".join(
        f"{one} is U+{ord(one):04X} {unicodedata.name(one, 'of no name')}" for one in told
    )
