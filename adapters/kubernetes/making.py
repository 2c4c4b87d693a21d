"""Makes records of the objects that are known, joined with what belongs to them."""

from __future__ import annotations

from typing import Any

from adapters import records
from adapters.kubernetes import addresses, apps, pods, revisions
from adapters.kubernetes.cache import Name
from adapters.kubernetes.events import event_record
from adapters.kubernetes.joins import NOBODY, AppName
from adapters.kubernetes.objects import Event
from adapters.kubernetes.world import World


class Maker:
    """Makes the records of one moment. What is not known (or not any more) is not made up.

    `pods_known` and `announcers_known` say whether their absence means that there are none.
    """

    def __init__(
        self, world: World, source: str, now: float, *, pods_known: bool, announcers_known: bool
    ) -> None:
        self._world = world
        self._source = source
        self._now = now
        self._pods_known = pods_known
        self._announcers_known = announcers_known

    def make(self, kind: str, name: Any) -> tuple[records.Record, ...]:
        """Return the records of a scope that come of the object called *name*, none if it is gone.

        A name is what `World.dirty` holds for that scope.
        """
        if kind == "addresses":
            return self._addresses(name)
        found: records.Record | None
        if kind == "apps":
            found = self._app(name)
        elif kind == "revisions":
            found = self._revision(*name)
        elif kind == "pods":
            found = self._pod(name)
        else:
            pool = self._world.pools.get(name)
            found = addresses.pool_record(pool, self._source, self._now) if pool else None
        return () if found is None else (found,)

    def event(self, event: Event) -> records.Event:
        """Return the record of an Event."""
        owner = self._world.about(event.involved_object)
        return event_record(event, owner.workload, owner.name, self._source, self._now)

    def _app(self, name: AppName) -> records.App | None:
        world = self._world
        stateful = name.workload == "StatefulSet"
        workload = world.workload(name)
        if workload is None:
            return None
        if stateful:
            revision = world.revisions.get((name.namespace, workload.status.update_revision))
            number = revision.revision if revision is not None else None
        else:
            number = apps.number(workload.metadata.annotation(apps.REVISION))
        found = world.pods_of(name) if self._pods_known else None
        return apps.app_record(workload, name.workload, found, number, self._source, self._now)

    def _revision(self, kind: str, namespace: str, name: str) -> records.Revision | None:
        if kind == "ReplicaSet":
            return self._replicaset((namespace, name))
        return self._controller_revision((namespace, name))

    def _replicaset(self, name: Name) -> records.Revision | None:
        world = self._world
        replicaset = world.replicasets.get(name)
        owner = world.owner(replicaset) if replicaset is not None else NOBODY
        if replicaset is None or owner.workload != "Deployment":
            return None
        deployment = world.deployments.get(owner[1:])
        current = deployment.metadata.annotation(apps.REVISION) if deployment else ""
        return revisions.of_replicaset(
            replicaset, owner.name, apps.number(current), self._source, self._now
        )

    def _controller_revision(self, name: Name) -> records.Revision | None:
        world = self._world
        revision = world.revisions.get(name)
        owner = world.owner(revision) if revision is not None else NOBODY
        if revision is None or owner.workload != "StatefulSet":
            return None
        stateful = world.statefulsets.get(owner[1:])
        ready = None
        if self._pods_known:
            ready = [
                stand.ready == stand.total
                for pod in world.pods_of(owner)
                if pod.metadata.label("controller-revision-hash") == name[1]
                for stand in (pods.standing(pod),)
            ]
        current = stateful.status.update_revision if stateful else ""
        return revisions.of_controller_revision(
            revision, owner.name, current, ready, self._source, self._now
        )

    def _pod(self, name: Name) -> records.Pod | None:
        pod = self._world.pods.get(name)
        if pod is None:
            return None
        owner = self._world.owner(pod)
        hash_ = pod.metadata.label(
            "controller-revision-hash" if owner.workload == "StatefulSet" else "pod-template-hash"
        )
        return pods.pod_record(pod, self._source, self._now, owner.workload, owner.name, hash_)

    def _addresses(self, name: Name) -> tuple[records.Address, ...]:
        world = self._world
        service = world.services.get(name)
        if service is None:
            return ()
        found = addresses.announcers(*world.announcements(name))
        return tuple(
            addresses.address_records(
                service,
                pools=list(world.pools),
                announced_by=found if found or self._announcers_known else None,
                apps=tuple(f"{app.workload}/{app.name}" for app in world.selected(service)),
                complaint=world.complaint(name),
                source=self._source,
                received=self._now,
            )
        )
