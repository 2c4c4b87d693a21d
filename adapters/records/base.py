"""What every record has: where it came from, its name there, and the two times."""

import enum
from typing import ClassVar, NamedTuple

import msgspec


class Key(NamedTuple):
    """Names one record: adapter instance, kind, namespace and name."""

    source: str
    kind: str
    namespace: str
    name: str


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False, kw_only=True, tag=True):
    """A state record: keyed, latest wins.

    `at` is the source's own time and `received` the station's, both seconds since the Unix epoch;
    `at` is None where the source gave none.
    """

    EVENT: ClassVar[bool] = False

    source: str = ""
    namespace: str = ""
    name: str = ""
    uid: str = ""
    at: float | None = None
    received: float = 0.0

    @property
    def kind(self) -> str:
        """The record's kind: its class's name."""
        return type(self).__name__

    @property
    def key(self) -> Key:
        """What the latest of is kept."""
        return Key(self.source, type(self).__name__, self.namespace, self.name)


class EventRecord(Record, frozen=True):
    """An event record: never conflated, numbered by the station per source and kind.

    A jump in `seq` is a gap: it is counted and shown.
    """

    EVENT: ClassVar[bool] = True

    seq: int = 0


class Quality(enum.StrEnum):
    """How far a value can be trusted; as mission control words it."""

    FRESH = "fresh"
    STALE = "stale"
    NEVER = "never received"
    INVALID = "invalid"
    DARK = "expected dark"


class Health(enum.StrEnum):
    """What is known of an app's or an adapter's state."""

    HEALTHY = "healthy"
    PROGRESSING = "progressing"
    DEGRADED = "degraded"
    FAILED = "failed"
    IDLE = "idle"
    UNKNOWN = "unknown"
