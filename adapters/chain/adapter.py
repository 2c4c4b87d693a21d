"""One chain through one node: follows it, answers questions about it, and calls its contracts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.chain import known, settings
from adapters.chain.known import Known, Names
from adapters.chain.rpc import Rpc, quantity
from adapters.chain.settings import Settings as ChainSettings
from adapters.contract import (
    Action,
    Adapter,
    Answer,
    Batch,
    ConfigurationError,
    Context,
    Finding,
    Link,
    Refused,
    World,
)
from adapters.records import App

if TYPE_CHECKING:
    import httpx

    from adapters.chain.calls.call import ContractCall
    from adapters.chain.follower import Follower
    from adapters.chain.websocket import Heads

TOKEN_LIMIT = 16_384


class WrongChain(ConfigurationError):
    """The node is on another chain than the one that was configured."""


class ChainAdapter(Adapter):
    """An EVM chain over its node's own JSON-RPC."""

    Settings = ChainSettings
    title = "EVM chain: tokens, contracts and their history"
    brings = ("Chain", "Contract", "Token", "LedgerEntry", "Account")
    settings: ChainSettings

    def __init__(
        self,
        name: str,
        settings: ChainSettings,
        context: Context,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(name, settings, context)
        self._transport = transport
        self._rpc: Rpc | None = None
        self._contracts: dict[str, Known] | None = None
        self._names: Names | None = None
        self._call: ContractCall | None = None
        self._follower: Follower | None = None
        self._news = asyncio.Event()
        self._announced = False

    @property
    def rpc(self) -> Rpc:
        """The connection, made when it is first needed; raises `ConfigurationError`."""
        if self._rpc is None:
            settings.check(self.settings)
            self._rpc = Rpc(
                self.settings.url,
                token=self._token,
                timeout=self.settings.timeout,
                agent=self._agent,
                ca_file=self.settings.ca_file,
                transport=self._transport,
            )
        return self._rpc

    @property
    def _agent(self) -> str:
        return f"colony ({ascii(self.context.colony)[1:-1]})"

    @property
    def contracts(self) -> Mapping[str, Known]:
        """The configured contracts with their ABIs, by name; raises `ConfigurationError`."""
        if self._contracts is None:
            settings.check(self.settings)
            self._contracts = known.contracts(self.settings)
        return self._contracts

    @property
    def names(self) -> Names:
        """Who is behind an address; raises `ConfigurationError`."""
        if self._names is None:
            settings.check(self.settings)
            self._names = known.names(self.settings)
        return self._names

    def contract(self, name: str) -> Known:
        """Return the contract of that name or address; raises `Refused`."""
        return known.one(self.contracts, name)

    async def chain_id(self) -> int:
        """Ask the node which chain it is on. Raises `WrongChain`: then nothing may be sent."""
        found = quantity(await self.rpc.call("eth_chainId"), "eth_chainId")
        self.check_chain(found)
        return found

    def check_chain(self, found: int) -> None:
        """Raise `WrongChain` where *found* is not the configured chain."""
        wanted = self.settings.chain_id
        if wanted is not None and found != wanted:
            raise WrongChain(
                "chain_id",
                f"{self.rpc.node} is on chain {found}, not on {wanted}: nothing is read or sent; "
                "correct url or chain_id",
            )

    @property
    def call(self) -> ContractCall:
        """The one call: it holds the signing keys and the nonces."""
        if self._call is None:
            from adapters.chain.calls.call import ContractCall

            self._call = ContractCall(self)
        return self._call

    def _token(self) -> str:
        """Return the bearer token for the node: a kilobyte, read for each request."""
        if not self.settings.token_file:
            return ""
        path = Path(self.settings.token_file).expanduser()
        path = self.context.secrets / path if self.context.secrets else path
        try:
            with path.open("rb") as file:
                text = file.read(TOKEN_LIMIT).decode("ascii").strip()
        except (OSError, UnicodeDecodeError):
            text = ""
        if not text or not text.isprintable() or " " in text:
            # What it holds stays out of the line.
            raise ConfigurationError("token_file", f"{path} holds no token that can be read")
        return text

    # -- records

    async def records(self) -> AsyncIterator[Batch]:
        """Yield what there is and what changes, until cancelled.

        Raises `WrongChain`, and `AdapterError` where nothing was ever reached; a node lost later
        makes the scopes stale, and is taken up again here where it was left.
        """
        from adapters.chain.following import follow
        from adapters.chain.publisher import Publisher

        out = Publisher()
        await self._learn_keys()
        follower = self._followed()
        follower.resend()
        if not self._announced:
            self._announced = True
            for batch in out.announce():
                yield batch
        heads = self._heads()
        telling = asyncio.create_task(heads.run()) if heads else None
        try:
            chance = self._random("follow")
            async for batch in follow(follower, out, heads, self, self._news, chance):
                yield batch
        finally:
            if telling is not None:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)

    async def _learn_keys(self) -> None:
        """Know whose the keystores are by the keys' names, on the screen and as arguments."""
        for name in self.settings.keys:
            try:
                address = await self.call.keyring.address(name)
            except Refused:
                continue  # `diagnose` says what is wrong with the file
            if address:
                self.names.learn(name, address)

    def _followed(self) -> Follower:
        """Return what follows the chain; what it knows outlives an error."""
        if self._follower is None:
            from adapters.chain.follower import Follower
            from adapters.chain.world import World

            self._follower = Follower(
                self.rpc,
                World(self.contracts, self.names, self.settings.history),
                self.settings,
                self.call.keyring,
                self.context.clock,
                source=self.name,
                check=self.check_chain,
            )
        return self._follower

    def _heads(self) -> Heads | None:
        """Return the subscription to new heads, None where no WebSocket is configured."""
        if not self.settings.ws:
            return None
        from adapters.chain.websocket import Heads

        return Heads(
            self.settings.ws,
            self._news.set,
            self.context.clock,
            check=self.check_chain,
            token=self._token,
            agent=self._agent,
            ca_file=self.settings.ca_file,
            timeout=self.settings.timeout,
            random_=self._random("heads"),
        )

    async def try_heads(self) -> str:
        """Return why heads cannot be subscribed to, "" where they can."""
        heads = self._heads()
        return "no ws is set" if heads is None else await heads.problem()

    def _random(self, what: str) -> random.Random:
        # A text seeds the same in every process; a tuple's hash does not.
        seed = self.context.seed
        return random.Random(None if seed is None else f"{seed}/{self.name}/{what}")  # noqa: S311

    # -- questions and actions

    async def query(self, topic: str, arguments: Mapping[str, str]) -> Answer:
        """Answer `call` (a function that changes nothing), `entry`, `token` and `anchors`."""
        from adapters.chain import queries

        answer = queries.TOPICS.get(topic)
        if answer is None:
            return await super().query(topic, arguments)
        return await answer(self, arguments)

    async def diagnose(self) -> Sequence[Finding]:
        """Check configuration, reach, chain, head, contracts, logs, finality, heads and keys."""
        from adapters.chain import diagnosis

        try:
            checked = self.rpc, self.contracts, self.names
        except ConfigurationError as error:
            return [diagnosis.misconfigured(error)]
        return await diagnosis.diagnose(self, *checked)

    def actions(self) -> Sequence[Action]:
        """Return what can be done: a call of a contract."""
        return (self.call,)

    async def links(self, app: App, world: World) -> Sequence[Link]:
        """Return the token of *app* and its owner, where they are of this chain."""
        from adapters.chain import links

        return links.links(self.name, app, world)

    async def unlock(self, key: str, passphrase: str) -> str:
        """Open the signing key called *key*; see `Adapter.unlock`."""
        said = await self.call.keyring.unlock(key, passphrase)
        if self._follower is not None:
            self._follower.anew()  # its account is not locked any more
            self._news.set()
        return said

    async def close(self) -> None:
        """Let go of connections."""
        if self._rpc is not None:
            await self._rpc.close()
