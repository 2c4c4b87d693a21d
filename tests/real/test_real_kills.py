"""Forty kills of the real program on real systems; `python -m tests.real.kills` does more."""

from __future__ import annotations

import pytest

from tests.real import kills
from tests.real.controlplane import ControlPlane

pytestmark = pytest.mark.real
RUNS = 42
"""Each stage with each victim, once for a call and once for a rollback."""


def test_at_most_one_effect_wherever_it_is_killed(
    control_plane: ControlPlane, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = []
    with kills.doomed(control_plane) as colony:
        for seed in range(RUNS):
            kill = kills.plan(seed)
            runs.append((kill, colony.run(kill)))
    with capsys.disabled():
        print("", *kills.table(runs), sep="\n")
    assert len({(kill.kind, kill.victim, kill.stage) for kill, _ in runs}) == RUNS
    assert {came.effects for _, came in runs} == {0, 1}
