"""What a terminal says by itself presses no key, in whatever pieces it comes."""

from __future__ import annotations

import random

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from console.terminal.answers import LONGEST, PASTED, Answers

ANSWERS = {
    "clipboard": "\x1b]52;c;cXJhYw==\x07",
    "clipboard, by ST": "\x1b]52;c;cXJhYw==\x1b\\",
    "colour": "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "setting": "\x1bP1$r0m\x1b\\",
    "name": "\x1bP>|XTerm(370)\x1b\\",
    "unit": "\x1bP!|00000000\x1b\\",
    "graphics": "\x1b_Gi=1;OK\x1b\\",
    "privacy": "\x1b^quit\x1b\\",
    "eight bits": "\x9d52;c;q\x9c",
    "attributes": "\x1b[?62;22c",
    "attributes too": "\x1b[>0;276;0c",
    "status": "\x1b[0n",
    "place": "\x1b[24;80R",
    "size": "\x1b[8;24;80t",
    "mode": "\x1b[?2026;2$y",
    "long": "\x1b[" + "1;" * 50 + "q",
    "mouse": "\x1b[<0;10;10M",
}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def keys(*pieces: str, pause: float = 0.0) -> list[str]:
    """Return the keys and pastes that come of *pieces*."""
    clock = Clock()
    answers, parser = Answers(clock), XTermParser(False)
    found = []
    for piece in pieces:
        clock.now += pause
        told = answers.take(piece)
        for event in parser.feed(told) if told else ():
            if isinstance(event, events.Key):
                found.append(event.key)
            elif isinstance(event, events.Paste):
                found.append(f"paste {event.text}")
    return found


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_presses_nothing(answer: str) -> None:
    assert keys(f"a{answer}b") == ["a", "b"]
    if answer != ANSWERS["long"]:
        for at in range(2 if answer[0] == "\x1b" else 1, len(answer)):
            assert keys("a", answer[:at], f"{answer[at:]} ")[:3] == ["a", "space"], at


def test_keys_stay_keys() -> None:
    assert keys("\x1b[A", "\x1bOP", "\x1b[1;5C", "q", "é", "\t") == [
        "up", "f1", "ctrl+right", "q", "é", "tab",
    ]  # fmt: skip
    assert Answers(Clock()).take("\x1b") == "\x1b"


def test_an_escape_and_a_letter_after_it_are_two_keys() -> None:
    clock = Clock()
    answers = Answers(clock)
    assert answers.take("\x1b") == "\x1b"
    clock.now += 0.2
    assert answers.take("P2") == "P2"


def test_a_string_without_an_end_swallows_nothing_for_long() -> None:
    clock = Clock()
    answers = Answers(clock)
    assert answers.take("\x1b]") == ""
    assert answers.take("q") == "q"
    assert answers.take("\x1b]52;c;qqq") == ""
    assert answers.take("qqq") == ""
    clock.now += 1
    assert answers.take("j") == "j"
    assert answers.take("\x1b]0;x\x1b[A") == "\x1b[A"


@pytest.mark.parametrize(
    "inside",
    ["q\x1b]q\x07r", "q\x1b[Ar", "\x1b[200~qr", "q\x1b[201~r", "q\x03r", "q\x9dr", "q\x1br"],
)
def test_what_is_pasted_is_text(inside: str) -> None:
    pasted = keys(f"\x1b[200~{inside}\x1b[201~", "x")
    assert pasted[-1] == "x"
    assert len(pasted) == 2
    assert pasted[0].startswith("paste ")
    assert pasted[0].isprintable()


def test_a_paste_in_pieces_and_one_of_a_megabyte() -> None:
    whole = "\x1b[200~one line\rtwo\x1b[201~x"
    for at in range(2, len(whole)):
        assert keys(whole[:at], whole[at:]) == ["paste one line\rtwo", "x"], at
    big = "y" * 1_000_000
    pieces = [big[at : at + 4096] for at in range(0, len(big), 4096)]
    assert keys("\x1b[200~", *pieces, "\x1b[201~q") == [f"paste {'y' * LONGEST}", "q"]


def test_a_paste_that_the_line_cut_off_ends() -> None:
    clock = Clock()
    answers = Answers(clock)
    answers.take("\x1b[200~abc")
    clock.now += 60
    assert answers.take("q") == f"{PASTED}q"


def test_whatever_comes_nothing_is_raised_and_nothing_is_stuck() -> None:
    chance = random.Random(7)
    parts = [*ANSWERS.values(), "\x1b", "[", "]", "200~", "201~", "q", "\x07", "\\", "\x9b", "M"]
    for _ in range(500):
        clock = Clock()
        answers, parser = Answers(clock), XTermParser(False)
        for _ in range(20):
            told = answers.take("".join(chance.choices(parts, k=3)))
            list(parser.feed(told) if told else ())
        clock.now += 60
        assert answers.take("q").endswith("q")
