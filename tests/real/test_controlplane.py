"""The control plane of the tests itself: who can reach it, and what happens without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real.controlplane import HERE, ControlPlane
from tests.real.installed import INSTALL

ROOT = HERE.parent.parent
LISTEN = "0A"
LOOPBACK = "0100007F"


def _listening(pid: int) -> list[str]:
    """Return the local addresses (hexadecimal) on which a process listens, over IPv4 and IPv6."""
    sockets = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            sockets.add(os.readlink(link))
        except FileNotFoundError:  # closed meanwhile
            continue
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == LISTEN and f"socket:[{parts[9]}]" in sockets:
                found.append(parts[1].partition(":")[0])
    return found


@pytest.mark.real
def test_nothing_listens_but_on_loopback(control_plane: ControlPlane) -> None:
    addresses = {name: _listening(pid) for name, pid in control_plane.pids.items()}
    assert addresses == {
        "etcd": [LOOPBACK, LOOPBACK],
        "kube-apiserver": [LOOPBACK],
        "kube-controller-manager": [],
        "kubelet": [],
    }


@pytest.mark.real
def test_its_kubectl_speaks_to_it(control_plane: ControlPlane) -> None:
    nodes = control_plane.kubectl("get", "nodes", "-o", "name").split()
    assert nodes == ["node/habitat-1", "node/habitat-2", "node/habitat-3"]


@pytest.mark.real
def test_its_files_are_for_nobody_else(control_plane: ControlPlane) -> None:
    secret = [*control_plane.directory.glob("*.key"), *control_plane.directory.glob("*.kubeconfig")]
    assert len(secret) >= 5
    assert {path.stat().st_mode & 0o777 for path in secret} == {0o600}


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("1", "1 error")])
def test_where_it_is_not_installed_its_tests_are_skipped_but_not_in_ci(
    tmp_path: Path, ci: str, outcome: str
) -> None:
    environment = {**os.environ, "COLONY_TEST_CACHE": str(tmp_path), "CI": ci}
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-rs",
            str(HERE / "test_controlplane.py"),
            "-k",
            "kubectl",
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in run.stdout
    assert f"run {INSTALL}" in run.stdout
    assert run.returncode == bool(ci)
