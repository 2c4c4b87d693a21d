"""Fixtures for every test: the real systems, where they are installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.real.controlplane import ControlPlane

_started: list[float] = []


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A running control plane. Not installed, its tests fail in CI and are skipped elsewhere."""
    from tests.real.controlplane import ControlPlane
    from tests.real.installed import required

    plane = ControlPlane(required("controlplane"), tmp_path_factory.mktemp("controlplane"))
    try:
        plane.start()
        _started.append(plane.started_in)
        yield plane
    finally:
        plane.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long the control plane took to start."""
    for seconds in _started:
        terminalreporter.write_line(f"real control plane: ready in {seconds:.1f} s")
