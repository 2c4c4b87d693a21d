"""What is kept of a plant between samples: its devices as last seen, its day and its last hours."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import msgspec

from adapters.records import Battery, Inverter, Light, Plant, Trend
from adapters.sunspec import batteries, energy, inverters, plant
from adapters.sunspec.energy import Tally
from adapters.sunspec.failures import Excepted, Failure, Silent, Unreachable
from adapters.sunspec.reading import Reading
from adapters.sunspec.recorder import Minute, Recorder, Sample
from adapters.sunspec.settings import Settings
from adapters.sunspec.sun import Almanac
from adapters.sunspec.trend import Bars
from adapters.text import clean

DeviceT = TypeVar("DeviceT", Inverter, Battery)


class Seen:
    """What is known of one unit: its last reading as records, and why there is no newer one."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.inverter: Inverter | None = None
        self.battery: Battery | None = None
        self.failure: Failure | None = None
        self.asked = False

    @property
    def quiet(self) -> bool:
        """Whether the host was reached, and nothing behind it answered."""
        absent = isinstance(self.failure, Excepted) and self.failure.absent
        return absent or isinstance(self.failure, Silent)

    @property
    def silent(self) -> bool:
        """Whether nothing answered when it was last asked."""
        return self.quiet or isinstance(self.failure, Unreachable)

    @property
    def records(self) -> tuple[Inverter | Battery, ...]:
        """Its records as they stand."""
        return tuple(each for each in (self.inverter, self.battery) if each is not None)


class Watch:
    """A plant, sample by sample."""

    def __init__(self, name: str, settings: Settings, recorder: Recorder | None) -> None:
        self.name = settings.plant or name
        self.site = settings.site or self.name
        self.units = {number: Seen(number) for number in settings.units}
        self.unkept = ""
        """Why samples are not kept, "" while they are or are not to be."""
        self._reserve = settings.reserve
        self._limits = plant.Limits(settings.low_charge, settings.low_hours)
        self._almanac = Almanac(settings.latitude, settings.longitude)
        self._tallies: dict[str, Tally] = {}
        self._bars = Bars()
        self._minute = Minute()
        self._recorder = recorder

    # What was kept

    async def restore(self, now: float) -> None:
        """Take up what the recorder kept."""
        if self._recorder is None:
            return
        try:
            samples = await asyncio.to_thread(self._recorder.load, now)
        except OSError as error:
            self._not_kept(error)
            return
        for sample in samples:
            self._bars.add(sample.at, sample.power, sample.charge, float(sample.samples))
            for name, counter in sample.energy.items():
                self._tallies[name] = energy.advance(self._tallies.get(name), counter, sample.at)

    async def keep(self, now: float) -> None:
        """Keep what the plant adds up to now: in the trend, and once a minute in the recorder."""
        found = self.plant(now)
        self._bars.add(now, found.power, found.charge)
        if self._recorder is None:
            return
        counters = {
            each.name: each.energy
            for each in self._inverters()
            if each.energy is not None and each.online
        }
        done = self._minute.add(now, found.power, found.charge, counters)
        if done is not None:
            await self._append(self._recorder, done, now)

    async def close(self, now: float) -> None:
        """Keep the minute that has begun."""
        done = self._minute.close()
        if done is not None and self._recorder is not None:
            await self._append(self._recorder, done, now)

    async def _append(self, recorder: Recorder, sample: Sample, now: float) -> None:
        try:
            await asyncio.to_thread(recorder.append, sample, now)
        except OSError as error:
            self._not_kept(error)
        else:
            self.unkept = ""

    def _not_kept(self, error: OSError) -> None:
        self.unkept = clean(f"not kept: recorder: {error.strerror or error}", 200)

    # What is said

    def answered(self, number: int, reading: Reading, flaws: tuple[str, ...] = ()) -> None:
        """Take in what unit *number* said."""
        seen = self.units[number]
        common = reading.first(1)
        serial = clean(common.text("SN"), 64) if common is not None else ""
        error = "; ".join(flaws)
        seen.asked, seen.failure = True, None
        seen.inverter = seen.battery = None
        if inverters.is_inverter(reading):
            found = self._placed(inverters.inverter(reading), number, serial, error)
            seen.inverter = self._counted(found, reading)
        if batteries.is_battery(reading):
            battery = batteries.battery(reading, self._reserve)
            seen.battery = self._placed(battery, number, serial, error)
        self._light(reading.at)

    def failed(self, number: int, failure: Failure, now: float) -> None:
        """Take in that unit *number* was not read, and why."""
        seen = self.units[number]
        seen.asked, seen.failure = True, failure
        error = clean(str(failure), 200)
        if seen.inverter is not None:
            seen.inverter = self._of_today(inverters.unanswered(seen.inverter, error), now)
        if seen.battery is not None:
            seen.battery = batteries.unanswered(seen.battery, error)
        if not seen.records:
            # Nobody knows yet what it is: an inverter is what most units are.
            seen.inverter = self._placed(Inverter(online=False), number, "", error)
        self._light(now)

    def expected(self, number: int, now: float) -> bool:
        """Whether the silence of unit *number* is as it should be: an array at night."""
        seen = self.units[number]
        return seen.silent and seen.battery is None and plant.dark(self._almanac.sky(now))

    def plant(self, now: float) -> Plant:
        """Return the plant as a whole."""
        seen = self.units.values()
        devices = plant.Devices(
            count=len(seen),
            silent=sum(each.failure is not None or not each.asked for each in seen),
            inverters=tuple(self._inverters()),
            batteries=tuple(each.battery for each in seen if each.battery is not None),
        )
        found = plant.plant(now, devices, self._almanac.sky(now), self._limits)
        return msgspec.structs.replace(found, namespace=self.name, name=self.name, site=self.site)

    def trend(self, now: float) -> Trend:
        """Return its last hours."""
        found = self._bars.trend(now)
        return msgspec.structs.replace(found, namespace=self.name, name=self.name, site=self.site)

    # Helpers

    def _inverters(self) -> list[Inverter]:
        return [each.inverter for each in self.units.values() if each.inverter is not None]

    def _placed(self, device: DeviceT, number: int, serial: str, error: str) -> DeviceT:
        """Name *device*: by its serial number, unless another unit has the same."""
        name = serial or f"unit {number}"
        for other in self.units.values():
            if other.number != number and any(each.name == name for each in other.records):
                name = f"{name} unit {number}"
        return msgspec.structs.replace(
            device, namespace=self.name, name=name, site=self.site, unit=number, error=error
        )

    def _counted(self, found: Inverter, reading: Reading) -> Inverter:
        """Return *found* with the energy of its day."""
        if found.energy is not None:
            self._tallies[found.name] = energy.advance(
                self._tallies.get(found.name),
                found.energy,
                reading.at,
                wrap=inverters.wrap(reading),
                rated=found.rated,
            )
        return self._of_today(found, reading.at)

    def _of_today(self, found: Inverter, now: float) -> Inverter:
        """Return *found* with what was counted today; nothing is known of a day not begun yet."""
        tally = self._tallies.get(found.name)
        if tally is None or tally.midnight != now // energy.DAY * energy.DAY:
            return msgspec.structs.replace(found, energy_today=None, energy_since=None)
        return msgspec.structs.replace(found, energy_today=tally.energy, energy_since=tally.late)

    def _light(self, now: float) -> None:
        """Tell every inverter whether there should be sun."""
        lit = plant.light(self._almanac.sky(now), self._inverters())
        for seen in self.units.values():
            inverter = seen.inverter
            if inverter is not None and inverter.light is not lit:
                seen.inverter = msgspec.structs.replace(inverter, light=Light(lit))
