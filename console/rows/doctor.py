"""What the doctor found, as rows: each adapter's checks, and what to do about the bad ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.text import clean
from console.rows import marks, numbers
from console.rows.cells import Cell

MARKS: Final[Mapping[str, Cell]] = {
    "good": Cell(marks.GOOD, "good"),
    "warning": Cell(marks.WARN, "warn"),
    "bad": Cell(marks.BAD, "bad"),
    "unknown": Cell(marks.UNKNOWN, "unknown"),
}
"""How a check went, by the word for it."""
OWN: Final = "this console"
"""Who a finding is about that is none of the station's: a person's own files, the terminal."""
ADVICE: Final = "mend console.toml or the theme, and open the console again: it reads them then"
_WORDS: Final = (("bad", "bad"), ("warning", "to look at"), ("unknown", "not known"))


def own(problems: Sequence[str]) -> list[dict[str, Any]]:
    """Return what was skipped of a person's own preferences, keys and themes, as findings.

    What to do is the same for all, and said after the last.
    """
    return [
        {
            "source": OWN,
            "check": "skipped",
            "found": "warning",
            "detail": one,
            "advice": ADVICE if number == len(problems) else "",
        }
        for number, one in enumerate(problems, 1)
    ]


def mark(finding: Mapping[str, Any]) -> Cell:
    """Return the mark of *finding*; a word that nobody knows is not known."""
    return MARKS.get(str(finding.get("found", "")), MARKS["unknown"])


def said(finding: Mapping[str, Any], field: str) -> str:
    """Return one field of *finding*, harmless."""
    return clean(str(finding.get(field, "")), 2_000)


def by_source(findings: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return *findings* by who they are about, in the order in which they came."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in findings:
        found.setdefault(said(one, "source"), []).append(one)
    return found


def tally(findings: Sequence[Mapping[str, Any]]) -> str:
    """Return "2 bad · 1 to look at · 24 checks": what is worst first."""
    counts = {word: sum(1 for one in findings if one.get("found") == word) for word, _ in _WORDS}
    wrong = [f"{numbers.count(counts[word])} {text}" for word, text in _WORDS if counts[word]]
    return " · ".join([*(wrong or ["all good"]), numbers.plural(len(findings), "check")])
