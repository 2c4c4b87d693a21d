"""`colony adapters`: what is installed, with its settings. Needs no station."""

from __future__ import annotations

import argparse
import inspect
from typing import Any

import msgspec

from adapters.contract import ConfigurationError
from adapters.registry import installed, load
from console.choice import Choice
from console.headless.session import emit, show


def run(choice: Choice, options: argparse.Namespace) -> int:
    """List the installed adapters; one that cannot be imported is listed with the reason."""
    described = [describe(kind) for kind in installed()]
    if options.json:
        emit({"adapters": described})
        return 0
    for adapter in described:
        show(f"{adapter['name']}  {adapter['title'] or adapter['error']}")
        for setting in adapter["settings"]:
            default = "required" if setting["required"] else f"default {setting['default']!r}"
            show(f"    {setting['name']}: {setting['type']}, {default}")
        if adapter["about"]:
            show(*(f"    {line}" for line in adapter["about"].splitlines()))
    if not described:
        show("no adapter is installed")
    return 0


def describe(kind: str) -> dict[str, Any]:
    """Return name, title, settings and their explanation of the adapter called *kind*."""
    empty = {"name": kind, "title": "", "error": "", "about": "", "settings": []}
    try:
        adapter = load(kind)
    except ConfigurationError as error:
        return {**empty, "error": str(error)}
    settings = [
        {
            "name": field.encode_name,
            "type": _type_name(field.type),
            "required": field.required,
            "default": None if field.required else _default(field),
        }
        for field in msgspec.structs.fields(adapter.Settings)
    ]
    about = inspect.cleandoc(adapter.Settings.__doc__ or "")
    return {**empty, "title": adapter.title, "about": about, "settings": settings}


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return msgspec.to_builtins(field.default, enc_hook=str)
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.to_builtins(field.default_factory(), enc_hook=str)
    return None


def _type_name(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)
