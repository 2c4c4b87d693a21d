"""OSC 52: plain, through tmux, and never longer than terminals take."""

from __future__ import annotations

import base64

from console.clipboard import LIMIT, ROOM, osc52, taken, told


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


def test_screen_gets_it_in_pieces_that_it_passes_on() -> None:
    sequence = osc52("x" * 1000, {"STY": "1.pts"})
    pieces = sequence.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert "".join(pieces) == osc52("x" * 1000, {})
    assert max(map(len, pieces)) <= 256


def test_what_is_copied_holds_no_order() -> None:
    copied = payload(osc52("a\x1b[31m\rb\x07\n\tc", {})).decode()
    assert copied == "a␛[31m␍b␇\n\tc"


def test_what_is_cut_is_cut_between_lines_and_said() -> None:
    text = "\n".join(f"line {n:05}" for n in range(20_000))
    part = taken(text)
    assert part.cut
    assert text.startswith(part.text + "\n")
    assert part.lines == part.text.count("\n") + 1
    assert told("the logs", part) == (
        f"copied the logs, cut: {part.lines:,} of 20,000 lines, a terminal takes no more than 55 KB"
    )


def test_one_long_line_is_cut_between_characters() -> None:
    part = taken("é" * 100_000)
    assert part.cut
    assert set(part.text) == {"é"}
    assert len(part.text.encode()) <= ROOM
    assert "the first 27,750 characters" in told("value", part)


def test_what_is_said_of_what_was_copied() -> None:
    assert told("value", taken("0x5FbD")) == "copied value: 0x5FbD"
    assert told("value", taken("x" * 100)) == "copied value: 100 characters"
    assert told("the YAML", taken("a\nb")) == "copied the YAML: 2 lines"
