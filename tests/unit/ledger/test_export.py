"""The directory that an export writes: its files, what it refuses, and how it grows."""

from __future__ import annotations

from pathlib import Path

import pytest
from exported import ORIGIN, entries, own, root, signed, write
from hypothesis import given, settings
from hypothesis import strategies as st

from console.ledger import checkpoint, export, proof_file, tiles
from console.ledger.checkpoint import Checkpoint
from console.ledger.export import ExportError
from console.ledger.merkle import leaf_hash
from console.ledger.note import NoteError
from console.ledger.proof_file import ProofFile
from console.ledger.proofs import ProofError, consistency, inclusion, verify_consistency
from console.ledger.rising import Rising
from console.ledger.tiles import TileError, Tiles, decode_bundle, encode_bundle
from console.ledger.verifying import verify


def test_names_of_tiles() -> None:
    assert tiles.path(0, 0) == "tile/0/000"
    assert tiles.path(1, 1234067, 17) == "tile/1/x001/x234/067.p/17"
    assert tiles.path("entries", 1000) == "tile/entries/x001/000"


def test_the_files_of_seventy_thousand_are_those_of_the_specification() -> None:
    # tlog-tiles says of a log of 70,000: 273 full tiles of level 0 and one of 112, one full of
    # level 1 and one of 17, one of level 2 with one hash.
    found: dict[int, list[int]] = {}
    rising = Rising(lambda level, place, hashes: found.setdefault(level, []).append(len(hashes)))
    for first in range(0, 70_000, 256):
        rising.add([leaf_hash(b"")] * min(256, 70_000 - first))
    rising.finish()
    assert found == {0: [256] * 273 + [112], 1: [256, 17], 2: [1]}
    assert [tiles.widths(70_000, level) for level in range(4)] == [
        (273, 112),
        (1, 17),
        (0, 1),
        (0, 0),
    ]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 900), st.data())
def test_proofs_are_had_from_tiles(
    tmp_path_factory: pytest.TempPathFactory, size: int, data: st.DataObject
) -> None:
    where = write(tmp_path_factory.mktemp("log") / "log", entries(size))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    files, head = Tiles(where, size), root(entries(size))
    proof = ProofFile(index, tuple(inclusion(index, size, files.node)), signed(entries(size)))
    assert proof.check(leaf_hash(entries(size)[index])).root == head
    between = consistency(old, size, files.node)
    verify_consistency(old, root(entries(old)), size, head, between)
    assert files.entry(index) == entries(size)[index]
    with pytest.raises(TileError):
        files.leaf(size + 256)


@given(st.lists(st.binary(max_size=40), max_size=256))
def test_bundles_there_and_back(data: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(data)) == data


@given(st.binary(max_size=600))
def test_a_bundle_of_garbage_is_refused_or_is_one(data: bytes) -> None:
    try:
        found = decode_bundle(data)
    except TileError:
        return
    assert encode_bundle(found) == data


def test_bundles_have_bounds() -> None:
    assert decode_bundle(encode_bundle([b"x" * 65_535])) == [b"x" * 65_535]
    with pytest.raises(TileError, match="at most 65535 bytes"):
        encode_bundle([b"x" * 65_536])
    with pytest.raises(TileError, match="more than 256"):
        decode_bundle(bytes(2) * 257)


def test_a_proof_is_good_by_itself(tmp_path: Path) -> None:
    data = entries(300)
    where = write(tmp_path / "log", data, prove=[299])
    kept = (where / "proofs/299.tlog-proof").read_bytes()
    proof = proof_file.parse(kept)
    assert (proof.encode(), proof.extra) == (kept, data[299])
    assert checkpoint.check(proof.signed, [key.verifier for key in own()]) == proof.check()
    with pytest.raises(ProofError, match="is not that entry"):
        proof.check(leaf_hash(data[0]))
    with pytest.raises(ProofError, match="does not say what"):
        proof._replace(extra=None).check()
    with pytest.raises(ProofError):
        proof._replace(number=298).check()


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_a_proof_of_garbage_is_refused_in_a_line(data: bytes) -> None:
    for text in (
        data,
        b"c2sp.org/tlog-proof@v1\n" + data,
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + data,
    ):
        with pytest.raises(NoteError) as caught:
            proof_file.parse(text)
        assert "\n" not in str(caught.value)


def test_an_export_grows_and_is_never_written_over(tmp_path: Path) -> None:
    data = entries(700)
    where = write(tmp_path / "log", data[:300])
    write(where, data, kept=[signed(data[:300])])
    found = verify(where, against=[("before", signed(data[:300]).encode())])
    assert (found.failures, found.compared) == ((), ("before at 300",))
    with pytest.raises(ExportError, match="holds more of the log: 700"):
        write(where, data[:300])
    for place in (2, 699):
        other = [*data, b"{}"]
        other[place] = b"{}"
        with pytest.raises(ExportError, match="holds another history"):
            write(where, other)
    assert verify(where).checkpoint == Checkpoint(ORIGIN, 700, root(data))
    note = checkpoint.sign(Checkpoint("another", 700, root(data)), own(0, "another"), 0)
    with pytest.raises(ExportError, match=f"is the export of {ORIGIN}"):
        write(where, data, note=note)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("three years")
    with pytest.raises(ExportError, match="is not empty, and no export"):
        write(tmp_path / "full", data)


def test_what_was_retired_since_goes_from_an_export_that_grows(tmp_path: Path) -> None:
    data = entries(700)
    where = write(tmp_path / "log", data[:200])
    write(where, data, retired=range(256))
    assert [path.name for path in where.glob("tile/entries/*")] != []
    assert not [path for path in where.glob("tile/entries/000*/*")]
    assert not (where / "tile/entries/000").exists()


def test_what_does_not_fit_together_is_not_exported(tmp_path: Path) -> None:
    data = entries(300)
    with pytest.raises(ExportError, match="are not those of the checkpoint of 299"):
        write(tmp_path / "a", data, note=signed(data[:299]))
    with pytest.raises(ExportError, match="some were retired"):
        write(tmp_path / "b", data, retired=range(255))
    wrong = [(leaf_hash(b"{}"), data[0])]
    with pytest.raises(ExportError, match="entry 0 does not hash"):
        export.write(tmp_path / "c", wrong, signed(data[:1]).encode(), [])
    with pytest.raises(ExportError, match="there is no proof"):
        write(tmp_path / "d", data, prove=[300])
    for name in "abcd":
        assert not (tmp_path / name / "checkpoint").exists()
