"""Finds adapters by name through the entry points `colony.adapters`, without importing them.

Listing reads package metadata only. Importing every adapter to ask for its name would cost the
start-up what the heaviest of them costs (a chain's client: 0.7 to 3 s).
"""

from __future__ import annotations

import difflib
import re
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import msgspec

from adapters.contract import Adapter, ConfigurationError, Context
from adapters.text import clean

GROUP = "colony.adapters"


class UnknownAdapter(ConfigurationError):
    """No installed package offers an adapter of this name."""

    def __init__(self, kind: str, installed: list[str]) -> None:
        offers = ", ".join(installed) or "none"
        super().__init__("adapter", f"no adapter is called {clean(kind)!r}; installed: {offers}")


def installed() -> dict[str, EntryPoint]:
    """Return the entry point of each installed adapter, by name, in order; nothing is imported."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return {point.name: point for point in points}


def load(kind: str) -> type[Adapter]:
    """Import the adapter called *kind* and return its class.

    Raises `UnknownAdapter`, or `ConfigurationError` where it cannot be imported.
    """
    points = installed()
    point = points.get(kind)
    if point is None:
        raise UnknownAdapter(kind, list(points))
    try:
        loaded = point.load()
    except Exception as error:
        raise ConfigurationError(
            "adapter", f"{kind} ({point.value}) cannot be imported: {clean(str(error))}"
        ) from error
    if not (isinstance(loaded, type) and issubclass(loaded, Adapter)):
        raise ConfigurationError("adapter", f"{kind} ({point.value}) is not an Adapter")
    return loaded


def build(kind: str, name: str, settings: dict[str, Any], context: Context) -> Adapter:
    """Return an adapter of *kind* called *name*; a wrong setting is named in the error."""
    adapter = load(kind)
    try:
        converted = msgspec.convert(settings, adapter.Settings)
    except msgspec.ValidationError as error:
        field, what = _explain(error, adapter.Settings)
        where = f"adapters.{name}.{field}" if field else f"adapters.{name}"
        raise ConfigurationError(where, what) from error
    return adapter(name, converted, context)


def _explain(error: msgspec.ValidationError, settings: type[msgspec.Struct]) -> tuple[str, str]:
    """Turn "Expected `int`, got `str` - at `$.port`" into ("port", "expected int, got str").

    A missing or an unknown field stands in the message itself, behind the path of its table.
    """
    what, _, where = str(error).partition(" - at `$")
    path = where.rstrip("`").lstrip(".")
    quoted = re.search(r"`(.*)`", what)
    named = clean(quoted[1]) if quoted else ""
    inner = f"{path}.{named}" if path else named
    if "unknown field" in what:
        known = _fields(settings, path)
        near = difflib.get_close_matches(named, known, 1)
        guess = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
        return inner, f"no such setting; {guess}"
    if "missing required field" in what:
        return inner, "is missing"
    what = clean(what.replace("`", ""))
    return path, what[:1].lower() + what[1:]


def _fields(settings: type[msgspec.Struct], path: str) -> list[str]:
    """Return the settings there are in the table at *path*: "" or such as `keys[...]`."""
    info = msgspec.inspect
    kind: Any = info.type_info(settings)
    for part in re.findall(r"\[\.\.\.\]|[^.\[]+", path):
        if isinstance(kind, info.StructType):
            kind = next((f.type for f in kind.fields if f.encode_name == part), None)
        elif isinstance(kind, info.DictType):
            kind = kind.value_type
        else:
            kind = getattr(kind, "item_type", None)
    return [f.encode_name for f in kind.fields] if isinstance(kind, info.StructType) else []
