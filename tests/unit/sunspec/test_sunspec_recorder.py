"""Samples survive a restart; a torn, foreign or hostile file does no harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adapters.sunspec import recorder
from adapters.sunspec.recorder import KEPT, Minute, Recorder, Sample

NOW = 2_000_000_000.0


def _sample(before: float, power: float | None = 100.0) -> Sample:
    return Sample(NOW - before, power, 50.0, 12, {"SN-1": 1000.0})


def test_what_was_written_is_read(tmp_path: Path) -> None:
    kept = Recorder(tmp_path / "rim.jsonl")
    assert kept.load(NOW) == []
    for sample in (_sample(120.0), _sample(60.0, None)):
        kept.append(sample, NOW)
    assert kept.load(NOW) == [_sample(120.0), _sample(60.0, None)]
    assert (tmp_path / "rim.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_torn_line_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "rim.jsonl"
    kept = Recorder(path)
    kept.append(_sample(120.0), NOW)
    with path.open("ab") as file:
        file.write(b'{"at":1999999')
    kept.append(_sample(60.0), NOW)
    assert kept.load(NOW) == [_sample(120.0), _sample(60.0)]


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe\x00",
        b"[1,2]",
        b'{"at":"soon"}',
        b'{"at":1999999990.0,"power":"much"}',
        b'{"at":1e999}',
        b'{"at":1999999990.0,"power":1e999}',
        b'{"at":1999999990.0,"energy":{"SN-1":1e999}}',
        b'{"at":2000009999.0}',
        b'{"at":1.0}',
        b'{"at":1999999990.0,"samples":-4}',
        b'{"at":1999999990.0,"energy":' + b"[" * 10_000,
        b'{"at":1999999990.0,"x":"' + b"y" * 20_000 + b'"}',
    ],
)
def test_hostile_lines_are_left_out(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rim.jsonl"
    kept = Recorder(path)
    path.write_bytes(line + b"\n")
    kept.append(_sample(5.0), NOW)
    assert kept.load(NOW) == [_sample(5.0)]


def test_time_that_goes_back_in_the_file_is_left_out(tmp_path: Path) -> None:
    kept = Recorder(tmp_path / "rim.jsonl")
    for before in (300.0, 600.0, 100.0):
        kept.append(_sample(before), NOW)
    assert kept.load(NOW) == [_sample(300.0), _sample(100.0)]


def test_what_is_no_file_is_an_error_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        Recorder(tmp_path / "pipe").load(NOW)
    with pytest.raises(OSError, match="not a regular file"):
        Recorder(tmp_path).load(NOW)


def test_the_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "LIMIT", 4000)
    path = tmp_path / "rim.jsonl"
    kept = Recorder(path)
    for number in range(400):
        kept.append(_sample(4000.0 - number), NOW)
        assert path.stat().st_size <= 4000 + 200
    found = kept.load(NOW)
    assert found[-1] == _sample(4000.0 - 399)
    assert len(found) > 10
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_of_no_use_any_more_goes(tmp_path: Path) -> None:
    kept = Recorder(tmp_path / "rim.jsonl")
    kept.append(_sample(KEPT + 100.0), NOW)
    kept.append(_sample(10.0), NOW)
    assert kept.load(NOW) == [_sample(10.0)]


def test_a_minute_is_one_sample() -> None:
    minute = Minute()
    start = NOW // 60 * 60
    assert minute.add(start, 100.0, 50.0, {"a": 1.0}) is None
    assert minute.add(start + 30, 300.0, 51.0, {"a": 2.0}) is None
    done = minute.add(start + 61, 5.0, 52.0, {"a": 3.0})
    assert done == Sample(start + 30, 200.0, 51.0, 2, {"a": 2.0})
    assert minute.close() == Sample(start + 61, 5.0, 52.0, 1, {"a": 3.0})
    assert minute.close() is None


def test_a_minute_in_which_nothing_answered_is_none() -> None:
    minute = Minute()
    minute.add(NOW, None, None, {})
    assert minute.add(NOW + 60, None, None, {}) is None
