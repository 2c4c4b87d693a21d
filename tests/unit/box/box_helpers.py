"""What the tests of the box make, and how they look at it."""

from __future__ import annotations

from typing import Any

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.controllers.deployments import REVISION
from fixtures.kubernetes.kinds import (
    CONTROLLER_REVISION,
    DEPLOYMENT,
    EVENT,
    NAMESPACE,
    POD,
    REPLICA_SET,
    SERVICE,
    STATEFUL_SET,
    Kind,
    Object,
)

SPACE = "bay"


def namespace(cluster: Cluster, name: str = SPACE) -> None:
    """Make a namespace."""
    cluster.api.create(NAMESPACE, "", {"metadata": {"name": name}}, "tester")


def template(name: str, image: str, **env: str) -> Object:
    """A pod template of one container."""
    container: Object = {"name": "main", "image": image}
    if env:
        container["env"] = [{"name": key, "value": value} for key, value in env.items()]
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}


def workload(name: str, image: str, replicas: int = 3, **spec: Any) -> Object:
    """A Deployment's or StatefulSet's metadata and spec."""
    return {
        "metadata": {"name": name, "namespace": SPACE},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": template(name, image),
            **spec,
        },
    }


def deploy(cluster: Cluster, name: str, image: str, replicas: int = 3, **spec: Any) -> None:
    """Make a Deployment."""
    cluster.api.create(DEPLOYMENT, SPACE, workload(name, image, replicas, **spec), "tester")


def stateful(cluster: Cluster, name: str, image: str, replicas: int = 2, **spec: Any) -> None:
    """Make a StatefulSet."""
    value = workload(name, image, replicas, serviceName=name, **spec)
    cluster.api.create(STATEFUL_SET, SPACE, value, "tester")


def service(name: str, pool: str = "", port: int = 5000, **notes: str) -> Object:
    """A Service that asks for an address, of *pool* if one is named."""
    if pool:
        notes["metallb.io/address-pool"] = pool
    return {
        "metadata": {"name": name, "namespace": SPACE, "annotations": notes},
        "spec": {
            "type": "LoadBalancer",
            "selector": {"app": name},
            "ports": [{"name": "main", "port": port, "protocol": "UDP"}],
        },
    }


def set_image(cluster: Cluster, name: str, image: str, kind: Kind = DEPLOYMENT) -> None:
    """Give a workload another image."""

    def change(value: Object) -> None:
        value["spec"]["template"]["spec"]["containers"][0]["image"] = image

    cluster.api.update(kind, SPACE, name, change, "tester")


def change_spec(cluster: Cluster, name: str, kind: Kind = DEPLOYMENT, **fields: Any) -> None:
    """Change fields of a workload's spec; None takes one out."""

    def change(value: Object) -> None:
        for field, part in fields.items():
            if part is None:
                value["spec"].pop(field, None)
            else:
                value["spec"][field] = part

    cluster.api.update(kind, SPACE, name, change, "tester")


def status(cluster: Cluster, name: str, kind: Kind = DEPLOYMENT) -> Object:
    """A workload's status."""
    found: Object = cluster.api.find(kind, SPACE, name).object["status"]
    return found


def condition(cluster: Cluster, name: str, wanted: str) -> tuple[str, str]:
    """The status and the reason of a Deployment's condition."""
    for row in status(cluster, name)["conditions"]:
        if row["type"] == wanted:
            return row["status"], row["reason"]
    raise AssertionError(f"{name} has no condition {wanted}")


def sets(cluster: Cluster) -> dict[int, Object]:
    """The ReplicaSets by revision."""
    found = (item.object for item in cluster.store.items(REPLICA_SET, SPACE))
    return {int(value["metadata"]["annotations"][REVISION]): value for value in found}


def pods(cluster: Cluster) -> list[Object]:
    """The pods."""
    return [item.object for item in cluster.store.items(POD, SPACE)]


def states(cluster: Cluster) -> list[str]:
    """What each pod's container does: a waiting reason, or the state's name."""
    found = []
    for pod in pods(cluster):
        for row in pod["status"].get("containerStatuses", ()):
            ((name, state),) = row["state"].items()
            found.append(state.get("reason", name))
    return sorted(found)


def events(cluster: Cluster, reason: str = "") -> list[Object]:
    """The events of the namespace, of one reason or of all."""
    found = (item.object for item in cluster.store.items(EVENT, SPACE))
    return [value for value in found if reason in ("", value["reason"])]


def revisions(cluster: Cluster) -> list[int]:
    """The numbers of the ControllerRevisions."""
    found = cluster.store.items(CONTROLLER_REVISION, SPACE)
    return sorted(item.object["revision"] for item in found)


def address(cluster: Cluster, name: str) -> str:
    """A Service's address, "" while it has none."""
    balancer = cluster.api.find(SERVICE, SPACE, name).object["status"]["loadBalancer"]
    return str((balancer.get("ingress") or [{}])[0].get("ip", ""))
