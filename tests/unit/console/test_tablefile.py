"""Tables as files: values, harmless to a spreadsheet, whole or not there, for one's own eyes."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.tablefile import (
    Beside,
    Format,
    Head,
    file_name,
    format_of,
    in_the_way,
    is_there,
    writer,
)

HEAD = Head(
    "tycho", "apps", "2026-11-20T14:02:31Z", "health:failed",
    (("name", ""), ("power", "W"), ("up", ""), ("images", ""), ("quality", "")),
)  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {"name": "oxygen", "power": 12.5, "up": True, "images": ["a", "b"], "quality": "fresh"},
    {"name": "=1+1", "power": None, "up": None, "images": None, "quality": "stale"},
    {"name": 'a "b", c', "power": -3, "up": False, "images": [], "quality": "fresh"},
]


def made(format: Format, rows: list[dict[str, Any]] = ROWS, head: Head = HEAD) -> str:
    one = writer(format, head)
    return one.begin() + one.rows(rows[:1]) + one.rows(rows[1:]) + one.end()


def test_csv() -> None:
    lines = list(csv.reader(io.StringIO(made("csv"))))
    assert lines == [
        ["name", "power (W)", "up", "images", "quality"],
        ["oxygen", "12.5", "true", "a; b", "fresh"],
        ["'=1+1", "", "", "", "stale"],
        ['a "b", c', "-3", "false", "", "fresh"],
    ]


def test_json() -> None:
    found = json.loads(made("json"))
    assert found["rows"] == ROWS
    assert found["columns"][1] == {"name": "power", "unit": "W"}
    assert (found["colony"], found["table"], found["filter"]) == ("tycho", "apps", "health:failed")


def test_no_rows_is_still_a_file() -> None:
    assert json.loads(made("json", []))["rows"] == []
    assert made("csv", []).count("\n") == 1


@pytest.mark.parametrize(
    "text", ["=cmd()", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\x1b]52;c;eA==\x07", "-", "＝1"]
)
def test_no_text_is_a_formula_or_an_order(text: str) -> None:
    line = next(csv.reader(io.StringIO(made("csv", [{"name": text}]).split("\r\n")[1])))
    assert not line[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert "\x1b" not in made("csv", [{"name": text}]) + made("json", [{"name": text}])


@given(st.text(max_size=30), st.none() | st.integers() | st.floats(allow_nan=False,
       allow_infinity=False), st.lists(st.text(max_size=5), max_size=3))  # fmt: skip
def test_whatever_a_record_says_it_stays_one_row(
    name: str, power: float | None, images: list[str]
) -> None:
    rows = [{"name": name, "power": power, "images": images}]
    assert len(list(csv.reader(io.StringIO(made("csv", rows))))) == 2
    assert json.loads(made("json", rows))["rows"][0]["power"] == power


def test_names() -> None:
    assert file_name("tycho", "apps", "2026-11-20T14:02:31Z") == "tycho-apps-20261120T140231Z.csv"
    assert file_name("../a b", "x/y", "now", "json") == "a-b-x-y-now.json"
    assert format_of(Path("a.CSV")) == "csv"
    assert format_of(Path("a.json")) == "json"
    assert format_of(Path(".bashrc")) is format_of(Path("csv")) is None


def test_a_file_is_there_when_it_is_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    file = Beside(path)
    file.write("x")
    assert not path.exists()
    file.keep(over=False)
    assert path.read_text() == "x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.csv"]


def test_nothing_is_written_over_unasked_and_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    file = Beside(path)
    file.write("new")
    with pytest.raises(FileExistsError):
        file.keep(over=False)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.csv"]
    file = Beside(path)
    file.write("new")
    file.keep(over=True)
    assert path.read_text() == "new"


def test_given_up_it_leaves_nothing(tmp_path: Path) -> None:
    file = Beside(tmp_path / "a.csv")
    file.write("x")
    file.drop()
    file.drop()
    assert os.listdir(tmp_path) == []


def test_what_a_console_left_that_was_cut_off_is_not_in_the_way(tmp_path: Path) -> None:
    Beside(tmp_path / "a.csv").write("half")
    file = Beside(tmp_path / "a.csv")
    file.keep(over=False)
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    goal = tmp_path / "goal"
    (tmp_path / "a.csv").symlink_to(goal)
    assert is_there(tmp_path / "a.csv")
    assert "no plain file" in in_the_way(tmp_path / "a.csv")
    assert in_the_way(tmp_path / "b.csv") == ""
    assert "no plain file" in in_the_way(tmp_path)


def test_what_a_full_disk_did_not_take_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Beside(tmp_path / "apps.csv")

    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file._file, "close", full, raising=False)
    file.drop()
    assert list(tmp_path.iterdir()) == []
