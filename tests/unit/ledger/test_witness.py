"""A witness answers as c2sp.org/tlog-witness says, and never signs two histories."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest
from exported import AT, ORIGIN, entries, own, root, signed
from hypothesis import given, settings
from hypothesis import strategies as st

from console.ledger import note, proofs, witness
from console.ledger.checkpoint import Checkpoint, check, sign
from console.ledger.keys import Kind, SigningKey
from console.ledger.merkle import EMPTY, Tree, leaf_hash
from console.ledger.note import Note, NoteError
from console.ledger.witness import Answer, Request, Seen

NAME = "witness.example/w1"
KEYS = [SigningKey.from_seed(NAME, kind, bytes([kind]) * 32) for kind in witness.KINDS]
LOGS = witness.logs(key.verifier for key in own())
DATA = entries(40)


def growth(data: Sequence[bytes], old: int, new: int) -> tuple[bytes, ...]:
    nodes = {}
    tree = Tree()
    for place, each in enumerate(data[:new]):
        nodes[0, place] = leaf_hash(each)
        for level, above, digest in tree.append(nodes[0, place]):
            nodes[level, above] = digest
    return tuple(proofs.consistency(old, new, lambda level, place: nodes[level, place]))


def ask(request: Request | bytes, seen: Seen | None = None, logs: witness.Logs = LOGS) -> Answer:
    data = request if isinstance(request, bytes) else request.encode()
    return witness.answer(data, logs, {ORIGIN: seen} if seen else {}, KEYS, AT)


def at(size: int, data: Sequence[bytes] = DATA) -> Seen:
    return Seen(size, root(data[:size]))


def test_the_first_checkpoint_of_a_known_log_is_cosigned_by_each_key() -> None:
    asked = signed(DATA[:7])
    said = ask(Request(0, (), asked))
    assert (said.status, said.origin, said.seen) == (200, ORIGIN, at(7))
    lines = [note.signature_of(line) for line in said.body.splitlines()]
    whole = note.parse(asked.signed_also(*lines).encode())
    verifiers = [key.verifier for key in KEYS]
    assert [key.kind for key in verifiers] == [Kind.MLDSA44, Kind.COSIGNATURE]
    assert [key.check(whole) for key in verifiers] == [int(AT), int(AT)]
    assert check(whole, [*verifiers, *LOGS[ORIGIN]]).size == 7


@given(st.integers(1, 40), st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_a_log_that_goes_on_is_cosigned(new: int, back: int) -> None:
    old = max(0, new - back)
    said = ask(Request(old, growth(DATA, old, new), signed(DATA[:new])), at(old) if old else None)
    assert (said.status, said.seen) == (200, at(new))


def test_the_same_again_is_cosigned_again() -> None:
    said = ask(Request(7, (), signed(DATA[:7])), at(7))
    assert (said.status, said.seen) == (200, at(7))


def test_who_goes_on_from_another_size_is_told_it() -> None:
    for old, size in ((0, 12), (5, 12), (12, 12), (0, 3)):
        said = ask(Request(old, (), signed(DATA[:size])), at(7))
        assert (said.status, said.kind, said.body, said.seen) == (
            409, "text/x.tlog.size", "7\n", None,
        )  # fmt: skip


def test_another_root_at_the_same_size_is_a_conflict_without_a_size() -> None:
    other = [b"another", *DATA[1:]]
    said = ask(Request(7, (), signed(other[:7])), at(7))
    assert (said.status, said.seen) == (409, None)
    assert said.kind != "text/x.tlog.size"


def test_another_history_is_refused() -> None:
    other = [b"another", *DATA[1:]]
    for proof in (growth(other, 7, 20), growth(DATA, 7, 20), ()):
        said = ask(Request(7, proof, signed(other[:20])), at(7))
        assert (said.status, said.seen) == (422, None)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_proof_that_is_not_right_is_refused(data: st.DataObject) -> None:
    old = data.draw(st.integers(1, 39))
    new = data.draw(st.integers(old + 1, 40))
    proof = list(growth(DATA, old, new))
    kind = data.draw(st.sampled_from(["more", "less", "other"]))
    place = data.draw(st.integers(0, len(proof) - 1))
    if kind == "more":
        proof.insert(place, bytes(32))
    elif kind == "less":
        del proof[place]
    else:
        proof[place] = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    said = ask(Request(old, tuple(proof), signed(DATA[:new])), at(old))
    assert (said.status, said.seen) == (422, None)


def test_a_proof_from_nothing_is_refused() -> None:
    assert ask(Request(0, (bytes(32),), signed(DATA[:2]))).status == 422


def test_an_old_size_above_the_checkpoints_is_a_bad_request() -> None:
    assert ask(Request(8, (), signed(DATA[:7])), at(8)).status == 400


def test_a_log_without_entries() -> None:
    empty = sign(Checkpoint(ORIGIN, 0, EMPTY), own(), AT)
    wrong = sign(Checkpoint(ORIGIN, 0, bytes(32)), own(), AT)
    assert ask(Request(0, (), empty)).seen == Seen(0, EMPTY)
    assert ask(Request(0, (), wrong)).status == 422
    assert ask(Request(0, (), signed(DATA[:5])), Seen(0, EMPTY)).status == 200


def test_an_unknown_log_is_not_found() -> None:
    other = "colony/elsewhere/1"
    foreign = sign(Checkpoint(other, 7, root(DATA[:7])), own(origin=other), AT)
    assert ask(Request(0, (), foreign)).status == 404
    assert ask(Request(0, (), signed(DATA[:7])), logs={}).status == 404


def test_who_has_no_key_of_the_log_is_refused() -> None:
    assert ask(Request(0, (), signed(DATA[:7], own(1)))).status == 403
    text, lines = signed(DATA[:7])
    stolen = Note(signed(DATA[:8]).text, lines)
    assert ask(Request(0, (), stolen)).status == 403
    assert text


def test_one_key_of_a_log_is_enough_and_lines_of_others_are_passed_over() -> None:
    half = sign(Checkpoint(ORIGIN, 7, root(DATA[:7])), [own()[1], *own(2)], AT)
    assert ask(Request(0, (), half)).status == 200


def test_a_witness_key_is_not_a_logs() -> None:
    with pytest.raises(NoteError, match="is a witness' and not a log's"):
        witness.logs([KEYS[1].verifier])


GOOD = signed(DATA[:7]).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        GOOD,
        b"old\n\n" + GOOD,
        b"old -1\n\n" + GOOD,
        b"old 01\n\n" + GOOD,
        b"old 0 \n\n" + GOOD,
        b"old  0\n\n" + GOOD,
        b"old 99999999999999999999\n\n" + GOOD,
        "old \u0661\n\n".encode() + GOOD,
        b"old 0\n" + GOOD,
        b"old 0\r\n\r\n" + GOOD,
        b"old 0\nAAAA\n\n" + GOOD,
        b"old 0\n!\n\n" + GOOD,
        b"old 0\n" + (base64.b64encode(bytes(32)) + b"\n") * 64 + b"\n" + GOOD,
        b"old 0\n\n" + GOOD[:-1],
        b"old 0\n\n" + GOOD.replace(b"\n7\n", b"\n07\n"),
        b"old 0\n\nnothing\n",
    ],
)  # fmt: skip
def test_what_is_no_request_is_a_bad_request(body: bytes) -> None:
    said = ask(body)
    assert (said.status, said.seen) == (400, None)
    assert "\n" not in said.reason


def test_more_than_a_megabyte_is_too_much() -> None:
    assert ask(b"old 0\n\n" + b"a" * witness.LIMIT).status == 413


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_nothing_that_is_sent_breaks_it(body: bytes) -> None:
    assert ask(b"old 0\n" + body).status == 400


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 40), st.integers(0, 40)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_is_asked_it_signs_one_history(
    asked: list[tuple[bool, int, int]],
) -> None:
    """All that was ever cosigned is a beginning of the last."""
    other = [*DATA[:5], b"another", *DATA[6:]]
    seen: dict[str, Seen] = {}
    cosigned: list[tuple[int, Sequence[bytes]]] = []
    for first, size, old in asked:
        data = DATA if first else other
        old = min(old, size)
        request = Request(old, growth(data, old, size), signed(data[:size]))
        said = witness.answer(request.encode(), LOGS, seen, KEYS[1:], AT)
        if said.seen is not None:
            seen[said.origin] = said.seen
            cosigned.append((size, data))
    sizes = [size for size, _ in cosigned]
    assert sizes == sorted(sizes)
    if cosigned:
        last = cosigned[-1][1]
        assert all(data[:size] == last[:size] for size, data in cosigned)
