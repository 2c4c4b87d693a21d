"""RFC 6962 hashing (the same as RFC 9162's): an append-only Merkle tree, its nodes and its root.

A node is named by level and index: level 0 are the leaves, and node i of level n is the root of
leaves i·2ⁿ to (i+1)·2ⁿ - 1. Only complete nodes are kept; they never change once made, so a log
of n leaves has fewer than n of them above the leaves, and every root and proof of every earlier
size can be had from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

EMPTY: Final = sha256(b"").digest()
"""The root of a tree without leaves."""


class Node(NamedTuple):
    """A complete node above the leaves."""

    level: int
    place: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf with the content *data*: 32 bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others: 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[tuple[int, int]]:
    """Return level and index of the complete nodes that cover *size* leaves, the largest first."""
    found = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over peaks, the largest first."""
    if not hashes:
        return EMPTY
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def root_at(size: int, node: Callable[[int, int], bytes]) -> bytes:
    """Return the root of the first *size* leaves; *node* reads the hash at a level and index."""
    return fold([node(level, index) for level, index in peaks(size)])


class Tree:
    """The right edge of a tree: all that is needed to append to it and to know its root."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Go on from *size* leaves whose `peaks` have *hashes*."""
        if len(hashes) != size.bit_count():
            raise ValueError(f"a tree of {size} has {size.bit_count()} peaks, not {len(hashes)}")
        self.size = size
        self._peaks = list(hashes)

    def append(self, leaf: bytes) -> list[Node]:
        """Append the leaf hash *leaf*; return the nodes above the leaves that it completes."""
        made = []
        index, level = self.size, 0
        while index & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            index >>= 1
            level += 1
            made.append(Node(level, index, leaf))
        self._peaks.append(leaf)
        self.size += 1
        return made

    def root(self) -> bytes:
        """Return the root now: 32 bytes."""
        return fold(self._peaks)

    def copy(self) -> Tree:
        """Return a tree that goes on from here by itself."""
        return Tree(self.size, self._peaks)
