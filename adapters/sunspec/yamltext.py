"""All points of a device as YAML, model by model, as it says them now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from adapters.contract import AdapterError, Answer, Refused
from adapters.sunspec.failures import Failure
from adapters.sunspec.points import Points
from adapters.sunspec.reading import Unit, everything
from adapters.sunspec.watch import Watch
from adapters.text import TEXT_LIMIT, clean, clean_text


async def answer(units: Mapping[int, Unit], watch: Watch, arguments: Mapping[str, str]) -> Answer:
    """Return the points of the device that `name` names, or `unit` by its number."""
    number = _unit(watch, arguments)
    try:
        found, models, flaws = await everything(units[number])
    except Failure as error:
        raise AdapterError(f"{watch.name} unit {number}: {clean(str(error), 200)}") from error
    lines = [f"unit: {number}", f"base: {found.base}", "models:"]
    decoded = {model.model: model for model in models}
    for block in found.blocks:
        lines += [f"- model: {block.model}", f"  address: {block.address}"]
        lines.append(f"  length: {block.length}")
        model = decoded.get(block.model)
        if model is not None:
            lines.append(f"  name: {model.title}")
            lines += [f"  {line}" for line in _points(model)]
    lines += [f"# {clean(flaw, 200)}" for flaw in flaws]
    text = clean_text("\n".join(lines) + "\n", TEXT_LIMIT)
    return Answer(text, title=f"{watch.name} unit {number}", syntax="yaml")


def _unit(watch: Watch, arguments: Mapping[str, str]) -> int:
    name, said = arguments.get("name", ""), arguments.get("unit", "")
    for number, seen in watch.units.items():
        if said == str(number) or any(each.name == name for each in seen.records):
            return number
    if name == watch.name and len(watch.units) == 1:
        return next(iter(watch.units))
    raise Refused(f"{watch.name} has no device called {clean(name or said, 80)}")


def _points(model: Points) -> Iterator[str]:
    for name in model.names():
        yield f"{name}: {_value(model, name)}"
    for group in model.group_names():
        yield f"{group}:"
        for each in model.groups(group):
            mark = "- "
            for line in _points(each):
                yield mark + line
                mark = "  "


def _value(model: Points, name: str) -> str:
    """Return a point as YAML with its unit or its meaning behind it; null if not implemented."""
    raw = model.raw(name)
    if raw is None:
        return "null"
    if isinstance(raw, str):
        return json.dumps(model.text(name), ensure_ascii=False)
    number = model.number(name)
    if number is None:
        return f"null  # {raw}, and its scale factor is not implemented"
    shown = f"{number:.10g}"
    kind = model.kind(name)
    if kind.startswith("enum"):
        said = model.symbol(name)
        return shown if said.startswith("code ") else f"{shown}  # {said}"
    if kind.startswith("bitfield"):
        return f"{shown}  # {', '.join(model.bits(name))}" if raw else shown
    unit = model.unit(name)
    return f"{shown}  # {unit}" if unit else shown
