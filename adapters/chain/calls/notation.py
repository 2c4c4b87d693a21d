"""How lists and tuples of values are written: JSON, or as `cast` has it, without the quotes.

`["0x70…", 7]`, `[ops, 7]`, `(ops, 1.5 ether)` and `{"app": "a/b", revision: 3}` are all read. What
a word means is for the type to say: `7` and `"7"` are the same here.
"""

from __future__ import annotations

import json
import re

Node = str | list["Node"] | dict[str, "Node"] | None
"""A word or a text, a list, a tuple by name; None for a bare `null`: not given."""

DEPTH = 12
"""Lists within each other; the types that are known here have eight levels."""
COUNT = 4096
"""Words and lists in one text."""
SIZE = 65_536
"""Characters of one text."""

_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"[^\[\](){},:\"]*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CLOSING = {"[": "]", "(": ")", "{": "}"}


class Unreadable(ValueError):
    """What is written is no list; a few words say where it stops being one."""


def read(text: str) -> Node:
    """Return what *text* holds; raises `Unreadable`."""
    if len(text) > SIZE:
        raise Unreadable(f"it is longer than {SIZE} characters")
    reader = _Reader(text)
    found = reader.value(0)
    reader.end()
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._left = COUNT

    def value(self, depth: int) -> Node:
        self._left -= 1
        if self._left < 0:
            raise Unreadable(f"it has more than {COUNT} values")
        if depth > DEPTH:
            raise Unreadable(f"it has more than {DEPTH} lists within each other")
        mark = self._peek()
        if mark in ("[", "("):
            return self._list(depth)
        if mark == "{":
            return self._named(depth)
        if mark == '"':
            return self._quoted()
        word = self._word()
        return None if word == "null" else word

    def end(self) -> None:
        if self._peek():
            raise self._wrong("nothing more is expected")

    def _list(self, depth: int) -> list[Node]:
        closing = _CLOSING[self._next()]
        found: list[Node] = []
        if self._peek() == closing:
            self._next()
            return found
        while True:
            found.append(self.value(depth + 1))
            if self._goes_on(closing):
                continue
            return found

    def _named(self, depth: int) -> dict[str, Node]:
        closing = _CLOSING[self._next()]
        found: dict[str, Node] = {}
        if self._peek() == closing:
            self._next()
            return found
        while True:
            name = self._quoted() if self._peek() == '"' else self._word()
            if name in found:
                raise Unreadable(f"{name[:60]!r} is in it twice")
            if self._peek() != ":":
                raise self._wrong("a colon is expected")
            self._next()
            found[name] = self.value(depth + 1)
            if not self._goes_on(closing):
                return found

    def _goes_on(self, closing: str) -> bool:
        mark = self._peek()
        if mark not in (",", closing):
            raise self._wrong(f"a comma or {closing} is expected")
        self._next()
        return mark == ","

    def _quoted(self) -> str:
        match = _QUOTED.match(self._text, self._at)
        if match is None:
            raise self._wrong('a closing " is missing')
        try:
            found: str = json.loads(match.group(), strict=False)
        except ValueError:
            raise self._wrong("not a text as JSON writes it") from None
        self._at = match.end()
        return found

    def _word(self) -> str:
        match = _WORD.match(self._text, self._at)
        word = match.group().strip() if match else ""
        if not word:
            raise self._wrong("a value is expected")
        self._at += len(match.group()) if match else 0
        return word

    def _peek(self) -> str:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        mark = self._peek()
        self._at += 1
        return mark

    def _wrong(self, what: str) -> Unreadable:
        rest = self._text[self._at : self._at + 20]
        where = f"before {rest!r}" if rest else "at its end"
        return Unreadable(f"{what} {where}")
