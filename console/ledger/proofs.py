"""Merkle proofs: that an entry is in a tree, and that one tree begins another.

RFC 6962 sections 2.1.1 and 2.1.2; checked as RFC 9162 sections 2.1.3.2 and 2.1.4.2 say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.ledger.merkle import EMPTY, fold, node_hash, peaks

Node = Callable[[int, int], bytes]
"""Reads the hash of the complete node at a level and a place."""


class ProofError(Exception):
    """A proof does not show what it is to show: a line that says why."""


def subtree(first: int, size: int, node: Node) -> bytes:
    """Return the root over *size* leaves from *first* on.

    *first* is a multiple of the least power of two that is not less than *size*: then the parts
    are complete nodes.
    """
    return fold([node(level, (first >> level) + place) for level, place in peaks(size)])


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Return the proof that leaf *index* is in the tree of *size* leaves, from the leaf upwards.

    Raises `ValueError` where it is not.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no entry {index}")
    path: list[bytes] = []
    first, count = 0, size
    while count > 1:
        half = _half(count)
        if index - first < half:
            path.append(subtree(first + half, count - half, node))
            count = half
        else:
            path.append(subtree(first, half, node))
            first, count = first + half, count - half
    path.reverse()
    return path


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of *new* leaves begins with that of *old*.

    It is empty where they are equal, and where the old one is. Raises `ValueError` for an old
    one that is larger.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    first, count, whole = 0, new, True
    while old - first != count:
        half = _half(count)
        if old - first <= half:
            path.append(subtree(first + half, count - half, node))
            count = half
        else:
            path.append(subtree(first, half, node))
            first, count, whole = first + half, count - half, False
    if not whole:
        path.append(subtree(first, count, node))
    path.reverse()
    return path


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf hash *leaf* is entry *index* under *root*; raises `ProofError`."""
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} has no entry {index}")
    _whole(leaf, root, *proof)
    place, last, found = index, size - 1, leaf
    for hash in proof:
        if last == 0:
            raise ProofError(f"the proof of entry {index} has hashes too many")
        if place & 1 or place == last:
            found = node_hash(hash, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError(f"the proof of entry {index} lacks hashes")
    if found != root:
        raise ProofError(f"entry {index} is not under this root of {size}")


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of *new* begins with that of *old*; raises `ProofError`."""
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} does not begin with one of {old}")
    _whole(old_root, new_root, *proof)
    if old == new or old == 0:
        if proof:
            raise ProofError(f"the proof from {old} to {new} has hashes too many")
        if (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY):
            raise ProofError(f"the tree of {new} does not begin with that one of {old}")
        return
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise ProofError(f"the proof from {old} to {new} lacks hashes")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for hash in hashes[1:]:
        if last == 0:
            raise ProofError(f"the proof from {old} to {new} has hashes too many")
        if place & 1 or place == last:
            before, after = node_hash(hash, before), node_hash(hash, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, hash)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError(f"the proof from {old} to {new} lacks hashes")
    if before != old_root or after != new_root:
        raise ProofError(f"the tree of {new} does not begin with that one of {old}")


def _whole(*hashes: bytes) -> None:
    """Refuse what is no SHA-256: bytes could move from one hash of a proof into the next."""
    if any(len(hash) != 32 for hash in hashes):
        raise ProofError("a hash has 32 bytes")


def _half(count: int) -> int:
    """Return the largest power of two below *count*, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)
