"""The vocabulary: small frozen structs, one module a domain, in each field's own terms."""

from typing import TypeAlias

from adapters.records.addresses import Address, Announcer, Pool, Port
from adapters.records.alarms import Alarm, AlarmChange, AlarmSeverity, AlarmState
from adapters.records.apps import App, Event, Pod, Revision, app_key
from adapters.records.base import EventRecord, Health, Key, Quality, Record
from adapters.records.chain import (
    Account,
    Chain,
    Contract,
    Function,
    LedgerEntry,
    Parameter,
    Reading,
    Token,
    Value,
)
from adapters.records.log import Anchored, Cosigned, LogEntry, LogHead
from adapters.records.solar import Battery, Inverter, InverterState, Light, Plant, String, Trend
from adapters.records.stations import (
    ActionState,
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Approval,
    Scope,
    ScopeState,
    Stage,
    StageTime,
)

AnyRecord: TypeAlias = (
    App
    | Revision
    | Pod
    | Event
    | Address
    | Pool
    | Chain
    | Contract
    | Token
    | LedgerEntry
    | Account
    | Inverter
    | Battery
    | Plant
    | Trend
    | Scope
    | AdapterStatus
    | ActionStatus
    | LogHead
    | LogEntry
    | Alarm
)
"""Every record that the feed carries; a new kind is added here."""

__all__ = [
    "Account",
    "ActionState",
    "ActionStatus",
    "AdapterState",
    "AdapterStatus",
    "Address",
    "Alarm",
    "AlarmChange",
    "AlarmSeverity",
    "AlarmState",
    "Anchored",
    "Announcer",
    "AnyRecord",
    "App",
    "Approval",
    "Battery",
    "Chain",
    "Contract",
    "Cosigned",
    "Event",
    "EventRecord",
    "Function",
    "Health",
    "Inverter",
    "InverterState",
    "Key",
    "LedgerEntry",
    "Light",
    "LogEntry",
    "LogHead",
    "Parameter",
    "Plant",
    "Pod",
    "Pool",
    "Port",
    "Quality",
    "Reading",
    "Record",
    "Revision",
    "Scope",
    "ScopeState",
    "Stage",
    "StageTime",
    "String",
    "Token",
    "Trend",
    "Value",
    "app_key",
]
