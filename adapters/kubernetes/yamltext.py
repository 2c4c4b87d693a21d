"""One object as YAML, as `kubectl get -o yaml` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.contract import Answer, Refused
from adapters.kubernetes.client import Client
from adapters.kubernetes.resources import (
    BGP,
    DEPLOYMENTS,
    EVENTS,
    L2,
    PODS,
    POOLS,
    REPLICASETS,
    REVISIONS,
    SERVICES,
    STATEFULSETS,
    Resource,
)
from adapters.kubernetes.workloads import read
from adapters.text import clean

TEXT_LIMIT = 256 * 1024
"""Characters of one answer."""
SHOWN: Mapping[str, Resource] = {
    "Deployment": DEPLOYMENTS,
    "StatefulSet": STATEFULSETS,
    "ReplicaSet": REPLICASETS,
    "ControllerRevision": REVISIONS,
    "Pod": PODS,
    "Service": SERVICES,
    "Event": EVENTS,
    "IPAddressPool": POOLS,
    "ServiceL2Status": L2,
    "ServiceBGPStatus": BGP,
}
"""What may be shown. Secrets are not among it: no request for one ever leaves from here."""


async def answer(client: Client, arguments: Mapping[str, str]) -> Answer:
    """Return one object's YAML. `kind` (or `workload`), `namespace` and `name` say which."""
    kind = arguments.get("kind") or arguments.get("workload") or ""
    name = arguments.get("name", "")
    if arguments.get("pod"):
        kind, name = "Pod", arguments["pod"]
    namespace = arguments.get("namespace", "")
    if not (kind and name and namespace):
        raise Refused("yaml: kind, namespace and name say what to show")
    resource = SHOWN.get(kind)
    if resource is None:
        raise Refused(f"yaml: a {clean(kind, 60)} is not shown; these are: {', '.join(SHOWN)}")
    object_ = await read(client, resource, namespace, name)
    if object_ is None:
        raise Refused(f"there is no {kind} {clean(namespace)}/{clean(name)}")
    text = dump(object_)
    return Answer(
        text[:TEXT_LIMIT],
        title=f"{kind} {namespace}/{name}",
        syntax="yaml",
        more=len(text) > TEXT_LIMIT,
    )


def dump(object_: Mapping[str, Any]) -> str:
    """Return *object_* as YAML without its managedFields, in the server's order."""
    import yaml  # 20 ms that only a request for YAML is worth

    shown = dict(object_)
    metadata = dict(shown.get("metadata") or {})
    metadata.pop("managedFields", None)
    shown["metadata"] = metadata
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(
        shown, Dumper=dumper, sort_keys=False, default_flow_style=False, allow_unicode=True
    )
    return text
