"""Exported logs, whole and meddled with: what is seen, and what is said of it."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest
from exported import AT, ORIGIN, entries, entry, own, root, signed, write

from console.ledger import checkpoint, tiles
from console.ledger.checkpoint import Checkpoint
from console.ledger.keys import Kind, SigningKey
from console.ledger.verifying import State, Unreadable, Verdict, verify

WITNESS = SigningKey.from_seed("witness.example", Kind.MLDSA44, bytes(32))


def failed(verdict: Verdict, *parts: str) -> None:
    """Check that each of *parts* is in a failure, one line each, and nothing else is wrong."""
    assert verdict.state is State.FAILED
    assert all("\n" not in line for line in verdict.failures)
    for part in parts:
        assert any(part in line for line in verdict.failures), (part, verdict.failures)


def only(verdict: Verdict, part: str) -> None:
    failed(verdict, part)
    assert len(verdict.failures) == 1, verdict.failures


def put(where: Path, data: list[bytes], first: int = 0, width: int | None = None) -> None:
    """Put *data* in the place of a bundle's entries."""
    name = tiles.path("entries", first // 256, width or len(data))
    (where / name).write_bytes(tiles.encode_bundle(data))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 600])
def test_a_whole_log_is_one_with_itself(tmp_path: Path, size: int) -> None:
    told: list[tuple[int, int]] = []
    where = write(tmp_path / "log", entries(size), prove=range(0, size, 100))
    found = verify(where, progress=lambda done, of: told.append((done, of)))
    assert (found.state, found.failures) == (State.NOT_COMPARED, ())
    assert found.checkpoint == Checkpoint(ORIGIN, size, root(entries(size)))
    assert (found.compared, found.retired, found.pinned) == ((), 0, False)
    assert found.proofs == len(range(0, size, 100))
    assert found.keys == tuple(key.verifier for key in own())
    assert told[-1:] == ([(size, size)] if size else [])


@pytest.mark.parametrize("size", [256 * 256, 256 * 256 + 300])
def test_tiles_three_levels_high(tmp_path: Path, size: int) -> None:
    where = write(tmp_path / "log", entries(size), kept=[signed(entries(70))])
    assert (where / "tile/2/000.p/1").stat().st_size == 32
    assert (where / "tile/1/001.p/1").exists() is (size > 256 * 256)
    assert verify(where).failures == ()
    level = where / "tile/1/000"
    level.write_bytes(level.read_bytes()[:-1] + b"x")
    only(verify(where), "tile/1/000 was changed: its hash 255 is not over the entries below")


@pytest.mark.parametrize("size", [1, 7, 256, 300])
def test_a_byte_that_was_changed_anywhere_is_seen(tmp_path: Path, size: int) -> None:
    data = entries(size)
    kept = [signed(data[:at]) for at in (0, 1, 6) if at < size]
    where = write(tmp_path / "log", data, kept=kept, prove=[0, size - 1])
    chance = random.Random(size)
    for path in sorted(each for each in where.rglob("*") if each.is_file()):
        whole = path.read_bytes()
        for at in {0, 1, 2, len(whole) // 2, len(whole) - 2, len(whole) - 1} | {
            chance.randrange(len(whole)) for _ in range(8)
        }:
            flipped = bytes([whole[at] ^ 1 << chance.randrange(8)])
            path.write_bytes(whole[:at] + flipped + whole[at + 1 :])
            failed(verify(where))
        path.write_bytes(whole[:-1])
        failed(verify(where))
        path.write_bytes(whole)
    assert verify(where).failures == ()


def test_what_was_done_to_an_entry_is_said(tmp_path: Path) -> None:
    data = entries(9)
    where = write(tmp_path / "log", data)
    put(where, [*data[:4], b"{}", *data[5:]])
    only(verify(where), "entry 4 was changed")
    put(where, [*data[:8], b"{}"])
    only(verify(where), "entry 8 was changed")
    put(where, [*data[:4], data[6], data[5], data[4], *data[7:]])
    failed(
        verify(where),
        "entry 6 stands where entry 4 was: reordered",
        "entry 4 stands where entry 6 was: reordered",
    )
    put(where, [*data[:4], *data[5:], b"{}"])
    only(verify(where), "entry 4 was dropped")
    put(where, [*data[:4], *data[6:]], width=9)
    only(verify(where), "the entries 4 to 5 were dropped")
    put(where, data[:7], width=9)
    only(verify(where), "truncated: the entries from 7 on are missing")
    put(where, [*data, b"{}"], width=9)
    only(verify(where), "tile/entries/000.p/9 was changed: it has 10 entries, not 9")


def test_entries_that_moved_between_bundles(tmp_path: Path) -> None:
    data = entries(700)
    where = write(tmp_path / "log", data)
    put(where, [*data[:5], data[300], *data[6:256]])
    put(where, [*data[256:300], data[5], *data[301:512]], 256)
    failed(
        verify(where),
        "entry 300 stands where entry 5 was: reordered",
        "entry 5 stands where entry 300 was: reordered",
    )
    fewer = [*data[:5], *data[6:]]
    put(where, fewer[:256])
    put(where, fewer[256:512], 256)
    put(where, fewer[512:], 512, 188)
    only(verify(where), "entry 5 was dropped")


def test_entries_and_their_tile_changed_together(tmp_path: Path) -> None:
    data = entries(600)
    where = write(tmp_path / "log", data)
    again = write(tmp_path / "again", [*data[:300], b"{}", *data[301:]])
    for name in ("tile/0/001", "tile/entries/001"):
        shutil.copy(again / name, where / name)
    failed(
        verify(where),
        "tile/1/000.p/2 was changed: its hash 1 is not over the entries below it",
        "the 600 entries do not hash to the checkpoint's root",
    )


def test_a_tile_that_does_not_fit_its_entries_is_the_one_named(tmp_path: Path) -> None:
    where = write(tmp_path / "log", entries(600), kept=[signed(entries(300))])
    tile = where / "tile/0/001"
    whole = tile.read_bytes()
    tile.write_bytes(whole[:32] + bytes(32) + whole[64:])
    only(verify(where), "tile/0/001 was changed: its hash 1 is not over the entries below it")
    tile.unlink()
    only(verify(where), "tile/0/001 is missing: it was dropped")


def test_what_is_missing_is_told_from_what_ends_early(tmp_path: Path) -> None:
    where = write(tmp_path / "log", entries(1000))
    bundle = where / "tile/entries/001"
    whole = bundle.read_bytes()
    bundle.unlink()
    only(verify(where), "dropped: the entries 256 to 511 are missing, and none says that they")
    (where / "tile/0/001").unlink()
    failed(verify(where), "dropped: of the entries from 256 to 511 neither tile nor bundle can")
    bundle.write_bytes(whole)
    for name in ("tile/0/003.p", "tile/entries/003.p"):
        shutil.rmtree(where / name)
    failed(verify(where), "truncated: nothing can be read from entry 768 on, of 1000")
    shutil.rmtree(where / "tile")
    failed(verify(where), "truncated: nothing can be read from entry 0 on, of 1000")


def test_a_log_that_was_cut_off_is_seen_by_comparison_alone(tmp_path: Path) -> None:
    data = entries(300)
    shorter = write(tmp_path / "log", data[:280])
    assert verify(shorter).state is State.NOT_COMPARED
    only(
        verify(shorter, against=[("before", signed(data).encode())]),
        "truncated: before has 300 entries of it, and it has 280",
    )
    only(verify(shorter, anchors=[("the chain", 300, root(data))]), "truncated: the chain has 300")


def test_a_log_that_was_made_anew_is_seen_by_comparison_alone(tmp_path: Path) -> None:
    data = entries(300)
    again = [*data[:3], entry(1003), *data[4:]]
    where = write(tmp_path / "log", again)
    assert verify(where).state is State.NOT_COMPARED
    for size in (4, 256, 300):
        told = f"re-made: its first {size} entries are not those that b has"
        only(verify(where, against=[("b", signed(data[:size]).encode())]), told)
        only(verify(where, anchors=[("b", size, root(data[:size]))]), told)
    found = verify(where, against=[("b", signed(data[:3]).encode())])
    assert (found.state, found.compared) == (State.VERIFIED, ("b at 3",))
    line = WITNESS.sign(signed(data).text, AT)
    only(
        verify(write(tmp_path / "cosigned", again, note=signed(again).signed_also(line)),
               witnesses=[WITNESS.verifier]),
        "signature of witness.example",
    )  # fmt: skip


@pytest.mark.parametrize("size", [0, 1, 255, 256, 299, 300])
def test_what_agrees_is_told(tmp_path: Path, size: int) -> None:
    data = entries(300)
    where = write(tmp_path / "log", data)
    note = signed(data[:size]).encode()
    found = verify(where, against=[("mine", note)], anchors=[("c", size, root(data[:size]))])
    assert (found.state, found.compared) == (State.VERIFIED, (f"mine at {size}", f"c at {size}"))


def test_what_is_of_another_log_or_of_nobody_does_not_count(tmp_path: Path) -> None:
    data = entries(3)
    where = write(tmp_path / "log", data)
    other = checkpoint.sign(Checkpoint("another", 3, root(data)), own(0, "another"), AT)
    for note, told in (
        (other.encode(), "mine is of another log: another"),
        (signed(data, own(9)).encode(), "mine is not signed by a key of the log"),
        (b"nothing", "mine: not a signed note"),
    ):
        only(verify(where, against=[("mine", note)]), told)


def test_a_witness_that_cosigned_is_a_comparison(tmp_path: Path) -> None:
    data = entries(5)
    plain = signed(data)
    line = WITNESS.sign(plain.text, AT)
    where = write(tmp_path / "log", data, note=plain.signed_also(line))
    assert verify(where).state is State.NOT_COMPARED
    assert verify(where, witnesses=[WITNESS.verifier]).compared == (
        "the witness witness.example at 5",
    )
    kept = signed(data[:2])
    early = kept.signed_also(WITNESS.sign(kept.text, AT))
    where = write(tmp_path / "early", data, kept=[early])
    assert verify(where, witnesses=[WITNESS.verifier]).compared == (
        "the witness witness.example at 2",
    )
    where = write(tmp_path / "none", data)
    only(verify(where, witnesses=[WITNESS.verifier]), "has cosigned nothing of this log")


def test_pinned_keys_are_the_ones_that_count(tmp_path: Path) -> None:
    data = entries(5)
    where = write(tmp_path / "log", data)
    assert verify(where, keys=[own()[0].verifier]).pinned
    only(verify(where, keys=[own(1)[0].verifier]), "checkpoint is not to be believed: it is not si")
    only(verify(where, keys=[WITNESS.verifier]), "there is no key of colony/tycho")
    forged = write(tmp_path / "forged", data, note=signed(data, own(1)), keys=own(1))
    assert verify(forged).failures == ()
    only(verify(forged, keys=[each.verifier for each in own()]), "is not signed by")


def test_one_of_two_signatures_is_not_enough(tmp_path: Path) -> None:
    data = entries(5)
    where = write(tmp_path / "log", data, note=signed(data, own()[:1]), keys=own())
    only(verify(where), "is not signed by colony/tycho/0123456789abcdef (ML-DSA-44")


def rotation(number: int) -> bytes:
    texts = [key.verifier.text for key in own(number)]
    return json.dumps({"event": "key-rotated", "keys": texts}).encode()


def rotated(where: Path, *, vouched: bool = True, last: int = 2) -> Path:
    """A log whose keys changed at entry 4, and again at entry 8."""
    data = [*entries(4), rotation(1), *entries(3), rotation(2), *entries(2)]
    kept = [
        signed(data[:2], own(0)),
        signed(data[:5], [*own(0), *own(1)]),
        signed(data[:9], [*own(1), *own(2)] if vouched else own(2)),
    ]
    keys = [*own(0), *own(1), *own(2)]
    return write(where, data, note=signed(data, own(last)), keys=keys, kept=kept)


def test_new_keys_are_trusted_where_the_old_ones_vouch_for_them(tmp_path: Path) -> None:
    where = rotated(tmp_path / "log")
    newest = tuple(key.verifier for key in own(2))
    assert (verify(where).failures, verify(where).keys) == ((), newest)
    for number in (0, 1, 2):
        pinned = [key.verifier for key in own(number)]
        assert (verify(where, keys=pinned).failures, verify(where, keys=pinned).keys) == (
            (),
            newest,
        )
    failed(verify(where, keys=[own(3)[0].verifier]), "checkpoint is not to be believed")
    taken = rotated(tmp_path / "taken", vouched=False)
    failed(verify(taken, keys=[key.verifier for key in own(0)]), "is not to be believed")
    # Who still has the keys from before signs for nobody.
    stale = rotated(tmp_path / "stale", last=1)
    failed(verify(stale), "checkpoint is not to be believed: it is not signed by")
    failed(verify(stale, keys=[key.verifier for key in own(1)]), "is not to be believed")


def retirement(first: int, count: int) -> bytes:
    return json.dumps({"event": "segment-retired", "first": first, "count": count}).encode()


def test_retired_segments_leave_their_hashes(tmp_path: Path) -> None:
    data = [*entries(600), retirement(0, 256), retirement(256, 256)]
    where = write(tmp_path / "log", data, retired=range(512), kept=[signed(data[:300])], prove=[3])
    assert not (where / "tile/entries/000").exists()
    found = verify(where)
    assert (found.failures, found.retired, found.proofs) == ((), 512, 1)
    other = write(tmp_path / "other", entries(600), retired=range(256))
    only(verify(other), "dropped: the entries 0 to 255 are missing, and none says")
    wrong = write(tmp_path / "wrong", [*data[:-2], retirement(0, 256)], retired=range(512))
    only(verify(wrong), "dropped: the entries 256 to 511 are missing")


def test_what_is_no_export_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is no exported log: checkpoint is missing"):
        verify(tmp_path)
    where = write(tmp_path / "log", entries(3))
    (where / "keys").unlink()
    with pytest.raises(Unreadable, match="brings no keys; give those of the log"):
        verify(where)
    assert verify(where, keys=[key.verifier for key in own()]).failures == ()
    (where / "tile/0/000.p/3").unlink()
    os.mkfifo(where / "tile/0/000.p/3")
    failed(verify(where, keys=[own()[0].verifier]), "tile/0/000.p/3 was changed: it is not a plain")


def test_a_checkpoint_of_an_absurd_size_ends_at_what_is_there(tmp_path: Path) -> None:
    data = entries(300)
    huge = checkpoint.sign(Checkpoint(ORIGIN, (1 << 63) - 1, root(data)), own(), AT)
    where = write(tmp_path / "log", data)
    (where / "checkpoint").write_bytes(huge.encode())
    failed(verify(where), "truncated: nothing can be read from entry 256 on")
