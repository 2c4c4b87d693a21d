"""One action from its draft to its end, as the station holds it in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.contract import Draft, Envelope, Preview, Receipt
from adapters.records import ActionState, ActionStatus, Approval, Key, Record, StageTime
from adapters.text import clean
from console.station import lifecycle
from console.station.digest import code

if TYPE_CHECKING:
    from console.station.anchors import Signed

REASON_LIMIT = 1000
"""Characters kept of a reason."""
DETAIL_LIMIT = 1000
"""Characters kept of a stage's detail and of a progress line."""
REFUSED_LIMIT = 50
"""Refused approvals of one action that are kept at hand, the last ones."""

_UNDOABLE = frozenset({ActionState.VERIFIED, ActionState.NOT_VERIFIED, ActionState.TIMED_OUT})


@dataclass
class Intent:
    """What was asked for, and all that came of it so far.

    `target` is the reference that people read and `key` the target record's key, None where the
    action has no target. Times are seconds since the Unix epoch, in the colony's time.
    """

    id: str
    action: str
    title: str
    source: str
    arguments: dict[str, str]
    target: str
    key: Key | None
    target_uid: str
    actor: str
    created: float
    uid: int | None = None
    reason: str = ""
    undoes: str = ""
    records: str = ""
    """The action whose verified effect this one writes down."""
    anchors: Signed | None = None
    """The signed head of the log that this one puts onto a chain; only while it is drafted."""
    exclusive: bool = True
    """Whether its target takes no other action while this one is under way."""
    record: Record | None = None
    stages: list[StageTime] = field(default_factory=list)
    preview: Preview | None = None
    digest: str = ""
    needs: int | None = None
    """How many people have to approve it; None before it is simulated."""
    approvals: list[Approval] = field(default_factory=list)
    """What people said of it, approvals that were refused among it."""
    leaf: int | None = None
    """The index of its last leaf."""
    approval_reason: str = ""
    envelope: Envelope | None = None
    receipt: Receipt | None = None
    window_ends: float | None = None
    progress: str = ""
    deciding: bool = False
    """An approval is on its way to the disk: a second one is refused."""
    ending: bool = False
    """Its end is on its way to the disk: nobody approves it any more."""
    sealed: bool = False
    """The envelope is on its way to the disk: it is too late to cancel."""
    cancelled_by: str = ""
    """Who asked to cancel it before it was sent."""
    record_due: bool = False
    """It was verified, and its record is still to be begun."""

    @property
    def state(self) -> ActionState | None:
        """The last stage; None before the draft is on the disk."""
        return self.stages[-1].state if self.stages else None

    @property
    def was_sent(self) -> bool:
        """Whether the real system accepted it."""
        return any(stage.state in lifecycle.SENT for stage in self.stages)

    @property
    def busy(self) -> bool:
        """Whether it may still have, or get, an effect: its target takes no other action."""
        state = self.state
        return self.deciding or (state is not None and state.in_flight)

    @property
    def to_be_recorded(self) -> bool:
        """Whether a colony that keeps a record of its deployments writes this one down."""
        return bool(self.preview and self.preview.record) and not self.records

    def at(self, state: ActionState) -> float | None:
        """Return when it was first in *state*, None where it never was."""
        return next((stage.at for stage in self.stages if stage.state is state), None)

    def draft(self) -> Draft:
        """Return what the action is asked."""
        return Draft(self.id, self.action, self.arguments, self.record, self.actor, self.preview)

    def step(self, state: ActionState, at: float, detail: str) -> StageTime:
        """Go on to *state*; raises `WrongStep`."""
        lifecycle.step(self.state, state)
        stage = StageTime(state, at, line(detail), self.until(state, at))
        self.stages.append(stage)
        return stage

    def hear(self, said: Approval) -> None:
        """Take in what somebody said of it; of what was refused, the log has all."""
        self.approvals.append(said)
        refused = [each for each in self.approvals if each.decision == "refused"]
        if len(refused) > REFUSED_LIMIT:
            self.approvals.remove(refused[0])

    def until(self, state: ActionState, at: float) -> float | None:
        """Return when the window of *state*, reached at the time *at*, ends; None without one."""
        if state in (ActionState.INCLUDED, ActionState.FINAL):
            return self.window_ends
        window = lifecycle.WINDOWS.get(state)
        return None if window is None else at + window

    @property
    def voices(self) -> list[Approval]:
        """The approvals that count."""
        return [each for each in self.approvals if each.decision == "approved"]

    @property
    def asked_by(self) -> frozenset[int | None]:
        """The uids whose word it has already: who asked for it, and who approved it."""
        return frozenset({self.uid, *(each.uid for each in self.voices)})

    def undo(self) -> tuple[tuple[str, str], ...]:
        """Return the arguments that would undo it, none while it is under way or was not sent."""
        if self.preview is None or self.state not in _UNDOABLE or not self.was_sent:
            return ()
        return tuple(self.preview.undo.items())

    def status(self, at: float) -> ActionStatus:
        """Return it as a record of the time *at*."""
        state = self.state or ActionState.DRAFT
        return ActionStatus(
            source="station",
            name=self.id,
            at=at,
            received=at,
            action=self.action,
            title=line(self.preview.title if self.preview else self.title),
            target=self.target,
            arguments=tuple(self.arguments.items()),
            state=state,
            stages=tuple(self.stages),
            progress=self.progress,
            outcome=self.stages[-1].detail if self.stages and state.ended else "",
            significance=self.preview.significance.value if self.preview else "",
            actor=self.actor,
            reason=self.reason or self.approval_reason,
            digest=self.digest,
            code=code(self.digest),
            window_ends=self.window_ends,
            undo=self.undo(),
            undoes=self.undoes,
            records=self.records,
            record_due=self.record_due,
            actor_uid=self.uid,
            needs=self.needs,
            approvals=tuple(self.approvals),
            leaf=self.leaf,
        )


def line(text: str) -> str:
    """Return *text* as one harmless line of bounded length."""
    return clean(" ".join(text.split()) if "\n" in text else text, DETAIL_LIMIT)
