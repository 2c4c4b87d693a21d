"""`w`: of which app why is asked, from wherever one is, and the way to its page."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING

from adapters.records import (
    Address,
    Alarm,
    App,
    Battery,
    Health,
    Inverter,
    Key,
    LedgerEntry,
    Plant,
    Pod,
    Pool,
    Token,
)
from console.joins import apps_named, bears_on

if TYPE_CHECKING:
    from adapters.records import AnyRecord
    from console.screens.base import ConsoleScreen
    from console.store import Store

_WELL = (Health.HEALTHY, Health.IDLE)


def open_why(screen: ConsoleScreen) -> None:
    """Open why the app here is down; of several that stand on what is selected, ask which."""
    app = screen.app_here()
    found = [app] if app is not None else concerned(screen.selected_here(), screen.session.store)
    if len(found) > 1:
        from console.screens.why_which import WhichScreen

        screen.app.push_screen(WhichScreen(found), partial(_open, screen))
    elif found:
        _open(screen, found[0].key)
    else:
        screen.say("why is asked of an app: none is selected, and none stands on this")


def _open(screen: ConsoleScreen, key: Key | None) -> None:
    app = screen.session.app(key)
    if app is not None:
        from console.screens.why import WhyScreen

        screen.app.push_screen(WhyScreen(screen.session, app))


def concerned(value: Hashable, store: Store) -> list[App]:
    """Return the apps that stand on the record called *value*: of several those not well, if any.

    Of an address, a pool, a token, an entry of the ledger, a plant and its devices, a pod, an
    alarm on one of those; of nothing else.
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
    if isinstance(record, Alarm):
        return concerned(record.about, store)
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
    if isinstance(record, (Inverter, Battery)):
        plants = [one for one in store.every(Plant)
                  if (one.source, one.name) == (record.source, record.namespace)]  # fmt: skip
        return [app for app in every if any(bears_on(one, app) for one in plants)]
    if isinstance(record, LedgerEntry) and record.app:
        return store.apps_called(record.app)
    if isinstance(record, (Address, LedgerEntry, Plant, Pod)) or apps_named(record):
        return [app for app in every if bears_on(record, app)]
    return []
