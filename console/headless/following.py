"""Follows an action of a headless command, and its record, to their ends."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.records import ActionState, ActionStatus, StageTime
from console.feed.client import Feed
from console.feed.messages import Parcel
from console.headless.answers import Answers
from console.headless.session import tell
from console.rows import times


class Follower(Answers):
    """Tells the stages of the action `id`, and of the one that records it, as they come."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self.id = ""
        self._quiet = quiet
        self._told: dict[str, int] = {}
        self._progress: dict[str, str] = {}

    def deliver(self, parcels: Sequence[Parcel]) -> None:
        """Take in what came, and tell what is new."""
        super().deliver(parcels)
        if self._quiet or not self.id:
            return
        for status in (self.status(), self.record()):
            if status is not None:
                self._tell(status)

    def status(self) -> ActionStatus | None:
        """Return the action as it was last told."""
        return next((s for s in self.store.every(ActionStatus) if s.name == self.id), None)

    def record(self) -> ActionStatus | None:
        """Return the action that records it, None without one; of several the last."""
        found = [s for s in self.store.every(ActionStatus) if s.records == self.id]
        return max(found, key=lambda status: status.stages[0].at if status.stages else 0.0,
                   default=None)  # fmt: skip

    async def end(self, feed: Feed) -> ActionStatus | None:
        """Wait until the action ended, and its record if there is to be one.

        Return it; None if the station went first.
        """
        while not feed.closed:
            status, record = self.status(), self.record()
            if status is not None and status.state.ended and not status.record_due:
                verified = status.state is ActionState.VERIFIED
                if not verified or record is None or record.state.ended:
                    return status
            await self.next(1)
        return None

    def _tell(self, status: ActionStatus) -> None:
        what = "" if status.name == self.id else f"record {status.name}: "
        begun = self._told.get(status.name, 0)
        for stage in status.stages[begun:]:
            tell(f"{times.utc(stage.at)}  {what}{stage.state:<13} {stage.detail}")
            if stage.state is ActionState.REQUESTED:
                tell(*requested(status, stage))
        if status.progress and status.progress != self._progress.get(status.name):
            tell(f"           {what}… {status.progress}")
        self._told[status.name] = len(status.stages)
        self._progress[status.name] = status.progress


def requested(status: ActionStatus, stage: StageTime) -> list[str]:
    """Return what a person does meanwhile whose action waits for somebody else."""
    until = "" if stage.until is None else f" until {times.utc(stage.until)}"
    return [
        f"           … waits for a second person{until}; read the code {status.code} out to them",
        f"             they approve with: colony approve {status.name} --code {status.code}",
    ]
