"""What a workload's change touches: its pods and their nodes, its addresses, its token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from adapters.contract import AdapterError, Blast
from adapters.kubernetes import addresses, objects
from adapters.kubernetes.client import Client
from adapters.kubernetes.errors import ApiError
from adapters.kubernetes.history import annotations_of
from adapters.kubernetes.pods import is_stuck, standing
from adapters.kubernetes.resources import PODS, SERVICES
from adapters.kubernetes.workloads import Sighting, listed, selector_text
from adapters.text import clean

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


def without(around: Surroundings, label: str) -> list[objects.Pod] | None:
    """Return the pods that do not bear *label* (KEY=VALUE), by name; None where not known."""
    if around.pods is None:
        return None
    return by_name(each for each in around.pods if not _has(each, label))


def by_name(pods: Iterable[objects.Pod]) -> list[objects.Pod]:
    """Return *pods* in the order of their names."""
    return sorted(pods, key=lambda each: each.metadata.name)


def touches(
    sighting: Sighting, around: Surroundings, pods: Sequence[objects.Pod] | None
) -> tuple[str, ...]:
    """Return a line for each thing that a change of *sighting* touches: *pods*, and the rest."""
    found: list[str] = []
    if pods is None:
        found.append("pods: not known, they may not be read")
    else:
        for pod in pods[:NAMED]:
            node = f" on {pod.spec.node_name}" if pod.spec.node_name else ""
            found.append(f"pod {pod.metadata.name}{node} ({standing(pod).state})")
        if len(pods) > NAMED:
            found.append(f"and {len(pods) - NAMED} more pods")
    if around.services is None:
        found.append("addresses: not known, Services may not be read")
    found += [_service(service) for service in _served_by(sighting, around)]
    notes = annotations_of(sighting.object)
    for name in ("token", "site"):
        if notes.get(f"colony/{name}"):
            found.append(f"{name} {notes[f'colony/{name}']}")
    return tuple(found)


def blast(sighting: Sighting, around: Surroundings, pods: Sequence[str] | None) -> Blast:
    """Return what a change reaches that makes, ends or replaces *pods*."""
    notes = annotations_of(sighting.object)
    given = [address for each in _served_by(sighting, around) for address in _given(each)]
    return Blast(
        pods=None if pods is None else tuple(clean(each) for each in pods),
        addresses=None
        if around.services is None
        else tuple(dict.fromkeys(clean(each) for each in given)),
        tokens=_noted(notes, "colony/token"),
        sites=_noted(notes, "colony/site"),
        apps=(f"{sighting.namespace}/{sighting.name}",),
    )


def _noted(notes: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (clean(notes[name]),) if notes.get(name) else ()


def _served_by(sighting: Sighting, around: Surroundings) -> list[objects.Service]:
    """Return the Services that lead to *sighting*'s pods."""
    labels = (sighting.template.get("metadata") or {}).get("labels") or {}
    services = around.services or ()
    return [each for each in services if addresses.selects(each.spec.selector, labels)]


def _given(service: objects.Service) -> list[str]:
    """Return the addresses that a load balancer gave *service*."""
    balancer = service.status.load_balancer
    found = [each.ip or each.hostname for each in (balancer.ingress if balancer else None) or ()]
    return [each for each in found if each]


def _service(service: objects.Service) -> str:
    given = _given(service)
    ports = ", ".join(f"{each.port}/{each.protocol}" for each in service.spec.ports or ())
    where = f"address {', '.join(given)} of " if given else ""
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
