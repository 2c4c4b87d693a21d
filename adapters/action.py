"""What an adapter can do: `Action`, and what passes between it and the station.

draft → simulate → prepare → send → reconcile, verify. An adapter's own module imports these from
`adapters.contract`, which has all that an adapter meets.
"""

from __future__ import annotations

import abc
import enum
from collections.abc import AsyncIterator, Mapping
from typing import ClassVar

import msgspec

from adapters.records import Record


class Significance(enum.StrEnum):
    """How much an action may cost; it decides how it is approved."""

    ROUTINE = "routine"
    CAUTION = "caution"
    CRITICAL = "critical"


class Option(msgspec.Struct, frozen=True):
    """One choice of an argument: the value that is sent and what a person reads."""

    value: str
    label: str
    detail: str = ""
    current: bool = False


class Field(msgspec.Struct, frozen=True):
    """One argument in a form. `options` is empty for free text. `default` may be "".

    `error` is what is wrong with the value that was given, `note` how it was understood ("1.5
    ether", "agri"); of a value that is still missing neither is said. Fields with the same `into`
    are the parts of one argument: it is sent as a JSON array of their texts, in their order.
    """

    name: str
    label: str
    help: str = ""
    required: bool = True
    default: str = ""
    options: tuple[Option, ...] = ()
    error: str = ""
    note: str = ""
    into: str = ""


class Form(msgspec.Struct, frozen=True):
    """What to ask a person before an action can be simulated. `notes` are shown above it.

    With `live` it is asked for again, with what was filled in so far, as a person types: each
    answer checks each field, and may have other fields. `reads` says that what is asked for
    changes nothing: there is nothing to simulate or to approve, and `answer` is the real system's
    answer as soon as the arguments are whole, `error` why there is none. `command` is the
    equivalent for another tool, to copy.
    """

    title: str
    fields: tuple[Field, ...] = ()
    notes: tuple[str, ...] = ()
    live: bool = False
    reads: bool = False
    answer: str | None = None
    error: str = ""
    command: str = ""


class Argument(msgspec.Struct, frozen=True):
    """One argument of an action, as `colony actions` lists it. `kind` says what it names."""

    name: str
    help: str
    required: bool = True
    kind: str = "text"


class Draft(msgspec.Struct, frozen=True):
    """An action that was asked for. `intent` is its id, unique in the colony.

    `target` is the record that it is aimed at, as the station last saw it, or None. `approved` is
    what somebody has approved already, where it is simulated once more before a second person
    does: whatever a simulation chooses by itself (who signs, what it may cost) is as it was then.
    """

    intent: str
    action: str
    arguments: Mapping[str, str]
    target: Record | None = None
    actor: str = ""
    approved: Preview | None = None


class Change(msgspec.Struct, frozen=True):
    """One thing that would change: `before` or `after` is None where it is added or removed."""

    path: str
    before: str | None
    after: str | None


class Blast(msgspec.Struct, frozen=True):
    """What an action reaches: the names of the pods, addresses, tokens, sites and apps.

    An adapter fills in what its own system knows, and the station joins the rest. None is "not
    known", an empty tuple is "none". `pods` counts each pod that ends, starts or is replaced.
    """

    pods: tuple[str, ...] | None = None
    addresses: tuple[str, ...] | None = None
    tokens: tuple[str, ...] | None = None
    sites: tuple[str, ...] | None = None
    apps: tuple[str, ...] | None = None


class Preview(msgspec.Struct, frozen=True):
    """What an action would do, as the real system itself says.

    `simulated_by` names how that is known ("server dry run"). `binds` is what people approve: it
    holds all that decides the effect and nothing that the world changes under it (no
    resourceVersion, no nonce). `outcome` is a digest of the result: a different one at send
    voids the approval. `command` is the equivalent for another tool, to copy. `undo` are the
    arguments of the action that would undo this one, empty where there is none. `nothing` is why
    there is nothing to do, "" where there is something. `facts` are what else the simulation told,
    as pairs of a name and a value (gas, fee at most, result). `locked` names the key that has to be
    unlocked (`Adapter.unlock`) before this can be sent. `record` is what a colony that keeps a
    record of its deployments writes down once this is verified; see `Action.recording`.
    `significance` is of this very call, by its arguments, and `because` says why it is more than
    the action's own, "" where it is not. `blast` is what it reaches.
    """

    title: str
    simulated_by: str
    binds: Mapping[str, str]
    outcome: str
    changes: tuple[Change, ...] = ()
    unchanged: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    command: str = ""
    significance: Significance = Significance.CAUTION
    confirm: str = ""
    window: float = 120.0
    undo: Mapping[str, str] = msgspec.field(default_factory=dict)
    nothing: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    locked: str = ""
    record: Mapping[str, str] = msgspec.field(default_factory=dict)
    because: str = ""
    blast: Blast = Blast()


class Envelope(msgspec.Struct, frozen=True):
    """What will be sent, to the byte: the station has it on disk before the first byte leaves.

    `target` says where to (a method and a path), `body` is what. `notes` is what `reconcile` and
    `verify` need to find the effect again after a restart.
    """

    target: str
    body: bytes
    notes: Mapping[str, str] = msgspec.field(default_factory=dict)


class Receipt(msgspec.Struct, frozen=True):
    """The real system's acceptance. `notes` is what `verify` needs beside the envelope's.

    `included` is False where it only took the bytes (a transaction that is in no block yet): the
    station then asks `reconcile` until they are in, and "submitted" never looks like more.
    """

    detail: str
    notes: Mapping[str, str] = msgspec.field(default_factory=dict)
    included: bool = True


class Reached(enum.StrEnum):
    """What an action's effect has come to, as telemetry shows it."""

    WAITING = "waiting"
    FINAL = "final"
    VERIFIED = "verified"
    NOT_VERIFIED = "not verified"


class Progress(msgspec.Struct, frozen=True):
    """One look at the effect of a sent action, with a line on it and a share in 0-1 if known."""

    reached: Reached
    detail: str = ""
    share: float | None = None


class Fate(enum.StrEnum):
    """What became of an envelope that was sent, or whose sending was interrupted.

    PENDING: the real system has the bytes, and they have had no effect yet. FAILED: it took them,
    and for certain they had no effect and never will (a transaction that reverted).
    """

    SENT = "sent"
    PENDING = "pending"
    FAILED = "failed"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


class Reconciled(msgspec.Struct, frozen=True):
    """What the real system says of an envelope. A receipt where it was sent.

    `again` is after how many seconds it is worth asking again where it is pending.
    """

    fate: Fate
    detail: str
    receipt: Receipt | None = None
    again: float = 1.0


class Action(abc.ABC):
    """One thing that an operator can do to a real system.

    The station alone calls these, in the order of the lifecycle. Each raises `Refused` where the
    answer is no, and `AdapterError` where there was none.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    significance: ClassVar[Significance] = Significance.CAUTION
    arguments: ClassVar[tuple[Argument, ...]] = ()
    applies_to: ClassVar[str] = ""
    """The kind of the record that the first argument names, "" where it names none."""
    exclusive: ClassVar[bool] = True
    """Whether its target takes no other action while one is under way."""

    @abc.abstractmethod
    async def form(self, draft: Draft) -> Form:
        """Return what to ask, with choices read from the real system."""

    @abc.abstractmethod
    async def simulate(self, draft: Draft) -> Preview:
        """Return what would change, changing nothing."""

    @abc.abstractmethod
    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        """Check again, simulate again, and return the exact bytes to send.

        Raises `Refused` where the outcome is not the approved one any more.
        """

    @abc.abstractmethod
    async def send(self, envelope: Envelope) -> Receipt:
        """Send the bytes, once. Raises `Refused` where the system said no: nothing changed.

        Any other exception leaves it open whether there was an effect; the station then asks
        `reconcile`.
        """

    @abc.abstractmethod
    async def reconcile(self, envelope: Envelope) -> Reconciled:
        """Find out from the real system what became of *envelope*."""

    @abc.abstractmethod
    def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        """Watch the effect until it is verified or cannot be any more.

        The station ends the wait when the preview's window is over.
        """

    def recording(self, facts: Mapping[str, str]) -> Mapping[str, str] | None:
        """Return the arguments with which this action writes *facts* down, None if it does not.

        *facts* is the `record` of the preview of another action, verified by now, with `actor`,
        `action` and `intent` beside it. Or its `event` is "checkpoint": then it is the root of the
        station's log, in hex, with the log's `size` and `log`, the SHA-256 of its origin; the
        adapter then answers the query `anchors` with what is on its chain of that `log`.
        """
        return None
