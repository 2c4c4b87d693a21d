"""SunSpec's names in words for a person: GROUND_FAULT is "ground fault"."""

from __future__ import annotations

from adapters.sunspec.points import Points

_WORDS = {
    "TEMP": "temperature",
    "VOLT": "voltage",
    "AC": "AC",
    "DC": "DC",
    "HW": "hardware",
    "SOC": "charge",
    "ALRM": "alarm",
    "STR": "string",
}
_VENDOR = ("EvtVnd1", "EvtVnd2", "EvtVnd3", "EvtVnd4")


def of(symbol: str) -> str:
    """Return a symbol in words."""
    return " ".join(_WORDS.get(part, part.lower()) for part in symbol.replace("_", " ").split())


def alarms(model: Points | None, *names: str) -> tuple[str, ...]:
    """Return the alarms in the bitfields *names* of *model*, and what its vendor raises."""
    if model is None:
        return ()
    found = [of(bit) for name in names for bit in model.bits(name)]
    for name in _VENDOR:
        code = model.code(name)
        if code:
            found.append(f"vendor event {name[-1]}: {code:#x}")
    return tuple(dict.fromkeys(found))
