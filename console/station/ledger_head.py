"""Where the log stands, as the record that consoles see."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from adapters.records import Cosigned, LogHead
from adapters.text import clean
from console.ledger.keys import Kind, VerifierKey, parse
from console.station import anchors
from console.station.log import Log
from console.station.signing import KINDS

_SIGNED = "SELECT size, at FROM signed"
_KEYS = """SELECT name, algorithm, public FROM keys
ORDER BY since, until IS NULL, until, algorithm"""
_OLDEST = "SELECT coalesce(max(first + count), 0) FROM segments"
_RECOVERED = """SELECT data FROM said JOIN leaves USING (idx) WHERE event = 'recovered'
ORDER BY idx DESC LIMIT 1"""
_COSIGNED = """SELECT w.name, (SELECT max(size) FROM cosignatures WHERE witness = w.name),
(SELECT max(at) FROM cosignatures WHERE witness = w.name) FROM witnesses AS w
WHERE w.until IS NULL ORDER BY w.name"""


async def read(
    log: Log,
    *,
    mismatch: str = "",
    witnesses: Mapping[str, str] | None = None,
    contradicts: Collection[str] = (),
) -> LogHead:
    """Return where *log* stands; raises `LogError` where it cannot be read.

    *witnesses* is what is wrong with each witness, by name, as far as something is; those that
    *contradicts* names have seen another history.
    """
    said = log.head
    signed = await log.read(_SIGNED)
    trouble = witnesses or {}
    cosigned = {
        name: Cosigned(clean(name), size, at, trouble.get(name, ""), name in contradicts)
        for name, size, at in await log.read(_COSIGNED)
    }
    for name, wrong in trouble.items():
        other = name in contradicts
        cosigned.setdefault(name, Cosigned(clean(name), trouble=wrong, contradicts=other))
    ((oldest,),) = await log.read(_OLDEST)
    fields: dict[str, Any] = {}
    if signed:
        fields = {"signed": signed[0][0], "signed_at": signed[0][1]}
    return LogHead(
        source="station",
        name=log.origin or str(log.path.name),
        size=said.size,
        root=said.root.hex(),
        keys=tuple(parse(text).short for text in (await keys(log))[-len(KINDS) :]),
        witnesses=tuple(cosigned[name] for name in sorted(cosigned)),
        anchors=await anchors.read(log),
        oldest=oldest,
        trouble=clean(log.trouble, 1_000),
        recovered=await recovered(log),
        mismatch=clean(mismatch, 1_000),
        **fields,
    )


async def recovered(log: Log) -> str:
    """Return what was lost when the log was last recovered, "" where it never was."""
    for (data,) in await log.read(_RECOVERED):
        told = json.loads(data)
        return clean(f"{told.get('at', '')}: {told.get('detail', '')}", 1_000)
    return ""


async def keys(log: Log) -> tuple[str, ...]:
    """Return the log's verifier keys, all that it ever had, the newest last."""
    return tuple(
        VerifierKey(name, Kind(int(kind)), public).text
        for name, kind, public in await log.read(_KEYS)
    )
