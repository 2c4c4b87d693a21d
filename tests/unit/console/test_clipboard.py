"""OSC 52: plain, through tmux, and never longer than terminals take."""

from __future__ import annotations

import base64

from console.clipboard import LIMIT, osc52


def payload(sequence: str) -> bytes:
    return base64.b64decode(sequence.removeprefix("\x1b]52;c;").partition("\x07")[0])


def test_plain() -> None:
    assert osc52("kubectl", {}) == "\x1b]52;c;a3ViZWN0bA==\x07"


def test_tmux_gets_both() -> None:
    plain = osc52("x", {})
    assert osc52("x", {"TMUX": "/tmp/tmux"}) == (plain + "\x1bPtmux;\x1b" + plain + "\x1b\\")


def test_long_texts_are_cut() -> None:
    sequence = osc52("é" * 100_000, {})
    assert len(sequence) <= LIMIT + 10
    assert payload(sequence).decode(errors="ignore").startswith("éé")


def test_within_screen_it_goes_in_pieces() -> None:
    plain = osc52("x" * 1_000, {})
    wrapped = osc52("x" * 1_000, {"STY": "1.pts"})
    pieces = wrapped.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert "".join(pieces) == plain
    assert max(map(len, pieces)) <= 240


def test_what_is_copied_is_harmless() -> None:
    sequence = osc52("rm\x1b[201~\r\x9b\u202e\ud800", {})
    assert base64.b64decode(sequence[7:-1]).decode() == "rm␛[201~␍���"
