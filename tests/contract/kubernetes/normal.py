"""Takes out of a recorded answer what differs from run to run, and compares what is left.

A name that chance gave is replaced by its number in order of appearance, so that who refers to
whom is still compared. Times and versions become marks: that they are there is compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ADDRESS = re.compile(r"\b10\.\d+\.\d+\.\d+\b")
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_UNDER_WAY = ("NewReplicaSetCreated", "ReplicaSetUpdated")
"""Which of the two a rollout that is stuck ends with depends on which of two syncs came first."""
_HASHES = ("pod-template-hash", "controller-revision-hash", "controller.kubernetes.io/hash")
_VERSION_KEYS = ("resourceVersion", "continue", "containerID", "imageID")


class Normaliser:
    """Normalises the answers of one conversation; what it learns in one holds for the next."""

    def __init__(self, space: str) -> None:
        self._space = space
        self._hashes: dict[str, str] = {}
        self._uids: dict[str, str] = {}

    def learn(self, answer: Any) -> None:
        """Note the template hashes in *answer*: names hold them, and each server has its own."""
        if isinstance(answer, dict):
            labels = answer.get("metadata", {})
            labels = labels.get("labels", {}) if isinstance(labels, dict) else {}
            for key in _HASHES:
                if isinstance(labels, dict) and (value := labels.get(key)):
                    digest = value.rpartition("-")[2]
                    self._hashes.setdefault(digest, f"<hash-{len(self._hashes) + 1}>")
            for value in answer.values():
                self.learn(value)
        elif isinstance(answer, list):
            for value in answer:
                self.learn(value)

    def normal(self, answer: Any, key: str = "") -> Any:
        """Return *answer* normalised; *key* is what it is filed under."""
        if isinstance(answer, dict):
            if answer.get("reason") in _UNDER_WAY:
                answer = {**answer, "reason": "<under way>", "message": "<under way>"}
            return {self._text(k): self.normal(v, k) for k, v in answer.items()}
        if isinstance(answer, list):
            if key == "managedFields":  # their order is that of their times, to the second
                answer = sorted(answer, key=lambda entry: json.dumps(entry, sort_keys=True))
            return [self.normal(value, key) for value in answer]
        if isinstance(answer, str):
            if key in _VERSION_KEYS and answer:
                return f"<{key}>"
            if _TIME.match(answer):
                return "<time>"
            return self._text(answer)
        if key == "nodePort":
            return "<nodePort>"
        return answer

    def _text(self, text: str) -> str:
        text = text.replace(self._space, "<space>")
        for digest, mark in self._hashes.items():
            text = re.sub(rf"\b{digest}-[{_LETTERS}]{{5}}\b", f"{mark}-<suffix>", text)
            text = re.sub(rf"\b{digest}\b", mark, text)
        text = _UID.sub(lambda match: self._uid(match.group()), text)
        return _ADDRESS.sub("<address>", text)

    def _uid(self, uid: str) -> str:
        return self._uids.setdefault(uid, f"<uid-{len(self._uids) + 1}>")


def differences(one: Any, other: Any, path: str = "$") -> Iterator[str]:
    """Yield each difference as `PATH: ONE, OTHER`; a missing field is `absent`."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            where = f"{path}.{key}"
            if key not in one:
                yield f"{where}: absent, {_short(other[key])}"
            elif key not in other:
                yield f"{where}: {_short(one[key])}, absent"
            else:
                yield from differences(one[key], other[key], where)
    elif isinstance(one, list) and isinstance(other, list):
        for index in range(max(len(one), len(other))):
            where = f"{path}[{index}]"
            if index >= len(one):
                yield f"{where}: absent, {_short(other[index])}"
            elif index >= len(other):
                yield f"{where}: {_short(one[index])}, absent"
            else:
                yield from differences(one[index], other[index], where)
    elif one != other or type(one) is not type(other):
        yield f"{path}: {_short(one)}, {_short(other)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:199]}…"
