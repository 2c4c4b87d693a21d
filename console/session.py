"""What all screens share: the store, the link, and who and where this console is."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from adapters.clock import Clock
from console.bound import USUAL, Bound
from console.link import Attach, Link, LinkState
from console.preferences import Preferences

if TYPE_CHECKING:
    from adapters.records import ActionStatus, App, Key
    from console.feed.glass import Glass
    from console.feed.messages import Interest, Parcel
    from console.remembered import Opener, Remembered
    from console.roles import Role
    from console.rows.context import Context, Me
    from console.stillness import Still
    from console.store import Store
    from console.tour import Tour

ALWAYS = (
    "App", "Address", "Pool", "Chain", "Contract", "Token", "Plant", "Scope", "AdapterStatus",
    "ActionStatus", "LogHead", "Alarm",
)  # fmt: skip
"""Kinds that the header is made of: what is wrong, what waits, how the log stands, what alarms."""

MANY = 5_000
"""Records from which the collector of rubbish leaves those of a snapshot alone."""


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
        preferences: Preferences | None = None,
        remember: Opener | None = None,
        confined: bool = False,
    ) -> None:
        self.confined = confined
        """Whether this is a login over SSH for colony alone: it names no file of this host."""
        self.preferences = preferences or Preferences()
        self._remember = remember
        self.still: Still | None = None
        """Set while the screen stands still."""
        self.bound: Bound = USUAL
        """Which keys things have here; set anew where a person bound some otherwise."""
        self._remembered: tuple[str, Remembered] | None = None
        self.tour: Tour | None = None
        """The tour of a first visit; see `console.screens.touring`."""
        self.link = Link(attach, clock, self._deliver, self._changed)
        self._clock = clock
        self._changed_since = True
        self.came: Callable[[], None] = lambda: None
        """Called when the station was found, and whenever it delivered something."""
        self._settled = 0
        """Records that there were when the collector of rubbish was told to leave them alone."""
        self._colony = colony
        self._read_only = read_only
        self._demo = demo
        self.glasses: tuple[Glass, ...] = ()
        """The glasses that were broken, as the station last told; see `look_for_glass`."""
        self.unwritten: list[str] = []
        """Notes that the station did not take, the newest first."""
        self.reasons: list[str] = []
        """Reasons that were given from here, the newest first."""

    @cached_property
    def store(self) -> Store:
        """What is known of the colony. Made at its first use: the first paint does without."""
        from console.store import Store

        return Store(self._clock)

    @property
    def remembers(self) -> bool:
        """Whether what is remembered outlasts this console."""
        return self._remember is not None

    @property
    def remembered(self) -> Remembered:
        """What the console remembers of this colony; nothing before it is known which that is."""
        from console.remembered import Remembered

        name = self.colony if self.link.welcome is not None else ""
        if self._remembered is None or self._remembered[0] != name:
            if self._remembered is not None:
                self._remembered[1].save()
            known = self._remember is not None and bool(name)
            made = self._remember(name, self.mode == "DEMO") if known and self._remember else None
            self._remembered = name, made or Remembered()
        return self._remembered[1]

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
        if self._read_only or welcome is None or welcome.mode == "READ-ONLY":
            return True
        return not self.may("operator")

    @property
    def refusal(self) -> str:
        """Return why nothing can be done from here, a line for a person; "" where it can."""
        if not self.read_only:
            return ""
        if self._read_only or self.link.welcome is None or self.mode == "READ-ONLY":
            return "read-only: no action can be taken here"
        return "you are a viewer here: what acts needs the operator role"

    @property
    def role(self) -> Role:
        """What the station says that this person may do; nothing where it says something else."""
        from console.roles import Role

        told = self.link.welcome.role if self.link.welcome else ""
        return Role(told) if told in tuple(Role) else Role.VIEWER

    def may(self, role: str) -> bool:
        """Return whether what needs *role* may be asked for from here."""
        from console.roles import Role

        return self.role.may(Role(role))

    @property
    def uid(self) -> int | None:
        """The user's number, None where the station did not say."""
        welcome = self.link.welcome
        return welcome.uid if welcome is not None and welcome.uid >= 0 else None

    @property
    def glass(self) -> Glass | None:
        """This person's broken glass, None while it is whole."""
        held = [one for one in self.glasses if one.uid == self.uid and one.until > self.now()]
        return max(held, key=lambda one: one.until, default=None)

    async def look_for_glass(self) -> None:
        """Ask which glasses are broken; a station that does not say has none."""
        from console.feed.client import FeedError
        from console.feed.glass import Glass

        try:
            found = await self.link.ask("glass.list", tuple[Glass, ...])
        except FeedError:
            found = ()
        if found != self.glasses:
            self.glasses = found
            self._changed_since = True

    @property
    def me(self) -> Me:
        """Who looks, for rows that say what waits for whom."""
        from console.rows.context import Me

        glass = self.glass
        return Me(self.uid, self.role, glass.until if glass is not None else None)

    def now(self) -> float:
        """The colony's time, seconds since the Unix epoch."""
        return self._clock.now()

    def context(self) -> Context:
        """Return what rows are seen in now."""
        from console.rows.context import Context

        return Context(self.store, self.now(), self.me, self.bound)

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
        self._settled = min(self._settled, self.store.size)
        if self.store.size - self._settled > MANY and any(parcel.end for parcel in parcels):
            # They stay: looking for rubbish among 50,000 of them stops the screen for 0.3 s. Not
            # at each snapshot: a page has one, and what it was would stay when it was closed.
            self._settled = self.store.size
            gc.freeze()
        self.came()

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
            self.came()
        elif self.link.state is LinkState.LOST:
            self.store.disconnected()
