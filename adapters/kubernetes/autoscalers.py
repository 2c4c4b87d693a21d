"""HorizontalPodAutoscalers: who else decides over a workload's number of pods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from adapters.kubernetes.client import Client
from adapters.kubernetes.errors import ApiError
from adapters.kubernetes.resources import AUTOSCALERS
from adapters.kubernetes.workloads import Sighting, listed
from adapters.text import clean


class Autoscaler(NamedTuple):
    """One autoscaler: its name, and between how many pods it keeps its workload."""

    name: str
    least: int
    most: int | None

    @property
    def range(self) -> str:
        """Between what it keeps a workload: `2 and 5 pods`."""
        most = "an unknown number of" if self.most is None else self.most
        return f"{self.least} and {most} pods"


async def over(client: Client, sighting: Sighting) -> tuple[Autoscaler, ...] | None:
    """Return those that decide over *sighting*; None where that is not known, for want of rights.

    A server that knows no autoscalers has none.
    """
    try:
        items = await listed(client, AUTOSCALERS, sighting.namespace)
    except ApiError as error:
        if error.code == 404:
            return ()
        if error.code == 403:
            return None
        raise
    return of(items, sighting.kind.workload, sighting.name)


def of(items: Sequence[Any], workload: str, name: str) -> tuple[Autoscaler, ...]:
    """Return those of *items* that scale the *workload* (Deployment) called *name*."""
    found = []
    for item in items:
        spec = item.get("spec") or {}
        target = spec.get("scaleTargetRef") or {}
        group = str(target.get("apiVersion", "")).partition("/")[0]
        if (target.get("kind"), target.get("name"), group) != (workload, name, "apps"):
            continue
        least, most = spec.get("minReplicas"), spec.get("maxReplicas")
        found.append(
            Autoscaler(
                clean((item.get("metadata") or {}).get("name", ""), 80),
                least if isinstance(least, int) else 1,
                most if isinstance(most, int) else None,
            )
        )
    return tuple(found)
