"""The keys of logs and witnesses: Ed25519 and ML-DSA-44, and their text form, the vkey.

c2sp.org/signed-note says how keys are named, c2sp.org/tlog-cosignature what a cosignature signs.
A log signs with Ed25519 as plain notes are signed, so that every reader can check it, and with
ML-DSA-44 as cosigners do, so that it holds against quantum computers.
"""

from __future__ import annotations

import base64
import enum
import secrets
import struct
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from console.ledger import checkpoint
from console.ledger.note import Note, NoteError, Signature, fits_name
from console.ledger.strict import decode

SEED: Final = 32
"""Bytes of either algorithm's secret seed."""
_LABEL: Final = b"subtree/v1\n\0"
_TIME: Final = struct.Struct(">Q")


class Kind(enum.IntEnum):
    """The signature types of c2sp.org/signed-note that are used here."""

    ED25519 = 0x01
    """A log's own signature, over the note's text."""
    COSIGNATURE = 0x04
    """A cosignature with Ed25519, which tells its time."""
    MLDSA44 = 0x06
    """A cosignature with ML-DSA-44; a log's own second one, too."""

    @property
    def public(self) -> int:
        """Bytes of a public key."""
        return 1312 if self is Kind.MLDSA44 else 32

    @property
    def signature(self) -> int:
        """Bytes of a signature, its time aside."""
        return 2420 if self is Kind.MLDSA44 else 64

    @property
    def timed(self) -> bool:
        """Whether a signature begins with its time, 8 bytes."""
        return self is not Kind.ED25519

    @property
    def said(self) -> str:
        """It in words."""
        return "ML-DSA-44" if self is Kind.MLDSA44 else "Ed25519"


class VerifierKey:
    """A public key and whose it is. Raises `NoteError` where the parts do not fit together."""

    def __init__(self, name: str, kind: Kind, public: bytes) -> None:
        if not fits_name(name):
            raise NoteError(f"{name[:60]!r} cannot name a key: no blanks, no plus sign")
        if len(public) != kind.public:
            raise NoteError(f"a public key of {kind.said} has {kind.public} bytes")
        self.name = name
        self.kind = kind
        self.public = public

    @cached_property
    def key_id(self) -> bytes:
        """The four bytes that name the key on signature lines."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as a vkey: NAME+ID+BASE64."""
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    @property
    def short(self) -> str:
        """The key for a person's eye: its algorithm and its ID."""
        return f"{self.kind.said} {self.key_id.hex()}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VerifierKey) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"VerifierKey({self.name!r}, {self.short})"

    def check(self, note: Note) -> int | None:
        """Check that this key signed *note*; return when, seconds since the epoch, if that is told.

        Raises `NoteError` where it did not, or where one of its lines is not good.
        """
        mine = [s for s in note.signatures if (s.name, s.key_id) == (self.name, self.key_id)]
        if not mine:
            raise NoteError(f"not signed by {self.name} ({self.short})")
        told = [self.verifies(note.text, each.blob) for each in mine]
        return told[-1]

    def verifies(self, text: str, blob: bytes) -> int | None:
        """Check one signature of *text*; return its time, None where it tells none.

        Raises `NoteError`.
        """
        from cryptography.exceptions import InvalidSignature

        at, signature = _split(self.kind, blob)
        if len(signature) != self.kind.signature:
            raise NoteError(f"the signature of {self.name} ({self.short}) has the wrong length")
        try:
            self._key.verify(signature, message(self.name, self.kind, text, at or 0))
        except InvalidSignature:
            raise NoteError(f"the signature of {self.name} ({self.short}) is not good") from None
        return at

    @cached_property
    def _key(self) -> Any:
        from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

        try:
            if self.kind is Kind.MLDSA44:
                return mldsa.MLDSA44PublicKey.from_public_bytes(self.public)
            return ed25519.Ed25519PublicKey.from_public_bytes(self.public)
        except ValueError as error:
            raise NoteError(f"the key of {self.name} ({self.short}) is none: {error}") from None


class SigningKey:
    """A secret key and whose it is; its seed is in no representation of it."""

    def __init__(self, name: str, kind: Kind, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

        if len(seed) != SEED:
            raise NoteError(f"a seed has {SEED} bytes, not {len(seed)}")
        self.seed = seed
        self._key: Any = (
            mldsa.MLDSA44PrivateKey.from_seed_bytes(seed)
            if kind is Kind.MLDSA44
            else ed25519.Ed25519PrivateKey.from_private_bytes(seed)
        )
        self.verifier = VerifierKey(name, kind, self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str, kind: Kind) -> SigningKey:
        """Return a new key."""
        return cls(name, kind, secrets.token_bytes(SEED))

    @classmethod
    def from_seed(cls, name: str, kind: Kind, seed: bytes) -> SigningKey:
        """Return the key of *seed*, 32 bytes."""
        return cls(name, kind, seed)

    def sign(self, text: str, at: float) -> Signature:
        """Return the signature of a checkpoint's *text* at the time *at*, in whole seconds."""
        mine, when = self.verifier, int(at)
        blob = self._key.sign(message(mine.name, mine.kind, text, when))
        if mine.kind.timed:
            blob = _TIME.pack(when) + blob
        return Signature(mine.name, mine.key_id, blob)

    def __repr__(self) -> str:
        return f"SigningKey({self.verifier.name!r}, {self.verifier.short})"


def parse(text: str) -> VerifierKey:
    """Return the key that the vkey *text* is; raises `NoteError`."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise NoteError(f"not a key: {text[:60]!r}; a key is NAME+ID+BASE64")
    name, said, material = parts
    try:
        raw = decode(material)
        kind = Kind(raw[0])
    except (ValueError, IndexError):
        raise NoteError(f"the key of {name[:60]} is of no sort that is known here") from None
    key = VerifierKey(name, kind, raw[1:])
    if key.key_id.hex() != said:
        raise NoteError(f"the key of {name[:60]} does not have the ID {said[:20]!r} that it bears")
    return key


def message(name: str, kind: Kind, text: str, at: int) -> bytes:
    """Return the bytes that a key called *name* signs for a checkpoint's *text*."""
    if kind is Kind.ED25519:
        return text.encode()
    if kind is Kind.COSIGNATURE:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    said = checkpoint.parse(text)
    return b"".join(
        (
            _LABEL, _opaque(name), _TIME.pack(at), _opaque(said.origin),
            _TIME.pack(0), _TIME.pack(said.size), said.root,
        )
    )  # fmt: skip


def _opaque(text: str) -> bytes:
    """Return *text* as RFC 8446's opaque<1..255>."""
    raw = text.encode()
    if not 1 <= len(raw) <= 255:
        raise NoteError(f"a name has 1 to 255 bytes, not {len(raw)}")
    return bytes([len(raw)]) + raw


def _split(kind: Kind, blob: bytes) -> tuple[int | None, bytes]:
    """Return the time, if the kind tells one, and the signature itself."""
    if not kind.timed:
        return None, blob
    if len(blob) < _TIME.size:
        raise NoteError("a cosignature begins with its time")
    (at,) = _TIME.unpack_from(blob)
    if at > checkpoint.LARGEST:
        raise NoteError("a cosignature's time is out of range")
    return at, blob[_TIME.size :]
