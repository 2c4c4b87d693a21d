"""One plant: samples its inverters and batteries, and adds them up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from adapters.contract import (
    Adapter,
    AdapterError,
    Answer,
    Batch,
    Context,
    Finding,
    Link,
    World,
)
from adapters.records import App, ScopeState
from adapters.sunspec.failures import Failure, Unreachable
from adapters.sunspec.link import Link as Connection
from adapters.sunspec.reading import Unit
from adapters.sunspec.recorder import Recorder
from adapters.sunspec.settings import Settings as PlantSettings
from adapters.sunspec.watch import Watch
from adapters.text import clean

TREND_EVERY = 30.0
"""Seconds between two trends; a step of it is five minutes."""
PLANT, TREND = "plant", "trend"


def scope_of(unit: int) -> str:
    """Return the scope of what one unit says: each is as fresh as its own answers."""
    return f"unit {unit}"


class SunSpecAdapter(Adapter):
    """Inverters and batteries that speak SunSpec over Modbus TCP."""

    Settings = PlantSettings
    title = "Solar plants and batteries (SunSpec, Modbus TCP)"
    brings = ("Plant", "Inverter", "Battery", "Trend")
    settings: PlantSettings

    def __init__(self, name: str, settings: PlantSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        recorder = Recorder(Path(settings.recorder).expanduser()) if settings.recorder else None
        self.link = Connection(settings.host, settings.port, settings.timeout)
        self.watch = Watch(name, settings, recorder)
        self._units = {number: Unit(self.link, number) for number in settings.units}
        self._announced = False
        self._reached = False
        self._turn = 0
        self._trend_due = 0.0

    @property
    def address(self) -> str:
        """Where the plant is spoken to."""
        return clean(f"{self.settings.host}:{self.settings.port}", 120)

    async def records(self) -> AsyncIterator[Batch]:
        """Yield a sample of everything at each interval, until cancelled.

        Raises `AdapterError` where nothing was ever reached and it is not night; a plant that
        is lost later is stale, and is taken up again here.
        """
        clock = self.context.clock
        if not self._announced:
            self._announced = True
            for scope in (*map(scope_of, self._units), PLANT, TREND):
                yield Batch(scope, state=ScopeState.NEVER)
            await self.watch.restore(clock.now())
        self._trend_due = 0.0
        while True:
            began = clock.monotonic()
            async for batch in self._round():
                yield batch
            took = clock.monotonic() - began
            await clock.sleep(max(self.settings.interval / 10, self.settings.interval - took))

    async def _round(self) -> AsyncIterator[Batch]:
        """Ask every unit once, and say what came of it as it comes."""
        clock, watch = self.context.clock, self.watch
        gone: Unreachable | None = None
        quiet = {number for number, seen in watch.units.items() if seen.quiet}
        skipped = self._skipped(sorted(quiet))
        for number in self._units:
            if number not in skipped:
                gone = await self._sample(number, gone)
                yield self._of_unit(number)
        back = any(watch.units[number].failure is None for number in quiet)
        for number in skipped:
            if back:
                gone = await self._sample(number, gone)
            yield self._of_unit(number)
        now = clock.now()
        answering = [seen for seen in watch.units.values() if seen.failure is None]
        if answering:
            self._reached = True
        elif gone is None:
            self.link.close()  # silence all around may be the connection's own
        await watch.keep(now)
        for batch in self._of_plant(now, bool(answering)):
            yield batch
        dark = all(watch.expected(number, now) for number in self._units)
        if not self._reached and not dark:
            raise AdapterError(f"{self.address}: {self._why()}")

    def _skipped(self, quiet: Sequence[int]) -> list[int]:
        """Return which of the *quiet* units are not asked in this round.

        Each costs a timeout. Of several, one a round is asked whether it is back, so that those
        that answer stay fresh; if it is, the others are asked too.
        """
        self._turn += 1
        return [n for place, n in enumerate(quiet) if place != self._turn % len(quiet)]

    async def _sample(self, number: int, gone: Unreachable | None) -> Unreachable | None:
        """Ask one unit; return why the host is not reached, None where it is."""
        unit, clock = self._units[number], self.context.clock
        try:
            if gone is not None:
                raise gone
            reading = await unit.read(clock.now())
            self.watch.answered(number, reading, unit.flaws)
        except Failure as error:
            self.watch.failed(number, error, clock.now())
            return error if isinstance(error, Unreachable) else None
        return None

    def _of_unit(self, number: int) -> Batch:
        seen, now = self.watch.units[number], self.context.clock.now()
        state, detail = ScopeState.LIVE, ""
        if seen.failure is not None:
            detail = clean(str(seen.failure), 200)
            if self.watch.expected(number, now):
                detail = f"dark: {detail}"
            else:
                state = ScopeState.STALE
        interval, unheard = self.settings.interval, state is ScopeState.STALE
        return Batch(
            scope_of(number), seen.records, (), True, True, state, interval, detail, unheard
        )

    def _of_plant(self, now: float, answering: bool) -> list[Batch]:
        dark = all(self.watch.expected(number, now) for number in self._units)
        state = ScopeState.LIVE if answering or dark else ScopeState.STALE
        detail = "" if answering else self._why()
        found = self.watch.plant(now)
        interval, unheard = self.settings.interval, state is ScopeState.STALE
        batches = [
            Batch(PLANT, (found,), state=state, interval=interval, detail=detail, unheard=unheard)
        ]
        monotonic = self.context.clock.monotonic()
        if monotonic >= self._trend_due:
            self._trend_due = monotonic + TREND_EVERY
            every = TREND_EVERY + interval
            told = detail or self.watch.unkept
            trend = self.watch.trend(now)
            batches.append(
                Batch(TREND, (trend,), state=state, interval=every, detail=told, unheard=unheard)
            )
        return batches

    def _why(self) -> str:
        """Say why nothing answers: one reason, or each unit's own."""
        reasons: dict[str, list[int]] = {}
        for number, seen in self.watch.units.items():
            if seen.failure is not None:
                reasons.setdefault(clean(str(seen.failure), 160), []).append(number)
        if len(reasons) == 1:
            return next(iter(reasons))
        said = [f"unit {', '.join(map(str, units))}: {why}" for why, units in reasons.items()]
        return "; ".join(said)

    async def query(self, topic: str, arguments: Mapping[str, str]) -> Answer:
        """Answer `yaml`: all points of the device that `name` (or `unit`) names."""
        if topic == "yaml":
            from adapters.sunspec import yamltext

            return await yamltext.answer(self._units, self.watch, arguments)
        return await super().query(topic, arguments)

    async def links(self, app: App, world: World) -> Sequence[Link]:
        """Return the power of the site of *app*, where this plant is there."""
        from adapters.sunspec import links

        return links.links(self.name, app, world)

    async def diagnose(self) -> Sequence[Finding]:
        """Check configuration, reach, each unit's SunSpec map, and the recorder."""
        from adapters.sunspec import diagnosis

        return await diagnosis.diagnose(
            self.settings, self._units, self.context.clock, self.address
        )

    async def close(self) -> None:
        """Let go of the connection; keep what was gathered."""
        self.link.close()
        await self.watch.close(self.context.clock.now())
