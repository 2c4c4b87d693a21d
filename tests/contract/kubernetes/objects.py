"""The objects that the contract tests create, as an operator would write them."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

PATHS = {
    "Namespace": "/api/v1/namespaces",
    "Service": "/api/v1/namespaces/{}/services",
    "Pod": "/api/v1/namespaces/{}/pods",
    "Event": "/api/v1/namespaces/{}/events",
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets",
    "ReplicaSet": "/apis/apps/v1/namespaces/{}/replicasets",
    "ControllerRevision": "/apis/apps/v1/namespaces/{}/controllerrevisions",
    "HorizontalPodAutoscaler": "/apis/autoscaling/v1/namespaces/{}/horizontalpodautoscalers",
    "IPAddressPool": "/apis/metallb.io/v1beta1/namespaces/{}/ipaddresspools",
    "L2Advertisement": "/apis/metallb.io/v1beta1/namespaces/{}/l2advertisements",
    "ServiceL2Status": "/apis/metallb.io/v1beta1/namespaces/{}/servicel2statuses",
    "ServiceBGPStatus": "/apis/metallb.io/v1beta1/namespaces/{}/servicebgpstatuses",
}
"""Where each kind is listed, in one namespace."""


def collection(kind: str, namespace: str) -> str:
    """Return the path of the objects of *kind* in *namespace*."""
    return PATHS[kind].format(namespace)


def path(thing: Object) -> str:
    """Return the path of an object."""
    meta = thing["metadata"]
    return f"{collection(thing['kind'], meta.get('namespace', ''))}/{meta['name']}"


def namespace(name: str) -> Object:
    """A namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _template(app: str, image: str, env: dict[str, str]) -> Object:
    container: Object = {"name": "main", "image": image}
    if env:
        container["env"] = [{"name": name, "value": value} for name, value in env.items()]
    return {"metadata": {"labels": {"app": app}}, "spec": {"containers": [container]}}


def deployment(
    space: str, name: str, image: str, replicas: int = 2, cause: str = "", **env: str
) -> Object:
    """A Deployment of one container, `main`; *cause* is its change cause."""
    thing: Object = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": space, "labels": {"app": name}},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": _template(name, image, env),
        },
    }
    if cause:
        thing["metadata"]["annotations"] = {"kubernetes.io/change-cause": cause}
    return thing


def autoscaler(space: str, name: str, of: str, least: int, most: int) -> Object:
    """A HorizontalPodAutoscaler of the Deployment *of*."""
    return {
        "apiVersion": "autoscaling/v1",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": space},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": of},
            "minReplicas": least,
            "maxReplicas": most,
        },
    }


def stateful_set(space: str, name: str, image: str, replicas: int = 2, **env: str) -> Object:
    """A StatefulSet of one container, `main`."""
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": space, "labels": {"app": name}},
        "spec": {
            "replicas": replicas,
            "serviceName": name,
            "selector": {"matchLabels": {"app": name}},
            "template": _template(name, image, env),
        },
    }


def service(
    space: str, name: str, *ports: tuple[str, int], app: str = "", kind: str = ""
) -> Object:
    """A Service of type *kind* for the pods of *app*; *ports* are (protocol, port)."""
    spec: Object = {
        "ports": [
            {"name": f"{protocol.lower()}-{port}", "protocol": protocol, "port": port}
            for protocol, port in ports or (("TCP", 80),)
        ]
    }
    if app:
        spec["selector"] = {"app": app}
    if kind:
        spec["type"] = kind
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": space},
        "spec": spec,
    }


METALLB = "metallb-system"
"""Where MetalLB lives, and with it its pools and statuses."""


def _metallb(kind: str, name: str, spec: Object) -> Object:
    return {
        "apiVersion": "metallb.io/v1beta1",
        "kind": kind,
        "metadata": {"name": name, "namespace": METALLB},
        "spec": spec,
    }


def pool(name: str, *ranges: str) -> Object:
    """An IPAddressPool that only gives to those who ask for it."""
    return _metallb("IPAddressPool", name, {"addresses": list(ranges), "autoAssign": False})


def l2_advertisement(name: str) -> Object:
    """The L2Advertisement of the pool *name*, over eth0."""
    return _metallb("L2Advertisement", name, {"ipAddressPools": [name], "interfaces": ["eth0"]})
