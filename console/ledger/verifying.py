"""Verifies an exported log from its directory alone: no configuration, no network.

That shows a log that is one with itself and with its keys. Whether it is the log that there was,
whole, only a comparison shows: with a checkpoint that somebody kept, a witness's cosignature, a
root that is on a chain. Memory does not grow with the log: one bundle and a tile of each level.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from console.ledger import directory as directories
from console.ledger.checkpoint import Checkpoint
from console.ledger.comparing import Held, agree, cosigned, kept_elsewhere
from console.ledger.directory import Kept, Unreadable
from console.ledger.findings import Findings
from console.ledger.keys import VerifierKey
from console.ledger.note import NoteError
from console.ledger.proofs import ProofError
from console.ledger.tiles import TileError, Tiles
from console.ledger.trusting import believed, covered
from console.ledger.walking import Course, Ends, Walk


class State(enum.Enum):
    """What a verification came to."""

    VERIFIED = "verified"
    NOT_COMPARED = "consistent, not compared"
    FAILED = "failed"


class Verdict(NamedTuple):
    """What was found. `checkpoint` is None where the directory's is none.

    `failures` are lines that name an entry or a file and what is wrong with it, `more` counts
    those that are not told. `compared` is what the log agrees with, `keys` the keys by which it is
    believed, `pinned` whether those were known from elsewhere, `retired` how many entries have
    only their hashes left, `proofs` how many proofs beside it hold.
    """

    checkpoint: Checkpoint | None
    failures: tuple[str, ...] = ()
    more: int = 0
    compared: tuple[str, ...] = ()
    keys: tuple[VerifierKey, ...] = ()
    pinned: bool = False
    retired: int = 0
    proofs: int = 0

    @property
    def state(self) -> State:
        """It in a word."""
        if self.failures:
            return State.FAILED
        return State.VERIFIED if self.compared else State.NOT_COMPARED


def verify(
    directory: Path,
    *,
    against: Iterable[tuple[str, bytes]] = (),
    keys: Sequence[VerifierKey] = (),
    witnesses: Sequence[VerifierKey] = (),
    anchors: Iterable[tuple[str, int, bytes]] = (),
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Verdict:
    """Verify the log in *directory*.

    *against* are signed checkpoints as (name, bytes), *anchors* roots as (name, size, root), and
    *witnesses* the keys of those who must have cosigned it. *keys* are the log's, known from
    elsewhere; without them those in the directory are believed. *progress* is told how many
    entries are done, of how many. Raises `Unreadable` where there is no log to verify.
    """
    try:
        return _verify(directory, against, keys, witnesses, anchors, progress)
    except OSError as error:
        raise Unreadable(
            f"{error.filename or directory} cannot be read: {error.strerror}"
        ) from error


def _verify(
    directory: Path,
    against: Iterable[tuple[str, bytes]],
    keys: Sequence[VerifierKey],
    witnesses: Sequence[VerifierKey],
    anchors: Iterable[tuple[str, int, bytes]],
    progress: Callable[[int, int], None],
) -> Verdict:
    findings = Findings()
    try:
        latest = directories.latest(directory)
    except NoteError as error:
        findings.add(str(error))
        return Verdict(None, tuple(findings.lines))
    try:
        own = directories.own_keys(directory)
    except NoteError as error:
        findings.add(str(error))
        own = []
    given = keys or own
    if not given and not findings:
        raise Unreadable(f"{directory} brings no keys; give those of the log")
    head = latest.head
    kept = [*directories.earlier(directory, head, findings), latest]
    held = kept_elsewhere(against, head, [*given, *own], findings)
    held += cosigned(kept, witnesses, findings)
    held += [Held(size, root, by) for by, size, root in anchors]
    sizes = {each.head.size for each in kept} | {each.size for each in held}
    proofs = {proof[2].head.size for proof in directories.proved(directory, Findings())}
    walk = Walk(Tiles(directory, head.size), sizes | proofs)
    ended = _walked(walk, progress, findings)
    course = _course(walk, head, ended, findings)
    _retired(walk, findings)
    for each in kept[:-1]:
        if each.head.size in course.roots and course.roots[each.head.size] != each.head.root:
            findings.add(f"re-made: {each.name} does not have the root of its entries")
    trusted = _trusted(given, own, kept, walk, findings)
    agreed = agree(held, head, course.roots, findings)
    proved = _proved(directory, walk, course, [*trusted, *own, *given], findings)
    retired = sum(count for _, count in walk.missing)
    return Verdict(
        head, tuple(findings.lines), findings.more, tuple(agreed), trusted, bool(keys), retired,
        proved,
    )  # fmt: skip


def _walked(walk: Walk, progress: Callable[[int, int], None], findings: Findings) -> bool:
    """Go through the log; return whether it ended before it should."""
    try:
        walk.go(progress)
    except Ends as error:
        findings.add(str(error))
        return True
    return False


def _course(walk: Walk, head: Checkpoint, ended: bool, findings: Findings) -> Course:
    """Return the tree to believe, and say what does not fit it."""
    entered = walk.entered
    differ = entered is not walk.hashed
    if differ and entered is not None and entered.roots.get(head.size) == head.root:
        # The entries are right: the tile of level 0 was meddled with.
        findings.take(entered.findings)
        return entered
    findings.take(walk.findings)
    findings.take(walk.moved.told())
    findings.take(walk.hashed.findings)
    if not ended and walk.hashed.roots[head.size] != head.root:
        findings.add(
            f"the {head.size} entries do not hash to the checkpoint's root: "
            "changed with their tiles, or re-made"
        )
    return walk.hashed


def _retired(walk: Walk, findings: Findings) -> None:
    """Say which entries are missing without an entry that says they were retired."""
    for first, count in walk.missing:
        reached = first
        for start, length in sorted(walk.retired):
            if start <= reached < start + length:
                reached = start + length
        if reached < first + count:
            findings.add(
                f"dropped: the entries {reached} to {first + count - 1} are missing, and none "
                "says that they were retired"
            )


def _trusted(
    given: Sequence[VerifierKey],
    own: Sequence[VerifierKey],
    kept: Sequence[Kept],
    walk: Walk,
    findings: Findings,
) -> tuple[VerifierKey, ...]:
    """Check every signature that can be; return the keys that vouch for the last checkpoint."""
    origin = kept[-1].head.origin
    brought = [key for new in walk.rotations.values() for key in new]
    for each in kept[:-1]:
        try:
            covered(each.signed, own or [*given, *brought], origin)
        except NoteError as error:
            findings.add(f"{each.name} was changed: {error}")
    signed = [(each.head.size, each.signed) for each in kept]
    try:
        return believed(given, walk.rotations, signed, origin)
    except NoteError as error:
        findings.add(f"{kept[-1].name} is not to be believed: {error}")
        return ()


def _proved(
    directory: Path,
    walk: Walk,
    course: Course,
    keys: Sequence[VerifierKey],
    findings: Findings,
) -> int:
    """Check the proofs that lie beside the log; return how many there are."""
    count = 0
    for name, proof, kept in directories.proved(directory, findings):
        head = kept.head
        try:
            covered(kept.signed, keys, head.origin)
            proof.check(walk.leaf(proof.number))
            if course.roots.get(head.size, head.root) != head.root:
                raise ProofError("its checkpoint is not one of this log")
        except (NoteError, ProofError, TileError) as error:
            findings.add(f"{name} was changed: {error}")
        count += 1
    return count


__all__ = ["State", "Unreadable", "Verdict", "verify"]
