"""The vocabulary: small frozen structs, one module a domain, in each field's own terms."""

from __future__ import annotations

from typing import TypeAlias

from adapters.records.addresses import Address, Announcer, Pool, Port
from adapters.records.apps import App, Event, Pod, Revision, app_key
from adapters.records.base import EventRecord, Health, Key, Quality, Record
from adapters.records.stations import (
    ActionState,
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Scope,
    ScopeState,
    Stage,
    StageTime,
)

AnyRecord: TypeAlias = (
    App | Revision | Pod | Event | Address | Pool | Scope | AdapterStatus | ActionStatus
)
"""Every record that the feed carries; a new kind is added here."""

__all__ = [
    "ActionState",
    "ActionStatus",
    "AdapterState",
    "AdapterStatus",
    "Address",
    "Announcer",
    "AnyRecord",
    "App",
    "Event",
    "EventRecord",
    "Health",
    "Key",
    "Pod",
    "Pool",
    "Port",
    "Quality",
    "Record",
    "Revision",
    "Scope",
    "ScopeState",
    "Stage",
    "StageTime",
    "app_key",
]
