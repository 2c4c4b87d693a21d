"""The alarms as the station has them: looked after while nobody looks, and answering who asks.

What people do about an alarm is an entry in the log first, with the value that it had: where that
cannot be written, nothing is acknowledged and nothing is shelved.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from adapters.clock import Clock
from adapters.contract import Finding, Found, Refused
from adapters.records import Alarm, Key
from adapters.text import clean
from console.station import entries
from console.station.alarms import keeping
from console.station.alarms.book import Book
from console.station.alarms.engine import EVERY, Engine
from console.station.alarms.rules import DEFAULTS, Rule
from console.station.gate import Voice
from console.station.hub import STATION, Hub
from console.station.journal import Journal
from console.station.log import LogError

AT_ONCE: Final = 200
"""Alarms that are acknowledged in one go at most."""
LONGEST: Final = 24 * 60.0
"""Minutes for which an alarm is shelved at most."""
REASON: Final = 200
"""Characters of a reason for shelving."""
NEXT: Final = 0.02
"""Seconds before the rest of a long look."""
SAVED: Final = 5.0
"""Seconds between two times that the alarms are written down."""

_log = logging.getLogger("colony.station")


class Alarms:
    """One station's alarms. `start`, then `run` as a task, then `close`."""

    def __init__(
        self,
        hub: Hub,
        clock: Clock,
        journal: Journal,
        path: Path,
        rules: Sequence[Rule] = DEFAULTS,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._path = path
        self._hub = hub
        self.book = Book(clock.now, self._publish)
        self.engine = Engine(hub, clock, rules, self.book)
        self.engine.unshelved = self._time_is_up
        self._turn = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._saved = clock.monotonic()
        self.trouble = ""
        """Why where the alarms stand cannot be written down, "" where it can."""
        self.failed = ""
        """Why the last look came to no end, "" where it did."""

    def start(self) -> None:
        """Take up what an earlier station kept, and be told of changes from now on."""
        kept, trouble = keeping.load(self._path)
        if trouble:
            _log.warning("%s", trouble)
        self.engine.restore(kept.alarms, kept.active)
        self._hub.publish("alarms", [])
        self._hub.listen(self.engine.offer)
        self.book.flush()

    async def run(self) -> None:
        """Look once a second, until cancelled."""
        while True:
            more = self._look()
            if self.book.changed and self._clock.monotonic() - self._saved >= SAVED:
                await self.save()
            await self._clock.sleep(NEXT if more else EVERY)

    def _look(self) -> bool:
        try:
            more = self.engine.look()
        except Exception as error:  # what one record brings about must not silence all others
            if not self.failed:
                _log.exception("the alarms could not be looked at")
            self.failed = f"the alarms could not be looked at: {clean(str(error), 200)}"
            return False
        self.failed = ""
        return more

    async def close(self) -> None:
        """Write down where the alarms stand."""
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self.save()

    async def save(self) -> None:
        """Write down where the alarms stand; where that fails it is said, and tried again."""
        async with self._saving:
            await self._save()

    async def _save(self) -> None:
        self.book.changed = False
        self._saved = self._clock.monotonic()
        alarms, active = list(self.book.alarms.values()), list(self.book.active)
        try:
            await asyncio.to_thread(keeping.save, self._path, alarms, active)
        except OSError as error:
            self.book.changed = True
            trouble = f"{self._path} cannot be written: {error.strerror}"
            if trouble != self.trouble:
                _log.warning("%s", trouble)
            self.trouble = trouble
        else:
            self.trouble = ""

    def findings(self) -> list[Finding]:
        """Return what is wrong with the alarms themselves, for `colony doctor`."""
        said = [one for one in (self.failed, self.trouble) if one]
        advice = "alarms are shown all the same; where they stand is lost at a restart"
        return [Finding("alarms", Found.WARNING, one, advice) for one in said]

    # What people do

    async def acknowledge(self, names: Sequence[str], voice: Voice) -> dict[str, Any]:
        """Acknowledge the alarms called *names*; return which, and why others were not.

        Raises `Refused` where none was.
        """
        if not names:
            raise Refused("which alarm? name one at least")
        if len(names) > AT_ONCE:
            raise Refused(f"{AT_ONCE} alarms at once at most, and not {len(names)}")
        async with self._turn:
            done: list[str] = []
            refused: list[str] = []
            for name in dict.fromkeys(names):
                try:
                    alarm = self.book.may_acknowledge(name)
                    await self._write("alarm-ack", alarm, voice)
                except Refused as error:
                    refused.append(str(error))
                    continue
                self.book.acknowledge(name, voice.actor)
                done.append(name)
            self.book.flush()
        if not done:
            raise Refused(_with_others(refused))
        return {"acknowledged": done, "refused": refused}

    async def shelve(self, name: str, minutes: float, reason: str, voice: Voice) -> Alarm:
        """Shelve the alarm *name* for some *minutes*; raises `Refused`."""
        reason = clean(" ".join(reason.split()), REASON)
        if not reason:
            raise Refused("shelving an alarm needs a reason")
        if not 0 < minutes <= LONGEST:
            raise Refused(f"an alarm is shelved for 24 hours at most, and not {minutes:g} minutes")
        async with self._turn:
            alarm = self.book.may_shelve(name)
            until = self._clock.now() + minutes * 60.0
            await self._write("alarm-shelve", alarm, voice, reason=reason, until=until)
            shelved = self.book.shelve(name, voice.actor, until, reason)
            self.book.flush()
        return shelved or alarm

    async def unshelve(self, name: str, voice: Voice) -> Alarm:
        """Take the alarm *name* off the shelf; raises `Refused`."""
        async with self._turn:
            alarm = self.book.may_unshelve(name)
            await self._write("alarm-unshelve", alarm, voice)
            back = self.book.unshelve(name, voice.actor)
            self.book.flush()
        return back or alarm

    async def _write(
        self,
        event: str,
        alarm: Alarm,
        voice: Voice,
        *,
        reason: str = "",
        until: float | None = None,
    ) -> None:
        leaf = entries.alarm(event, alarm, voice, self._clock.now(), reason=reason, until=until)
        try:
            await self._journal.must(leaf)
        except LogError as error:
            raise Refused(f"{error}; {alarm.name} stays as it is") from error

    def _time_is_up(self, name: str) -> None:
        """What was shelved for long enough calls again; that is in the log too, when it can be."""
        alarm = self.book.alarms[name]
        now = self._clock.now()
        leaf = entries.alarm(
            "alarm-unshelve", alarm, Voice(STATION), now, reason="its time is over"
        )
        task = asyncio.ensure_future(self._journal.keep(leaf))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.book.unshelve(name, STATION)

    def _publish(self, alarms: Iterable[Alarm], gone: Iterable[Key]) -> None:
        self._hub.publish("alarms", alarms, gone)


def _with_others(refused: Sequence[str]) -> str:
    more = f"; and {len(refused) - 1} more" if len(refused) > 1 else ""
    return f"{refused[0]}{more}"
