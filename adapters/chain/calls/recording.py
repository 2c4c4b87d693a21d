"""What the colony writes down: facts, as the arguments of `recordDeployment` or of `anchor`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from adapters.chain.known import Known

RECORD = "recordDeployment(string,uint64,string,bytes32,string)"
ANCHOR = "anchor(bytes32,uint64,bytes32)"
CHECKPOINT = "checkpoint"
"""The `event` among facts that are a log's root, and not a deployment."""
APP_LIMIT, IMAGE_LIMIT, NOTE_LIMIT = 320, 512, 1024
"""Bytes of each text that the contract takes."""
UNKNOWN = "0x" + "0" * 64
"""A digest that is not known."""
_DIGEST = re.compile(r"(?:.*@)?sha256:([0-9a-f]{64})")
_HASH = re.compile(r"[0-9a-f]{64}")


def arguments(contracts: Mapping[str, Known], facts: Mapping[str, str]) -> Mapping[str, str] | None:
    """Return the arguments that record *facts*, None where no contract here takes them.

    A log's `checkpoint` has its `log`, `size` and `root`; everything else is a deployment.
    """
    return _anchor(contracts, facts) if is_checkpoint(facts) else _deployment(contracts, facts)


def is_checkpoint(facts: Mapping[str, str]) -> bool:
    """Whether *facts* are a log's root."""
    return facts.get("event") == CHECKPOINT


def takes(contract: Known, signature: str) -> bool:
    """Whether *contract* has the function of that signature."""
    return any(each.signature == signature for each in contract.abi.functions)


def _anchor(contracts: Mapping[str, Known], facts: Mapping[str, str]) -> Mapping[str, str] | None:
    log, size, root = (facts.get(name, "") for name in ("log", "size", "root"))
    place = _place(contracts, ANCHOR)
    if place is None or not _whole(size) or not _HASH.fullmatch(log) or not _HASH.fullmatch(root):
        return None
    return {
        "contract": place.name,
        "function": ANCHOR,
        "args": json.dumps(["0x" + log, size, "0x" + root]),
    }


def _deployment(
    contracts: Mapping[str, Known], facts: Mapping[str, str]
) -> Mapping[str, str] | None:
    """A revision that is no number cannot be recorded as one: then there is no record."""
    app, revision = facts.get("app", ""), facts.get("revision", "")
    place = _place(contracts, RECORD)
    if place is None or not app or not _whole(revision):
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


def _place(contracts: Mapping[str, Known], signature: str) -> Known | None:
    return next((each for each in contracts.values() if takes(each, signature)), None)


def _whole(text: str) -> bool:
    """Whether *text* is a number that a uint64 holds."""
    return text.isascii() and text.isdecimal() and len(text) <= 20 and int(text) < 1 << 64


def _cut(text: str, limit: int) -> str:
    """Return *text* in at most *limit* bytes of UTF-8, a cut marked with an ellipsis."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return raw.decode()
    return raw[: limit - 3].decode("utf-8", "ignore") + "…"
