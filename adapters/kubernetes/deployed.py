"""What a rollback deploys, as a colony that records its deployments writes it down."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.kubernetes import objects
from adapters.kubernetes.history import Past
from adapters.kubernetes.surroundings import Surroundings
from adapters.kubernetes.workloads import Json, Sighting

_DIGEST = re.compile(r"@(sha256:[0-9a-f]{64})$")


def record(sighting: Sighting, past: Past, around: Surroundings) -> dict[str, str]:
    """Return the app, the revision, the first container's image and the digest of that image.

    The revision is *past*'s: the one whose template comes back. The number that the controller
    then gives it is its own to choose, and one nobody has seen. The digest is "" where no pod of
    *past* that still runs tells one, or where two tell different ones: a tag says nothing.
    """
    containers: Sequence[Json] = (past.template.get("spec") or {}).get("containers") or ({},)
    name, image = (str(containers[0].get(field, "")) for field in ("name", "image"))
    return {
        "app": f"{sighting.namespace}/{sighting.name}",
        "revision": str(past.number),
        "image": image,
        "digest": _digest(image, name, past, around),
    }


def _digest(image: str, container: str, past: Past, around: Surroundings) -> str:
    """Return the digest that *image* is pinned to, else the one that all running pods tell."""
    pinned = _DIGEST.search(image)
    if pinned:
        return pinned[1]
    label, _, value = past.pods.partition("=")
    found = {
        told[1]
        for pod in around.pods or ()
        if value and pod.metadata.label(label) == value
        for told in [_told(pod, container)]
        if told is not None
    }
    return found.pop() if len(found) == 1 else ""


def _told(pod: objects.Pod, container: str) -> re.Match[str] | None:
    """Return what *pod* tells of the image that *container* runs, None where it tells nothing.

    An image ID without a repository is of the configuration, which is not what a registry knows.
    """
    for status in pod.status.container_statuses or ():
        if status.name == container:
            return _DIGEST.search(status.image_id)
    return None
