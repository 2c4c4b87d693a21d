"""Puts a simulated scaling into words: what it makes and ends, and how much that may cost."""

from __future__ import annotations

import hashlib
import shlex

import msgspec

from adapters.contract import Change, Preview, Significance
from adapters.kubernetes import diff, podcount, previewing, surroundings
from adapters.kubernetes.autoscalers import Autoscaler
from adapters.kubernetes.history import annotations_of
from adapters.kubernetes.podcount import counted, deletes_volumes, ready, replicas
from adapters.kubernetes.surroundings import Surroundings
from adapters.kubernetes.template import normal
from adapters.kubernetes.workloads import Json, Sighting

LEAP = 10
"""Times its pods beyond which a scaling up is more than everyday."""
UNREAD = "whether an autoscaler decides over it is not known: they may not be read"
Over = tuple[Autoscaler, ...] | None


def preview(
    sighting: Sighting,
    wanted: int,
    result: Json,
    around: Surroundings,
    over: Over,
    context: str,
) -> Preview:
    """Return what *wanted* pods would mean; *result* is the server's dry run of it."""
    before, after = replicas(sighting.object), replicas(result)
    here = f"{sighting.namespace}/{sighting.name}"
    more = diff.changes(sighting.template, result["spec"]["template"])
    significance, because = weight(sighting, before, after)
    return Preview(
        title=f"Scale {here}: {before} → {after} pods",
        simulated_by="server dry run",
        binds=binds(sighting, wanted),
        outcome=outcome(result),
        changes=(Change("replicas", str(before), str(after)), *more),
        unchanged=diff.unchanged(sighting.template, result["spec"]["template"]),
        touches=_touches(sighting, around, after),
        warnings=(
            *previewing.standing_warnings(sighting),
            *_warnings(sighting, around, over, after, other=bool(more)),
        ),
        command=command(sighting, wanted, context),
        significance=significance,
        confirm=sighting.name,
        window=previewing.window(sighting.object),
        undo={"app": previewing.reference(sighting), "replicas": str(before)},
        because=because,
        blast=surroundings.blast(sighting, around, podcount.names(sighting, around, after)),
    )


def nothing(sighting: Sighting, wanted: int, context: str) -> Preview:
    """Return the preview of a scaling to the number that it has."""
    here = f"{sighting.namespace}/{sighting.name}"
    return Preview(
        title=f"Scale {here} to {counted(wanted)}",
        simulated_by="comparison of the numbers",
        binds=binds(sighting, wanted),
        outcome=outcome(sighting.object),
        command=command(sighting, wanted, context),
        confirm=sighting.name,
        nothing=f"{here} is to have {counted(wanted)} already; {ready(sighting.object)} ready",
    )


def binds(sighting: Sighting, wanted: int) -> dict[str, str]:
    """Return what people approve: this workload, as it is now, with that many pods."""
    metadata = sighting.object["metadata"]
    return {
        "workload": sighting.kind.workload,
        "namespace": sighting.namespace,
        "name": sighting.name,
        "uid": str(metadata.get("uid", "")),
        "from": str(replicas(sighting.object)),
        "generation": str(metadata.get("generation", 0)),
        "replicas": str(wanted),
    }


def outcome(workload: Json) -> str:
    """Return a digest of all that a workload shall be: its number, and whatever else changed."""
    whole = msgspec.json.encode(normal(workload["spec"]), order="deterministic")
    return hashlib.sha256(whole).hexdigest()


def weight(sighting: Sighting, before: int, after: int) -> tuple[Significance, str]:
    """Return how much scaling from *before* to *after* may cost, and why it is more than usual."""
    if after == 0:
        return Significance.CRITICAL, "scaling to zero stops it"
    if after < before and deletes_volumes(sighting):
        return Significance.CRITICAL, "the volumes of the pods that end are deleted with them"
    priority = annotations_of(sighting.object).get("colony/priority", "")
    if priority == "critical" and after * 2 < before:
        return (
            Significance.CRITICAL,
            f"its priority is critical, and it would keep less than half of its pods ({after} of "
            f"{before})",
        )
    if before and after > before * LEAP:
        return Significance.CRITICAL, f"it is more than {LEAP} times the pods that it has"
    return Significance.CAUTION, ""


def undone_by(over: Over, before: int, after: int) -> str:
    """Return why an autoscaler would undo it, "" where none would.

    At zero it rests: it keeps its hands off what is scaled to zero, and off nothing else.
    """
    if not over or not before or not after:
        return ""
    one = over[0]
    return (
        f"the autoscaler {one.name} keeps it between {one.range} and would undo this: change "
        "the autoscaler, or scale to 0, where it rests"
    )


def about(over: Over, before: int) -> list[str]:
    """Return a line on each autoscaler for the form."""
    if over is None:
        return [UNREAD]
    rests = ", once it has a pod" if before == 0 else "; only a scaling to 0 stays"
    return [f"the autoscaler {one.name} keeps it between {one.range}{rests}" for one in over]


def command(sighting: Sighting, wanted: int, context: str) -> str:
    """Return the kubectl command that does the same."""
    words = ["kubectl", *(["--context", context] if context else [])]
    words += ["--namespace", sighting.namespace, "scale"]
    words += [f"{sighting.kind.workload.lower()}/{sighting.name}"]
    words += [f"--current-replicas={replicas(sighting.object)}", f"--replicas={wanted}"]
    return shlex.join(words)


def _touches(sighting: Sighting, around: Surroundings, after: int) -> tuple[str, ...]:
    more = after - replicas(sighting.object)
    known = podcount.ending(sighting, around, after)
    lines = surroundings.touches(sighting, around, [] if more > 0 else known)
    if more > 0:
        return (f"{counted(more)} more", *lines)
    if known == []:
        choice = f"{-more} of its {counted(replicas(sighting.object))}: its controller chooses"
        return (choice, *lines)
    return lines


def _warnings(
    sighting: Sighting, around: Surroundings, over: Over, after: int, *, other: bool
) -> list[str]:
    spec = sighting.object["spec"]
    found = []
    if other:
        found.append("the server would change more than the number: see the changes")
    if over is None:
        found.append(UNREAD)
    for one in over or ():
        if after == 0:
            found.append(f"the autoscaler {one.name} rests while it is at 0")
        else:
            found.append(f"the autoscaler {one.name} then keeps it between {one.range}")
    if spec.get("paused"):
        found.append("it is paused: its pods are scaled as they are, and no rollout goes on")
    elif previewing.rolling(sighting):
        found.append("a rollout is under way: the pods of both revisions are scaled")
    if after == 0:
        given = surroundings.blast(sighting, around, ()).addresses
        if given:
            found.append(f"nothing answers at {', '.join(given)} any more")
    if after > replicas(sighting.object):
        names = sorted(each.metadata.name for each in surroundings.stuck_pods(around))
        if names:
            found.append(f"{names[0]} does not get on already: more pods may not either")
    return found
