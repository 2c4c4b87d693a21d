"""Alarms as ISA-18.2 has them: what the station watches over, and what people did about it."""

import enum

import msgspec

from adapters.records.base import Key, Record


class AlarmSeverity(enum.StrEnum):
    """How soon somebody has to do something: now, soon, or when there is time."""

    CRITICAL = "critical"
    WARNING = "warning"
    ADVISORY = "advisory"


class AlarmState(enum.StrEnum):
    """Where an alarm stands; one that is normal again, and was seen, has no record.

    CLEARED is one whose cause is gone before anybody acknowledged it: it stays until somebody
    does. SHELVED is put aside until a time, whatever its cause does meanwhile.
    """

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared unseen"
    SHELVED = "shelved"

    @property
    def calls(self) -> bool:
        """Whether somebody is still to look at it."""
        return self in (AlarmState.UNACKNOWLEDGED, AlarmState.CLEARED)


class AlarmChange(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing that happened to an alarm: raised, returned, acknowledged, shelved, unshelved.

    `who` is "" for what happened by itself, `text` the value or the reason.
    """

    at: float
    what: str
    who: str = ""
    text: str = ""


class Alarm(Record, frozen=True):
    """One alarm; `name` is RULE:SOURCE:NAMESPACE/NAME, as people acknowledge it by.

    `rule` names what watches, `thing` what it watches over as a person reads it, `about` that
    thing's record, None where it is none. `value` is what was measured last and `limit` what it
    should not be, both with their units. `since` is when it was raised last, `times` how often
    that was, `returned` when its cause went. `quality` is "" while the value can be trusted, else
    why it cannot. `follows` counts alarms that are not raised because this one explains them.
    `history` holds the last changes, the oldest first.
    """

    rule: str = ""
    thing: str = ""
    about: Key | None = None
    severity: AlarmSeverity = AlarmSeverity.WARNING
    value: str = ""
    limit: str = ""
    state: AlarmState = AlarmState.UNACKNOWLEDGED
    since: float | None = None
    returned: float | None = None
    acked_by: str = ""
    acked_at: float | None = None
    shelved_by: str = ""
    shelved_until: float | None = None
    shelved_reason: str = ""
    times: int = 1
    quality: str = ""
    follows: int = 0
    history: tuple[AlarmChange, ...] = ()
