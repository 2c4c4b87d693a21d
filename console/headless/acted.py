"""What `colony act` says of an action: lines for a person, and the JSON that stays as it is."""

from __future__ import annotations

from typing import Any

import msgspec

from adapters.action import Blast
from adapters.contract import Form
from adapters.records import ActionStatus
from console.feed.answers import Simulated
from console.rows import numbers, times

NAMED = 8
"""Names of one sort that are listed; the rest is counted."""
_CLASSES = {
    "app": "apps", "pod": "pods", "address": "addresses", "token": "tokens", "site": "sites",
}  # fmt: skip


def describe(simulated: Simulated) -> list[str]:
    """Return what would change as lines for a person."""
    preview = simulated.preview
    lines = [f"{simulated.id}  {preview.title}", f"simulated by {preview.simulated_by}"]
    for change in preview.changes:
        if change.before is not None:
            lines.append(f"  - {change.path}: {change.before}")
        if change.after is not None:
            lines.append(f"  + {change.path}: {change.after}")
    lines += [f"  {name}: {value}" for name, value in preview.facts]
    if preview.unchanged:
        lines.append(f"  the same: {', '.join(preview.unchanged)}")
    lines += [f"  touches {touched}" for touched in preview.touches]
    lines += reaches(preview.blast)
    lines += [f"  ▲ {warning}" for warning in preview.warnings]
    if preview.locked:
        lines.append(f"  ▲ the key {preview.locked} is locked")
    if preview.command:
        lines.append(f"  the same with another tool: {preview.command}")
    because = f" ({preview.because})" if preview.because else ""
    lines.append(f"  significance {preview.significance}{because}, code {simulated.code}")
    return lines


def reaches(blast: Blast) -> list[str]:
    """Return what an action reaches as lines for a person; of what is not known, that."""
    lines, unknown = [], []
    for one, what in _CLASSES.items():
        names: tuple[str, ...] | None = getattr(blast, what)
        if names is None:
            unknown.append(what)
        elif names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            many = numbers.plural(len(names), one, what)
            lines.append(f"  reaches {many}: {', '.join(names[:NAMED])}{more}")
    if unknown:
        lines.append(f"  reaches {', '.join(unknown)}: not known")
    return lines


def lacking(form: Form) -> str:
    """Return why a read has no answer, in a line."""
    wrong = [field for field in form.fields if field.error]
    if wrong:
        return wrong[0].error
    if form.error:
        return form.error
    blank = [
        " ".join(field.label.split())
        for field in form.fields
        if field.required and not field.default
    ]
    return f"{form.title}: needs {', '.join(blank) or 'more than was given'}"


def answer_json(name: str, form: Form) -> dict[str, Any]:
    """Return what a read answered."""
    return {"name": name, "title": form.title, "answer": form.answer}


def refused_json(name: str, why: str) -> dict[str, Any]:
    """Return an action that got no further than being asked for."""
    return {"name": name, "state": "refused", "detail": why, "stages": []}


def as_json(
    status: ActionStatus, simulated: Simulated, record: ActionStatus | None = None
) -> dict[str, Any]:
    """Return an action as the JSON object that `colony act --json` prints.

    `records` is the action that wrote it down; null where none was to, or where it could not be
    begun: `not_recorded` says why then.
    """
    return {
        **status_json(status),
        "digest": simulated.digest,
        "code": simulated.code,
        "preview": msgspec.to_builtins(simulated.preview),
        "records": None if record is None else {**_status(record), "stages": _stages(record)},
        "not_recorded": status.progress if record is None and status.state.ended else "",
    }


def status_json(status: ActionStatus) -> dict[str, Any]:
    """Return an action as it stands, without what was simulated."""
    return {
        **_status(status),
        "digest": status.digest,
        "code": status.code,
        "needs": status.needs,
        "approvals": _approvals(status),
        "leaf": status.leaf,
        "stages": _stages(status),
    }


def _approvals(status: ActionStatus) -> list[dict[str, Any]]:
    return [
        {
            "who": one.who,
            "uid": one.uid,
            "decision": one.decision,
            "at": times.iso(one.at, milliseconds=True),
            "reason": one.reason,
            "detail": one.detail,
            "glass": one.glass,
        }
        for one in status.approvals
    ]


def _status(status: ActionStatus) -> dict[str, Any]:
    return {
        "id": status.name,
        "name": status.action,
        "target": status.target,
        "arguments": dict(status.arguments),
        "state": str(status.state),
        "outcome": status.outcome,
        "reason": status.reason,
        "actor": status.actor,
    }


def _stages(status: ActionStatus) -> list[dict[str, Any]]:
    return [
        {
            "stage": str(stage.state),
            "at": times.iso(stage.at, milliseconds=True),
            "detail": stage.detail,
            "until": times.iso(stage.until, milliseconds=True),
        }
        for stage in status.stages
    ]
