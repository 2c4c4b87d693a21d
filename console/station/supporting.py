"""What a support bundle takes from the station: its configuration and its own log file, sieved.

Only the station can: of a shared one the console may read neither, and the secrets that must not
be in it are the station's.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import msgspec

from adapters.records import Record
from console.plainfile import read
from console.support.redact import Sieve, hidden, of_environment, shown

TAIL: Final = 262_144
"""Bytes of the log file's end that are taken."""
SECRET: Final = 65_536
"""Bytes of a secret's file that are looked at."""
MOST: Final = 500
"""Records of one kind that are told: the first."""
KINDS: Final = ("AdapterStatus", "Scope", "ActionStatus", "LogHead", "Alarm")
"""The kinds of record that say how the station itself stands."""
TYPED: Final = frozenset({"arguments", "undo", "reason", "approvals", "shelve_reason"})
"""Fields of an action that hold what a person typed."""
PACKAGES: Final = (
    "colony-console", "textual", "rich", "msgspec", "httpx", "pydantic-settings", "eth-abi",
    "eth-account", "websockets", "pymodbus", "pysunspec2", "cryptography", "coincurve",
)  # fmt: skip


class Support:
    """What is configured here, and where the station writes what went wrong.

    *tables* are the colony's settings as written, *secrets* the directory of secrets, *diary* the
    station's log file; *environ* is what it was started with.
    """

    def __init__(
        self,
        tables: Mapping[str, Any] | None = None,
        secrets: Path | None = None,
        diary: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._tables = tables or {}
        self._secrets = secrets
        self._diary = diary
        self._environ = environ or {}

    def told(self, records: Iterable[Record] = ()) -> dict[str, Any]:
        """Return versions, configuration, the log file's end, and *records* by kind, without a
        secret. It reads files: call it in a thread.
        """
        sieve = Sieve(self._known())
        kinds: dict[str, list[dict[str, Any]]] = {}
        for record in records:
            told = kinds.setdefault(record.kind, [])
            if len(told) < MOST:
                told.append(_plain(record))
        return {
            "versions": versions(),
            "configuration": sieve.value(shown(self._tables)),
            "records": sieve.value(kinds),
            "diary": sieve.text(self._tail(), TAIL),
            "removed": sieve.removed,
        }

    def _known(self) -> set[str]:
        known = hidden(self._tables) | of_environment(self._environ)
        for path in self._files():
            try:
                data = read(path, SECRET)
            except (OSError, ValueError):
                continue  # what cannot be read here was not said here either
            known.add(data.decode("utf-8", "replace"))
        return known

    def _files(self) -> Iterator[Path]:
        """Yield the files whose content is secret: the directory's, and those that are named."""
        if self._secrets is not None and self._secrets.is_dir():
            yield from (path for path in sorted(self._secrets.iterdir()) if path.is_file())
        for name in _named(self._tables):
            path = Path(name).expanduser()
            yield path
            if self._secrets is not None and not path.is_absolute():
                yield self._secrets / path

    def _tail(self) -> str:
        if self._diary is None:
            return ""
        try:
            with self._diary.open("rb") as stream:
                size = stream.seek(0, 2)
                stream.seek(max(0, size - TAIL))
                text = stream.read(TAIL).decode("utf-8", "replace")
            # Of a line whose beginning is gone nobody can tell whether it is a secret.
            return text.partition("\n")[2] if size > TAIL else text
        except OSError as error:
            return f"cannot be read: {error.strerror}"


def _plain(record: Record) -> dict[str, Any]:
    """Return *record* as JSON has it, without what people typed into an action."""
    return {
        field: msgspec.to_builtins(value)
        for field in record.__struct_fields__
        if field not in TYPED and (value := getattr(record, field)) not in ((), "", None)
    }


def _named(tables: Any) -> Iterator[str]:
    """Yield the files that settings name for a token, a passphrase, a key; a keystore is locked."""
    if isinstance(tables, Mapping):
        for field, value in tables.items():
            kept = str(field).endswith("_file") or field == "client_key"
            if kept and field != "ca_file" and isinstance(value, str) and value:
                yield value
            else:
                yield from _named(value)


def versions() -> dict[str, str]:
    """Return what runs, by name: Python, the system, and the packages that matter."""
    found = {"python": sys.version.split()[0], "system": platform.platform()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
