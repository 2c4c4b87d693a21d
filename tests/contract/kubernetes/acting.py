"""Takes an action through its stages as the station does, against a backend."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from adapters.contract import Action, Draft, Envelope, Preview, Progress, Reached, Receipt
from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.connecting import TurningClock, adapter, direct
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.objects import Object, deployment

GOOD, BAD = "colony/o2-gen:2.3.9", "colony/o2-gen:missing-2.4.1"


class Acting:
    """One action of one adapter."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def simulated(self, draft: Draft) -> Preview:
        """Simulate."""
        return await self.action.simulate(draft)

    async def sent(self, draft: Draft) -> tuple[Preview, Envelope, Receipt]:
        """Simulate, prepare and send."""
        preview = await self.action.simulate(draft)
        envelope = await self.action.prepare(draft, preview)
        return preview, envelope, await self.action.send(envelope)

    async def verified(self, envelope: Envelope, receipt: Receipt) -> list[Progress]:
        """Follow the effect to its end; return every look."""
        looks = []
        async for progress in self.action.verify(envelope, receipt):
            looks.append(progress)
            if progress.reached in (Reached.VERIFIED, Reached.NOT_VERIFIED):
                return looks
        raise AssertionError(f"verify ended without a result: {looks}")


class Rollback(Acting):
    """`app.rollback`."""

    def draft(self, intent: str, app: str, to: str = "") -> Draft:
        """Return the draft of a rollback."""
        arguments = {"app": app, "to": to} if to else {"app": app}
        return Draft(intent, "app.rollback", arguments, actor="ada")


@contextlib.asynccontextmanager
async def acting(
    backend: Backend, name: str, user: str = "operator", **settings: Any
) -> AsyncIterator[Acting]:
    """Lend the action called *name* of an adapter that acts for *user*."""
    made = adapter(backend, direct(backend, user, **settings), clock=TurningClock)
    try:
        (action,) = (each for each in made.actions() if each.name == name)
        yield Acting(action)
    finally:
        await made.close()


@contextlib.asynccontextmanager
async def rolling_back(
    backend: Backend, user: str = "operator", **settings: Any
) -> AsyncIterator[Rollback]:
    """Lend the rollback of an adapter that acts for *user*."""
    async with acting(backend, "app.rollback", user, **settings) as one:
        yield Rollback(one.action)


async def degraded(hand: Hand, space: str) -> Object:
    """Make the Deployment `o2-gen`: its first revision is good, its second cannot be pulled."""
    thing = deployment(space, "o2-gen", GOOD, replicas=3, cause="first", UNIT="bar")
    await hand.create(thing)
    await hand.rolled_out(thing)
    await hand.set_image(thing, BAD, cause="second", PRESSURE_UNIT="kPa")
    await hand.stuck(thing, "ImagePullBackOff")
    return thing
