"""The station's own log file: filtered, capped, and with no secret in it."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest

from console.station import diary
from console.station.diary import Diary, without_credentials


def entry(text: str) -> logging.LogRecord:
    return logging.LogRecord("colony.x", logging.WARNING, "x.py", 1, text, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hunter2-hunter2",
        "bearer hunter2.hunter2.hunter2",
        "token=hunter2",
        'password: "hunter2"',
        "{'client_secret': 'hunter2'}",
        "https://ada:hunter2@example.org/x",
        "API-KEY = hunter2",
    ],
)
def test_what_looks_like_a_secret_is_removed(text: str) -> None:
    assert "hunter2" not in without_credentials(text)
    assert "[removed]" in without_credentials(text)


@pytest.mark.parametrize("text", ["token_file=/etc/x is missing", "the tokens are three", "3:4"])
def test_what_does_not_stays(text: str) -> None:
    assert without_credentials(text) == text


def test_it_is_filtered_and_private(tmp_path: Path) -> None:
    path = tmp_path / "station.log"
    handler = Diary(path, stderr=False)
    handler.emit(entry("bad\x1b[2J\nsecond"))
    text = path.read_text()
    assert "\x1b" not in text
    assert "WARNING colony.x: bad␛[2J\nsecond\n" in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    os.close(handler._file)


def test_it_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diary, "CAP", 1_000)
    path = tmp_path / "station.log"
    handler = Diary(path, stderr=False)
    for number in range(200):
        handler.emit(entry(f"entry {number}"))
    assert path.stat().st_size <= 1_100
    assert (tmp_path / "station.log.1").stat().st_size <= 1_100
    assert sorted(p.name for p in tmp_path.iterdir()) == ["station.log", "station.log.1"]
    os.close(handler._file)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "station.log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        Diary(tmp_path / "station.log", stderr=False)
