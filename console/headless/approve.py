"""`colony approve`: the second person's word, on what they see themselves.

What the first person approved is a digest; the second compares its code with what they were read
out, so the two speak of one thing and of nothing that changed in between.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from adapters.records import ActionState, ActionStatus
from adapters.text import clean
from console.choice import Choice
from console.feed.answers import ActionPage, Simulated
from console.feed.client import Feed, FeedRefused
from console.feed.messages import Interest
from console.headless.act import EXITS, USAGE, finish
from console.headless.acted import as_json, describe, refused_json
from console.headless.following import Follower
from console.headless.session import complain, connected, emit, tell

PATIENCE = 30.0
"""Seconds for the adapters of a station that has just started."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Approve the action and follow it to its end; the exit status is that of `colony act`."""
    follower = Follower(quiet=options.json)

    async def work(feed: Feed) -> int:
        await feed.want([Interest("AdapterStatus"), Interest("ActionStatus")])
        await follower.first(PATIENCE)
        try:
            page: ActionPage = await feed.ask("action.show", ActionPage, id=options.id)
            if page.preview is None:
                return refuse(options, f"{options.id} was never simulated: there is no more to it")
            simulated = Simulated(options.id, page.preview, page.status.digest, page.status.code,
                                  page.source)  # fmt: skip
            if not options.json:
                tell(*describe(simulated), *_so_far(page.status))
            if options.code and _plain(options.code) != _plain(simulated.code):
                return refuse(
                    options,
                    f"nothing was approved: the code of this action is "
                    f"{simulated.code}, and you were told {options.code}",
                )
            confirm = await _word(simulated, options)
            if confirm is None:
                return USAGE
            status = await feed.ask(
                "action.approve", ActionStatus, id=options.id, confirm=confirm,
                digest=options.digest.lower() or simulated.digest, reason=options.reason,
            )  # fmt: skip
        except FeedRefused as error:
            return refuse(options, str(error))
        follower.id = options.id
        if options.no_wait:
            if options.json:
                emit(as_json(status, simulated))
            return 0
        return await finish(feed, follower, simulated, options)

    return connected(choice, work, follower.deliver)


def refuse(options: argparse.Namespace, why: str) -> int:
    """Say *why* nothing was done, and return the exit status for it."""
    complain(why)
    if options.json:
        emit({**refused_json("", why), "id": options.id})
    return EXITS[ActionState.REFUSED]


async def _word(simulated: Simulated, options: argparse.Namespace) -> str | None:
    """Return what the approval says, None if there is none."""
    preview = simulated.preview
    critical = preview.significance == "critical"
    compared = bool(options.code or options.digest)
    if compared and (options.confirm or not critical):
        return options.confirm or "y"
    if options.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        needed = [] if compared else ["--code, as whoever asks reads it out"]
        needed += [f"--confirm {preview.confirm}"] if critical and not options.confirm else []
        complain(f"nothing was approved: needs {' and '.join(needed)}")
        return None
    if not compared and await _typed("the code that you were told: ") != _plain(simulated.code):
        complain("nothing was approved: that is not this action's code")
        return None
    if not critical:
        return "y"
    said = options.confirm or await _line(f"type {preview.confirm} to approve: ")
    if said == preview.confirm:
        return said
    complain("not approved")
    return None


async def _typed(ask: str) -> str:
    return _plain(await _line(ask))


async def _line(ask: str) -> str:
    print(clean(ask), end="", file=sys.stderr, flush=True)
    return str(await asyncio.to_thread(sys.stdin.readline)).strip()


def _plain(code: str) -> str:
    """Return a code as it is compared: people leave the dashes out, and write small letters."""
    return "".join(code.split()).replace("-", "").upper()


def _so_far(status: ActionStatus) -> list[str]:
    return [
        f"  {one.decision} by {one.who}" + (f": {one.reason}" if one.reason else "")
        for one in status.approvals
    ] + [f"  {status.state}, asked for by {status.actor}"]
