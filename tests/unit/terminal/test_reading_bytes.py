"""Bytes that are no UTF-8 are replaced, and what comes in pieces is put together."""

from __future__ import annotations

from console.terminal.reading import forgiving


def test_bytes_in_pieces_and_bytes_that_are_none() -> None:
    decoder = forgiving("utf-8")()
    assert decoder.decode(b"a\xc3") == "a"
    assert decoder.decode(b"\xa9b") == "éb"
    assert decoder.decode(b"\xe9\xffz") == "��z"
