"""`colony doctor`: each adapter's configuration, reach, rights and clock, and what to do."""

from __future__ import annotations

import argparse
from typing import Any

from adapters.text import clean
from console.choice import Choice
from console.feed.client import Feed
from console.headless.session import connected, emit, show
from console.preferences import load
from console.rows import doctor


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print the findings; exit 0 if none is bad, else 1."""

    async def work(feed: Feed) -> int:
        findings = doctor.own(skipped())
        findings += await feed.ask("doctor", list[dict[str, Any]])
        if options.json:
            emit({"findings": findings})
        else:
            show(*listing(findings))
        return int(any(finding["found"] == "bad" for finding in findings))

    return connected(choice, work)


def skipped() -> list[str]:
    """Return what a console that opened now would skip of its person's preferences."""
    # What paints is imported for this command alone.
    from textual.theme import BUILTIN_THEMES

    from console.rebinding import read
    from console.themes import load_themes

    preferences, problems = load()
    themes, wrong = load_themes(preferences.themes)
    wanted = preferences.theme
    if wanted and wanted not in BUILTIN_THEMES and wanted not in {one.name for one in themes}:
        wrong.append(f"theme {wanted}: there is none of that name")
    _, bound = read(preferences.keys)
    return [clean(one, 2_000) for one in (*wrong, *bound, *problems)]


def listing(findings: list[dict[str, Any]]) -> list[str]:
    """Return the findings as lines for a person, each with what to do."""
    lines = []
    for finding in findings:
        mark = doctor.mark(finding).text
        lines.append(f"{mark} {finding['source']}  {finding['check']}: {finding['detail']}")
        if finding["advice"]:
            lines.append(f"    → {finding['advice']}")
    return lines or ["nothing to check: this colony has no adapter"]
