"""What is said of a crash: where, and no value of anything."""

from __future__ import annotations

from console.terminal.crash import FRAMES, crash_text


def _deep(depth: int, secret: str) -> None:
    if depth:
        _deep(depth - 1, secret)
    raise ValueError("bad \x1b]52;c;eA==\x07 name\u202e")


def test_where_and_no_values_and_no_controls() -> None:
    try:
        _deep(40, "hunter2")
    except ValueError as error:
        told = crash_text(error)
    assert "hunter2" not in told
    assert "ValueError: bad ␛]52;c;eA==␇ name�" in told
    assert told.count("in _deep") <= FRAMES
    assert "\x1b" not in told
    assert "the station goes on" in told


class Broken(Exception):
    def __str__(self) -> str:
        raise ValueError("hunter2")


def test_what_an_error_quotes_is_no_secret() -> None:
    told = crash_text(ValueError("GET https://ops:hunter2@node/x: token=hunter2"))
    assert "hunter2" not in told
    assert "ValueError: GET https://[removed]@node/x" in told
    assert len(crash_text(ValueError("x" * 10_000_000))) < 2_000
    assert "Broken: it cannot say what it is" in crash_text(Broken())
