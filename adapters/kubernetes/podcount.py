"""How many pods a workload has, and which of them another number makes or ends."""

from __future__ import annotations

from adapters.kubernetes import objects
from adapters.kubernetes.surroundings import Surroundings, by_name
from adapters.kubernetes.workloads import Json, Sighting

_OVER = frozenset({"Succeeded", "Failed"})


def replicas(workload: Json) -> int:
    """Return how many pods are asked for; one where it does not say."""
    found = workload["spec"].get("replicas")
    return 1 if found is None else int(found)


def ready(workload: Json) -> int:
    """Return how many are ready, as its controller counted them last."""
    return int((workload.get("status") or {}).get("readyReplicas") or 0)


def counted(number: int) -> str:
    """Return a number of pods: `1 pod`."""
    return f"{number} pod" if number == 1 else f"{number} pods"


def ending(sighting: Sighting, around: Surroundings, after: int) -> list[objects.Pod] | None:
    """Return the pods that end at *after* pods, as far as it is known which; None if it is not.

    A Deployment's controller chooses by what it sees then: where it keeps some, there are none.
    """
    if around.pods is None:
        return None
    pods = by_name(each for each in around.pods if each.status.phase not in _OVER)
    if after == 0:
        return pods
    if sighting.kind.workload != "StatefulSet":
        return []
    return [each for each in pods if (ordinal(each.metadata.name) or 0) >= first(sighting) + after]


def names(sighting: Sighting, around: Surroundings, after: int) -> tuple[str, ...] | None:
    """Return each pod that ends or starts, those without a name yet by number; None if unknown."""
    before, name = replicas(sighting.object), sighting.name
    if after > before:
        if sighting.kind.workload == "StatefulSet":
            start = first(sighting)
            return tuple(f"{name}-{start + at}" for at in range(before, after))
        return tuple(f"new pod {at} of {name}" for at in range(1, after - before + 1))
    known = ending(sighting, around, after)
    if known is None or known or sighting.kind.workload == "StatefulSet" or after == 0:
        return None if known is None else tuple(each.metadata.name for each in known)
    return tuple(f"ending pod {at} of {name}" for at in range(1, before - after + 1))


def first(sighting: Sighting) -> int:
    """Return the number of a StatefulSet's first pod."""
    return int((sighting.object["spec"].get("ordinals") or {}).get("start") or 0)


def ordinal(name: str) -> int | None:
    """Return the number at the end of a StatefulSet's pod's name, None where there is none."""
    digits = name.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def deletes_volumes(sighting: Sighting) -> bool:
    """Whether the volumes of pods that are scaled away go with them (a StatefulSet may say so)."""
    spec = sighting.object["spec"]
    policy = spec.get("persistentVolumeClaimRetentionPolicy") or {}
    return bool(spec.get("volumeClaimTemplates")) and policy.get("whenScaled") == "Delete"
