"""What a unit said becomes an `Inverter`."""

from __future__ import annotations

import msgspec

from adapters.records import Inverter, InverterState, String
from adapters.sunspec import words
from adapters.sunspec.points import Points
from adapters.sunspec.reading import (
    BASIC_SETTINGS,
    BATTERY,
    DC_PORTS,
    DER,
    DER_CAPACITY,
    INVERTERS,
    LITHIUM,
    MPPT,
    NAMEPLATE,
    STORAGE,
    Reading,
)

_STATES = dict(enumerate(list(InverterState)[:8], 1))
"""`St` of models 101-113; `InvSt` of model 701 counts the same states from 0."""
_TEMPERATURES = ("TmpCab", "TmpSnk", "TmpTrns", "TmpSw", "TmpOt")
_PV = 0
_WRAP = float(2**32)


def is_inverter(reading: Reading) -> bool:
    """Whether a unit is one that feeds from panels.

    Model 701 is of anything that feeds: with a battery's models and no panels it is the battery's.
    """
    if reading.first(*INVERTERS) is not None:
        return True
    if reading.first(DER) is None:
        return False
    stores = reading.first(STORAGE, BATTERY, LITHIUM) is not None
    return not stores or reading.first(MPPT) is not None or bool(_ports(reading))


def inverter(reading: Reading) -> Inverter:
    """Return the inverter that *reading* tells of; its plant, name and day are the caller's."""
    common = reading.first(1)
    main, der = reading.first(*INVERTERS), reading.first(DER)
    strings = _strings(reading)
    return Inverter(
        at=reading.at,
        manufacturer=common.text("Mn") if common else "",
        model=common.text("Md") if common else "",
        online=True,
        state=_state(main, der),
        power=either(main, "W", der, "W"),
        rated=_rated(reading),
        energy=either(main, "WH", der, "TotWhInj"),
        dc_power=_dc_power(main, strings),
        voltage=_voltage(main, der),
        frequency=either(main, "Hz", der, "Hz"),
        temperature=_temperature(main, der),
        strings=strings,
        events=_events(reading, main, der),
    )


def wrap(reading: Reading) -> float | None:
    """Return the energy in Wh past which the unit's counter begins again at 0, None for never."""
    main = reading.first(*INVERTERS)
    if main is None or main.model >= 111 or main.number("WH") is None:
        return None
    return _WRAP * 10.0 ** (main.scale("WH") or 0)


def unanswered(last: Inverter, error: str) -> Inverter:
    """Return *last* as it stands while the unit does not answer: what flows is not known.

    The counters hold: they are as of `at`.
    """
    return msgspec.structs.replace(
        last,
        online=False,
        state=InverterState.UNKNOWN,
        power=None,
        dc_power=None,
        voltage=None,
        frequency=None,
        temperature=None,
        strings=(),
        events=(),
        error=error,
    )


def either(first: Points | None, name: str, second: Points | None, other: str) -> float | None:
    """Return a number of *first*, or that of *second* where the first does not have it."""
    found = first.number(name) if first is not None else None
    if found is None and second is not None:
        return second.number(other)
    return found


def _state(main: Points | None, der: Points | None) -> InverterState:
    code = main.code("St") if main is not None else None
    if code is None and der is not None:
        from_zero = der.code("InvSt")
        code = None if from_zero is None else from_zero + 1
    return InverterState.UNKNOWN if code is None else _STATES.get(code, InverterState.UNKNOWN)


def _rated(reading: Reading) -> float | None:
    for number, name in ((NAMEPLATE, "WRtg"), (DER_CAPACITY, "WMaxRtg"), (BASIC_SETTINGS, "WMax")):
        model = reading.first(number)
        rated = model.number(name) if model is not None else None
        if rated:
            return rated
    return None


def _voltage(main: Points | None, der: Points | None) -> float | None:
    for model, names in ((main, ("PhVphA", "PPVphAB")), (der, ("LNV", "VL1", "LLV"))):
        for name in names if model is not None else ():
            found = model.number(name) if model is not None else None
            if found is not None:
                return found
    return None


def _temperature(main: Points | None, der: Points | None) -> float | None:
    for model in (main, der):
        for name in _TEMPERATURES if model is not None else ():
            found = model.number(name) if model is not None else None
            if found is not None:
                return found
    return None


def _ports(reading: Reading) -> list[Points]:
    model = reading.first(DC_PORTS)
    ports = model.groups("Prt") if model is not None else []
    return [port for port in ports if port.code("PrtTyp") == _PV]


def _strings(reading: Reading) -> tuple[String, ...]:
    mppt = reading.first(MPPT)
    inputs = mppt.groups("module") if mppt is not None else _ports(reading)
    return tuple(
        String(
            each.text("IDStr") or str(each.code("ID") or number),
            each.number("DCW"),
            each.number("DCV"),
            each.number("DCA"),
        )
        for number, each in enumerate(inputs, 1)
    )


def _dc_power(main: Points | None, strings: tuple[String, ...]) -> float | None:
    found = main.number("DCW") if main is not None else None
    powers = [string.power for string in strings]
    if found is None and powers and None not in powers:
        return sum(power for power in powers if power is not None)
    return found


def _events(reading: Reading, main: Points | None, der: Points | None) -> tuple[str, ...]:
    mppt = reading.first(MPPT)
    found = [*words.alarms(main, "Evt1"), *words.alarms(der, "Alrm"), *words.alarms(mppt, "Evt")]
    for number, each in enumerate(mppt.groups("module") if mppt is not None else (), 1):
        where = each.text("IDStr") or f"string {number}"
        found += [f"{where}: {words.of(bit)}" for bit in each.bits("DCEvt")]
    return tuple(dict.fromkeys(found))
