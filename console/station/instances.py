"""Makes a colony's adapters of its configuration, or says in one line what is wrong with it."""

from __future__ import annotations

import contextlib
import functools
import json
import logging
from collections.abc import Mapping
from typing import Any

import msgspec

from adapters import registry
from adapters.contract import Adapter, ConfigurationError, Context
from adapters.text import clean
from console.configuration import ConfigurationProblem
from console.settings import Written
from console.station.isolated import START, Isolated

_log = logging.getLogger("colony.station")


def build(
    tables: Mapping[str, tuple[str, Mapping[str, Any]]], context: Context, where: str
) -> dict[str, tuple[str, Adapter]]:
    """Return (kind, adapter) by instance name of *tables* (kind, settings).

    *where* stands before the field in an error. Raises `ConfigurationProblem`.
    """
    built: dict[str, tuple[str, Adapter]] = {}
    for name, (kind, settings) in tables.items():
        try:
            typed = _typed(registry.load(kind), settings)
            make = functools.partial(registry.build, kind, name, typed, context)
            built[name] = (kind, Isolated(name, make))
        except ConfigurationError as error:
            field = error.field
            if not field.startswith("adapters."):
                field = f"adapters.{name}.{field}" if field else f"adapters.{name}"
            said = str(error).removeprefix(f"{error.field}: ")
            raise ConfigurationProblem(clean(f"{where}.{field}: {said}", 1_000)) from error
        except TimeoutError as error:
            raise ConfigurationProblem(
                f"{where}.adapters.{name}: the adapter did not come to be within {START:.0f} s"
            ) from error
        except Exception as error:
            _log.exception("adapter %s cannot be made", name)
            raise ConfigurationProblem(
                clean(f"{where}.adapters.{name}: {type(error).__name__}: {error}", 1_000)
            ) from error
    return built


def _typed(adapter: type[Adapter], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Give what came as text from a variable or a secret the type that the adapter wants."""
    types = {field.encode_name: field.type for field in msgspec.structs.fields(adapter.Settings)}
    typed = {}
    for name, value in settings.items():
        typed[name] = _read(value, types[name]) if name in types else value
        if isinstance(typed[name], Written):
            typed[name] = str(typed[name])
    return typed


def _read(value: Any, wanted: Any) -> Any:
    if not isinstance(value, Written):
        return value
    text = str(value)
    with contextlib.suppress(msgspec.ValidationError):
        return msgspec.convert(text, wanted, strict=False)
    if text[:1] in ("[", "{"):
        with contextlib.suppress(ValueError):
            return json.loads(text)
    listed = [part.strip() for part in text.split(",") if part.strip()]
    with contextlib.suppress(msgspec.ValidationError):
        msgspec.convert(listed, wanted, strict=False)
        return listed
    return text
