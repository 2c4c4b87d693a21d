"""An escape and the key right after it are two keys, in one read or in two."""

from __future__ import annotations

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from console.bound import Bound
from console.terminal.keystrokes import Keystrokes


def keys(parser: XTermParser, *pieces: str) -> list[str]:
    """Return the keys that come of *pieces*, read one right after another."""
    found = [event for piece in pieces for event in parser.feed(piece)]
    return [event.key for event in found if isinstance(event, events.Key)]


@pytest.mark.parametrize(
    ("typed", "are"),
    [
        ("\x1b2", ["escape", "2"]),
        ("\x1br", ["escape", "r"]),
        ("\x1bG", ["escape", "G"]),
        ("\x1b/oxygen", ["escape", "slash", *"oxygen"]),
        ("\x1b:", ["escape", "colon"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1bé", ["escape", "é"]),
        ("\x1b\x10", ["escape", "ctrl+p"]),
        ("2\x1b3\x1b4", ["2", "escape", "3", "escape", "4"]),
        ("\x1b\x1b2", ["escape", "escape", "2"]),
        ("\x1b\x1b[A", ["escape", "up"]),
        ("\x1b2\x1b[A\x1bOP", ["escape", "2", "up", "f1"]),
        ("\x1b[A", ["up"]),
        ("\x1bOP", ["f1"]),
        ("\x1b[1;3D", ["alt+left"]),
        ("\x1bb", ["ctrl+left"]),
        ("\x1b\x7f", ["ctrl+w"]),
        ("\x1b\t", ["shift+tab"]),
        ("\x1b[27u2", ["escape", "2"]),
    ],
)
def test_they_come_in_order_however_they_are_cut(typed: str, are: list[str]) -> None:
    assert keys(Keystrokes(), typed) == are
    assert keys(Keystrokes(), *typed) == are
    for at in range(1, len(typed)):
        assert keys(Keystrokes(), typed[:at], typed[at:]) == are, at


def test_an_escape_after_which_nothing_comes_is_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 10.0
    monkeypatch.setattr("textual._parser.get_time", lambda: now)
    parser = Keystrokes()
    assert keys(parser, "\x1b") == []
    assert list(parser.tick()) == []
    now += 1.0
    assert [event.key for event in parser.tick() if isinstance(event, events.Key)] == ["escape"]
    assert keys(parser, "2") == ["2"]


def test_what_a_person_bound_with_alt_stays_a_chord(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = Bound({"logs": (("alt+l", "L"), "alt+l"), "why": (("f5", "alt+left"), "F5")})
    assert bound.chords() == {"l", "L"}
    now = 10.0
    monkeypatch.setattr("textual._parser.get_time", lambda: now)
    parser = Keystrokes(chords=bound.chords())
    assert keys(parser, "\x1br") == ["escape", "r"]
    assert keys(parser, "\x1bl") == []
    now += 1.0
    assert [event.key for event in parser.tick() if isinstance(event, events.Key)] == ["alt+l"]


def test_a_paste_and_the_end_are_textuals() -> None:
    parser = Keystrokes()
    found = [*parser.feed("\x1b[200~a2\x1b[201~"), *parser.feed("x")]
    assert [getattr(event, "text", getattr(event, "key", "")) for event in found] == ["a2", "x"]
    assert list(parser.feed("\x1b")) == []
    ended = list(parser.feed(""))
    assert [event.key for event in ended if isinstance(event, events.Key)] == ["escape"]
