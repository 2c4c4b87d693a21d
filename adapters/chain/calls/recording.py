"""What the colony writes down of a deployment: facts, as the arguments of `recordDeployment`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from adapters.chain.known import Known

RECORD = "recordDeployment(string,uint64,string,bytes32,string)"
APP_LIMIT, IMAGE_LIMIT, NOTE_LIMIT = 320, 512, 1024
"""Bytes of each text that the contract takes."""
UNKNOWN = "0x" + "0" * 64
"""A digest that is not known."""
_DIGEST = re.compile(r"(?:.*@)?sha256:([0-9a-f]{64})")


def arguments(contracts: Mapping[str, Known], facts: Mapping[str, str]) -> Mapping[str, str] | None:
    """Return the arguments that record *facts*, None where no contract here takes them.

    A revision that is no number cannot be recorded as one: then there is no record.
    """
    app, revision = facts.get("app", ""), facts.get("revision", "")
    place = next((each for each in contracts.values() if _takes(each)), None)
    if place is None or not app or not revision.isdecimal() or int(revision) >= 1 << 64:
        return None
    if len(app.encode("utf-8", "replace")) > APP_LIMIT:
        return None
    digest = _DIGEST.fullmatch(facts.get("digest", ""))
    said = " ".join(facts.get(name, "") for name in ("action", "intent")).strip()
    actor = facts.get("actor", "")
    values = [
        app,
        revision,
        _cut(facts.get("image", ""), IMAGE_LIMIT),
        "0x" + digest[1] if digest else UNKNOWN,
        _cut(f"{said} by {actor}" if actor else said, NOTE_LIMIT),
    ]
    return {
        "contract": place.name,
        "function": RECORD,
        "args": json.dumps(values, ensure_ascii=False),
    }


def _takes(contract: Known) -> bool:
    return any(each.signature == RECORD for each in contract.abi.functions)


def _cut(text: str, limit: int) -> str:
    """Return *text* in at most *limit* bytes of UTF-8, a cut marked with an ellipsis."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return raw.decode()
    return raw[: limit - 3].decode("utf-8", "ignore") + "…"
