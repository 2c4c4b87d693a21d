"""`colony act`: one action, through the same simulation, approval and log as on the screen.

What only reads is answered at once: there is nothing to simulate, to approve or to log.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys

from adapters.contract import Form, Preview
from adapters.records import ActionState, ActionStatus
from adapters.text import clean
from console.choice import Choice
from console.feed.answers import ActionPage, Simulated
from console.feed.client import Feed, FeedRefused
from console.feed.messages import Interest
from console.headless.acted import answer_json, as_json, describe, lacking, refused_json
from console.headless.following import Follower
from console.headless.secret import NoPassphrase, passphrase
from console.headless.session import UNAVAILABLE, complain, connected, emit, show, tell

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
PATIENCE = 30.0
"""Seconds for the adapters of a colony that has just started: a chain has a history to read."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Take the action and print its stages; the exit status says how it ended."""
    arguments = dict(options.arguments)
    if len(arguments) != len(options.arguments):
        complain("an argument was given twice")
        return USAGE
    follower = Follower(quiet=options.json)

    async def work(feed: Feed) -> int:
        await feed.want([Interest("AdapterStatus"), Interest("ActionStatus")])
        await follower.first(PATIENCE)
        try:
            form: Form = await feed.ask(
                "action.form", Form, action=options.action, arguments=arguments
            )
            if form.reads:
                return _read(form, options)
            simulated: Simulated = await feed.ask(
                "action.simulate", Simulated, action=options.action, arguments=arguments,
                reason=options.reason,
            )  # fmt: skip
        except FeedRefused as error:
            return _refused(str(error), options)
        follower.id = simulated.id
        if not options.json:
            tell(*describe(simulated))
        if options.dry_run or simulated.preview.nothing:
            return await _dry(feed, simulated, options)
        return await _approve(feed, follower, simulated, options)

    return connected(choice, work, follower.deliver)


def _read(form: Form, options: argparse.Namespace) -> int:
    """Print the answer of what only reads."""
    if form.answer is None:
        return _refused(lacking(form), options)
    if options.json:
        emit(answer_json(options.action, form))
    else:
        show(form.answer)
    return 0


def _refused(why: str, options: argparse.Namespace) -> int:
    complain(why)
    if options.json:
        emit(refused_json(options.action, why))
    return EXITS[ActionState.REFUSED]


async def _approve(
    feed: Feed, follower: Follower, simulated: Simulated, options: argparse.Namespace
) -> int:
    """Approve what was simulated, as far as this may, and follow it to its end."""
    confirm = await _approval(simulated.preview, options)
    unlocked = confirm is not None and await _unlock(feed, simulated, options)
    if confirm is None or not unlocked:
        await feed.ask("action.cancel", id=simulated.id)
        return USAGE if confirm is None or unlocked is None else EXITS[ActionState.REFUSED]
    try:
        await feed.ask("action.approve", id=simulated.id, digest=simulated.digest,
                       confirm=confirm, reason=options.reason)  # fmt: skip
    except FeedRefused as error:
        return await _not_approved(feed, simulated, str(error), options)
    return await finish(feed, follower, simulated, options)


async def _not_approved(
    feed: Feed, simulated: Simulated, why: str, options: argparse.Namespace
) -> int:
    """Say *why* the station took no approval; what nobody here can approve waits for nobody."""
    complain(why)
    with contextlib.suppress(FeedRefused):
        await feed.ask("action.cancel", id=simulated.id)
    if options.json:
        page: ActionPage = await feed.ask("action.show", ActionPage, id=simulated.id)
        emit({**as_json(page.status, simulated), "state": "refused", "outcome": why})
    return EXITS[ActionState.REFUSED]


async def finish(
    feed: Feed, follower: Follower, simulated: Simulated, options: argparse.Namespace
) -> int:
    """Follow what was approved to its end, and say how it ended."""
    try:
        status = await follower.end(feed)
    except asyncio.CancelledError:
        complain(f"the action {simulated.id} goes on in the station; `colony status` tells")
        raise
    if status is None:
        complain(f"the station is gone; {simulated.id} is reconciled when it starts again")
        return UNAVAILABLE
    if options.json:
        emit(as_json(status, simulated, follower.record()))
    elif status.state is not ActionState.VERIFIED:
        complain(f"{status.state}: {status.outcome}")
    elif status.progress:
        complain(status.progress)
    return EXITS[status.state]


async def _unlock(feed: Feed, simulated: Simulated, options: argparse.Namespace) -> bool | None:
    """Unlock the key that this needs: False if the station refused, None without a passphrase."""
    key = simulated.preview.locked
    if not key:
        return True
    try:
        secret = await passphrase(key, options.passphrase_fd)
        said = await feed.ask("unlock", str, source=simulated.source, key=key, passphrase=secret)
    except NoPassphrase as error:
        complain(f"nothing was sent: {error}")
        return None
    except FeedRefused as error:
        complain(f"nothing was sent: {error}")
        return False
    if not options.json:
        tell(said)
    return True


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
