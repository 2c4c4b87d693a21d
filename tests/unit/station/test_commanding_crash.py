"""The station ended at every point of an action, once and twice, whatever became of the sending."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ended_stations import MOMENTS, SENDINGS, KillAt, act, arm, scenario
from fake_colony import TWO, Restart, Station, Transfer

from console.station.faults import POINTS
from console.station.policy import Policy


@pytest.mark.parametrize("kind", [Restart, Transfer])
@pytest.mark.parametrize("away", [0, 3])
@pytest.mark.parametrize("sending", SENDINGS)
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: "-".join(map(str, moment)))
async def test_ended_once(
    tmp_path: Path, moment: tuple[str, int], sending: str, away: int, kind: type[Restart]
) -> None:
    await scenario(tmp_path, [moment], sending, away, kind)


@pytest.mark.parametrize("kind", [Restart, Transfer])
@pytest.mark.parametrize("first", ["after-approval", "after-envelope", "after-send", "after-final"])
@pytest.mark.parametrize("sending", ["answered", "lost", "died after"])
async def test_ended_again_while_recovering(
    tmp_path: Path, first: str, sending: str, kind: type[Restart]
) -> None:
    for number, second in enumerate(MOMENTS):
        await scenario(tmp_path / str(number), [(first, 1), second], sending, 1, kind)


async def test_every_point_is_passed(tmp_path: Path) -> None:
    """The points that a plain action or its recovery never pass would test nothing."""
    passed: Counter[str] = Counter()
    for policy, sending in ((TWO, "answered"), (Policy(), "lost")):
        hooks = KillAt()
        station = Station(tmp_path / sending / "log", hooks=hooks, policy=policy)
        arm(station, hooks, sending)
        await station.start()
        await act(station)
        passed += hooks.passed
        await station.stop()
    assert set(passed) == set(POINTS)


@pytest.mark.parametrize(
    ("moment", "state", "outcome"),
    [
        ("after-draft", "cancelled", "the station restarted"),
        ("after-simulated", "cancelled", "the station restarted"),
        (
            "after-approval",
            "failed",
            "the station ended before it was sent; nothing was sent",
        ),
        (
            "before-envelope",
            "failed",
            "the station ended before it was sent; nothing was sent",
        ),
        (
            "after-envelope",
            "failed",
            "the station ended while it was being sent; no trace of it; nothing was sent",
        ),
        ("after-send", "verified", "3 of 3 ready"),
        ("after-receipt", "verified", "3 of 3 ready"),
    ],
)
async def test_what_the_operator_is_told(
    tmp_path: Path, moment: str, state: str, outcome: str
) -> None:
    _, station = await scenario(tmp_path, [(moment, 1)], "answered", 0)
    (status,) = station.commanding.statuses()
    assert (status.state.value, status.outcome) == (state, outcome)
