"""Registers become points by SunSpec's own model definitions, which pysunspec2 brings.

What a device does not implement is None: a sentinel (int16 -32768, a NaN), a value whose scale
factor is missing or absurd, an accumulator at 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

LONGEST = 2000
"""Registers of a model that are read and decoded at most; the longest in use have some 600."""
SCALES = range(-10, 11)
"""Exponents that a scale factor may have."""


class Undecodable(ValueError):
    """A model's registers do not fit its definition; the message says how."""


@cache
def _library() -> Any:
    import sunspec2.device as library  # type: ignore[import-untyped]

    # As it stands it would take a definition out of the directory that the station runs in.
    library.set_model_defs_path([str(Path(library.__file__).parent / "models")])
    return library


@cache
def known(model: int) -> bool:
    """Whether there is a definition of *model*."""
    library = _library()
    try:
        library.get_model_def(model)
    except library.mdef.ModelDefinitionError:
        return False
    return True


class Points:
    """The points of one model, or of one of its groups, by the names that SunSpec gives them."""

    __slots__ = ("_group", "model")

    def __init__(self, model: int, group: Any) -> None:
        self.model = model
        self._group = group

    @property
    def title(self) -> str:
        """The name of the model or group in its definition."""
        return str(self._group.gdef.get("name", ""))

    def names(self) -> Iterator[str]:
        """Yield the names of the points in order."""
        return iter(self._group.points)

    def has(self, name: str) -> bool:
        """Whether the device implements the point."""
        return self.raw(name) is not None

    def raw(self, name: str) -> int | float | str | None:
        """Return a point as it stands in the registers, without its scale factor."""
        point = self._group.points.get(name)
        value = None if point is None else point.value
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return value if isinstance(value, (int, float, str)) else None

    def scale(self, name: str) -> int | None:
        """Return the exponent that a point is scaled by, 0 for one that has none."""
        point = self._group.points[name]
        if not point.sf_required:
            return 0
        exponent = point.sf_value
        if point.sf:
            holder = self._group.points.get(point.sf) or self._group.model.points.get(point.sf)
            exponent = None if holder is None else holder.value
        return exponent if exponent in SCALES else None

    def number(self, name: str) -> float | None:
        """Return a point as a number in its unit."""
        value = self.raw(name)
        if value is None or isinstance(value, str):
            return None
        exponent = self.scale(name)
        if exponent is None:
            return None
        # A float32 has some seven digits: more would be noise.
        digits = 3 if isinstance(value, float) else max(0, -exponent)
        return float(round(value * 10.0**exponent, digits))

    def text(self, name: str) -> str:
        """Return a text point without its padding, "" where there is none."""
        value = self.raw(name)
        return value.strip(" \0") if isinstance(value, str) else ""

    def code(self, name: str) -> int | None:
        """Return an enumeration's or a bitfield's value."""
        value = self.raw(name)
        return value if isinstance(value, int) else None

    def symbol(self, name: str) -> str:
        """Return the name of an enumeration's value; "code N" where the definition has none."""
        code = self.code(name)
        if code is None:
            return ""
        return self._symbols(name).get(code, f"code {code}")

    def bits(self, name: str) -> tuple[str, ...]:
        """Return the names of the bits that are set."""
        code = self.code(name)
        if not code:
            return ()
        names = self._symbols(name)
        return tuple(names.get(bit, f"bit {bit}") for bit in range(32) if code >> bit & 1)

    def groups(self, name: str) -> list[Points]:
        """Return the repetitions of a group."""
        found = self._group.groups.get(name, ())
        return [
            Points(self.model, each) for each in (found if isinstance(found, list) else [found])
        ]

    def group_names(self) -> Iterator[str]:
        """Yield the names of the groups in order."""
        return iter(self._group.groups)

    def kind(self, name: str) -> str:
        """Return a point's type: int16, enum16, bitfield32, …"""
        return str(self._group.points[name].pdef.get("type") or "")

    def unit(self, name: str) -> str:
        """Return the unit that a point is in, "" where the definition says none."""
        return str(self._group.points[name].pdef.get("units") or "")

    def _symbols(self, name: str) -> dict[int, str]:
        symbols = self._group.points[name].pdef.get("symbols") or ()
        return {int(each["value"]): str(each["name"]) for each in symbols}


def decode(model: int, data: bytes) -> Points:
    """Return the points of *model* whose registers, header and all, are *data*.

    Raises `Undecodable`. A model that is longer or shorter than its definition is read as far as
    both go: later editions append points.
    """
    library = _library()
    length = len(data) // 2 - 2
    if length > LONGEST:
        raise Undecodable(f"model {model} is {length} registers long")
    definition = library.get_model_def(model)
    try:
        needed = _size(definition["group"], definition["group"], data)
        if needed > max(length + 2, LONGEST):
            raise Undecodable(
                f"model {model} counts groups for {needed} registers and has {length + 2}"
            )
        found = library.Model(model, model_len=length, data=data)
    except (library.ModelError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        if isinstance(error, Undecodable):
            raise
        raise Undecodable(f"model {model} cannot be read ({type(error).__name__})") from error
    if found.gdef is None:
        raise Undecodable(f"model {model} has no definition")
    return Points(model, found)


def _size(group: dict[str, Any], whole: dict[str, Any], data: bytes, depth: int = 0) -> int:
    """Return how many registers *group* would take with the counts that *data* names.

    The library makes as many groups as a device counts, be it 65,535 of 65,535.
    """
    size = sum(int(point["size"]) for point in group.get("points", ()))
    for inner in group.get("groups", ()):
        size += _count(inner.get("count", 1), whole, data) * _size(inner, whole, data, depth + 1)
    return size


def _count(count: object, whole: dict[str, Any], data: bytes) -> int:
    """Return a count, itself or out of the point that it names; 0: as many as the length has."""
    if isinstance(count, int) or str(count).isdecimal():
        return int(str(count))
    offset = 0
    for point in whole.get("points", ()):
        size = int(point["size"])
        if point["name"] == count:
            return int.from_bytes(data[offset * 2 : (offset + size) * 2], "big")
        offset += size
    return 0
