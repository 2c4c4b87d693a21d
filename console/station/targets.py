"""Finds the one record that a reference means: `[SOURCE:]NAMESPACE/[WORKLOAD/]NAME`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from adapters.contract import Refused
from adapters.records import Record
from adapters.text import clean


def short(record: Record) -> str:
    """Return the short reference to *record*: namespace and name."""
    return f"{record.namespace}/{record.name}" if record.namespace else record.name


def full(record: Record) -> str:
    """Return the reference to *record* that no other one answers to."""
    parts = [record.namespace, getattr(record, "workload", ""), record.name]
    return f"{record.source}:{'/'.join(part for part in parts if part)}"


def resolve(
    reference: str, records: Iterable[Record], kind: str = "App", source: str = ""
) -> Record:
    """Return the one of *records* that *reference* means; of several, the one of *source*.

    Raises `Refused`: with all of them where several answer to it, with near ones where none does.
    """
    known = list(records)
    found = [record for record in known if reference in _names(record)]
    if len(found) > 1 and source:
        found = [record for record in found if record.source == source] or found
    if len(found) == 1:
        return found[0]
    what = kind.lower()
    if found:
        raise Refused(
            f"{clean(reference)} is {len(found)} {what}s: "
            f"{', '.join(sorted(map(full, found)))}; say which"
        )
    near = nearest(reference, known)
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    elif known:
        hint = "say [SOURCE:]NAMESPACE/[WORKLOAD/]NAME"
    else:
        hint = f"no {what} is known yet"
    raise Refused(f"no {what} is called {clean(reference)!r}; {hint}")


def nearest(reference: str, records: Sequence[Record], limit: int = 3) -> list[str]:
    """Return short references that look like *reference*, the nearest first."""
    said = reference.lower()
    scores: dict[str, float] = {}
    for record in records:
        names = [*_names(record), record.name]
        score = max(difflib.SequenceMatcher(None, said, name.lower()).ratio() for name in names)
        if said and said in record.name.lower():
            score = max(score, 0.9)
        if score >= 0.6:
            scores[short(record)] = max(score, scores.get(short(record), 0.0))
    best = max(scores.values(), default=0.0)
    near = [name for name, score in scores.items() if score > best - 0.2]
    return sorted(near, key=lambda name: (-scores[name], name))[:limit]


def _names(record: Record) -> tuple[str, ...]:
    """Return all that *record* answers to."""
    workload = getattr(record, "workload", "")
    names = [short(record)]
    if workload:
        parts = (record.namespace, workload, record.name)
        names.append("/".join(part for part in parts if part))
    return (*names, *(f"{record.source}:{name}" for name in names))
