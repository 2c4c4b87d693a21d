"""Digests of what is approved and of what is sent, over one canonical form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from adapters.contract import AdapterError, Envelope


def canonical(value: Any) -> bytes:
    """Return *value* as JSON that is the same everywhere: sorted keys, no blanks, UTF-8.

    Raises `TypeError` for a float: two languages need not write one alike.
    """
    _refuse_floats(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace")


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"a float ({value!r}) has no canonical form; write it as text")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)


def authorisation(
    action: str, colony: str, source: str, binds: Mapping[str, str], significance: str
) -> str:
    """Return the authorisation digest, in hex: what people approve, and nothing else.

    *significance* is what it is approved as, with what the colony's policy makes of it. Raises
    `AdapterError` where *binds* would hide what the station itself puts there.
    """
    own = {"action": action, "colony": colony, "source": source, "significance": significance}
    if clash := sorted(own.keys() & binds.keys()):
        raise AdapterError(f"{action} binds {', '.join(clash)}, which is the station's to say")
    return sha256(canonical({**own, **binds})).hexdigest()


def code(digest: str) -> str:
    """Return the start of *digest* to compare aloud: `7F-C2-9D`."""
    start = digest[:6].upper()
    return "-".join(start[place : place + 2] for place in range(0, len(start), 2))


def send_digest(envelope: Envelope) -> str:
    """Return the digest, in hex, of where an envelope goes and the exact bytes of it."""
    return sha256(envelope.target.encode("utf-8", "replace") + b"\n" + envelope.body).hexdigest()


def instant(at: float) -> str:
    """Return seconds since the Unix epoch as RFC 3339, in UTC, to the millisecond."""
    text = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
