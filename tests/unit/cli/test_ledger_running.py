"""The running station's log, gone through entry by entry and held against what others say."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from console.feed.answers import LogLeaf
from console.headless.ledger_anchors import understood
from console.headless.ledger_running import Failed, Held, Walk
from console.ledger.merkle import EMPTY, Tree, leaf_hash

DATA = [json.dumps({"event": "note", "text": f"entry {number}"}) for number in range(7)]
LEAVES = [LogLeaf(at, leaf_hash(text.encode()).hex(), 0.0, text) for at, text in enumerate(DATA)]


def root(size: int) -> bytes:
    tree = Tree()
    for text in DATA[:size]:
        tree.append(leaf_hash(text.encode()))
    return tree.root()


def walk(leaves: list[LogLeaf], *held: Held) -> Walk:
    gone = Walk(list(held))
    for leaf in leaves:
        gone.take(leaf)
    return gone


def test_a_log_is_held_against_every_root_on_its_way() -> None:
    held = [Held(size, root(size), str(size), apart=True) for size in range(1, 8)]
    gone = walk(LEAVES, Held(0, EMPTY, "nothing", apart=True), *held)
    assert (gone.size, gone.retired) == (7, 0)


@pytest.mark.parametrize("size", [0, 1, 4, 7])
def test_another_root_is_seen_at_its_size(size: int) -> None:
    with pytest.raises(Failed, match=f"the first {size} entries are not those that kept has"):
        walk(LEAVES, Held(size, sha256(b"else").digest(), "kept", apart=True))


def test_a_changed_a_dropped_and_a_moved_entry_are_seen() -> None:
    changed = LogLeaf(2, LEAVES[2].hash, 0.0, DATA[3])
    with pytest.raises(Failed, match="entry 2 was changed"):
        walk([*LEAVES[:2], changed])
    with pytest.raises(Failed, match="entry 2 is missing"):
        walk([*LEAVES[:2], LEAVES[3]])
    with pytest.raises(Failed, match="entry 0 is missing"):
        walk([LEAVES[1], LEAVES[0]])
    with pytest.raises(Failed, match="entry 0 has no hash"):
        walk([LogLeaf(0, "zz", 0.0, None)])


def test_what_was_retired_keeps_its_hash_in_the_root() -> None:
    retired = [LogLeaf(leaf.index, leaf.hash, 0.0, None) for leaf in LEAVES[:4]]
    gone = walk([*retired, *LEAVES[4:]], Held(7, root(7), "kept", apart=True))
    assert gone.retired == 4


def test_anchors_are_read_and_nonsense_is_none() -> None:
    text = json.dumps(
        {"chain": "eip155:1", "contract": "0xaa", "head": 9, "anchors": [
            {"size": 4, "root": "0x" + root(4).hex(), "block": 7, "final": True},
            {"size": 5, "root": "0x" + root(5).hex(), "block": 8, "final": None},
        ]}
    )  # fmt: skip
    found = understood(text)
    assert [(one.size, one.root, one.where, one.final) for one in found] == [
        (4, root(4), "eip155:1 block 7", True), (5, root(5), "eip155:1 block 8", False),
    ]  # fmt: skip
    for wrong in ("", "[]", '{"chain": "x", "anchors": [{"size": 1, "root": "0x", "block": 1}]}'):
        with pytest.raises(ValueError, match="its answer"):
            understood(wrong)
