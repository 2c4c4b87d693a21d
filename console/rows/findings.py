"""What is wrong with one thing: findings, each with how bad it is and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from console.rows.severity import Severity


class Finding(NamedTuple):
    """One thing that is wrong: how bad, and what it is."""

    severity: Severity
    text: str


def worst(findings: Iterable[Finding]) -> Severity:
    """Return how bad the worst of *findings* is, none where there are none."""
    return min((one.severity for one in findings), default=Severity.NONE)


def words(findings: Iterable[Finding]) -> str:
    """Return *findings* in a line, the worst first."""
    return " · ".join(one.text for one in sorted(findings, key=lambda one: one.severity))
