"""`colony act`: one action, through the same simulation, approval and log as on the screen."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from adapters.contract import Preview
from adapters.records import ActionState, ActionStatus
from adapters.text import clean
from console.feed.client import Feed, FeedRefused
from console.feed.messages import ActionPage, Interest, Parcel, Simulated
from console.headless.answers import Answers
from console.headless.session import UNAVAILABLE, complain, connected, emit, tell
from console.launch import Choice
from console.rows import times

USAGE = 64
EXITS = {
    ActionState.VERIFIED: 0,
    ActionState.NOT_VERIFIED: 20,
    ActionState.REFUSED: 21,
    ActionState.FAILED: 22,
    ActionState.TIMED_OUT: 23,
    ActionState.UNKNOWN: 24,
    ActionState.CANCELLED: 25,
}
"""Exit status of `colony act` by how the action ended."""


class _Follower(Answers):
    """Follows one action and tells its stages as they come."""

    def __init__(self, quiet: bool) -> None:
        super().__init__()
        self.id = ""
        self._quiet = quiet
        self._told = 0

    def deliver(self, parcels: Sequence[Parcel]) -> None:
        super().deliver(parcels)
        status = self.status()
        if status is not None and not self._quiet:
            for stage in status.stages[self._told :]:
                tell(f"{times.utc(stage.at)}  {stage.state:<13} {stage.detail}")
            self._told = len(status.stages)

    def status(self) -> ActionStatus | None:
        """Return the action as it was last told."""
        return next((s for s in self.store.every(ActionStatus) if s.name == self.id), None)

    async def end(self, feed: Feed) -> ActionStatus | None:
        """Wait until the action ended; None if the station went first."""
        while not feed.closed:
            status = self.status()
            if status is not None and status.state.ended:
                return status
            await self.next(1)
        return None


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Take the action and print its stages; the exit status says how it ended."""
    arguments = dict(options.arguments)
    if len(arguments) != len(options.arguments):
        complain("an argument was given twice")
        return USAGE
    follower = _Follower(quiet=options.json)

    async def work(feed: Feed) -> int:
        await feed.want([Interest("AdapterStatus"), Interest("ActionStatus")])
        await follower.first()
        try:
            simulated: Simulated = await feed.ask(
                "action.simulate",
                Simulated,
                action=options.action,
                arguments=arguments,
                reason=options.reason,
            )
        except FeedRefused as error:
            complain(str(error))
            if options.json:
                emit({"name": options.action, "state": "refused", "detail": str(error),
                      "stages": []})  # fmt: skip
            return EXITS[ActionState.REFUSED]
        follower.id = simulated.id
        if not options.json:
            tell(*describe(simulated))
        if options.dry_run or simulated.preview.nothing:
            return await _dry(feed, simulated, options)
        confirm = await _approval(simulated.preview, options)
        if confirm is None:
            await feed.ask("action.cancel", id=simulated.id)
            return USAGE
        try:
            await feed.ask("action.approve", id=simulated.id, digest=simulated.digest,
                           confirm=confirm, reason=options.reason)  # fmt: skip
        except FeedRefused as error:
            complain(str(error))
            return EXITS[ActionState.REFUSED]
        try:
            status = await follower.end(feed)
        except asyncio.CancelledError:
            complain(f"the action {simulated.id} goes on in the station; `colony status` tells")
            raise
        if status is None:
            complain(f"the station is gone; {simulated.id} is reconciled when it starts again")
            return UNAVAILABLE
        if options.json:
            emit(as_json(status, simulated))
        elif status.state is not ActionState.VERIFIED:
            complain(f"{status.state}: {status.outcome}")
        return EXITS[status.state]

    return connected(choice, work, follower.deliver)


async def _dry(feed: Feed, simulated: Simulated, options: argparse.Namespace) -> int:
    """End after the simulation: the draft is cancelled, so that nothing waits for approval."""
    nothing = simulated.preview.nothing
    if nothing:  # it has ended already
        status = (await feed.ask("action.show", ActionPage, id=simulated.id)).status
        complain(nothing)
    else:
        status = await feed.ask("action.cancel", ActionStatus, id=simulated.id)
    if options.json:
        emit({**as_json(status, simulated), "state": "refused" if nothing else "simulated"})
    return EXITS[ActionState.REFUSED] if nothing else 0


async def _approval(preview: Preview, options: argparse.Namespace) -> str | None:
    """Return what the approval says, None if there is none. `--yes` is enough up to caution."""
    critical = preview.significance == "critical"
    if options.yes and (not critical or options.confirm):
        return options.confirm if critical else "y"
    if options.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        needed = f"--yes --confirm {preview.confirm}" if critical else "--yes"
        complain(f"nothing was sent: this action is {preview.significance} and needs {needed}")
        return None
    ask = f"type {preview.confirm} to approve: " if critical else "approve? y/N: "
    print(clean(ask), end="", file=sys.stderr, flush=True)
    said = str(await asyncio.to_thread(sys.stdin.readline)).strip()
    if said == (preview.confirm if critical else "y"):
        return said
    complain("not approved; nothing was sent")
    return None


def describe(simulated: Simulated) -> list[str]:
    """Return what would change as lines for a person."""
    preview = simulated.preview
    lines = [f"{simulated.id}  {preview.title}", f"simulated by {preview.simulated_by}"]
    for change in preview.changes:
        if change.before is not None:
            lines.append(f"  - {change.path}: {change.before}")
        if change.after is not None:
            lines.append(f"  + {change.path}: {change.after}")
    if preview.unchanged:
        lines.append(f"  the same: {', '.join(preview.unchanged)}")
    lines += [f"  touches {touched}" for touched in preview.touches]
    lines += [f"  ▲ {warning}" for warning in preview.warnings]
    if preview.command:
        lines.append(f"  the same with another tool: {preview.command}")
    lines.append(f"  significance {preview.significance}, code {simulated.code}")
    return lines


def as_json(status: ActionStatus, simulated: Simulated) -> dict[str, Any]:
    """Return an action as the JSON object that `colony act --json` prints."""
    return {
        "id": status.name,
        "name": status.action,
        "target": status.target,
        "arguments": dict(status.arguments),
        "state": str(status.state),
        "outcome": status.outcome,
        "reason": status.reason,
        "actor": status.actor,
        "digest": simulated.digest,
        "code": simulated.code,
        "stages": [
            {
                "stage": str(stage.state),
                "at": times.iso(stage.at, milliseconds=True),
                "detail": stage.detail,
            }
            for stage in status.stages
        ],
        "preview": msgspec.to_builtins(simulated.preview),
    }
