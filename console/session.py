"""What all screens share: the store, the link, and who and where this console is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from adapters.clock import Clock
from console.link import Attach, Link, LinkState

if TYPE_CHECKING:
    from adapters.records import ActionStatus, App, Key
    from console.feed.messages import Interest, Parcel
    from console.rows.context import Context
    from console.store import Store

ALWAYS = (
    "App", "Address", "Pool", "Chain", "Contract", "Token", "Plant", "Scope", "AdapterStatus",
    "ActionStatus",
)  # fmt: skip
"""Kinds that the header's count of what is wrong is made of."""


class Session:
    """One console's state beside its screens."""

    def __init__(
        self,
        attach: Attach,
        clock: Clock,
        *,
        colony: str = "",
        read_only: bool = False,
        demo: bool = False,
    ) -> None:
        self.link = Link(attach, clock, self._deliver, self._changed)
        self._clock = clock
        self._changed_since = True
        self._colony = colony
        self._read_only = read_only
        self._demo = demo

    @cached_property
    def store(self) -> Store:
        """What is known of the colony. Made at its first use: the first paint does without."""
        from console.store import Store

        return Store(self._clock)

    @property
    def colony(self) -> str:
        """The colony's name, "" before it is known."""
        return self.link.welcome.colony if self.link.welcome else self._colony

    @property
    def mode(self) -> str:
        """LIVE, READ-ONLY or DEMO; before the station said, DEMO where that was asked for."""
        if self.link.welcome is None:
            return "DEMO" if self._demo else ""
        return self.link.welcome.mode

    @property
    def read_only(self) -> bool:
        """Whether no action may be bound. It is so until a station said that it is not."""
        welcome = self.link.welcome
        return self._read_only or welcome is None or welcome.mode == "READ-ONLY"

    def now(self) -> float:
        """The colony's time, seconds since the Unix epoch."""
        return self._clock.now()

    def context(self) -> Context:
        """Return what rows are seen in now."""
        from console.rows.context import Context

        return Context(self.store, self.now())

    def app(self, key: Key | None) -> App | None:
        """Return the app called *key*, None where there is none (any more)."""
        from adapters.records import App

        record = self.store.get(key) if key is not None else None
        return record if isinstance(record, App) else None

    def action(self, key: Key | None) -> ActionStatus | None:
        """Return the action called *key*, None where there is none."""
        from adapters.records import ActionStatus

        record = self.store.get(key) if key is not None else None
        return record if isinstance(record, ActionStatus) else None

    def in_flight(self) -> list[ActionStatus]:
        """Return the actions that may still get an effect without a person doing more."""
        from adapters.records import ActionStatus

        if self.link.welcome is None:
            return []
        found = self.store.records("ActionStatus").values()
        return [a for a in found if isinstance(a, ActionStatus) and a.state.in_flight]

    async def want(self, more: Sequence[Interest]) -> None:
        """Subscribe to what the header needs and to *more*, and drop the rest."""
        from console.feed.messages import Interest

        interests = (*(Interest(kind) for kind in ALWAYS), *more)
        self.store.keep_only(interests)
        await self.link.want(interests)

    def _deliver(self, parcels: Sequence[Parcel]) -> None:
        self.store.apply(parcels)

    def take_change(self) -> bool:
        """Return whether the link's state or progress changed since the last call."""
        changed, self._changed_since = self._changed_since, False
        return changed

    def _changed(self) -> None:
        self._changed_since = True
        if self.link.state is LinkState.ATTACHED:
            welcome = self.link.welcome
            if welcome is not None and welcome.zero >= 0:
                from console.store import colony_clock

                self._clock = colony_clock(welcome.epoch, welcome.zero)
                self.store.clock = self._clock
            self.store.connected()
        elif self.link.state is LinkState.LOST:
            self.store.disconnected()
