"""What every adapter meets: `Adapter`, `Action` and what passes between them and the station.

An adapter talks to one kind of real system. It yields batches of records, answers queries and
offers actions; it knows nothing of a screen. The station runs it: a `records()` that raises or
ends is called again, after a backoff, and disturbs no other adapter.
"""

import abc
import enum
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from adapters.action import (
    Action,
    Argument,
    Blast,
    Change,
    Draft,
    Envelope,
    Fate,
    Field,
    Form,
    Option,
    Preview,
    Progress,
    Reached,
    Receipt,
    Reconciled,
    Significance,
)
from adapters.clock import Clock, SystemClock
from adapters.following import follow_by_asking
from adapters.links import Changed, Fit, Link, Standing, World
from adapters.records import AnyRecord, App, Key, Record, ScopeState


class AdapterError(Exception):
    """A failure that an operator can read: one line that names the thing and says what to do."""


class ConfigurationError(AdapterError):
    """A setting is missing or wrong. `field` names it as it is written in the configuration."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


class Refused(AdapterError):
    """An action cannot be taken as asked: the argument, the target or the real system says no."""


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Records of one scope, in the order in which they became true.

    `scope` names what was listed or watched; it is the unit of freshness. `begin` opens a
    snapshot and `end` closes it: what the scope held before and the snapshot did not bring is
    gone. `gone` are tombstones. `state` says whether the scope can be trusted from now on; a
    batch with nothing else in it is a heartbeat. An adapter that knows its scopes before they
    answer says so first, with state NEVER: until they have, it is starting. `interval` is 0 for
    a watch, else the sampling interval in seconds. `unheard` says that nobody answered, and that
    the adapter made the records itself: they make nothing that is known any newer.
    """

    scope: str
    upserts: tuple[Record, ...] = ()
    gone: tuple[Key, ...] = ()
    begin: bool = False
    end: bool = False
    state: ScopeState = ScopeState.LIVE
    interval: float = 0.0
    detail: str = ""
    unheard: bool = False


class Context(msgspec.Struct, frozen=True):
    """What the station lends an adapter: its colony's name, a clock, where secrets are kept.

    `colony` and `who` go into field managers and user agents. `secrets` is a directory with one
    file a secret, or None. `seed` makes jitter repeatable.
    """

    colony: str = "colony"
    clock: Clock = SystemClock()
    secrets: Path | None = None
    seed: int | None = None


class Found(enum.StrEnum):
    """How a check of `colony doctor` went."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


class Finding(msgspec.Struct, frozen=True):
    """One check: what was looked at, what was found, and what to do about it."""

    check: str
    found: Found
    detail: str = ""
    advice: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The answer to a query: a text (logs, YAML) or rows. `more` says that it was cut."""

    text: str = ""
    title: str = ""
    syntax: str = ""
    more: bool = False


class Adapter(abc.ABC):
    """One instance of an adapter: a name, its settings, and a connection to one real system."""

    Settings: ClassVar[type[msgspec.Struct]]
    """A frozen msgspec struct with `forbid_unknown_fields`; the docstring explains each field."""
    title: ClassVar[str] = ""
    brings: ClassVar[tuple[str, ...]] = ()
    """The kinds of record that it may bring; empty where it does not say: any."""

    def __init__(self, name: str, settings: Any, context: Context) -> None:
        self.name = name
        self.settings = settings
        self.context = context

    @abc.abstractmethod
    def records(self) -> AsyncIterator[Batch]:
        """Yield what there is and what changes, until cancelled."""

    async def query(self, topic: str, arguments: Mapping[str, str]) -> Answer:
        """Answer a question about one thing: `logs`, `yaml`. Raises `Refused` if it cannot."""
        raise Refused(f"{self.name}: no {topic} here")

    def follow(self, topic: str, arguments: Mapping[str, str]) -> AsyncIterator[str]:
        """Yield the answer to a query and then what is added to it, until cancelled.

        As it stands it asks `query` every two seconds and yields what is new at the end; an
        adapter whose system can stream does better. Raises as `query` does.
        """
        return follow_by_asking(self.query, topic, arguments, self.context.clock)

    def actions(self) -> Sequence[Action]:
        """Return what can be done."""
        return ()

    async def links(self, app: App, world: World) -> Sequence[Link]:
        """Return what *app*, which may be of another adapter, stands on here; see `Link`.

        What raises, or takes longer than a few seconds, is one link of which nothing is known.
        """
        return ()

    async def unlock(self, key: str, passphrase: str) -> str:
        """Open the signing key called *key* and keep it in memory; return a line on it.

        Raises `Refused` where the passphrase is wrong or there is no such key. The passphrase is
        kept nowhere and is in no error.
        """
        raise Refused(f"{self.name}: no key is called {key!r}")

    async def diagnose(self) -> Sequence[Finding]:
        """Check configuration, reach, rights and clock skew."""
        return ()

    async def close(self) -> None:  # noqa: B027  (nothing to let go of is the common case)
        """Let go of connections. Called once, after `records` ended."""


__all__ = [
    "Action",
    "Adapter",
    "AdapterError",
    "Answer",
    "AnyRecord",
    "Argument",
    "Batch",
    "Blast",
    "Change",
    "Changed",
    "ConfigurationError",
    "Context",
    "Draft",
    "Envelope",
    "Fate",
    "Field",
    "Finding",
    "Fit",
    "Form",
    "Found",
    "Link",
    "Option",
    "Preview",
    "Progress",
    "Reached",
    "Receipt",
    "Reconciled",
    "Refused",
    "Significance",
    "Standing",
    "World",
]
