"""The adapter's settings, as a configuration writes them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

UnitNumber = Annotated[int, Meta(ge=0, le=255)]
Percent = Annotated[float, Meta(ge=0, le=100)]


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
    port: Annotated[int, Meta(ge=1, le=65535)] = 502
    units: Annotated[tuple[UnitNumber, ...], Meta(min_length=1, max_length=64)] = (1,)
    site: str = ""
    plant: str = ""
    interval: Annotated[float, Meta(ge=0.1, le=3600)] = 5.0
    timeout: Annotated[float, Meta(gt=0, le=120)] = 3.0
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    recorder: str = ""
    reserve: Percent | None = None
    low_charge: Percent = 25.0
    low_hours: Annotated[float, Meta(ge=0)] = 4.0

    def __post_init__(self) -> None:
        """Refuse what only makes sense together and came alone."""
        if not self.host:
            raise ValueError("host is empty: name the device or the gateway")
        if (self.latitude is None) is not (self.longitude is None):
            raise ValueError("latitude and longitude go together")
        if len(set(self.units)) != len(self.units):
            raise ValueError("units: a unit is named twice")
