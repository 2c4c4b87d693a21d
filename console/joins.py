"""What belongs to which app: the joins between records, by name, within one source."""

from __future__ import annotations

from typing import NamedTuple

from adapters.records import ActionStatus, Address, AnyRecord, App, Event, Pod, Record, Revision


class Reference(NamedTuple):
    """An app as people write it: `[SOURCE:]NAMESPACE/[WORKLOAD/]NAME`; "" is what was left out."""

    source: str
    namespace: str
    workload: str
    name: str

    def names(self, app: App) -> bool:
        """Whether *app* answers to this reference."""
        return (
            self.name == app.name
            and self.namespace == app.namespace
            and self.source in ("", app.source)
            and self.workload.lower() in ("", app.workload.lower())
        )


def parse_reference(text: str) -> Reference | None:
    """Read `[SOURCE:]NAMESPACE/[WORKLOAD/]NAME`; None where *text* is nothing of the sort."""
    source, colon, rest = text.strip().rpartition(":")
    parts = (rest if colon else text.strip()).split("/")
    if len(parts) not in (2, 3) or not all(parts):
        return None
    return Reference(source, parts[0], parts[1] if len(parts) == 3 else "", parts[-1])


def apps_named(record: Record) -> tuple[str, ...]:
    """Return the plain names, in the record's namespace, of the apps that *record* bears on."""
    if isinstance(record, (Revision, Pod, Event)):
        return (record.app,) if record.app else ()
    if isinstance(record, Address):
        return tuple({name.rpartition("/")[2]: None for name in record.apps})
    return ()


def bears_on(record: AnyRecord, app: App) -> bool:
    """Whether *record* is of *app*. A record that names no workload is of any that fits by name."""
    if isinstance(record, ActionStatus):
        references = [record.target, *(value for name, value in record.arguments if name == "app")]
        found = (parse_reference(text) for text in references)
        return any(reference is not None and reference.names(app) for reference in found)
    if record.source != app.source or record.namespace != app.namespace:
        return False
    if isinstance(record, Address):
        return app.name in record.apps or f"{app.workload}/{app.name}" in record.apps
    if isinstance(record, (Revision, Pod, Event)):
        return record.app == app.name and record.workload in ("", app.workload)
    return False
