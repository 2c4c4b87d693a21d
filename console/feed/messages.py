"""What crosses the feed: msgpack arrays, tagged by name, one message a frame.

A console says Hello, then Want, Ask, Drop and Bye; a station answers Welcome, then Deliver,
Reply, Part and Farewell.
"""

from typing import Any, TypeAlias

import msgspec

from adapters.contract import Argument, Envelope, Preview
from adapters.links import Changed, Fit, Link
from adapters.records import ActionStatus, AnyRecord, App, Key, LogHead

VERSION = 3
"""The handshake's version: one that differs is refused with a line that says what to do."""


ENDED = "the station has ended"
"""The Farewell of a station that goes: who is just attaching starts the next one."""


class Message(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """One frame's content."""


class Interest(msgspec.Struct, frozen=True, array_like=True):
    """One kind of record, and if `app` is set only what bears on that app of that namespace."""

    kind: str
    namespace: str = ""
    app: str = ""


class Hello(Message, frozen=True):
    """Opens a connection. `attended` is whether a person sits there (a console, not a one-shot).

    `role` is what this connection wants at most, and `person` who is there, as an SSH forced
    command passes them: the station takes from the user's role, and never adds to it. `person`
    names somebody in the log beside the user; who counts as a second person is the user's uid.
    """

    version: int
    attended: bool
    read_only: bool = False
    role: str = ""
    person: str = ""


class Want(Message, frozen=True):
    """Replaces what this console is subscribed to; what is new in it comes as a snapshot."""

    interests: tuple[Interest, ...]


class Ask(Message, frozen=True):
    """A question. `id` is the console's own number; `follow` asks for Parts until dropped."""

    id: int
    topic: str
    arguments: dict[str, Any] = {}
    follow: bool = False

    def __repr__(self) -> str:
        """Leave the values out: a passphrase may be among them."""
        return f"Ask(id={self.id}, topic={self.topic!r}, arguments={list(self.arguments)})"


class Drop(Message, frozen=True):
    """The answer to question `id` is not wanted any more."""

    id: int


class Bye(Message, frozen=True):
    """The console goes. `end` asks a station that nobody else uses to end too."""

    end: bool = False


class Welcome(Message, frozen=True):
    """Answers Hello. `mode` is LIVE, READ-ONLY or DEMO; `role` is viewer, operator or commander.

    `who` is the user, with the person before it where one was passed: "ana (ops)".

    `epoch` and `zero` tell the colony's clock: it read `epoch` when CLOCK_MONOTONIC read `zero`;
    `zero` is negative where the colony's time is the machine's.
    """

    version: int
    colony: str
    mode: str
    who: str
    role: str
    epoch: float
    zero: float
    pid: int
    started_at: float
    digest: str
    production: bool = False
    uid: int = -1


class Parcel(msgspec.Struct, frozen=True, array_like=True):
    """Records of one scope on their way to one console, conflated.

    `begin` and `end` bound a snapshot, as in a batch. `lost` counts event records that this
    console did not keep up with.
    """

    source: str
    scope: str
    upserts: tuple[AnyRecord, ...] = ()
    gone: tuple[Key, ...] = ()
    begin: bool = False
    end: bool = False
    lost: int = 0


class Deliver(Message, frozen=True):
    """Records, at most ten of these a second and console."""

    parcels: tuple[Parcel, ...]


class Reply(Message, frozen=True):
    """The answer to question `id`: `body`, or `error`, a line for a person."""

    id: int
    body: msgspec.Raw = msgspec.Raw(b"\xc0")
    error: str = ""


class Part(Message, frozen=True):
    """A piece of a followed answer; `end` closes it."""

    id: int
    text: str
    end: bool = False


class Farewell(Message, frozen=True):
    """The station ends this connection; `reason` is a line for a person."""

    reason: str


FromConsole: TypeAlias = Hello | Want | Ask | Drop | Bye
FromStation: TypeAlias = Welcome | Deliver | Reply | Part | Farewell


class ActionInfo(msgspec.Struct, frozen=True):
    """One action that can be asked for, and of which adapter instance."""

    name: str
    title: str
    source: str
    significance: str
    applies_to: str
    arguments: tuple[Argument, ...] = ()


class Simulated(msgspec.Struct, frozen=True):
    """A draft that was simulated: the intent's id, what would change, what to approve.

    `source` is the adapter instance that takes the action.
    """

    id: str
    preview: Preview
    digest: str
    code: str
    source: str = ""


class ActionPage(msgspec.Struct, frozen=True):
    """All that the log holds of one action; `preview` and `envelope` once there is one."""

    status: ActionStatus
    preview: Preview | None = None
    envelope: Envelope | None = None
    source: str = ""


class Glass(msgspec.Struct, frozen=True):
    """A broken glass: until when `who` needs no second person, and why. `at` is when it broke."""

    who: str
    uid: int
    reason: str
    at: float
    until: float


class LogLeaf(msgspec.Struct, frozen=True):
    """One entry of the log as it is: `hash` is its leaf hash in hex, `data` its canonical JSON.

    `data` is None where its segment was retired.
    """

    index: int
    hash: str
    at: float
    data: str | None


class LogPage(msgspec.Struct, frozen=True):
    """Entries of the log, the oldest first; `more` says that there are further ones."""

    leaves: tuple[LogLeaf, ...]
    more: bool
    head: LogHead


class LogCheckpoint(msgspec.Struct, frozen=True):
    """A signed checkpoint of the log with its cosignatures, and the keys that it is checked with.

    `note` is the signed note (C2SP tlog-checkpoint). `keys` are the log's verifier keys, all that
    it ever had, the newest last.
    """

    size: int
    note: str
    keys: tuple[str, ...]


class LogProof(msgspec.Struct, frozen=True):
    """That the entry `leaf` is in the log: inclusion hashes in hex, leaf to root, and a checkpoint.

    RFC 6962 section 2.1.1. `state` says how far it is covered: signed, cosigned, anchored.
    """

    leaf: LogLeaf
    hashes: tuple[str, ...]
    checkpoint: LogCheckpoint
    state: tuple[str, ...] = ()


class Why(msgspec.Struct, frozen=True):
    """Why an app is down, as far as can be told at `at`.

    `links` is what it stands on, from the workload down to the ground. `broken` is the place in
    it of the link that broke first, None where none is known to fail, and `explains` are the
    places of those that fail because of it. `since` is when that broke and `known` what tells it;
    None is not known. `changes` are the newest first, with those before it broke, and those from
    any time where that is not known. `actions` are those that fit, the likeliest first.
    """

    app: App
    links: tuple[Link, ...]
    at: float
    broken: int | None = None
    explains: tuple[int, ...] = ()
    since: float | None = None
    known: str = ""
    changes: tuple[Changed, ...] = ()
    actions: tuple[Fit, ...] = ()
