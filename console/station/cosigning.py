"""Asks one witness for its cosignature of the log's newest checkpoint (c2sp.org/tlog-witness)."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from adapters.text import clean
from console.ledger import note, proofs
from console.ledger.keys import VerifierKey
from console.ledger.note import NoteError, Signature
from console.ledger.witness import SIZE, Request
from console.station.anchors import Signed
from console.station.log import Log

PATIENCE = 15.0
"""Seconds that a witness has to answer."""
LONGEST = 64 * 1024
"""Bytes of the longest answer that is read."""
_NODE = "SELECT hash FROM nodes WHERE level = :level AND idx = :place"
_LEAF = "SELECT hash FROM leaves WHERE idx = :place"


class Posted(NamedTuple):
    """What was answered: HTTP's status, the type of the body, the body."""

    status: int
    kind: str
    body: bytes


Post = Callable[[str, bytes], Awaitable[Posted]]
"""Sends a body to a URL; raises `CosignError`."""


class CosignError(Exception):
    """A witness has not cosigned: one line on why."""


class OtherHistory(CosignError):
    """A witness has cosigned what this log does not go on from: somebody has to look into that."""


class Far:
    """One witness: where it is asked and by which key it is known.

    `size` is how much of the log it has cosigned, as far as is known here.
    """

    def __init__(self, url: str, key: VerifierKey, size: int = 0) -> None:
        self.url = url.rstrip("/") + "/add-checkpoint"
        self.key = key
        self.size = size

    async def ask(self, log: Log, signed: Signed, post: Post) -> Signature:
        """Return its cosignature of the checkpoint *signed*, checked.

        Raises `CosignError`, and `LogError` where the log cannot be read.
        """
        asked = note.parse(signed.note)
        size = self.size
        for _ in range(3):
            if size > signed.size:
                raise OtherHistory(
                    f"it has cosigned {size:,} entries and the log has {signed.size:,}: "
                    "entries were lost, or it has seen another history"
                )
            proof = await growth(log, size, signed.size)
            said = await post(self.url, Request(size, tuple(proof), asked).encode())
            if said.status == 200:
                return self._checked(asked.text, said.body)
            if said.status != 409 or said.kind.partition(";")[0].strip().lower() != SIZE:
                raise _refused(said, size)
            size = _size(said.body)
        raise CosignError("it says another size each time that it is asked")

    def _checked(self, text: str, body: bytes) -> Signature:
        """Return the line of the body that is by the witness' key; others are passed over."""
        try:
            for line in body.decode().splitlines():
                found = note.signature_of(line)
                if (found.name, found.key_id) == (self.key.name, self.key.key_id):
                    self.key.verifies(text, found.blob)
                    return found
        except (UnicodeDecodeError, NoteError) as error:
            raise CosignError(f"its answer is not good: {clean(str(error), 200)}") from None
        raise CosignError(f"its answer is not signed by the key that is set ({self.key.short})")


def _refused(said: Posted, size: int) -> CosignError:
    """Return what it means that a witness did not go on from *size* entries."""
    if said.status in (409, 422):
        where = f" of {size:,} entries" if size else ""
        return OtherHistory(f"it has seen another history{where}, which this log does not hold")
    if said.status == 404:
        return CosignError("it does not know this log; give it the log's key")
    if said.status == 403:
        return CosignError("it does not take the log's signature; give it the log's key")
    told = clean(said.body[:200].decode("utf-8", "replace"), 100)
    return CosignError(f"it answers {said.status}{f': {told}' if told else ''}")


async def growth(log: Log, old: int, new: int) -> list[bytes]:
    """Return the proof that the log of *new* entries begins with *old*; raises `LogError`."""
    wanted: list[tuple[int, int]] = []

    def note_down(level: int, place: int) -> bytes:
        wanted.append((level, place))
        return b""

    proofs.consistency(old, new, note_down)
    hashes: dict[tuple[int, int], bytes] = {}
    for level, place in wanted:
        given: dict[str, Any] = {"level": level, "place": place} if level else {"place": place}
        hashes[level, place] = (await log.read(_NODE if level else _LEAF, **given))[0][0]
    return proofs.consistency(old, new, lambda level, place: hashes[level, place])


def _size(body: bytes) -> int:
    """Return the size that an answer tells; raises `CosignError`."""
    text = body[:32].removesuffix(b"\n").decode("ascii", "replace")
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise CosignError(f"it says that it has cosigned {clean(text, 40)!r} entries")
    return int(text)


class Http:
    """Posts by HTTP: no redirect is followed, and no answer is read further than is meant."""

    def __init__(self) -> None:
        self._client: Any = None

    async def post(self, url: str, body: bytes) -> Posted:
        """Return what *url* answers; raises `CosignError`."""
        httpx = await asyncio.to_thread(importlib.import_module, "httpx")
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=PATIENCE, trust_env=False, follow_redirects=False
            )
        try:
            async with (
                asyncio.timeout(2 * PATIENCE),
                self._client.stream("POST", url, content=body) as answer,
            ):
                found = b""
                async for piece in answer.aiter_bytes():
                    found += piece
                    if len(found) > LONGEST:
                        raise CosignError(f"its answer has more than {LONGEST} bytes")
                return Posted(answer.status_code, answer.headers.get("content-type", ""), found)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            told = clean(str(error), 200) or type(error).__name__
            raise CosignError(f"it does not answer: {told}") from None

    async def close(self) -> None:
        """Let go of its connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
