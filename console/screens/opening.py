"""Which page shows a record."""

from __future__ import annotations

from adapters.records import Key
from console.screens.base import ConsoleScreen
from console.session import Session


def page_of(session: Session, key: Key) -> ConsoleScreen:
    """Return the page of the record called *key*; each is imported when it is first opened."""
    match key.kind:
        case "App":
            from console.screens.detail import DetailScreen

            return DetailScreen(session, key)
        case "ActionStatus":
            from console.screens.action import ActionScreen

            return ActionScreen(session, key.name)
        case "Token":
            from console.screens.token import TokenScreen

            return TokenScreen(session, key)
        case "Contract":
            from console.screens.contract import ContractScreen

            return ContractScreen(session, key)
        case "LedgerEntry":
            from console.screens.entry import EntryScreen

            return EntryScreen(session, key)
        case "LogEntry":
            from console.screens.leaf import LeafScreen

            return LeafScreen(session, int(key.name))
        case "Alarm":
            from console.screens.alarm import AlarmScreen

            return AlarmScreen(session, key)
        case "Plant" | "Inverter" | "Battery":
            from console.screens.device import DeviceScreen

            return DeviceScreen(session, key)
    from console.screens.record import RecordScreen

    return RecordScreen(session, key)
