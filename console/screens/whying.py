"""`w`: of which app why is asked, from wherever one is, and the way to its page."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from adapters.records import Address, App, Health, Key, LedgerEntry, Plant, Pod, Pool, Token
from console.joins import apps_named, bears_on, plain_name

if TYPE_CHECKING:
    from adapters.records import AnyRecord
    from console.screens.base import ConsoleScreen
    from console.store import Store

NAMED = 3
"""Apps that are named where several stand on one thing."""
_WELL = (Health.HEALTHY, Health.IDLE)


def open_why(screen: ConsoleScreen) -> None:
    """Open why the app here is down; say why not, where there is none or more than one."""
    from console.screens.why import WhyScreen

    app = screen.app_here()
    if app is None:
        found = concerned(screen.selected_here(), screen.session.store)
        if len(found) != 1:
            screen.say(_which(found), "warn" if found else "info")
            return
        app = found[0]
    screen.app.push_screen(WhyScreen(screen.session, app))


def concerned(value: Hashable, store: Store) -> list[App]:
    """Return the apps that stand on the record called *value*: of several those not well, if any.

    Of an address, a pool, a token, an entry of the ledger, a plant, a pod; of nothing else.
    """
    record = store.get(value) if isinstance(value, Key) else None
    if record is None:
        return []
    found = _apps(record, store)
    unwell = [app for app in found if app.health not in _WELL]
    return unwell or found


def _apps(record: AnyRecord, store: Store) -> list[App]:
    every = store.every(App)
    if isinstance(record, App):
        return [record]
    if isinstance(record, Pool):
        waiting = f"pool {record.name}"
        of_source = [one for one in store.every(Address) if one.source == record.source]
        taken = [one for one in of_source
                 if (one.pool == record.name if one.ip else one.requested == waiting)]  # fmt: skip
        # Who waits for an address is who is down for a pool that is full.
        first = [one for one in taken if not one.ip] or taken
        return [app for app in every if any(bears_on(one, app) for one in first)]
    if isinstance(record, Token):
        claiming = store.apps_claiming(record)
        called = store.apps_called(record.app) if record.app else []
        return list({app.key: app for app in (*claiming, *called)}.values())
    if isinstance(record, LedgerEntry) and record.app:
        return store.apps_called(record.app)
    if isinstance(record, (Address, LedgerEntry, Plant, Pod)) or apps_named(record):
        return [app for app in every if bears_on(record, app)]
    return []


def _which(found: list[App]) -> str:
    if not found:
        return "why is asked of an app: none is selected, and none stands on this"
    names = ", ".join(plain_name(app) for app in found[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"{len(found)} apps stand on it: {names}{more}; choose one in Apps"
