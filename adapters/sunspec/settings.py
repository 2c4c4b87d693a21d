"""The adapter's settings, as a configuration writes them."""

from __future__ import annotations

import msgspec

_RANGES = {
    "port": (1, 65535),
    "interval": (0.1, 3600.0),
    "timeout": (0.01, 120.0),
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "reserve": (0.0, 100.0),
    "low_charge": (0.0, 100.0),
    "low_hours": (0.0, 1000.0),
}
_MOST_UNITS = 64


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to reach one plant: one host, a Modbus TCP gateway or a device, and its units.

    host: the name or the address of the device or gateway.
    port: its TCP port.
    units: the Modbus unit numbers behind it, each one SunSpec device.
    site: the site that the plant is at, as `colony/site` on workloads names it; the plant's name
        where empty.
    plant: the plant's name; the instance's where empty.
    interval: seconds between two samples.
    timeout: seconds to wait for a connection and for each answer.
    latitude, longitude: where the plant is, in degrees, north and east positive: tells day from
        night. Without them only the inverters' own "sleeping" does.
    recorder: a file in which samples are kept, so that the last hours and the energy of today
        survive a restart. At most 2 MB.
    reserve: the charge in % below which a battery is not to be used, where it does not say itself.
    low_charge: a discharging battery below this charge in % is worth a word.
    low_hours: so is one that lasts less than this many hours at its present discharge.
    """

    host: str
    port: int = 502
    units: tuple[int, ...] = (1,)
    site: str = ""
    plant: str = ""
    interval: float = 5.0
    timeout: float = 3.0
    latitude: float | None = None
    longitude: float | None = None
    recorder: str = ""
    reserve: float | None = None
    low_charge: float = 25.0
    low_hours: float = 4.0

    def __post_init__(self) -> None:
        """Refuse what no plant has."""
        if not self.host:
            raise ValueError("host is empty: name the device or the gateway")
        if (self.latitude is None) is not (self.longitude is None):
            raise ValueError("latitude and longitude go together")
        if not 1 <= len(self.units) <= _MOST_UNITS or not set(self.units) <= set(range(256)):
            raise ValueError(f"units: 1 to {_MOST_UNITS} numbers from 0 to 255")
        if len(set(self.units)) != len(self.units):
            raise ValueError("units: a unit is named twice")
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise ValueError(f"{name} is not between {least:g} and {most:g}")
