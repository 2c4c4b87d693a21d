"""Objects as an API server writes them, small; and what tests need around the adapter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import msgspec

from adapters.kubernetes import objects
from adapters.kubernetes.access import Access, Fixed, Identity
from adapters.kubernetes.client import Client
from tests.clocks import StandingClock

Json = dict[str, Any]
T0 = "2026-11-03T06:00:00Z"
T1 = "2026-11-03T06:05:00Z"
T2 = "2026-11-03T06:10:00Z"
AT0, AT1, AT2 = 1793685600.0, 1793685900.0, 1793686200.0


class FakeClock(StandingClock):
    """A standing clock that begins at the last of the times here."""

    def __init__(self, now: float = AT2) -> None:
        super().__init__(now)


def meta(name: str, namespace: str = "life-support", **more: Any) -> Json:
    return {
        "name": name,
        "namespace": namespace,
        "uid": f"uid-{namespace}-{name}",
        "resourceVersion": "1",
        "creationTimestamp": T0,
        **more,
    }


def owned(kind: str, name: str, namespace: str = "life-support") -> list[Json]:
    return [
        {"kind": kind, "name": name, "uid": f"uid-{namespace}-{name}", "controller": True},
    ]


def template(image: str = "colony/o2-gen:2.3.9", **container: Any) -> Json:
    return {
        "metadata": {"labels": {"app": "o2"}},
        "spec": {"containers": [{"name": "main", "image": image, **container}]},
    }


def deployment(
    name: str = "o2",
    *,
    replicas: int = 3,
    status: Json | None = None,
    revision: int = 12,
    spec: Json | None = None,
    image: str = "colony/o2-gen:2.3.9",
    **metadata: Any,
) -> Json:
    annotations = {"deployment.kubernetes.io/revision": str(revision)}
    annotations |= metadata.pop("annotations", {})
    return {
        "metadata": meta(name, generation=2, annotations=annotations, **metadata),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "o2"}},
            "template": template(image),
            **(spec or {}),
        },
        "status": {
            "observedGeneration": 2,
            "replicas": replicas,
            "updatedReplicas": replicas,
            "readyReplicas": replicas,
            "availableReplicas": replicas,
            "conditions": [
                condition("Available", "True", "MinimumReplicasAvailable", T0),
                condition("Progressing", "True", "NewReplicaSetAvailable", T0, update=T1),
            ],
            **(status or {}),
        },
    }


def condition(
    kind: str, status: str, reason: str = "", at: str = T0, message: str = "", update: str = ""
) -> Json:
    return {
        "type": kind,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": at,
        **({"lastUpdateTime": update} if update else {}),
    }


def replicaset(
    name: str = "o2-aaa", *, owner: str = "o2", revision: int = 11, image: str = "", **more: Any
) -> Json:
    made = template(image or "colony/o2-gen:2.3.9")
    hash_ = name.rpartition("-")[2]
    made["metadata"]["labels"]["pod-template-hash"] = hash_
    annotations = {"deployment.kubernetes.io/revision": str(revision)}
    annotations |= more.pop("annotations", {})
    return {
        "metadata": meta(
            name,
            labels={"app": "o2", "pod-template-hash": hash_},
            annotations=annotations,
            ownerReferences=owned("Deployment", owner),
            **more,
        ),
        "spec": {"replicas": 0, "template": made},
        "status": {"replicas": 0},
    }


def pod(name: str = "o2-aaa-1", owner: str = "o2-aaa", **status: Any) -> Json:
    spec = status.pop("spec", {})
    metadata = status.pop("metadata", {})
    return {
        "metadata": meta(
            name,
            labels={"app": "o2", "pod-template-hash": owner.rpartition("-")[2]},
            ownerReferences=owned("ReplicaSet", owner),
        )
        | metadata,
        "spec": {
            "nodeName": "habitat-1",
            "containers": [{"name": "main", "image": "colony/o2-gen:2.3.9"}],
            **spec,
        },
        "status": {
            "phase": "Running",
            "podIP": "10.1.0.7",
            "conditions": [condition("Ready", "True", at=T1)],
            "containerStatuses": [running()],
            **status,
        },
    }


def running(name: str = "main", restarts: int = 0) -> Json:
    return {
        "name": name,
        "ready": True,
        "started": True,
        "restartCount": restarts,
        "state": {"running": {"startedAt": T1}},
    }


def waiting(reason: str, message: str = "", name: str = "main", restarts: int = 0) -> Json:
    return {
        "name": name,
        "ready": False,
        "restartCount": restarts,
        "state": {"waiting": {"reason": reason, "message": message}},
    }


def ended(code: int = 1, reason: str = "", name: str = "main", **more: Any) -> Json:
    return {
        "name": name,
        "ready": False,
        "restartCount": more.pop("restarts", 0),
        "state": {"terminated": {"exitCode": code, "reason": reason, **more}},
    }


def stuck_pod(name: str = "o2-bbb-1", reason: str = "ImagePullBackOff", **more: Any) -> Json:
    return pod(
        name,
        "o2-bbb",
        phase="Pending",
        conditions=[condition("Ready", "False", "ContainersNotReady", T1, "unready: [main]")],
        containerStatuses=[waiting(reason, "Back-off pulling image")],
        **more,
    )


def service(name: str = "o2", ips: Iterable[str] = ("10.9.0.5",), **more: Any) -> Json:
    return {
        "metadata": meta(name, annotations=more.pop("annotations", {})),
        "spec": {
            "type": "LoadBalancer",
            "selector": {"app": "o2"},
            "ports": [{"port": 80, "protocol": "TCP", "name": "api"}],
            **more,
        },
        "status": {"loadBalancer": {"ingress": [{"ip": ip} for ip in ips]}},
    }


def pool(name: str = "main", ranges: Iterable[str] = ("10.9.0.0/28",), **status: int) -> Json:
    made: Json = {"metadata": meta(name, "metallb-system"), "spec": {"addresses": list(ranges)}}
    if status:
        made["status"] = status
    return made


def typed(item: Json, kind: type[Any] = objects.Workload) -> Any:
    return msgspec.convert(item, kind)


def client_of(answer: Callable[[httpx.Request], Any], server: str = "http://api") -> Client:
    """A client whose network is *answer*."""
    access = Access(server, Fixed(Identity("s3cret-token")), context="tycho")
    return Client(access, transport=httpx.MockTransport(answer))


def as_json(body: Any, code: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(code, content=json.dumps(body).encode(), headers=headers)


def status(code: int, reason: str, message: str = "no") -> httpx.Response:
    return as_json(
        {"kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": message},
        code,
    )
