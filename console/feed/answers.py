"""What answers questions that a console asks; `Reply` carries it.

Apart from the frames: nothing of it is needed where a console attaches.
"""

import msgspec

from adapters.action import Argument, Envelope, Preview
from adapters.links import Changed, Fit, Link
from adapters.records import ActionStatus, App, LogHead


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
