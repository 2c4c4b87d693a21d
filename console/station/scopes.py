"""What the hub keeps of one scope: its records, its snapshot in progress, how it stands."""

from __future__ import annotations

from adapters.records import Key, Record, Scope, ScopeState


class ScopeEntry:
    """One scope of one adapter instance. Times as in `Scope`; `monotonic` is when it was heard."""

    __slots__ = (
        "announced",
        "complete",
        "detail",
        "events",
        "heard",
        "interval",
        "kinds",
        "monotonic",
        "name",
        "records",
        "seen",
        "since",
        "source",
        "state",
    )

    def __init__(self, source: str, name: str) -> None:
        self.source = source
        self.name = name
        self.records: dict[Key, Record] = {}
        self.events = 0
        """Event records that it brought and that are kept; rings count them."""
        self.kinds: set[str] = set()
        self.seen: set[Key] | None = None
        """Keys that the snapshot in progress brought; None outside of one."""
        self.state = ScopeState.NEVER
        self.since: float | None = None
        self.heard: float | None = None
        self.monotonic = 0.0
        self.interval = 0.0
        self.detail = ""
        self.announced: Scope | None = None
        self.complete = False
        """Whether it was ever known as a whole."""

    @property
    def key(self) -> tuple[str, str]:
        """What names it in the hub."""
        return self.source, self.name

    @property
    def count(self) -> int:
        """How many records of it there are, states and events."""
        return len(self.records) + self.events

    def record(self, now: float) -> Scope:
        """Return what consoles are told of it."""
        return Scope(
            source=self.source,
            name=self.name,
            at=self.heard,
            received=now,
            state=self.state,
            since=self.since,
            heard=self.heard,
            interval=self.interval,
            detail=self.detail,
            records=self.count,
        )


class Change:
    """What one batch changed in a scope.

    `before` holds what `upserts` replaced and `gone` what was removed: a console that sees one
    app alone needs them to know whether it ever had the record.
    """

    __slots__ = ("before", "events", "gone", "scope", "upserts")

    def __init__(self, scope: ScopeEntry) -> None:
        self.scope = scope
        self.upserts: dict[Key, Record] = {}
        self.before: dict[Key, Record] = {}
        self.gone: dict[Key, Record] = {}
        self.events: list[Record] = []

    def __bool__(self) -> bool:
        return bool(self.upserts or self.gone or self.events)
