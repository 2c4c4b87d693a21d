"""Proofs against RFC 6962 written down as it defines them, over trees of every shape."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ledger.merkle import EMPTY, leaf_hash
from console.ledger.proofs import (
    ProofError,
    consistency,
    inclusion,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(0, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(size)]


def mth(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, over leaf hashes."""
    if not hashes:
        return EMPTY
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, hashes: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1."""
    n = len(hashes)
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return [*path(m, hashes[:k]), mth(hashes[k:])]
    return [*path(m - k, hashes[k:]), mth(hashes[:k])]


def subproof(m: int, hashes: list[bytes], whole: bool) -> list[bytes]:
    """RFC 6962 section 2.1.2."""
    n = len(hashes)
    if m == n:
        return [] if whole else [mth(hashes)]
    k = split(n)
    if m <= k:
        return [*subproof(m, hashes[:k], whole), mth(hashes[k:])]
    return [*subproof(m - k, hashes[k:], False), mth(hashes[:k])]


class Nodes:
    """The complete nodes over some leaves; reading one that is not complete is an error."""

    def __init__(self, hashes: list[bytes]) -> None:
        self.hashes = hashes

    def __call__(self, level: int, place: int) -> bytes:
        part = self.hashes[place << level : (place + 1) << level]
        assert len(part) == 1 << level
        return mth(part)


@given(SIZES.filter(bool), st.data())
def test_inclusion_is_as_the_rfc_defines_it(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    all_ = leaves(size)
    proof = inclusion(index, size, Nodes(all_))
    assert proof == path(index, all_)
    verify_inclusion(all_[index], index, size, proof, mth(all_))


@given(SIZES, st.data())
def test_consistency_is_as_the_rfc_defines_it(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    all_ = leaves(new)
    proof = consistency(old, new, Nodes(all_))
    assert proof == (subproof(old, all_, True) if 0 < old < new else [])
    verify_consistency(old, mth(all_[:old]), new, mth(all_), proof)


@given(SIZES.filter(bool), st.data())
def test_no_other_inclusion_is_shown(size: int, data: st.DataObject) -> None:
    index, other = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    all_ = leaves(size)
    root, proof = mth(all_), inclusion(index, size, Nodes(all_))
    wrong = [
        (all_[index], index, size, [*proof, root], root),
        (all_[index], index, size, proof, sha256(root).digest()),
        (sha256(all_[index]).digest(), index, size, proof, root),
        (all_[index], size, size, proof, root),
        (all_[index], -1, size, proof, root),
    ]
    if proof:
        wrong.append((all_[index], index, size, proof[:-1], root))
        wrong.append((all_[index], index, size, proof[1:], root))
        wrong.append((all_[index], index, size, [*proof[:-1], EMPTY], root))
    if other != index:
        wrong.append((all_[index], other, size, proof, root))
    for each in wrong:
        with pytest.raises(ProofError):
            verify_inclusion(*each)


@given(SIZES.filter(lambda size: size > 1), st.data())
def test_no_other_consistency_is_shown(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    all_ = leaves(new)
    before, after = mth(all_[:old]), mth(all_)
    proof = consistency(old, new, Nodes(all_))
    no = sha256(b"another").digest()
    for each in (
        (old, before, new, after, [*proof, no]),
        (old, before, new, after, proof[:-1]),
        (old, before, new, after, [no, *proof[1:]]),
        (old, no, new, after, proof),
        (old, before, new, no, proof),
        (new, after, old, before, proof),
        (old, before, new, after, []),
    ):
        with pytest.raises(ProofError):
            verify_consistency(*each)


def test_the_smallest_trees() -> None:
    (only,) = leaves(1)
    verify_inclusion(only, 0, 1, inclusion(0, 1, Nodes([only])), only)
    verify_consistency(0, EMPTY, 0, EMPTY, [])
    verify_consistency(0, EMPTY, 1, only, [])
    verify_consistency(1, only, 1, only, [])
    with pytest.raises(ProofError, match="has no entry 0"):
        verify_inclusion(only, 0, 0, [], EMPTY)
    with pytest.raises(ProofError, match="does not begin"):
        verify_consistency(0, only, 1, only, [])
    with pytest.raises(ProofError, match="does not begin"):
        verify_consistency(1, only, 1, EMPTY, [])
    with pytest.raises(ProofError, match="too many"):
        verify_consistency(1, only, 1, only, [only])
    for size, index in ((0, 0), (1, 1), (3, -1)):
        with pytest.raises(ValueError, match="has no entry"):
            inclusion(index, size, Nodes(leaves(size)))
    with pytest.raises(ValueError, match="does not begin"):
        consistency(2, 1, Nodes(leaves(2)))


def test_bytes_do_not_move_from_one_hash_of_a_proof_into_the_next() -> None:
    all_ = leaves(7)
    before, after = mth(all_[:6]), mth(all_)
    first, second, *rest = consistency(6, 7, Nodes(all_))
    moved = [first[:-1], first[-1:] + second, *rest]
    with pytest.raises(ProofError, match="32 bytes"):
        verify_consistency(6, before, 7, after, moved)
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(all_[0], 0, 7, [b"", *inclusion(0, 7, Nodes(all_))[1:]], after)
