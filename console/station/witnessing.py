"""Has witnesses on other hosts cosign the log: who holds the log cannot rewrite what they saw.

What they sign is kept beside the log and is no entry of it: an entry for each would grow the log,
and that would have to be cosigned again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from adapters.clock import Clock
from adapters.contract import Finding, Found
from adapters.text import clean
from console.ledger.keys import parse
from console.ledger.note import NoteError, Signature
from console.station import anchors
from console.station.anchors import Signed
from console.station.cosigning import CosignError, Far, Http, OtherHistory, Post
from console.station.log import Log, LogError, Row

EVERY = 10.0
"""Seconds between two checkpoints that are sent to a witness."""
RAREST = 600.0
"""Seconds that are waited at most after one that was refused; each doubles the wait."""

_WITNESS = """INSERT INTO witnesses VALUES (:name, :key, :at, NULL)
ON CONFLICT (name) DO UPDATE SET key = :key, until = NULL"""
_GONE = "UPDATE witnesses SET until = :at WHERE until IS NULL AND name = :name"
_HERE = "SELECT name, key FROM witnesses WHERE until IS NULL"
_COSIGNED = "INSERT OR REPLACE INTO cosignatures VALUES (:size, :witness, :line, :at)"
_LAST = "SELECT coalesce(max(size), 0) FROM cosignatures WHERE witness = :witness"

_log = logging.getLogger("colony.station")


class Witnessing:
    """Runs as a task of the station.

    `trouble` is what is wrong with each witness, by name, as far as something is; `told` is called
    when that, or what is cosigned, has changed.
    """

    def __init__(
        self,
        log: Log,
        witnesses: Sequence[tuple[str, str]],
        clock: Clock,
        *,
        told: Callable[[], None] = lambda: None,
        post: Post | None = None,
    ) -> None:
        """Have each of *witnesses*, (URL, verifier key), cosign *log*.

        Raises `NoteError` where a key is none or two have one name. *post* sends instead of HTTP.
        """
        self.trouble: dict[str, str] = {}
        self._log = log
        self._far = [Far(url, parse(key)) for url, key in witnesses]
        self._clock = clock
        self._told = told
        self._http = Http()
        self._post = post or self._http.post
        self._contradicts: set[str] = set()
        names = [far.key.name for far in self._far]
        for name in names:
            if names.count(name) > 1:
                raise NoteError(f"two witnesses are called {name}: each has one key here")

    @property
    def contradicts(self) -> tuple[str, ...]:
        """The witnesses that have seen another history of this log."""
        return tuple(sorted(self._contradicts))

    async def run(self) -> None:
        """Send what is new, to each witness by itself, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._enrol())
                for far in self._far:
                    tasks.create_task(self._follow(far), name=f"witness {far.key.name}")
        finally:
            await self._http.close()

    async def submit(self, far: Far, *, always: bool = False) -> bool:
        """Have *far* cosign what is new, or *always*; return whether something was sent.

        Raises `CosignError`, and `LogError`.
        """
        if self._log.trouble:
            raise LogError(self._log.trouble)
        if self._log.head.size <= far.size and not always:
            return False
        signed = await anchors.signed(self._log)
        if signed is None or not signed.size:
            return False
        line = await far.ask(self._log, signed, self._post)
        await self._keep(far, signed, line)
        return True

    def findings(self) -> list[Finding]:
        """Return what `colony doctor` says of them."""
        return [self._finding(far) for far in self._far]

    def _finding(self, far: Far) -> Finding:
        name = far.key.name
        check = f"witness {clean(name, 100)}"
        if name in self._contradicts:
            advice = "do not trust this log before it is explained; compare it with what that saw"
            return Finding(check, Found.BAD, self.trouble[name], advice)
        if name in self.trouble:
            advice = "it is tried again by itself"
            return Finding(check, Found.WARNING, self.trouble[name], advice)
        if not far.size:
            return Finding(check, Found.WARNING, "it has cosigned nothing yet", "")
        return Finding(check, Found.GOOD, f"it has cosigned {far.size:,} entries", "")

    async def _follow(self, far: Far) -> None:
        failed = 0
        # At first it is asked in any case: it may have seen more than this log holds now.
        asked = False
        while True:
            try:
                if not far.size:
                    ((far.size,),) = await self._log.read(_LAST, witness=far.key.name)
                sent = await self.submit(far, always=not asked or bool(failed))
                asked = True
                trouble, other = "", False
            except (CosignError, LogError) as error:
                sent, trouble, other = False, str(error), isinstance(error, OtherHistory)
            except Exception as error:  # what a stranger breaks is not the end of witnessing
                _log.exception("witness %s", far.key.name)
                sent, trouble, other = False, clean(f"{type(error).__name__}: {error}", 200), False
            failed = failed + 1 if trouble else 0
            self._note(far.key.name, trouble, other=other, changed=sent)
            await self._clock.sleep(min(RAREST, EVERY * 2 ** min(failed, 10)) if failed else EVERY)

    def _note(self, name: str, trouble: str, *, other: bool, changed: bool) -> None:
        """Take up how it went with a witness; say so where that is new."""
        if trouble and not other and name in self._contradicts:
            trouble, other = self.trouble[name], True  # that it does not answer now mends nothing
        if trouble != self.trouble.get(name, ""):
            changed = True
            if other:
                _log.error("the witness %s contradicts the log: %s", name, trouble)
            elif trouble:
                _log.warning("the witness %s has not cosigned: %s", name, trouble)
            else:
                _log.info("the witness %s cosigns again", name)
        self.trouble.pop(name, None)
        if trouble:
            self.trouble[name] = trouble
        if other:
            self._contradicts.add(name)
        else:
            self._contradicts.discard(name)
        if changed:
            self._told()

    async def _keep(self, far: Far, signed: Signed, line: Signature) -> None:
        at = self._clock.now()
        name = far.key.name
        told = {"size": signed.size, "witness": name, "line": line.line, "at": at}
        await self._log.keep(signed.row, self._enrolment(far, at), (_COSIGNED, told))
        far.size = signed.size

    async def _enrol(self) -> None:
        """Write down who the witnesses are now; those of earlier times stay known."""
        while True:
            try:
                here = dict(await self._log.read(_HERE))
                now = {far.key.name: far.key.text for far in self._far}
                at = self._clock.now()
                rows: list[Row] = [(_GONE, {"at": at, "name": name}) for name in here.keys() - now]
                rows += [
                    self._enrolment(far, at)
                    for far in self._far
                    if here.get(far.key.name) != far.key.text
                ]
                if rows:
                    await self._log.keep(*rows)
                    self._told()
                return
            except LogError:
                await self._clock.sleep(EVERY)

    def _enrolment(self, far: Far, at: float) -> Row:
        return _WITNESS, {"name": far.key.name, "key": far.key.text, "at": at}
