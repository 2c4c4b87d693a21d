"""A table as a file: CSV for a spreadsheet, JSON for a program. Values, not what cells say.

Numbers are numbers, times are ISO 8601 in UTC, what is not known is empty (CSV) or null (JSON),
never 0. Each row says how far it can be trusted. Rows come in pieces, so that many of them can be
written while the console goes on.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from adapters.text import clean

Format: TypeAlias = Literal["csv", "json"]
_NAME = re.compile(r"[^0-9A-Za-z_-]+")
_FORMULA = ("=", "+", "-", "@")


class Head(NamedTuple):
    """What a file says of itself. `columns` are names and units, in order."""

    colony: str
    table: str
    saved: str
    filter: str
    columns: Sequence[tuple[str, str]]


class Writer(Protocol):
    """Makes the text of one file, piece by piece."""

    def begin(self) -> str:
        """Return what comes before the rows."""
        ...

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> str:
        """Return *rows*, values by the names of their columns."""
        ...

    def end(self) -> str:
        """Return what comes after the rows."""
        ...


def format_of(path: Path) -> Format | None:
    """Return what *path* is to hold, by how it ends; None where that says nothing."""
    ending = path.suffix.lower()
    return "csv" if ending == ".csv" else "json" if ending == ".json" else None


def writer(format: Format, head: Head) -> Writer:
    """Return what makes a file of *format*."""
    return CsvWriter(head) if format == "csv" else JsonWriter(head)


def file_name(colony: str, panel: str, at: str, format: Format = "csv") -> str:
    """Return "tycho-apps-20261120T140231Z.csv"; *at* is an ISO time."""
    parts = (colony or "colony", panel, at.replace("-", "").replace(":", ""))
    return "-".join(_NAME.sub("-", part).strip("-") or "x" for part in parts) + f".{format}"


class CsvWriter:
    """RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe."""

    def __init__(self, head: Head) -> None:
        self._head = head

    def begin(self) -> str:
        """Return the line of titles, units in brackets."""
        return _line([f"{name} ({unit})" if unit else name for name, unit in self._head.columns])

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> str:
        """Return a line a row."""
        names = [name for name, _ in self._head.columns]
        return "".join(_line([_csv(row.get(name)) for name in names]) for row in rows)

    def end(self) -> str:
        """Nothing comes after the rows."""
        return ""


def _line(values: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(values)
    return out.getvalue()


def _csv(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = "; ".join(clean(str(one)) for one in value) if _several(value) else clean(str(value))
    # A space before the sign does not stop every spreadsheet.
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


class JsonWriter:
    """One object: what it is, and under `rows` a list of objects."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._first = True

    def begin(self) -> str:
        """Return what the file says of itself, up to the rows."""
        head = self._head
        columns = [
            {"name": name, "unit": unit} if unit else {"name": name} for name, unit in head.columns
        ]
        said = {
            "colony": clean(head.colony), "table": head.table, "saved": head.saved,
            "filter": clean(head.filter), "columns": columns,
        }  # fmt: skip
        return _dumped(said)[:-1] + ', "rows": ['

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> str:
        """Return an object a row."""
        names = [name for name, _ in self._head.columns]
        lines = [_dumped({name: _json(row.get(name)) for name in names}) for row in rows]
        if not lines:
            return ""
        before, self._first = ("\n" if self._first else ",\n"), False
        return before + ",\n".join(lines)

    def end(self) -> str:
        """Close list and object."""
        return "\n]}\n"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _json(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    return [clean(str(one)) for one in value] if _several(value) else value


def _several(value: Any) -> bool:
    return isinstance(value, (list, tuple))


class Beside:
    """A file beside *path* that takes its place only when it is whole. For this user alone.

    Raises `FileExistsError` where *path* is there and may not be written over, else `OSError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._beside = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            handle = os.open(self._beside, flags, 0o600)
        except FileExistsError:
            # Left by a console of that number that was cut off.
            self._beside.unlink()
            handle = os.open(self._beside, flags, 0o600)
        self._file = open(handle, "w", encoding="utf-8", newline="")  # noqa: SIM115

    def write(self, text: str) -> None:
        """Write *text* at the end."""
        self._file.write(text)

    def keep(self, *, over: bool) -> None:
        """Put it where it belongs, *over* what is there if that is allowed."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            if over:
                self._beside.replace(self.path)
            else:
                # Not rename: that would write over one that came meanwhile.
                os.link(self._beside, self.path)
        finally:
            self.drop()

    def drop(self) -> None:
        """Leave nothing behind."""
        try:
            self._file.close()
        except OSError:
            pass  # a full disk says so once more: what it has not taken is not wanted any more
        finally:
            self._beside.unlink(missing_ok=True)


def in_the_way(path: Path) -> str:
    """Return why *path* may not be written over: it is no plain file. "" where it may be asked."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return ""
    return "" if stat.S_ISREG(mode) else f"{path} is no plain file; choose another name"


def is_there(path: Path) -> bool:
    """Whether something is called *path*, a link that leads nowhere included."""
    return os.path.lexists(path)
