"""What a workload's change touches: its pods and their nodes, its addresses, its token."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from adapters.contract import AdapterError
from adapters.kubernetes import addresses, objects
from adapters.kubernetes.client import Client
from adapters.kubernetes.errors import ApiError
from adapters.kubernetes.pods import is_stuck, standing
from adapters.kubernetes.resources import PODS, SERVICES
from adapters.kubernetes.workloads import Sighting, listed, selector_text

NAMED = 8
"""Pods that are named; the rest are counted."""


class Surroundings(NamedTuple):
    """The pods and Services of a workload; None where they may not be read."""

    pods: list[objects.Pod] | None
    services: list[objects.Service] | None


async def look(client: Client, sighting: Sighting) -> Surroundings:
    """Read what is around *sighting*; what may not be read is None."""
    selector = selector_text(sighting.object["spec"].get("selector") or {})
    pods = await _some(client, PODS, sighting.namespace, selector)
    services = await _some(client, SERVICES, sighting.namespace, "")
    return Surroundings(
        None if pods is None else [_converted(each, objects.Pod) for each in pods],
        None if services is None else [_converted(each, objects.Service) for each in services],
    )


async def _some(client: Client, resource: Any, namespace: str, selector: str) -> Any:
    try:
        return await listed(client, resource, namespace, selector)
    except ApiError as error:
        if error.code == 403:
            return None
        raise


def _converted(item: Any, type_: Any) -> Any:
    try:
        return msgspec.convert(item, type_)
    except msgspec.ValidationError as error:
        raise AdapterError(f"an object that cannot be read: {error}") from None


def touches(sighting: Sighting, around: Surroundings, pods: str) -> tuple[str, ...]:
    """Return a line for each thing that the change touches.

    *pods* is the label, KEY=VALUE, of the pods that are already what they shall be.
    """
    found: list[str] = []
    if around.pods is None:
        found.append("pods: not known, they may not be read")
    else:
        replaced = [each for each in around.pods if not _has(each, pods)]
        for pod in sorted(replaced, key=lambda each: each.metadata.name)[:NAMED]:
            node = f" on {pod.spec.node_name}" if pod.spec.node_name else ""
            found.append(f"pod {pod.metadata.name}{node} ({standing(pod).state})")
        if len(replaced) > NAMED:
            found.append(f"and {len(replaced) - NAMED} more pods")
    labels = (sighting.template.get("metadata") or {}).get("labels") or {}
    if around.services is None:
        found.append("addresses: not known, Services may not be read")
    for service in around.services or ():
        if addresses.selects(service.spec.selector, labels):
            found.append(_service(service))
    notes = sighting.object["metadata"].get("annotations") or {}
    for name in ("token", "site"):
        if notes.get(f"colony/{name}"):
            found.append(f"{name} {notes[f'colony/{name}']}")
    return tuple(found)


def _service(service: objects.Service) -> str:
    balancer = service.status.load_balancer
    given = [each.ip or each.hostname for each in (balancer.ingress if balancer else None) or ()]
    ports = ", ".join(f"{each.port}/{each.protocol}" for each in service.spec.ports or ())
    where = f"address {', '.join(given)} of " if any(given) else ""
    return f"{where}Service {service.metadata.name}" + (f" ({ports})" if ports else "")


def _has(pod: objects.Pod, label: str) -> bool:
    name, _, value = label.partition("=")
    return pod.metadata.label(name) == value


def stuck_pods(around: Surroundings, label: str = "") -> list[objects.Pod]:
    """Return the pods that do not get on, of those with *label* (KEY=VALUE) or of all."""
    return [
        each
        for each in around.pods or ()
        if not each.metadata.deletion_timestamp
        and (not label or _has(each, label))
        and is_stuck(standing(each).state)
    ]
