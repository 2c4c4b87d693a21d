"""Signed notes, keys and checkpoints: there and back, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ledger import checkpoint, keys, note
from console.ledger.checkpoint import Checkpoint
from console.ledger.keys import Kind, SigningKey
from console.ledger.note import NoteError

AT = 1_800_000_000.5
ORIGIN = "colony/tycho/0123456789abcdef"
HEAD = Checkpoint(ORIGIN, 7, bytes(range(32)))
MADE = {kind: SigningKey.from_seed(ORIGIN, kind, bytes([kind]) * 32) for kind in Kind}


def test_a_known_vkey_is_read_as_the_specification_shows_it() -> None:
    # The example of c2sp.org/signed-note.
    text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    said = (
        "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6Tf"
        "Xppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    key = keys.parse(text)
    assert (key.name, key.kind, key.text) == ("example.com/foo", Kind.ED25519, text)
    found = note.parse(said.encode())
    assert key.check(found) is None
    assert found.encode() == said.encode()


@pytest.mark.parametrize("kind", Kind)
def test_there_and_back(kind: Kind) -> None:
    signer = MADE[kind]
    signed = checkpoint.sign(HEAD, [signer], AT)
    again = note.parse(signed.encode())
    assert again == signed
    assert checkpoint.check(again, [keys.parse(signer.verifier.text)]) == HEAD
    assert signer.verifier.check(again) == (None if kind is Kind.ED25519 else 1_800_000_000)
    for changed in (HEAD._replace(size=8), HEAD._replace(root=bytes(32))):
        with pytest.raises(NoteError, match="is not good"):
            checkpoint.check(again._replace(text=changed.text), [signer.verifier])
    assert signer.seed.hex() not in repr(signer)


def test_extension_lines_are_kept() -> None:
    head = HEAD._replace(extensions=("one", "two"))
    assert checkpoint.parse(head.text) == head


def test_a_bad_line_of_a_known_key_is_not_passed_over() -> None:
    signed = checkpoint.sign(HEAD, [MADE[Kind.ED25519], MADE[Kind.MLDSA44]], AT)
    ed, ml = signed.signatures
    other = SigningKey.from_seed("another", Kind.ED25519, bytes(32)).verifier
    known = [MADE[Kind.ED25519].verifier, other]
    assert checkpoint.signers(signed, known) == known[:1]
    broken = signed._replace(signatures=(ed._replace(blob=bytes(64)), ml))
    with pytest.raises(NoteError, match="is not good"):
        checkpoint.signers(broken, known)
    with pytest.raises(NoteError, match="not signed by another"):
        checkpoint.check(signed, [other])


def test_a_signature_of_the_same_key_takes_the_place_of_the_first() -> None:
    first = checkpoint.sign(HEAD, [MADE[Kind.MLDSA44]], AT)
    later = MADE[Kind.MLDSA44].sign(HEAD.text, AT + 5)
    assert first.signed_also(later).signatures == (later,)


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "a\nb\n", f"{ORIGIN}\n7\n", f"{ORIGIN}\n07\nAAAA\n", f"{ORIGIN}\n-1\nAAAA\n",
        f"{ORIGIN}\n7\nAAAA\n", HEAD.text[:-1], f"\n{HEAD.text}", f"{HEAD.text}\n\n",
        HEAD.text.replace("7", "99999999999999999999"),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteError):
        checkpoint.parse(text)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_garbage_is_refused_in_a_line(data: bytes) -> None:
    for read in (note.parse, lambda raw: keys.parse(raw.decode("utf-8", "replace"))):
        said = ""
        try:
            read(data)
        except NoteError as error:
            said = str(error)
        assert "\n" not in said


@pytest.mark.parametrize(
    "text",
    ["a+b", "a b+00000000+AQ==", "x+00000000+AQ==", "x+00000000+", "x+00000000+!!",
     MADE[Kind.MLDSA44].verifier.text.replace("+", "+0", 1)],
)  # fmt: skip
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(NoteError):
        keys.parse(text)


def test_what_is_too_long_is_not_read() -> None:
    with pytest.raises(NoteError, match="not longer"):
        note.parse(b"x" * (note.LIMIT + 1))
    lines = checkpoint.sign(HEAD, [MADE[Kind.ED25519]], AT).encode()
    (line,) = lines.decode().splitlines()[-1:]
    with pytest.raises(NoteError, match="at most 100"):
        note.parse(lines + f"{line}\n".encode() * 100)


def test_a_bit_that_decodes_to_nothing_is_not_passed_over() -> None:
    signer = MADE[Kind.MLDSA44]
    text = signer.verifier.text
    # The last letter before the padding spells two bits that no byte is made of.
    assert text.endswith("=")
    other = next(
        text[:-2] + letter + "=" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter != text[-2]
    )
    with pytest.raises(NoteError):
        keys.parse(other)
    line = checkpoint.sign(HEAD, [signer], AT).signatures[0].line.rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    same = alphabet[alphabet.index(line[-1]) ^ 1]
    with pytest.raises(NoteError, match="is not base64"):
        note.signature_of(line[:-1] + same + "=")
