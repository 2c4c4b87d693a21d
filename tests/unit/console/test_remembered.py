"""What the console remembers: kept over restarts, whole, and never in the way."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from console.remembered import SIZE, Remembered, of_colony


def test_it_lasts_over_a_restart(tmp_path: Path) -> None:
    first = Remembered(tmp_path / "console.json")
    first.put("filters", {"apps": "health:degraded"})
    assert first.changed
    first.save()
    assert not first.changed
    again = Remembered(tmp_path / "console.json")
    assert again.get("filters", {}) == {"apps": "health:degraded"}
    assert stat.S_IMODE((tmp_path / "console.json").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["console.json"]


def test_it_writes_through_no_link(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / f"console.json.{os.getpid()}").symlink_to(tmp_path / "theirs")
    found = Remembered(tmp_path / "console.json")
    found.put("panel", "apps")
    found.save()
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert "cannot be written" in found.problems[0]


@pytest.mark.parametrize("planted", ["fifo", "device", "directory", "huge", "damaged"])
def test_what_is_no_file_of_ours_holds_nothing_up(tmp_path: Path, planted: str) -> None:
    path = tmp_path / "console.json"
    if planted == "fifo":
        os.mkfifo(path)
    elif planted == "device":
        path.symlink_to("/dev/zero")
    elif planted == "directory":
        path.mkdir()
    else:
        path.write_bytes(b"[" * (SIZE + 1 if planted == "huge" else 9))
    found = Remembered(path)
    assert len(found.problems) == 1
    assert found.get("panel", "overview") == "overview"


def test_what_is_of_another_type_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    (tmp_path / "console.json").write_text('{"filters": ["x"], "panel": 3}')
    found = Remembered(tmp_path / "console.json")
    assert found.get("filters", {"a": "b"}) == {"a": "b"}
    assert found.get("panel", "overview") == "overview"


def test_the_same_again_is_no_change() -> None:
    found = Remembered()
    found.put("panel", "apps")
    found.save()
    found.put("panel", "apps")
    assert not found.changed


@pytest.mark.parametrize("data", [b"{", b"[]", b"\xff", b"[" * 100_000, b" " * (SIZE + 1)])
def test_a_bad_file_is_set_aside_and_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "console.json"
    path.write_bytes(data)
    found = Remembered(path)
    assert "set aside as console.json.bad" in found.problems[0]
    assert (tmp_path / "console.json.bad").read_bytes() == data
    found.put("panel", "apps")
    found.save()
    assert Remembered(path).get("panel", "") == "apps"


def test_what_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    found = Remembered(tmp_path / "gone" / "console.json")
    for panel in ("apps", "solar"):
        found.put("panel", panel)
        found.save()
    assert len(found.problems) == 1
    assert "cannot be written" in found.problems[0]


def test_what_is_too_long_is_not_written(tmp_path: Path) -> None:
    found = Remembered(tmp_path / "console.json")
    found.put("history", ["x" * SIZE])
    found.save()
    assert "longer than" in found.problems[0]
    assert not (tmp_path / "console.json").exists()


def test_a_demo_is_remembered_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    real, demo = of_colony("tycho"), of_colony("tycho", demo=True)
    demo.put("panel", "solar")
    demo.save()
    assert real.get("panel", "") == ""
    assert of_colony("tycho").get("panel", "") == ""
    assert of_colony("tycho", demo=True).get("panel", "") == "solar"


def test_a_state_directory_that_is_not_safe_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "colony").write_text("")
    found = of_colony("tycho")
    assert found.problems
    found.put("panel", "apps")
    found.save()


def test_who_looks_on_hides_nothing_from_the_next_of_the_same_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    cy = of_colony("tycho", person="cy")
    cy.put("filters", {"apps": "-health:failed"})
    cy.save()
    assert of_colony("tycho", person="ana").get("filters", {}) == {}
    assert of_colony("tycho").get("filters", {}) == {}
    assert of_colony("tycho", person="cy").get("filters", {}) == {"apps": "-health:failed"}
    of_colony("tycho", person="../../x").save()
    assert [one.name for one in tmp_path.rglob("*.json")] == ["console-cy.json"]


def test_a_pipe_is_not_waited_for_and_a_directory_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "directory").mkdir()
    for name in ("pipe", "directory"):
        assert "it is no plain file" in Remembered(tmp_path / name).problems[0]
    os.symlink("/dev/zero", tmp_path / "zero")
    assert "it is no plain file" in Remembered(tmp_path / "zero").problems[0]


def test_what_nests_too_deep_to_write_is_said(tmp_path: Path) -> None:
    path = tmp_path / "console.json"
    path.write_text('{"panel": ' + "[" * 900 + "]" * 900 + "}")
    found = Remembered(path)
    found.put("filters", {})
    for _ in range(2):
        found.save()
    assert Remembered(path).problems in ([], found.problems)


def test_what_could_not_be_put_in_place_leaves_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "console.json").mkdir()
    kept = Remembered(tmp_path / "console.json")
    kept.put("panel", "apps")
    kept.save()
    assert any("cannot be written" in one for one in kept.problems)
    assert not [one.name for one in tmp_path.iterdir() if str(os.getpid()) in one.name]
