"""Verifies an export: offline, unless it is to be held against a chain."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from adapters.records import AdapterStatus
from console.choice import Choice
from console.feed.client import Feed
from console.feed.messages import Interest
from console.headless.answers import Answers
from console.headless.ledger_anchors import Anchor, anchored
from console.headless.session import complain, connected, emit, show
from console.ledger import directory as directories
from console.ledger import keys
from console.ledger.directory import Unreadable
from console.ledger.note import NoteError
from console.ledger.verifying import State, Verdict, verify

UNREADABLE = 66
EXITS = {State.VERIFIED: 0, State.NOT_COMPARED: 30, State.FAILED: 31}
"""Exit status by what a verification came to."""
SHOWN = 20
"""Failures that are printed; the rest is counted."""
STEP = 4_096
"""Entries between two signs of progress."""


def verify_directory(choice: Choice, options: argparse.Namespace) -> int:
    """Verify the export that `options.path` names, and print the verdict."""
    if not options.anchor:
        return _verified(options, [])
    answers = Answers()

    async def work(feed: Feed) -> int:
        await feed.want([Interest("AdapterStatus")])
        await answers.first()
        try:
            origin = directories.latest(options.path).head.origin
        except (Unreadable, NoteError, OSError) as error:
            return unreadable(options, str(error))
        sources = [one.name for one in answers.store.every(AdapterStatus)]
        found, why = await anchored(feed, origin, sources)
        final = [anchor for anchor in found if anchor.final]
        if not final:
            return unreadable(options, why or "what is anchored is not final yet; ask again")
        return _verified(options, final)

    return connected(choice, work, answers.deliver)


def _verified(options: argparse.Namespace, anchors: list[Anchor]) -> int:
    try:
        verdict = verify(
            options.path,
            against=[(str(path), path.read_bytes()) for path in options.against],
            keys=[keys.parse(text) for text in options.key],
            witnesses=[keys.parse(text) for text in options.witness],
            anchors=[(anchor.where, anchor.size, anchor.root) for anchor in anchors],
            progress=_progress(),
        )
    except Unreadable as error:
        return unreadable(options, str(error))
    except OSError as error:
        return unreadable(options, f"{error.filename}: {error.strerror or error}")
    return concluded(options, verdict)


def concluded(options: argparse.Namespace, verdict: Verdict) -> int:
    """Print the verdict, and return the exit status."""
    if options.json:
        emit(as_json(verdict))
    else:
        show(*lines(verdict))
    return EXITS[verdict.state]


def lines(verdict: Verdict) -> list[str]:
    """Return the verdict for a person, the failures last."""
    said = [str(verdict.state.value)]
    if verdict.checkpoint is not None:
        head = verdict.checkpoint
        said[0] += f": {head.size} entries of {head.origin}, root {head.root.hex()}"
    said += [f"  compared with {one}" for one in verdict.compared]
    whence = "given" if verdict.pinned else "the log's own word: not known from elsewhere"
    said += [f"  signed by {key.short} ({whence})" for key in verdict.keys]
    if verdict.proofs:
        said.append(f"  {verdict.proofs} proofs beside it")
    if verdict.retired:
        said.append(f"  of {verdict.retired} entries the content was retired; their hashes hold")
    if verdict.state is State.NOT_COMPARED:
        said += UNCOMPARED
    said += [f"  ✖ {failure}" for failure in verdict.failures[:SHOWN]]
    more = verdict.more + max(0, len(verdict.failures) - SHOWN)
    return said + ([f"  ✖ and {more} more"] if more else [])


UNCOMPARED = [
    "  a log that was cut short or made anew can be consistent too: compare it with a checkpoint",
    "  that was kept (--against), a witness (--witness) or a chain (--anchor)",
]
"""What a person does who has compared nothing."""


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as `--json` prints it."""
    head = verdict.checkpoint
    return {
        "verdict": verdict.state.value,
        "origin": head.origin if head else None,
        "size": head.size if head else None,
        "root": head.root.hex() if head else None,
        "compared": list(verdict.compared),
        "keys": [key.text for key in verdict.keys],
        "pinned": verdict.pinned,
        "retired": verdict.retired,
        "proofs": verdict.proofs,
        "failures": list(verdict.failures),
        "more": verdict.more,
    }


def unreadable(options: argparse.Namespace, why: str) -> int:
    """Say why there is no verdict, and return the exit status."""
    complain(why)
    if options.json:
        emit({**as_json(Verdict(None)), "verdict": "cannot be read", "failures": [why]})
    return UNREADABLE


def _progress() -> Callable[[int, int], None]:
    """Return what shows how far it is, on a terminal."""
    if not sys.stderr.isatty():
        return lambda done, of: None
    shown = 0

    def show_it(done: int, of: int) -> None:
        nonlocal shown
        if done - shown >= STEP or done == of:
            shown = done
            end = "\n" if done == of else ""
            print(f"\r{done} of {of} entries", end=end, file=sys.stderr, flush=True)

    return show_it
