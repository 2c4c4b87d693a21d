"""Register images of devices, made by pysunspec2 from the values that it read of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sunspec2.device as library

END = b"\xff\xff\x00\x00"
DEVICE = Path(__file__).with_name("device.json")
"""A device as pysunspec2 read it, a hybrid of one unit: what it said in its units, and scales."""


def sample() -> bytes:
    """Return the registers of that device."""
    said = json.loads(DEVICE.read_text(encoding="utf-8"))
    return b"SunS" + b"".join(model(each) for each in said["models"]) + END


def model(said: dict[str, Any]) -> bytes:
    """Return the registers of one model; values are in their units."""
    groups = {name: value for name, value in said.items() if isinstance(value, list)}
    counts = {name: [{} for _ in value] for name, value in groups.items()}
    known = {name: said[name] for name in ("ID", "N") if name in said}
    made = library.Model(said["ID"], model_len=said["L"], data=known | counts)
    _set(made, said)
    for name, rows in groups.items():
        for group, row in zip(made.groups[name], rows, strict=True):
            _set(group, row)
    registers: bytes = made.get_mb()
    return registers


def _set(group: Any, said: dict[str, Any]) -> None:
    scales = {name: value for name, value in said.items() if name.endswith("_SF")}
    for name, value in scales.items():
        group.points[name].value = value
    for name, value in said.items():
        point = group.points.get(name)
        if (
            point is None
            or name in scales
            or (name in ("ID", "L") and group.gdef["name"] != "module")
        ):
            continue
        holder = group.points.get(point.sf) or group.model.points.get(point.sf)
        exponent = holder.value if holder is not None else None
        scaled = isinstance(value, (int, float)) and exponent is not None
        point.value = round(value / 10.0**exponent) if scaled else value
