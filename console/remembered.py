"""What the console remembers by itself of one colony: filters, columns, bookmarks, history.

One JSON file a colony in the state directory. It is nobody's but this person's, holds no secret,
and nothing depends on it: one that cannot be read is set aside and said, one that cannot be
written is said once, and the console goes on.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from console.paths import PathError, slug, state_dir
from console.plainfile import read

SIZE: Final = 1_048_576
"""Bytes of the file at most; what would make it longer is not kept."""
NESTED: Final = 5_000
"""Lists and tables in the file at most, in a row or in each other; a hundred are usual."""

ValueT = TypeVar("ValueT")


class Remembered:
    """Sections of plain values (what JSON has), by name. Without a *path*, it lasts as we do."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._sections: dict[str, Any] = {}
        self._changed = False
        self.problems: list[str] = []
        """A line for each thing that went wrong, to be shown and emptied by who shows it."""
        if path is not None:
            self._load(path)

    def get(self, section: str, default: ValueT) -> ValueT:
        """Return what is kept under *section*, *default* where that is nothing of its type.

        Do not change it: `put` another.
        """
        found = self._sections.get(section)
        return found if isinstance(found, type(default)) else default

    def put(self, section: str, value: object) -> None:
        """Keep *value* under *section*; it is on the disk after the next `save`."""
        if self._sections.get(section) != value:
            self._sections[section] = value
            self._changed = True

    @property
    def changed(self) -> bool:
        """Whether there is something to save."""
        return self._changed

    def save(self) -> None:
        """Write what changed, whole or not at all."""
        if not self._changed:
            return
        self._changed = False
        if self._path is None:
            return
        import json  # 1 ms, and not where a start waits for it

        try:
            text = json.dumps(self._sections, ensure_ascii=False, indent=1)
        except (ValueError, RecursionError):
            # It was in the file: read without a limit that writing has.
            self._fail("nests too deep: nothing of this session is kept")
            return
        data = text.encode("utf-8", "replace")
        if len(data) > SIZE:
            self._fail(f"longer than {SIZE} bytes: nothing of this session is kept")
            return
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
            handle = os.open(beside, flags, 0o600)
            try:
                with open(handle, "wb") as file:
                    file.write(data)
                beside.replace(self._path)
            except OSError:
                beside.unlink(missing_ok=True)
                raise
        except OSError as error:
            self._fail(f"cannot be written: {error.strerror or error}")

    def _load(self, path: Path) -> None:
        try:
            data = read(path, SIZE)
        except FileNotFoundError:
            return
        except OSError as error:
            self._fail(f"cannot be read: {error.strerror or error}")
            return
        try:
            found = msgspec.json.decode(data) if _sane(data) else None
        except (msgspec.DecodeError, ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            self._sections = found
            return
        aside = path.with_name(f"{path.name}.bad")
        try:
            path.replace(aside)
        except OSError:
            pass
        self._fail(f"cannot be understood; it is set aside as {aside.name}")

    def _fail(self, why: str) -> None:
        line = f"{self._path}: {why}"
        if line not in self.problems:
            self.problems.append(line)


def _sane(data: bytes) -> bool:
    """Whether *data* is short and shallow enough to be read.

    How deep the reader may go is a limit of the whole process, which a library may have raised
    until the reader, written in C, overruns the stack.
    """
    return len(data) <= SIZE and data.count(b"[") + data.count(b"{") <= NESTED


def of_colony(colony: str, *, demo: bool = False, person: str = "") -> Remembered:
    """Return what is remembered of *colony*; of a demo it is kept apart from a real one's.

    Several people may stand behind one user, told apart by their login: what one of them hides by
    a filter is not to be hidden from the next.
    """
    try:
        directory = state_dir(f"{colony} (demo)" if demo else colony)
    except PathError as error:
        nothing = Remembered()
        nothing.problems.append(str(error))
        return nothing
    return Remembered(directory / (f"console-{slug(person)}.json" if person else "console.json"))


Opener = Callable[[str, bool], Remembered]
"""What opens the memory of a colony, by its name and whether it is a demo."""
