"""The station's log as records: its entries, and how far it is signed, witnessed and anchored."""

import msgspec

from adapters.records.base import EventRecord, Record


class Cosigned(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How far a witness has cosigned the log, and when; `trouble` is why it goes no further.

    `contradicts` is whether that is because it has seen another history of the log.
    """

    witness: str
    size: int | None = None
    at: float | None = None
    trouble: str = ""
    contradicts: bool = False


class Anchored(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A root of the log that is on a chain: the log's size then, the transaction, its block."""

    chain: str
    size: int
    transaction: str
    block: int
    block_hash: str
    at: float


class LogHead(Record, frozen=True):
    """Where the log stands; `name` is its origin, as its checkpoints bear it.

    `size` counts its entries and `root` is the Merkle root over them, in hex. `signed` is the size
    of its last signed checkpoint, `keys` the algorithm and ID of what signs it now (a verifier key
    as a whole is too long for a record; `log.checkpoint` answers with them). `oldest` is the first
    entry whose content is still kept: those before it were retired, and their hashes remain.
    `trouble` is why nothing can be written, `recovered` what was lost when it was last recovered,
    `mismatch` where a chain that it is anchored on contradicts it.
    """

    size: int = 0
    root: str = ""
    signed: int | None = None
    signed_at: float | None = None
    keys: tuple[str, ...] = ()
    witnesses: tuple[Cosigned, ...] = ()
    anchors: tuple[Anchored, ...] = ()
    oldest: int = 0
    trouble: str = ""
    recovered: str = ""
    mismatch: str = ""


class LogEntry(EventRecord, frozen=True):
    """One entry of the log; `name` is its index in decimal, `at` when it was written.

    `event` is what sort of entry it is (stage, approval, note, break-glass, anchored, …), `intent`
    the action that it is of, `state` the stage reached, `text` a line on it for a person.
    """

    index: int = 0
    event: str = ""
    intent: str = ""
    action: str = ""
    target: str = ""
    state: str = ""
    actor: str = ""
    text: str = ""
