"""Nonces: one sender a key in this process, so that no two calls of it ever bear the same one.

A nonce is taken when a call is prepared, and the next call of the key waits until that one was
sent: a nonce that nobody uses would hold up all that come after it. What is durable is the
envelope: it names the nonce, and is on the disk before a byte leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from adapters.clock import Clock
from adapters.contract import Envelope, Fate, Refused

ABANDONED = 8.0
"""Seconds after which a call that was prepared and not sent is taken to be given up."""

REMEMBERED = 1024
"""Calls of which it is remembered that the node had them."""


class Slot:
    """One nonce and the intent that has it. `envelope` is set from when its sending began."""

    def __init__(self, nonce: int, intent: str, since: float) -> None:
        self.nonce = nonce
        self.intent = intent
        self.since = since
        self.envelope: Envelope | None = None
        self.moved = asyncio.Event()
        """Set once it was sent or given back."""


class _Lane:
    def __init__(self) -> None:
        self.gate = asyncio.Lock()
        self.slots: dict[int, Slot] = {}


Look = Callable[[Envelope], Awaitable[Fate]]
Counts = Callable[[], Awaitable[tuple[int, int]]]


class Nonces:
    """Who has which nonce, by the sender's address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._took: dict[str, str] = {}

    async def reserve(self, address: str, intent: str, counts: Counts, look: Look) -> int:
        """Return the nonce for *intent*; raises `Refused` where an earlier call is in doubt.

        `counts` asks the node for the sender's nonces, mined and with what waits; `look` says what
        became of an envelope that was sent.
        """
        lane = self._lanes.setdefault(address, _Lane())
        async with lane.gate:
            await self._until_sent(lane)
            mined, waiting = await counts()
            for nonce in [each for each in lane.slots if each < mined]:
                del lane.slots[nonce]
            for slot in list(lane.slots.values()):
                await self._settle(lane, slot, look)
            nonce = max(mined, waiting)
            while nonce in lane.slots:
                nonce += 1
            lane.slots[nonce] = Slot(nonce, intent, self._clock.monotonic())
            return nonce

    def begin(self, address: str, nonce: int, intent: str, envelope: Envelope) -> None:
        """Say that *envelope* is being sent; raises `Refused` where its nonce is another's now."""
        slot = self._slot(address, nonce, intent)
        if slot.intent != intent:
            raise Refused(f"its nonce {nonce} was given to another call meanwhile: simulate again")
        slot.envelope = envelope
        slot.since = self._clock.monotonic()

    def sent(self, address: str, nonce: int, intent: str, hash: str = "") -> None:
        """Say that sending has ended, be it with the node's word (the transaction's *hash*)."""
        slot = self._known(address, nonce, intent)
        if slot:  # it may have been given back
            slot.moved.set()
        if hash:
            self.took(intent, hash)

    def took(self, intent: str, hash: str = "") -> None:
        """Say that the node has the call of *intent*."""
        self._took[intent] = hash or self._took.pop(intent, "")
        while len(self._took) > REMEMBERED:
            del self._took[next(iter(self._took))]

    def release(self, address: str, nonce: int, intent: str) -> None:
        """Give a nonce back: for certain nothing with it was taken."""
        slot = self._known(address, nonce, intent)
        if slot:
            slot.moved.set()
            del self._lanes[address].slots[nonce]

    def learn(self, address: str, nonce: int, intent: str, envelope: Envelope) -> None:
        """Take up, after a restart, what another process may have sent."""
        slot = self._slot(address, nonce, intent)
        if slot.intent == intent and slot.envelope is None:
            slot.envelope = envelope
            slot.moved.set()

    def standing(self, intent: str) -> tuple[str, bool]:
        """Return the hash that the node told, and whether it is known to have had the call."""
        return self._took.get(intent, ""), intent in self._took

    def _known(self, address: str, nonce: int, intent: str) -> Slot | None:
        lane = self._lanes.get(address)
        slot = lane.slots.get(nonce) if lane else None
        return slot if slot and slot.intent == intent else None

    def _slot(self, address: str, nonce: int, intent: str) -> Slot:
        lane = self._lanes.setdefault(address, _Lane())
        return lane.slots.setdefault(nonce, Slot(nonce, intent, self._clock.monotonic()))

    async def _until_sent(self, lane: _Lane) -> None:
        """Wait for the call that was prepared last: it is sent at once, or never."""
        for slot in list(lane.slots.values()):
            if slot.moved.is_set():
                continue
            left = slot.since + ABANDONED - self._clock.monotonic()
            if left > 0:
                waits = [
                    asyncio.ensure_future(slot.moved.wait()),
                    asyncio.ensure_future(self._clock.sleep(left)),
                ]
                try:
                    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for each in waits:
                        each.cancel()
            if slot.envelope is None and not slot.moved.is_set():
                lane.slots.pop(slot.nonce, None)

    async def _settle(self, lane: _Lane, slot: Slot, look: Look) -> None:
        if slot.envelope is None:
            return
        fate = await look(slot.envelope)
        if fate is Fate.NOT_SENT:
            lane.slots.pop(slot.nonce, None)
        elif fate is Fate.UNKNOWN:
            raise Refused(
                f"the call before this one ({slot.intent}, nonce {slot.nonce}) is in doubt: wait "
                "until it is known what became of it"
            )
