"""The arithmetic of rolling updates."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.kubernetes.controllers.rolling import Count, bounds, new_replicas, old_replicas


def _spec(replicas: int, surge: int | str = "25%", unavailable: int | str = "25%") -> Any:
    rolling = {"maxSurge": surge, "maxUnavailable": unavailable}
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    return {"replicas": replicas, "strategy": strategy}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (_spec(3), (1, 0)),
        (_spec(4), (1, 1)),
        (_spec(10), (3, 2)),
        (_spec(3, 0, 1), (0, 1)),
        (_spec(1, "0%", "10%"), (0, 1)),
        (_spec(2, 5, 5), (5, 2)),
    ],
)
def test_surge_rounds_up_and_unavailable_down(spec: Any, expected: tuple[int, int]) -> None:
    assert bounds(spec) == expected


def test_the_new_set_gets_what_the_surge_leaves() -> None:
    assert new_replicas(_spec(3), 0, 3) == 1
    assert new_replicas(_spec(3, 0, 1), 0, 3) == 0
    assert new_replicas(_spec(3, 0, 1), 0, 2) == 1
    assert new_replicas(_spec(10), 2, 10) == 5


def test_old_pods_go_sick_ones_first() -> None:
    # Three wanted, none may be missing, the new one is there: one old one can go.
    assert old_replicas(_spec(3), Count(1, 1), [Count(3, 3)]) == [2]
    # The new one is not available: nothing can go.
    assert old_replicas(_spec(3), Count(1, 0), [Count(3, 3)]) == [3]
    # One may be missing, and one of the old is sick: that one.
    assert old_replicas(_spec(3, 0, 1), Count(0, 0), [Count(1, 0), Count(2, 2)]) == [0, 2]
