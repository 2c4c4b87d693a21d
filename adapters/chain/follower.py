"""Follows one chain: looks at each new head, reads what it brought, and says so in batches.

One look is one path for all that can happen: the first reading, the next block, a gap after a
lost node, a reorganisation. What fails is tried again from where it was; nothing is told twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from adapters.chain import accounts, ledger, tokens
from adapters.chain.accounts import Listed
from adapters.chain.enriching import Details, reconcile
from adapters.chain.heads import Moved
from adapters.chain.logs import Reader
from adapters.chain.looking import Facts, Look, Reorgs, chain, facts, look
from adapters.chain.publisher import Publisher
from adapters.chain.readings import Contracts
from adapters.chain.walking import walk
from adapters.chain.world import World
from adapters.contract import Batch
from adapters.records import Chain, LedgerEntry, Token

if TYPE_CHECKING:
    from adapters.chain.calls.keys import Keyring
    from adapters.chain.rpc import Rpc
    from adapters.chain.settings import Settings
    from adapters.clock import Clock

READ_EVERY = 3.0
"""Seconds between two readings of contracts and accounts, at least: a fast chain has many heads."""
FACTS_EVERY = 15.0
"""Seconds between two questions for what changes rarely."""
ASK_EVERY = 30.0
"""Seconds until a contract that did not answer for its tokens is asked again."""
PATIENCE = 5.0
"""Seconds that a node must show a lower head of our own chain until that is taken for its head: a
node that lags shows one too."""


class Follower:
    """Reads one chain through one node. `round` takes one look; it outlives a connection."""

    def __init__(
        self,
        rpc: Rpc,
        world: World,
        settings: Settings,
        keys: Keyring,
        clock: Clock,
        *,
        source: str,
        check: Callable[[int], None],
    ) -> None:
        self.world = world
        self.how = "polling"
        self.detail = ""
        """Why it is polling where it should not be."""
        self.told: int | None = None
        """The number of the last head that the subscription told of."""
        self._rpc = rpc
        self._settings = settings
        self._keys = keys
        self._clock = clock
        self._source = source
        self._check = check
        self._reader = Reader(
            rpc, [each.address for each in world.contracts.values()], settings.page
        )
        self._details = Details()
        self._contracts = Contracts(world.contracts, source)
        self._facts = Facts()
        self._reorgs = Reorgs()
        self._behind: float | None = None
        """Since when the node shows a lower head, None while it does not."""
        self._due: dict[str, float] = {}
        self._read_at = -1
        self._asked_at = -1

    def anew(self) -> None:
        """Read at the next look what would not be due yet."""
        self._due.clear()
        self._read_at = -1

    def resend(self) -> None:
        """Tell all that is known once more: whoever listens is new."""
        self.anew()
        for owned in self.world.tokens.values():
            owned.dirty.update(dict.fromkeys(owned.tokens))

    def waits(self) -> float | None:
        """Return in how many seconds something put off is due, None where nothing is."""
        tip = self.world.ring.tip
        if tip is None or self._read_at == tip.number:
            return None
        return max(0.0, self._due.get("read", 0.0) - self._clock.monotonic())

    async def round(self, out: Publisher) -> AsyncIterator[Batch]:
        """Look, read what is new, and yield it.

        Raises `Moved` where the node was in the middle of a change: look again soon.
        """
        seen = await look(self._rpc, self._settings.confirmations)
        self._check(seen.chain_id)
        self._lagging(seen)
        await self._walk(seen)
        if self._is_due("facts", FACTS_EVERY):
            self._facts = await facts(self._rpc)
        for batch in out.whole("heads", [self._chain(seen)], self.detail):
            yield batch
        if not self.world.contracts:
            for scope in ("tokens", "contracts", "ledger"):
                for batch in out.absent(scope, "no contract is configured"):
                    yield batch
        else:
            async for batch in self._history(seen, out):
                yield batch
        async for batch in self._state(seen, out):
            yield batch

    # -- heads

    def _lagging(self, seen: Look) -> None:
        """Raise `Moved` where the node shows a head that is older than one that we know."""
        tip, top = self.world.ring.tip, seen.head
        lower = tip is not None and top.number < tip.number and self.world.ring.has(top)
        if not (lower or (self.told is not None and top.number < self.told)):
            self._behind = self.told = None
            return
        now = self._clock.monotonic()
        self._behind = now if self._behind is None else self._behind
        if now - self._behind < PATIENCE:
            raise Moved(f"the node answers from block {top.number}, behind what it told before")
        self._behind = self.told = None

    async def _walk(self, seen: Look) -> None:
        step = await walk(self._rpc, self.world.ring, seen.head)
        depth = self.world.moved(step)
        if step.dropped:
            self._reorgs = Reorgs(self._reorgs.count + 1, depth, self._clock.now())
            self._contracts.doubt()
            self._read_at = -1

    def _chain(self, seen: Look) -> Chain:
        return chain(
            seen,
            self.world.ring,
            self._facts,
            self._reorgs,
            how=self.how,
            source=self._source,
            now=self._clock.now(),
        )

    # -- tokens and ledger

    async def _history(self, seen: Look, out: Publisher) -> AsyncIterator[Batch]:
        """Read the logs up to the head, and tell what they changed."""
        world, top = self.world, seen.head
        first = world.upto + 1
        async for last, logs in self._reader.read(first, top):
            world.take(last, logs)
            if last < top.number:
                for batch in out.reading(f"reading history: block {last:,} of {top.number:,}"):
                    yield batch
        for batch in self._tokens(seen, out):
            yield batch
        await self._details.learn(self._rpc, world)
        for batch in out.changes("ledger", self._entries(seen), ()):
            yield batch
        await self._reconcile(seen)
        for batch in self._tokens(seen, out):
            yield batch

    def _tokens(self, seen: Look, out: Publisher) -> Iterator[Batch]:
        there: list[Token] = []
        gone = []
        left_out = 0
        for name, owned in self.world.tokens.items():
            dirty, owned.dirty = owned.dirty, {}
            found, lost = tokens.changed(
                dirty,
                owned.tokens,
                self.world.contracts[name],
                self.world.names,
                source=self._source,
                chain_id=seen.chain_id,
                now=self._clock.now(),
            )
            there += found
            gone += lost
            left_out += owned.left_out
        detail = f"{left_out:,} more tokens are left out" if left_out else ""
        if not self.world.tokens:
            return out.absent("tokens", "no token contract is configured")
        return out.changes("tokens", there, gone, detail)

    def _entries(self, seen: Look) -> list[LedgerEntry]:
        """Return the entries that are new, after those that a reorganisation took away."""
        world = self.world
        made = [
            ledger.entry(
                self._details.timed(log),
                world.contract_of(log),
                world.names,
                chain_id=seen.chain_id,
                source=self._source,
                app_of=world.app_of,
            )
            for log in world.fresh
        ]
        gone = world.settle()
        world.fresh.clear()
        fresh = world.ledger.add(ledger.sent_by(made, self._details.senders, world.names))
        now = self._clock.now()
        return [msgspec.structs.replace(each, received=now) for each in (*gone, *fresh)]

    async def _reconcile(self, seen: Look) -> None:
        """Ask the contracts about what changed; one that did not answer is left for a while."""
        waiting = [name for name, owned in self.world.tokens.items() if owned.unasked]
        if not waiting or (self._asked_at == seen.head.number and not self._is_due("ask", 0.0)):
            return
        self._asked_at = seen.head.number
        for name in waiting:
            owned = self.world.tokens[name]
            await reconcile(self._rpc, self.world.contracts[name], owned, seen.head)
        self._due["ask"] = self._clock.monotonic() + ASK_EVERY

    # -- contracts and accounts

    async def _state(self, seen: Look, out: Publisher) -> AsyncIterator[Batch]:
        """Read what contracts and accounts hold, not at each head of a fast chain."""
        fresh = seen.head.number != self._read_at
        if not (fresh and self._is_due("read", READ_EVERY)):
            for scope in ("contracts", "accounts"):
                for batch in out.alive(scope):
                    yield batch
            return
        world, top, now = self.world, seen.head, self._clock.now()
        if world.contracts:
            found = await self._contracts.read(self._rpc, top, seen.chain_id, now)
            for batch in out.whole("contracts", found):
                yield batch
        listed: list[Listed] = await accounts.listed(
            self._rpc, self._settings, world.names, self._keys
        )
        if not listed:
            for batch in out.absent("accounts", "no account is configured"):
                yield batch
        else:
            held = await accounts.read(
                self._rpc, listed, top, seen.chain_id, source=self._source, now=now
            )
            for batch in out.whole("accounts", held):
                yield batch
        self._read_at = top.number

    def _is_due(self, what: str, every: float) -> bool:
        now = self._clock.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every
        return True
