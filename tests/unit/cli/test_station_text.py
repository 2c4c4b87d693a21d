"""`colony station status` and what an action reaches, for a person."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.action import Blast
from console.headless.acted import reaches
from console.headless.station import report

TOLD: dict[str, Any] = {
    "colony": "tycho", "started_at": 1_795_010_551.4359431, "log_trouble": "", "ends_in": None,
    "stays": True, "adapters": {"main": "live", "north-rim": "down"}, "records": 40,
}  # fmt: skip


def test_a_station_is_told_in_lines() -> None:
    assert report(TOLD) == [
        "colony               tycho",
        "started at           2026-11-18T14:02:31Z",
        "log trouble          none",
        "ends                 when it is stopped",
        "adapter              main                 live",
        "adapter              north-rim            down",
        "records              40",
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"stays": False}, "by itself, some time after nobody is attached"),
        ({"stays": False, "ends_in": 900.0}, "by itself in 15 min unless somebody attaches"),
    ],
)
def test_when_it_ends(more: dict[str, Any], said: str) -> None:
    (line,) = [line for line in report(TOLD | more) if line.startswith("ends ")]
    assert said in line


def test_one_is_no_plural() -> None:
    blast = Blast(apps=("oxygen",), pods=("a", "b"), addresses=("10.0.0.1",), tokens=(), sites=None)
    assert reaches(blast) == [
        "  reaches 1 app: oxygen", "  reaches 2 pods: a, b", "  reaches 1 address: 10.0.0.1",
        "  reaches sites: not known",
    ]  # fmt: skip
