"""Every command of the command line that takes a path, walked: over SSH none names a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.grammar import parser
from console.headless.login import FORBIDDEN, ORIGINAL, BadCommand, asked

FILLED = {
    "act": ["app.scale"], "why": ["o2"], "approve": ["a81"], "decline": ["a81", "--reason", "x"],
    "ledger prove": ["1"], "ledger note": ["x"], "ledger witness": [],
}  # fmt: skip
"""What a command needs beside the path."""


def _paths(
    grammar: argparse.ArgumentParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.Action]]:
    """Yield each command, and each argument of it that is a path."""
    grammar.format_usage()  # what a command takes is made when somebody asks
    for action in grammar._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from _paths(below, (*words, name))
        elif action.type is Path:
            yield words, action


def _lines() -> Iterator[str]:
    for words, action in _paths(parser()):
        needed = FILLED.get(" ".join(words), [])
        given = [action.option_strings[0]] if action.option_strings else []
        yield " ".join([*words, *needed, *given, "/etc/passwd"])


LINES = sorted(set(_lines()))


def test_there_are_such_commands() -> None:
    for line in ("bundle /etc/passwd", "ledger export /etc/passwd", "--config /etc/passwd"):
        assert line in LINES


@pytest.mark.parametrize("line", LINES)
def test_no_login_names_a_file(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    login = parser().parse_args(["login", "--role", "operator"])
    with pytest.raises((BadCommand, SystemExit)) as refused:
        asked(login, parser(), {ORIGINAL: line})
    if isinstance(refused.value, BadCommand):
        assert refused.value.status == FORBIDDEN
    elif isinstance(refused.value, SystemExit):
        # Something else of it is missing: it does not run either.
        assert refused.value.code
        assert "invalid" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "line", ["bundle -", "bundle ./x", "bundle ''", "bundle ~/x", "bundle -- -x"]
)
def test_a_bundle_goes_nowhere_but_out(line: str) -> None:
    login = parser().parse_args(["login", "--role", "operator"])
    with pytest.raises(BadCommand):
        asked(login, parser(), {ORIGINAL: line})
    assert asked(login, parser(), {ORIGINAL: "bundle"}).file is None


def test_no_file_stands_for_words() -> None:
    """`@FILE` reads options from a file where a grammar allows it: none here does."""
    grammar = parser()
    assert grammar.fromfile_prefix_chars is None
    login = parser().parse_args(["login", "--role", "operator"])
    with pytest.raises(SystemExit):
        asked(login, parser(), {ORIGINAL: "@/etc/passwd"})
