"""What a unit said becomes a `Battery`."""

from __future__ import annotations

import msgspec

from adapters.records import Battery
from adapters.sunspec import inverters, words
from adapters.sunspec.points import Points
from adapters.sunspec.reading import BATTERY, DC_PORTS, DER, LITHIUM, STORAGE, Reading

_STORES = 1
_CHARGING, _DISCHARGING = "CHARGING", "DISCHARGING"
STILL = 0.5
"""Power in W below which a battery only holds what it has."""


def is_battery(reading: Reading) -> bool:
    """Whether a unit is, or has, a battery."""
    return reading.first(BATTERY, STORAGE, LITHIUM) is not None


def battery(reading: Reading, reserve: float | None = None) -> Battery:
    """Return the battery that *reading* tells of; *reserve* is its reserve if it does not say."""
    common = reading.first(1)
    bank, storage = reading.first(BATTERY), reading.first(STORAGE)
    lithium = reading.first(LITHIUM)
    power = _power(reading, bank)
    kept = inverters.either(bank, "SoCRsvMin", bank, "SoCMin")
    return Battery(
        at=reading.at,
        manufacturer=common.text("Mn") if common else "",
        model=common.text("Md") if common else "",
        online=True,
        state=_state(bank, power),
        power=power,
        charge=inverters.either(bank, "SoC", storage, "SoC"),
        reserve=reserve if kept is None else kept,
        health=inverters.either(bank, "SoH", storage, "SoH"),
        capacity=inverters.either(bank, "WHRtg", storage, "WHRtg"),
        voltage=bank.number("V") if bank else None,
        temperature=inverters.either(lithium, "ModTmpMax", lithium, "ModTmpAvg"),
        charge_limit=bank.number("WChaRteMax") if bank else None,
        discharge_limit=bank.number("WDisChaRteMax") if bank else None,
        events=_events(bank, storage),
    )


def unanswered(last: Battery, error: str) -> Battery:
    """Return *last* as it stands while the unit does not answer: nothing measured is known."""
    return msgspec.structs.replace(
        last,
        online=False,
        state="",
        power=None,
        charge=None,
        voltage=None,
        temperature=None,
        events=(),
        error=error,
    )


def _power(reading: Reading, bank: Points | None) -> float | None:
    """Return the power, positive while it discharges."""
    power = bank.number("W") if bank is not None else None
    if power is None:
        power = _port_power(reading)
    der = reading.first(DER)
    if power is None and der is not None and not inverters.is_inverter(reading):
        power = der.number("W")
    # SunSpec leaves the sign of model 802 open: where the device says which way, that decides.
    way = bank.symbol("ChaSt") if bank is not None else ""
    if power is not None and way in (_CHARGING, _DISCHARGING):
        return abs(power) if way == _DISCHARGING else -abs(power)
    return power


def _port_power(reading: Reading) -> float | None:
    model = reading.first(DC_PORTS)
    ports = model.groups("Prt") if model is not None else []
    powers = [port.number("DCW") for port in ports if port.code("PrtTyp") == _STORES]
    if not powers or None in powers:
        return None
    return sum(power for power in powers if power is not None)


def _state(bank: Points | None, power: float | None) -> str:
    if bank is not None and bank.symbol("State") == "FAULT":
        return "fault"
    said = words.of(bank.symbol("ChaSt")) if bank is not None else ""
    if said or power is None:
        return said
    if abs(power) < STILL:
        return "holding"
    return "discharging" if power > 0 else "charging"


def _events(bank: Points | None, storage: Points | None) -> tuple[str, ...]:
    found = list(words.alarms(bank, "Evt1"))
    said = storage.symbol("Sta") if storage is not None else ""
    if said not in ("", "OK"):
        found.append(f"storage {words.of(said)}")
    return tuple(dict.fromkeys(found))
