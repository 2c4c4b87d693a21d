"""What the station says of itself: its adapters, the health of what they watch, its actions."""

import enum

import msgspec

from adapters.records.base import Record


class ScopeState(enum.StrEnum):
    """Whether a scope's records can be trusted now."""

    NEVER = "never received"
    LIVE = "live"
    STALE = "stale"
    DENIED = "denied"
    ABSENT = "absent"


class Scope(Record, frozen=True):
    """One thing that an adapter watches or samples, named by `name`, and how that stands.

    `interval` is 0 for a watch, which is as fresh as its last event, bookmark or heartbeat; for a
    sampled scope it is the sampling interval in seconds, and a value is stale past 1.9 of it.
    `since` is when `state` began. `records` counts states, and the events that are kept.
    """

    state: ScopeState = ScopeState.NEVER
    since: float | None = None
    heard: float | None = None
    interval: float = 0.0
    detail: str = ""
    records: int = 0


class AdapterState(enum.StrEnum):
    """The states of a supervised adapter."""

    STARTING = "starting"
    LIVE = "live"
    DEGRADED = "degraded"
    DOWN = "down"
    STOPPED = "stopped"


class AdapterStatus(Record, frozen=True):
    """One adapter instance under supervision; `rate` is in records a second. `brings` are the
    kinds of record that it may bring, empty where it does not say.
    """

    adapter: str = ""
    state: AdapterState = AdapterState.STARTING
    since: float | None = None
    last_record_at: float | None = None
    retry_at: float | None = None
    restarts: int = 0
    rate: float = 0.0
    records: int = 0
    detail: str = ""
    actions: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()


class Stage(enum.StrEnum):
    """The stages of an action, in order."""

    DRAFT = "draft"
    SIMULATED = "simulated"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    INCLUDED = "included"
    FINAL = "final"
    VERIFIED = "verified"


class ActionState(enum.StrEnum):
    """Where an action stands: one of the stages, or how it ended.

    REQUESTED lies between simulated and approved, where the colony's policy asks for a second
    person: who asked has approved it, and nobody else has yet.
    """

    DRAFT = "draft"
    SIMULATED = "simulated"
    REQUESTED = "requested"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    INCLUDED = "included"
    FINAL = "final"
    VERIFIED = "verified"
    NOT_VERIFIED = "not verified"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    UNKNOWN = "unknown"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in _ENDED

    @property
    def in_flight(self) -> bool:
        """Whether it may still have, or get, an effect without a person doing more."""
        return self in _IN_FLIGHT


_ENDED = frozenset(
    {
        ActionState.VERIFIED,
        ActionState.NOT_VERIFIED,
        ActionState.REFUSED,
        ActionState.CANCELLED,
        ActionState.FAILED,
        ActionState.TIMED_OUT,
        ActionState.UNKNOWN,
    }
)
_IN_FLIGHT = frozenset(
    {ActionState.APPROVED, ActionState.SUBMITTED, ActionState.INCLUDED, ActionState.FINAL}
)


class StageTime(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A stage that an action reached, when, and a line on it.

    `until` is when its window ends: by then the next stage is reached, or the action ends. It is
    None where nothing is waited for.
    """

    state: ActionState
    at: float
    detail: str = ""
    until: float | None = None


class Approval(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one person said of an action: `decision` is approved, declined or refused.

    Refused is an approval that the station did not take; `detail` says why. `glass` is whether
    it stands in for the second person's, by a broken glass.
    """

    who: str
    uid: int | None
    decision: str
    at: float
    reason: str = ""
    detail: str = ""
    glass: bool = False


class ActionStatus(Record, frozen=True):
    """One action; `name` is its intent id. `action` is what it does, `target` what it does it to.

    `code` is the first three bytes of the authorisation digest, to compare aloud. `undo` says
    which arguments would undo it, empty while that makes no sense. `records` names the action
    whose verified effect this one writes down, "" for one that a person asked for. `record_due`
    is whether this one is verified and the action that writes it down is still to be begun.

    `needs` is how many people have to approve it, None before it is simulated; `approvals` is what
    they said so far. `leaf` is the index of its last leaf in the log.
    """

    action: str = ""
    title: str = ""
    target: str = ""
    arguments: tuple[tuple[str, str], ...] = ()
    state: ActionState = ActionState.DRAFT
    stages: tuple[StageTime, ...] = ()
    progress: str = ""
    outcome: str = ""
    significance: str = ""
    actor: str = ""
    reason: str = ""
    digest: str = ""
    code: str = ""
    window_ends: float | None = None
    undo: tuple[tuple[str, str], ...] = ()
    undoes: str = ""
    records: str = ""
    record_due: bool = False
    actor_uid: int | None = None
    needs: int | None = None
    approvals: tuple[Approval, ...] = ()
    leaf: int | None = None
