"""`colony doctor`: each adapter's configuration, reach, rights and clock, and what to do."""

from __future__ import annotations

import argparse
from typing import Any

from console.choice import Choice
from console.feed.client import Feed
from console.headless.session import connected, emit, show
from console.rows import doctor


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print the findings; exit 0 if none is bad, else 1."""

    async def work(feed: Feed) -> int:
        findings: list[dict[str, Any]] = await feed.ask("doctor", list[dict[str, Any]])
        if options.json:
            emit({"findings": findings})
        else:
            show(*listing(findings))
        return int(any(finding["found"] == "bad" for finding in findings))

    return connected(choice, work)


def listing(findings: list[dict[str, Any]]) -> list[str]:
    """Return the findings as lines for a person, each with what to do."""
    lines = []
    for finding in findings:
        mark = doctor.mark(finding).text
        lines.append(f"{mark} {finding['source']}  {finding['check']}: {finding['detail']}")
        if finding["advice"]:
            lines.append(f"    → {finding['advice']}")
    return lines or ["nothing to check: this colony has no adapter"]
