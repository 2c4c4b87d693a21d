"""`colony ledger export`: the log as a directory of C2SP tlog-tiles that anybody can verify.

A directory that holds the log's earlier state is brought up to date: the earlier checkpoint has to
be one of this log's own, and it is kept beside the new one.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from console.choice import Choice
from console.feed.answers import LogCheckpoint, LogLeaf, LogPage
from console.feed.client import Feed, FeedRefused
from console.headless.ledger_pages import pages
from console.headless.ledger_running import Failed, Held, Walk, signed_by
from console.headless.session import complain, connected, emit, show
from console.ledger import checkpoint, export, keys, note
from console.ledger.checkpoint import Checkpoint
from console.ledger.export import CHECKPOINT, Entry, ExportError
from console.ledger.keys import VerifierKey
from console.ledger.note import NoteError

FAILED, CANNOT = 31, 73


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Write the log into the directory, or bring it up to date."""

    async def work(feed: Feed) -> int:
        try:
            head, before = await _export(feed, options.directory)
        except Failed as error:
            complain(str(error))
            return FAILED
        except FeedRefused:
            raise
        except (ExportError, NoteError) as error:
            complain(str(error))
            return CANNOT
        except OSError as error:
            complain(f"{error.filename or options.directory}: {error.strerror or error}")
            return CANNOT
        if options.json:
            emit({
                "directory": str(options.directory), "origin": head.origin, "size": head.size,
                "root": head.root.hex(), "before": None if before is None else before.size,
            })  # fmt: skip
        else:
            since = "" if before is None else f", {head.size - before.size} of them new"
            show(f"{options.directory}: {head.size} entries of {head.origin}{since}")
        return 0

    return connected(choice, work)


async def _export(feed: Feed, directory: Path) -> tuple[Checkpoint, Checkpoint | None]:
    """Write the log; return its checkpoint, and the one that was there before."""
    said: LogCheckpoint = await feed.ask("log.checkpoint", LogCheckpoint)
    own = [keys.parse(text) for text in said.keys]
    signed = said.note.encode()
    head = signed_by(note.parse(signed), own, "the checkpoint")
    before = _before(directory, head, own)
    held = [] if before is None else [Held(before.size, before.root, str(directory), apart=True)]
    kept = [text async for text in _kept(feed, head)]
    if before is not None:
        kept.append(await asyncio.to_thread((directory / CHECKPOINT).read_bytes))
    entries = _drawn(_entries(feed, Walk(held), head.size), asyncio.get_running_loop())
    await asyncio.to_thread(export.write, directory, entries, signed, own, kept=kept)
    return head, before


def _before(directory: Path, head: Checkpoint, own: list[VerifierKey]) -> Checkpoint | None:
    """Return the checkpoint that *directory* holds, None without one.

    Raises `ExportError` where it is of another log, `Failed` where it is of more than there is.
    """
    try:
        found = note.parse((directory / CHECKPOINT).read_bytes())
        before = checkpoint.parse(found.text)
    except FileNotFoundError:
        return None
    except NoteError as error:
        raise ExportError(f"{directory} holds no log that can be read: {error}") from error
    if before.origin != head.origin:
        raise ExportError(f"{directory} holds another log, {before.origin}; name a new directory")
    if before.size > head.size:
        raise Failed(f"the log has {head.size} entries, and {directory} has {before.size} of it")
    return signed_by(found, own, f"the checkpoint in {directory}")


async def _entries(feed: Feed, walk: Walk, size: int) -> AsyncIterator[list[Entry]]:
    """Yield the first *size* entries, page by page, checked on their way; raises `Failed`."""
    told = sys.stderr.isatty()
    if size:
        async for page in pages(feed, last=size - 1):
            yield _checked(page, walk)
            if told:
                print(f"\r{walk.size} of {size} entries", end="", file=sys.stderr, flush=True)
    if told:
        print(file=sys.stderr)


def _checked(page: LogPage, walk: Walk) -> list[Entry]:
    def one(leaf: LogLeaf) -> Entry:
        walk.take(leaf)
        return bytes.fromhex(leaf.hash), None if leaf.data is None else leaf.data.encode()

    return [one(leaf) for leaf in page.leaves]


def _drawn(entries: AsyncIterator[list[Entry]], loop: asyncio.AbstractEventLoop) -> Iterator[Entry]:
    """Draw what *loop* brings into the thread that writes it."""

    async def following() -> list[Entry] | None:
        return await anext(entries, None)

    while (some := asyncio.run_coroutine_threadsafe(following(), loop).result()) is not None:
        yield from some


async def _kept(feed: Feed, head: Checkpoint) -> AsyncIterator[bytes]:
    """Yield the checkpoints that witnesses cosigned, or that are on a chain."""
    page: LogPage = await feed.ask("log.page", LogPage, count=1)
    sizes = [one.size for one in page.head.witnesses if one.size is not None]
    sizes += [one.size for one in page.head.anchors]
    for size in sorted({size for size in sizes if size < head.size}):
        said: LogCheckpoint = await feed.ask("log.checkpoint", LogCheckpoint, size=size)
        if said.size == size:
            yield said.note.encode()
