"""`colony ledger verify` without a directory: the running station's own log, entry by entry.

Every entry is fetched and hashed anew; what the station says of itself is the checkpoint that it
signed, and what it is held against comes from elsewhere: a checkpoint that was kept, a witness'
cosignature by a key that the operator gives, a root that is on the chain.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from adapters.records import AdapterStatus, LogHead
from console.feed.answers import LogCheckpoint, LogLeaf
from console.feed.client import Feed
from console.headless.answers import Answers
from console.headless.ledger_anchors import anchored
from console.headless.ledger_pages import pages
from console.ledger import checkpoint, keys, note
from console.ledger.checkpoint import Checkpoint
from console.ledger.keys import VerifierKey
from console.ledger.merkle import Tree, leaf_hash
from console.ledger.note import Note, NoteError
from console.ledger.trusting import covered
from console.ledger.verifying import Verdict


class Failed(Exception):
    """The log is not what it should be: a line for a person."""


class Held(NamedTuple):
    """A root that the log is held against: of how many entries, and who says so.

    `apart` is whether it comes from elsewhere than the station itself.
    """

    size: int
    root: bytes
    by: str
    apart: bool


class Walk:
    """Goes through the log once and compares its root at each size that somebody vouches for."""

    def __init__(self, held: list[Held]) -> None:
        self._tree = Tree()
        self._held: dict[int, list[Held]] = defaultdict(list)
        self.retired = 0
        """Entries whose content is gone: their hashes are taken as they are."""
        for each in held:
            self._held[each.size].append(each)
        self._compare()

    @property
    def size(self) -> int:
        """How many entries it has been through."""
        return self._tree.size

    def take(self, leaf: LogLeaf) -> None:
        """Take the next entry; raises `Failed`."""
        if leaf.index != self._tree.size:
            raise Failed(f"entry {self._tree.size} is missing: after it comes {leaf.index}")
        try:
            digest = bytes.fromhex(leaf.hash)
        except ValueError:
            digest = b""
        if len(digest) != 32:
            raise Failed(f"entry {leaf.index} has no hash")
        if leaf.data is None:
            self.retired += 1
        elif leaf_hash(leaf.data.encode("utf-8", "surrogatepass")) != digest:
            raise Failed(f"entry {leaf.index} was changed: it does not hash to what is kept of it")
        self._tree.append(digest)
        self._compare()

    def _compare(self) -> None:
        for each in self._held.get(self._tree.size, ()):
            if each.root != self._tree.root():
                raise Failed(f"the first {each.size} entries are not those that {each.by} has")


def signed_by(note: Note, given: list[VerifierKey], what: str) -> Checkpoint:
    """Return the checkpoint of *note*, which *given* signed as it has to be; raises `Failed`."""
    try:
        found = checkpoint.parse(note.text)
        covered(note, given, found.origin)
    except NoteError as error:
        raise Failed(f"{what}: {error}") from error
    return found


async def verify(feed: Feed, answers: Answers, options: argparse.Namespace) -> Verdict:
    """Verify the log of the station behind *feed*; raises `Failed`, `NoteError` and `OSError`."""
    said: LogCheckpoint = await feed.ask("log.checkpoint", LogCheckpoint)
    own = [keys.parse(text) for text in options.key or said.keys]
    latest = signed_by(note.parse(said.note.encode()), own, "the checkpoint")
    held = [Held(latest.size, latest.root, "its own checkpoint", apart=False)]
    held += [_kept(path, own, latest) for path in options.against]
    held += await _cosigned(feed, answers, options, own)
    if options.anchor:
        held += await _on_chain(feed, answers, latest.origin)
    for each in held:
        if each.size > latest.size:
            raise Failed(f"the log has {latest.size} entries, and {each.by} has {each.size} of it")
    walk = Walk(held)
    if latest.size:
        async for page in pages(feed):
            for leaf in page.leaves[: latest.size - walk.size]:
                walk.take(leaf)
            if walk.size == latest.size:
                break
    if walk.size != latest.size:
        raise Failed(f"the checkpoint is over {latest.size} entries, and {walk.size} are there")
    compared = [f"{each.by} at {each.size}" for each in held if each.apart]
    return Verdict(
        latest, compared=tuple(compared), keys=tuple(own), pinned=bool(options.key),
        retired=walk.retired,
    )  # fmt: skip


def _kept(path: Path, own: list[VerifierKey], latest: Checkpoint) -> Held:
    try:
        found = signed_by(note.parse(path.read_bytes()), own, str(path))
    except NoteError as error:
        raise NoteError(f"{path}: {error}") from error
    if found.origin != latest.origin:
        raise Failed(f"{path} is of another log: {found.origin}")
    return Held(found.size, found.root, str(path), apart=True)


async def _cosigned(
    feed: Feed, answers: Answers, options: argparse.Namespace, own: list[VerifierKey]
) -> list[Held]:
    """Return what each given witness cosigned last; raises `Failed` where one has not."""
    given = [keys.parse(text) for text in options.witness]
    if not given:
        return []
    head = next(iter(answers.store.every(LogHead)), None)
    sizes = sorted({w.size for w in head.witnesses if w.size is not None} if head else ())
    held = []
    for key in given:
        for size in reversed(sizes):
            said: LogCheckpoint = await feed.ask("log.checkpoint", LogCheckpoint, size=size)
            cosigned = note.parse(said.note.encode())
            if checkpoint.signers(cosigned, [key]):
                found = signed_by(cosigned, own, f"what {key.name} cosigned")
                held.append(Held(found.size, found.root, f"the witness {key.name}", apart=True))
                break
        else:
            raise Failed(f"the witness {key.name} ({key.short}) has cosigned nothing of this log")
    return held


async def _on_chain(feed: Feed, answers: Answers, origin: str) -> list[Held]:
    """Return the roots that the colony's chains have; raises `NoteError` where there is none."""
    sources = [one.name for one in answers.store.every(AdapterStatus)]
    found, why = await anchored(feed, origin, sources)
    if not found:
        raise NoteError(f"nothing to compare with on a chain: {why}")
    return [Held(one.size, one.root, one.where, apart=one.final) for one in found]


__all__ = ["Failed", "Held", "Walk", "verify"]
