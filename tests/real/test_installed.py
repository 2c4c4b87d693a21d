"""What `tests/real/install` says of its parts, and what becomes of tests without them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.real.installed import NotInstalled, installed, required

INSTALL = Path(__file__).with_name("install")


def _install(cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(INSTALL), *arguments],
        env={**os.environ, "COLONY_TEST_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )


def _parts() -> list[str]:
    scripts = INSTALL.with_name("parts").iterdir()
    return sorted(path.name for path in scripts if os.access(path, os.X_OK))


@pytest.mark.parametrize("part", _parts())
def test_where_a_part_would_be(tmp_path: Path, part: str) -> None:
    run = _install(tmp_path, "--where", part)
    assert run.returncode == 1
    assert Path(run.stdout.strip()).parent == tmp_path
    Path(run.stdout.strip()).mkdir()
    assert _install(tmp_path, "--where", part).returncode == 1  # begun, and not complete
    (Path(run.stdout.strip()) / "complete").touch()
    assert _install(tmp_path, "--where", part).returncode == 0


def test_where_alone_is_the_control_plane(tmp_path: Path) -> None:
    alone = _install(tmp_path, "--where").stdout
    assert alone == _install(tmp_path, "--where", "controlplane").stdout != ""


def test_what_is_complete_is_not_installed_again(tmp_path: Path) -> None:
    homes = []
    for part in _parts():
        homes.append(Path(_install(tmp_path, "--where", part).stdout.strip()))
        homes[-1].mkdir()
        (homes[-1] / "complete").touch()
    run = _install(tmp_path)
    assert run.returncode == 0
    assert run.stdout.splitlines() == [str(home) for home in homes]


def test_a_part_that_is_none(tmp_path: Path) -> None:
    run = _install(tmp_path, "anvil", "sundial")
    assert run.returncode == 64
    assert "no part is called sundial; there are: anvil " in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_a_part_its_tests_are_skipped_but_not_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLONY_TEST_CACHE", str(tmp_path))
    with pytest.raises(NotInstalled, match=r"anvil is not in .*: run tests/real/install"):
        installed("anvil")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        required("anvil")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="run tests/real/install"):
        required("anvil")
