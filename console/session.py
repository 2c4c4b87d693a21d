"""What all screens share: the store, the link, and who and where this console is."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.clock import Clock
from adapters.records import ActionStatus, AdapterStatus, App, Key
from console.feed.messages import ActionInfo, Interest
from console.link import Attach, Link, LinkState
from console.rows.context import Context
from console.store import Store, colony_clock

ALWAYS = ("App", "Address", "Pool", "Scope", "AdapterStatus", "ActionStatus")
"""Kinds that the header's count of what is wrong is made of."""


class Session:
    """One console's state beside its screens."""

    def __init__(
        self, attach: Attach, clock: Clock, *, colony: str = "", read_only: bool = False
    ) -> None:
        self.store = Store(clock)
        self.link = Link(attach, clock, self.store.apply, self._changed)
        self.actions: tuple[ActionInfo, ...] = ()
        self._changed_since = True
        self._colony = colony
        self._read_only = read_only

    @property
    def colony(self) -> str:
        """The colony's name, "" before it is known."""
        return self.link.welcome.colony if self.link.welcome else self._colony

    @property
    def mode(self) -> str:
        """LIVE, READ-ONLY or DEMO; "" before the station said."""
        if self.link.welcome is None:
            return ""
        return self.link.welcome.mode

    @property
    def read_only(self) -> bool:
        """Whether no action may be bound. It is so until a station said that it is not."""
        return self._read_only or self.mode in ("", "READ-ONLY")

    def now(self) -> float:
        """The colony's time, seconds since the Unix epoch."""
        return self.store.clock.now()

    def context(self) -> Context:
        """Return what rows are seen in now."""
        return Context(self.store, self.now())

    def app(self, key: Key | None) -> App | None:
        """Return the app called *key*, None where there is none (any more)."""
        record = self.store.get(key) if key is not None else None
        return record if isinstance(record, App) else None

    def adapters(self) -> list[AdapterStatus]:
        """Return what the station says of its adapters, by name."""
        found = self.store.records("AdapterStatus").values()
        return sorted((a for a in found if isinstance(a, AdapterStatus)), key=lambda a: a.name)

    def in_flight(self) -> list[ActionStatus]:
        """Return the actions that may still get an effect without a person doing more."""
        found = self.store.records("ActionStatus").values()
        return [a for a in found if isinstance(a, ActionStatus) and a.state.in_flight]

    async def want(self, more: Sequence[Interest]) -> None:
        """Subscribe to what the header needs and to *more*, and drop the rest."""
        interests = (*(Interest(kind) for kind in ALWAYS), *more)
        self.store.keep_only(interests)
        await self.link.want(interests)

    def take_change(self) -> bool:
        """Return whether the link's state or progress changed since the last call."""
        changed, self._changed_since = self._changed_since, False
        return changed

    def _changed(self) -> None:
        self._changed_since = True
        if self.link.state is LinkState.ATTACHED:
            welcome = self.link.welcome
            if welcome is not None and welcome.zero >= 0:
                self.store.clock = colony_clock(welcome.epoch, welcome.zero)
            self.store.connected()
        elif self.link.state is LinkState.LOST:
            self.store.disconnected()
