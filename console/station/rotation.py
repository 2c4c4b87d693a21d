"""New keys for the log: from one entry on others sign it, and the old ones vouch for them."""

from __future__ import annotations

from typing import Any

from console.station.digest import canonical, instant
from console.station.signing import Signer


def entry(old: Signer, new: Signer, actor: str, uid: int | None, at: float) -> bytes:
    """Return the entry "key-rotated": which keys sign from it on.

    The checkpoint over it is signed by the old and by the new, and kept: who trusts the old can go
    on to the new, by it and by this entry in it.
    """
    shorts = " and ".join(key.short for key in new.verifiers)
    told: dict[str, Any] = {
        "v": 1,
        "event": "key-rotated",
        "at": instant(at),
        "actor": actor,
        "uid": uid,
        "keys": [key.text for key in new.verifiers],
        "was": [key.text for key in old.verifiers],
        "detail": f"the log is signed by {shorts} from here on",
    }
    return canonical(told)
