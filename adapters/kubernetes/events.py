"""Events: what Kubernetes' components say of objects."""

from __future__ import annotations

from adapters import records
from adapters.kubernetes import objects
from adapters.kubernetes.times import epoch, latest


def event_record(
    event: objects.Event, workload: str, app: str, source: str, received: float
) -> records.Event:
    """Return *event* as a record that bears on the app (`workload`, `app`), if on one."""
    meta = event.metadata
    first = epoch(event.first_timestamp) or epoch(event.event_time) or meta.created
    last = last_seen(event)
    about = event.involved_object
    return records.Event(
        source=source,
        namespace=about.namespace or meta.namespace,
        name=meta.name,
        uid=meta.uid,
        at=last,
        received=received,
        severity=event.type or "Normal",
        reason=event.reason,
        message=event.message,
        object_kind=about.kind,
        object_name=about.name,
        app=app,
        workload=workload,
        count=occurrences(event),
        first=first,
        last=last,
        reporter=event.reporting_component or (event.source.component if event.source else ""),
    )


def last_seen(event: objects.Event) -> float | None:
    """Return when *event* last occurred, in whichever of its two forms says so."""
    return latest(
        epoch(event.last_timestamp),
        epoch(event.series.last_observed_time) if event.series else None,
        epoch(event.event_time),
    ) or (epoch(event.first_timestamp) or event.metadata.created)


def occurrences(event: objects.Event) -> int:
    """Return how often *event* occurred."""
    return max(1, event.count or 0, event.series.count if event.series else 0)
