"""What crosses the feed: msgpack arrays, tagged by name, one message a frame.

A console says Hello, then Want, Ask, Drop and Bye; a station answers Welcome, then Deliver,
Reply, Part and Farewell.
"""

from typing import Any, TypeAlias

import msgspec

from adapters.records import AnyRecord, Key

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
