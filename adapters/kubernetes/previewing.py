"""Puts a simulated rollback into words: what changes, what it touches, what to beware of."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from adapters.contract import Change, Option, Preview
from adapters.kubernetes import diff, managers, surroundings
from adapters.kubernetes.deployed import record
from adapters.kubernetes.history import Past, annotations_of
from adapters.kubernetes.surroundings import Surroundings
from adapters.kubernetes.template import digest
from adapters.kubernetes.workloads import Sighting

Json = Mapping[str, Any]
_DEADLINE = 600
_LONGEST_WINDOW = 900.0
_SILENT = frozenset(
    {
        "deployment.kubernetes.io/revision",
        "kubectl.kubernetes.io/last-applied-configuration",
        "kubernetes.io/change-cause",
    }
)
"""Annotations whose loss is nobody's concern: they are about the rollout itself."""


def preview(
    sighting: Sighting, past: Past, result: Json, around: Surroundings, context: str
) -> Preview:
    """Return what going back to *past* would do; *result* is the server's dry run of it."""
    after = result["spec"]["template"]
    current = sighting.current()
    here = f"{sighting.namespace}/{sighting.name}"
    noted = diff.annotation_changes(annotations_of(sighting.object), annotations_of(result))
    of_template = diff.changes(sighting.template, after)
    replaced = surroundings.without(around, past.pods)
    names = None if replaced is None else [each.metadata.name for each in replaced]
    from_ = f"{current.number} → " if current else ""
    return Preview(
        title=f"Roll back {here}: revision {from_}{past.number}",
        simulated_by="server dry run",
        binds=binds(sighting, past),
        outcome=digest(after),
        changes=of_template + noted,
        unchanged=(*_kept(sighting), *diff.unchanged(sighting.template, after)),
        touches=surroundings.touches(sighting, around, replaced),
        warnings=_warnings(sighting, noted, around),
        command=command(sighting, past, context),
        confirm=sighting.name,
        window=window(sighting.object),
        undo={"app": reference(sighting), "to": str(current.number)} if current else {},
        record=record(sighting, past, around),
        blast=surroundings.blast(sighting, around, names),
    )


def nothing(sighting: Sighting, past: Past, context: str) -> Preview:
    """Return the preview of a rollback that would change nothing."""
    here = f"{sighting.namespace}/{sighting.name}"
    return Preview(
        title=f"Roll back {here} to revision {past.number}",
        simulated_by="comparison of the pod templates",
        binds=binds(sighting, past),
        outcome=digest(sighting.template),
        command=command(sighting, past, context),
        confirm=sighting.name,
        nothing=f"{here} is what revision {past.number} is already",
    )


def binds(sighting: Sighting, past: Past) -> dict[str, str]:
    """Return what people approve: this workload, as it is now, becoming that template."""
    metadata = sighting.object["metadata"]
    return {
        "workload": sighting.kind.workload,
        "namespace": sighting.namespace,
        "name": sighting.name,
        "uid": str(metadata.get("uid", "")),
        "generation": str(metadata.get("generation", 0)),
        "template": digest(sighting.template),
        "to": str(past.number),
        "target": digest(past.template),
    }


def reference(sighting: Sighting) -> str:
    """Return the workload's name as an argument: which kind it is, too."""
    return f"{sighting.namespace}/{sighting.kind.workload}/{sighting.name}"


def command(sighting: Sighting, past: Past, context: str) -> str:
    """Return the kubectl command that does the same."""
    words = ["kubectl", *(["--context", context] if context else [])]
    words += ["--namespace", sighting.namespace, "rollout", "undo"]
    words += [f"{sighting.kind.workload.lower()}/{sighting.name}", f"--to-revision={past.number}"]
    return shlex.join(words)


def window(workload: Json) -> float:
    """Return how many seconds the effect may take: the progress deadline, and some for its end."""
    deadline = workload["spec"].get("progressDeadlineSeconds") or _DEADLINE
    return min(max(float(deadline), 30.0) + 30.0, _LONGEST_WINDOW)


def manager(sighting: Sighting) -> str:
    """Return who else manages the workload, "" where nobody is known to."""
    metadata = sighting.object["metadata"]
    names = [str(each.get("manager", "")) for each in metadata.get("managedFields") or ()]
    return managers.managed_by(
        metadata.get("labels") or {}, metadata.get("annotations") or {}, names
    )


def options(sighting: Sighting, now: float) -> tuple[Option, ...]:
    """Return the revisions to choose from, the newest first."""
    current = sighting.current()
    found = []
    for past in sighting.past:
        details = [age(now - past.created)] if past.created is not None else []
        details += [past.cause] if past.cause else []
        found.append(
            Option(
                value=str(past.number),
                label=f"{past.number}  {', '.join(past.images)}",
                detail=" · ".join(details),
                current=current is not None and past.number == current.number,
            )
        )
    return tuple(found)


def age(seconds: float) -> str:
    """Return a time span as people say it: "5 min ago"."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return f"{max(0, int(seconds))} s ago"


def _kept(sighting: Sighting) -> list[str]:
    spec = sighting.object["spec"]
    replicas = spec.get("replicas", 1)
    strategy = spec.get("strategy") or spec.get("updateStrategy") or {}
    lines = [f"replicas: {replicas}"]
    if strategy.get("type"):
        lines.append(f"strategy: {strategy['type']}")
    return lines


def standing_warnings(sighting: Sighting) -> list[str]:
    """Return what to beware of in any change of *sighting*, as it is now."""
    said = managers.warning(manager(sighting))
    found = [said] if said else []
    if not sighting.observed:
        found.append("its controller has not seen its last change yet")
    return found


def rolling(sighting: Sighting) -> bool:
    """Whether a rollout of *sighting* is under way: some of its pods are of another revision."""
    status = sighting.object.get("status") or {}
    have, updated = status.get("replicas") or 0, status.get("updatedReplicas") or 0
    return bool(have and updated < have)


def _warnings(
    sighting: Sighting, noted: tuple[Change, ...], around: Surroundings
) -> tuple[str, ...]:
    found = standing_warnings(sighting)
    lost = [
        change.path.removeprefix("annotation ")
        for change in noted
        if change.before is not None and change.path.removeprefix("annotation ") not in _SILENT
    ]
    if lost:
        found.append(
            f"annotations become those of the old revision, as with kubectl: {', '.join(lost)}"
        )
    spec = sighting.object["spec"]
    if (spec.get("strategy") or {}).get("type") == "Recreate":
        found.append("strategy Recreate: all pods end before new ones start")
    if sighting.kind.workload == "StatefulSet":
        found += _stuck(sighting, around)
    return tuple(found)


def _stuck(sighting: Sighting, around: Surroundings) -> list[str]:
    """A StatefulSet waits for its pods in order: one that is stuck must be deleted by hand."""
    if sighting.object["spec"].get("podManagementPolicy") == "Parallel":
        return []
    names = sorted(each.metadata.name for each in surroundings.stuck_pods(around))
    if not names:
        return []
    return [f"stuck pods keep the bad revision until they are deleted: {delete(sighting, names)}"]


def delete(sighting: Sighting, names: list[str]) -> str:
    """Return the command that deletes pods."""
    return shlex.join(["kubectl", "--namespace", sighting.namespace, "delete", "pod", *names])
