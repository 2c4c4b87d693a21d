"""Directories that nobody else can have put there, and sockets that fit."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from station_helpers import short

from console import paths
from console.paths import PathError, private_dir, runtime_dir, slug, socket_path, state_dir

__all__ = ["short"]


def test_a_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    made = private_dir(tmp_path / "deep" / "run")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    made.chmod(0o755)
    private_dir(made)
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_link_or_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").write_text("")
    for name in ("link", "file"):
        with pytest.raises(PathError, match=f"{name}: is not a directory; remove it"):
            private_dir(tmp_path / name)


def test_another_users_directory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(PathError, match=r"belongs to user .*, not to you"):
        private_dir(tmp_path / "theirs")


def test_the_runtime_directory_is_the_sessions_or_one_in_tmp(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert runtime_dir({"XDG_RUNTIME_DIR": str(short)}) == short / "colony"
    made: list[Path] = []
    monkeypatch.setattr(paths, "private_dir", lambda path: made.append(path) or path)
    fallback = Path(f"/tmp/colony-{os.geteuid()}")
    deep = short / ("d" * 90)
    deep.mkdir()
    for given in ({}, {"XDG_RUNTIME_DIR": "relative"}, {"XDG_RUNTIME_DIR": str(deep)}):
        assert runtime_dir(given) == fallback


def test_sockets_fit_whatever_the_colony_is_called(tmp_path: Path) -> None:
    one = socket_path(Path("/run/user/1000/colony"), "x" * 300, "a" * 64)
    other = socket_path(Path("/run/user/1000/colony"), "x" * 301, "a" * 64)
    assert one != other
    assert len(os.fsencode(one)) <= paths.SOCKET_LIMIT
    with pytest.raises(PathError, match="longer than the 103 bytes"):
        socket_path(Path("/" + "d" * 90), "tycho", "a" * 64)


@pytest.mark.parametrize("name", ["../../etc", "a/b", "", "ü", "a b", "x\x00y", ".", "\udc80"])
def test_a_colonys_name_stays_in_its_directory(name: str) -> None:
    safe = slug(name)
    assert safe
    assert "/" not in safe
    assert not safe.startswith(".")
    assert safe.isascii()


def test_different_colonies_have_different_state(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    assert state_dir("tycho", environ) == tmp_path / "colony" / "tycho"
    assert state_dir("a/b", environ) != state_dir("a-b", environ)
