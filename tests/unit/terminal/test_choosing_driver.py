"""Which driver writes, and whether it may erase."""

from __future__ import annotations

import pytest

from console.grammar import parser
from console.terminal.capabilities import Capabilities
from console.terminal.choosing import driver_class
from console.terminal.driver import ColonyDriver, erases
from console.terminal.plain import AsciiDriver

USUAL = Capabilities()
ASCII = Capabilities(utf8=False)


@pytest.mark.parametrize(
    ("environment", "can", "differ", "chosen"),
    [
        ({}, USUAL, True, ColonyDriver),
        ({}, ASCII, True, ColonyDriver),
        ({}, USUAL, False, None),
        ({"COLONY_PLAIN": "1"}, USUAL, True, None),
        ({"COLONY_PLAIN": "0"}, USUAL, True, ColonyDriver),
        ({"COLONY_PLAIN": "1"}, ASCII, True, AsciiDriver),
    ],
)
def test_plain_is_textuals_own_and_in_ascii_where_it_must_be(
    environment: dict[str, str], can: Capabilities, differ: bool, chosen: type | None
) -> None:
    assert driver_class(environment, can, differ=differ) is chosen


def test_the_command_line_takes_plain() -> None:
    assert parser().parse_args(["--plain"]).plain
    assert not parser().parse_args([]).plain


@pytest.mark.parametrize(
    ("term", "multiplexer", "may"),
    [
        ("xterm-256color", "", True),
        ("xterm-kitty", "", True),
        ("xterm-256color", "mosh", True),
        ("xterm-256color", "tmux", False),
        ("screen-256color", "screen", False),
        ("tmux-256color", "tmux", False),
        ("linux", "", False),
        ("vt220", "", False),
    ],
)
def test_only_terminals_that_erase_in_colour_are_told_to(
    term: str, multiplexer: str, may: bool
) -> None:
    assert erases({"TERM": term}, Capabilities(multiplexer=multiplexer)) is may
