"""What was filled into a form, as the arguments that are sent: plain data, no widgets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from adapters.contract import Field, Form


class Slot(NamedTuple):
    """One field's place in a form: what keeps its value while the fields around it change.

    The parts of one argument are known by their labels: what stands third in one question need not
    be what stands third in another. Two may be called the same.
    """

    into: str
    name: str
    number: int = 0


def slots(fields: Iterable[Field]) -> list[tuple[Slot, Field]]:
    """Return each of *fields* with its place."""
    found: list[tuple[Slot, Field]] = []
    counts: dict[tuple[str, str], int] = {}
    for field in fields:
        name = field.label if field.into else field.name
        number = counts.get((field.into, name), 0)
        counts[(field.into, name)] = number + 1
        found.append((Slot(field.into, name, number), field))
    return found


def composed(values: Iterable[tuple[Slot, str]]) -> dict[str, str]:
    """Return the arguments that *values* make: parts of one argument as a JSON array of texts."""
    arguments: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    for slot, value in values:
        if slot.into:
            parts.setdefault(slot.into, []).append(value)
        elif value:
            arguments[slot.name] = value
    for name, texts in parts.items():
        arguments[name] = json.dumps(texts, ensure_ascii=False)
    return arguments


def deciding(form: Form) -> list[str]:
    """Return the names of the fields before the parts of an argument: they decide which parts."""
    names: list[str] = []
    for field in form.fields:
        if field.into:
            return names
        names.append(field.name)
    return []


def without_parts(form: Form, arguments: Mapping[str, str]) -> dict[str, str]:
    """Return *arguments* but for those that *form* asks for in parts."""
    parts = {field.into for field in form.fields}
    return {name: value for name, value in arguments.items() if name not in parts}


def preset(form: Form, arguments: Mapping[str, str]) -> dict[Slot, str]:
    """Return what *arguments*, known from the start, fill into the fields of *form*."""
    found: dict[Slot, str] = {}
    lists: dict[str, list[str]] = {}
    for slot, field in slots(form.fields):
        if not slot.into:
            if field.name in arguments:
                found[slot] = _as_option(field, arguments[field.name])
            continue
        if slot.into not in lists:
            lists[slot.into] = texts(arguments.get(slot.into, ""))
        if lists[slot.into]:
            found[slot] = lists[slot.into].pop(0)
    return found


def _as_option(field: Field, given: str) -> str:
    """Return *given* as the option of *field* that it was understood as, if it was as one."""
    values = [option.value for option in field.options]
    return field.default if given not in values and field.default in values else given


def texts(array: str) -> list[str]:
    """Return the items of a JSON array, each as the text that a person would write."""
    try:
        items = json.loads(array)
    except ValueError:
        return []
    if not isinstance(items, list):
        return []
    return [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in items]


def shown(form: Form, arguments: Mapping[str, str]) -> list[tuple[Slot, Field]]:
    """Return the fields to show: all of a live form; of another, not what is known already."""
    known = () if form.live else arguments
    return [
        (slot, field)
        for slot, field in slots(form.fields)
        if field.options or slot.into or not (slot.name in known and arguments[slot.name])
    ]


def next_blank(
    fields: Sequence[tuple[Slot, Field]], values: Mapping[Slot, str], after: Slot | None
) -> Slot | None:
    """Return the first field behind *after* that is to be filled in and holds nothing, or None.

    A part of an argument is to be looked at though it may stay empty, as a text may.
    """
    behind = after is None
    for slot, field in fields:
        asked = field.required or slot.into
        if behind and asked and not values.get(slot, "").strip():
            return slot
        behind = behind or slot == after
    return None


def named(field: Field, what: str) -> str:
    """Return *what* is wrong with *field* after its name, unless that stands there already."""
    name = field.label.split("  ")[0]
    return what if what.startswith(f"{name}:") else f"{name}: {what}"


def missing(
    fields: Sequence[tuple[Slot, Field]], values: Mapping[Slot, str]
) -> tuple[Slot, Field] | None:
    """Return the first field that holds nothing and may not stay so, None if none does."""
    return next(
        (
            (slot, field)
            for slot, field in fields
            if field.required and not values.get(slot, "").strip()
        ),
        None,
    )


def wrong(form: Form) -> tuple[Slot, Field] | None:
    """Return the first field that has an error, None if none has."""
    return next(((slot, field) for slot, field in slots(form.fields) if field.error), None)
