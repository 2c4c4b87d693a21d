"""Who may bring records of a kind: only their silence says why there are none."""

from __future__ import annotations

from adapters.records import AdapterState, AdapterStatus, Scope
from console.rows.context import Context

SPEAKS = (AdapterState.LIVE, AdapterState.DEGRADED)
"""The states in which an adapter's scopes say how far it is heard."""


def of(kind: str, context: Context) -> list[AdapterStatus]:
    """Return the adapters that may bring records of *kind*: what does not say may bring any."""
    every = context.store.every(AdapterStatus)
    return [one for one in every if not one.brings or kind in one.brings]


def scopes(kind: str, context: Context) -> list[Scope]:
    """Return what may bring records of *kind*: of each adapter the scope named after it, or all.

    Where no adapter is known yet, each scope may.
    """
    adapters = context.store.every(AdapterStatus)
    names = {one.name for one in of(kind, context)}
    found = [one for one in context.store.watched() if not adapters or one.source in names]
    called = (kind.lower(), f"{kind.lower()}s", f"{kind.lower()}es")
    named = {one.source for one in found if one.name in called}
    return [one for one in found if one.name in called or one.source not in named]


def silence(adapter: AdapterStatus) -> str:
    """Return what to say of one that brings nothing: "kubernetes main is down: refused"."""
    said = f": {adapter.detail}" if adapter.detail else ""
    return f"{adapter.adapter} {adapter.name} is {adapter.state}{said}"
