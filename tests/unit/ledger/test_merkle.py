"""The tree against the recursive definition of RFC 6962, section 2.1."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ledger.merkle import EMPTY, Tree, fold, leaf_hash, node_hash, peaks, root_at


def naive(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


def build(leaves: list[bytes]) -> tuple[Tree, dict[tuple[int, int], bytes]]:
    tree, nodes = Tree(), {}
    for index, data in enumerate(leaves):
        nodes[0, index] = leaf_hash(data)
        for level, place, digest in tree.append(leaf_hash(data)):
            nodes[level, place] = digest
    return tree, nodes


@given(st.lists(st.binary(max_size=8), max_size=130))
def test_the_root_is_the_definition(leaves: list[bytes]) -> None:
    tree, _ = build(leaves)
    assert tree.size == len(leaves)
    assert tree.root() == naive(leaves)


@given(st.lists(st.binary(max_size=4), max_size=80), st.data())
def test_every_earlier_root_can_be_had(leaves: list[bytes], data: st.DataObject) -> None:
    _, nodes = build(leaves)
    size = data.draw(st.integers(0, len(leaves)))
    assert root_at(size, lambda level, index: nodes[level, index]) == naive(leaves[:size])


@given(st.lists(st.binary(max_size=4), max_size=80))
def test_nodes_are_those_of_complete_subtrees_each_once(leaves: list[bytes]) -> None:
    _, nodes = build(leaves)
    for (level, index), digest in nodes.items():
        assert digest == naive(leaves[index << level : (index + 1) << level])
    expected = sum(len(leaves) >> level for level in range(len(leaves).bit_length()))
    assert len(nodes) == expected


@given(st.integers(0, 1 << 40))
def test_peaks_cover_the_leaves_without_a_gap(size: int) -> None:
    start = 0
    for level, index in peaks(size):
        assert index << level == start
        start = (index + 1) << level
    assert start == size


def test_a_tree_goes_on_from_its_peaks() -> None:
    leaves = [bytes([each]) for each in range(23)]
    _, nodes = build(leaves[:13])
    tree = Tree(13, [nodes[at] for at in peaks(13)])
    for data in leaves[13:]:
        tree.append(leaf_hash(data))
    assert tree.root() == naive(leaves)


def test_a_copy_goes_on_by_itself() -> None:
    tree, _ = build([b"a", b"b", b"c"])
    root = tree.root()
    tree.copy().append(leaf_hash(b"d"))
    assert tree.root() == root


def test_known_values() -> None:
    """The vectors that the Certificate Transparency projects share."""
    leaves = [
        bytes.fromhex(each)
        for each in (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        )
    ]
    roots = [build(leaves[:size])[0].root().hex() for size in (0, 1, 2, 3, 8)]
    assert roots == [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]


def test_edges() -> None:
    assert fold([]) == EMPTY
    assert fold([b"x" * 32]) == b"x" * 32
    assert node_hash(b"a", b"b") != node_hash(b"b", b"a")
    with pytest.raises(ValueError, match="2 peaks"):
        Tree(3, [b""])
