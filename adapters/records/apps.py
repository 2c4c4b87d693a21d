"""Apps and what they are made of, in Kubernetes' terms; a Swarm service or a container fits too."""

from adapters.records.base import EventRecord, Health, Key, Record


def app_key(source: str, namespace: str, workload: str, name: str) -> Key:
    """Return the key of an app: a Deployment and a StatefulSet of one name are two apps.

    A name alone is a Deployment's, as people write it.
    """
    return Key(source, "App", namespace, name if workload == "Deployment" else f"{workload}/{name}")


class App(Record, frozen=True):
    """One workload: a Deployment, a StatefulSet, a Swarm service, a Podman container.

    Counts are None where the source did not say. `revision` is the orchestrator's own number.
    `since` is when `health` became what it is, `reason` a line that says why it is not healthy.
    `token` is a CAIP-19 asset name. `managed_by` names a controller that would undo a change.
    """

    workload: str = "Deployment"
    desired: int | None = None
    ready: int | None = None
    updated: int | None = None
    available: int | None = None
    images: tuple[str, ...] = ()
    version: str = ""
    revision: int | None = None
    health: Health = Health.UNKNOWN
    reason: str = ""
    since: float | None = None
    created: float | None = None
    paused: bool = False
    generation: int = 0
    observed_generation: int = 0
    restarts: int | None = None
    token: str = ""
    site: str = ""
    priority: str = ""
    managed_by: str = ""
    actions: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What the latest of is kept."""
        return app_key(self.source, self.namespace, self.workload, self.name)


class Revision(Record, frozen=True):
    """One revision of an app: a ReplicaSet, a ControllerRevision.

    `app` and `workload` name the app it belongs to; `template` is its pod-template hash.
    """

    app: str = ""
    workload: str = "Deployment"
    number: int = 0
    images: tuple[str, ...] = ()
    change_cause: str = ""
    created: float | None = None
    replicas: int | None = None
    ready: int | None = None
    template: str = ""
    current: bool = False


class Pod(Record, frozen=True):
    """One pod. `state` is what kubectl's STATUS column says: Running, ImagePullBackOff, …"""

    app: str = ""
    workload: str = ""
    state: str = "Unknown"
    message: str = ""
    containers: tuple[str, ...] = ()
    ready: int = 0
    total: int = 0
    restarts: int = 0
    node: str = ""
    ip: str = ""
    images: tuple[str, ...] = ()
    revision: str = ""
    created: float | None = None


class Event(EventRecord, frozen=True):
    """A Kubernetes Event: what a component said of an object.

    `first` and `last` bound the `count` occurrences; `app` is the app it bears on, if one does.
    """

    severity: str = "Normal"
    reason: str = ""
    message: str = ""
    object_kind: str = ""
    object_name: str = ""
    app: str = ""
    workload: str = ""
    count: int = 1
    first: float | None = None
    last: float | None = None
    reporter: str = ""

    @property
    def happened(self) -> float:
        """When it last happened; when it came, where nobody says."""
        for moment in (self.last, self.at, self.first):
            if moment is not None:
                return moment
        return self.received
