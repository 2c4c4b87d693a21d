"""New heads as the node tells them: a subscription over WebSocket that comes back by itself.

Only heads are subscribed to. Logs are asked for by block range, over HTTP, so that a cut
connection leaves no gap and a reorganisation needs no `removed`; a head is the sign to look.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import msgspec

from adapters.chain.rpc import Refusal, RpcError, Unreachable, quantity, refused
from adapters.chain.settings import named
from adapters.clock import Clock
from adapters.contract import AdapterError
from adapters.network import environment_proxy, reason
from adapters.text import clean

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

FRAME_LIMIT = 16 << 20
"""Bytes of the longest message; the library's own limit is 1 MB and ends the connection."""
ABREAST = 64
"""Calls under way at once on one connection."""
ALIVE = 20.0
"""Seconds between pings, and for the answer to one."""
BACKOFF = 0.25
BACKOFF_LIMIT = 15.0
"""Seconds between attempts: doubled from the first to the second, with jitter downwards."""
RECHECK = 300.0
"""Seconds until a node that has no subscriptions is asked again."""


class _Params(msgspec.Struct):
    subscription: str = ""
    result: Any = None


class _Message(msgspec.Struct):
    id: int | str | None = None
    method: str = ""
    result: Any = None
    error: Refusal | None = None
    params: _Params | None = None


class Socket:
    """One open connection: calls are pipelined, and what the node tells goes to `told`."""

    def __init__(self, connection: ClientConnection, told: Callable[[str, Any], None]) -> None:
        self._connection = connection
        self._told = told
        self._gate = asyncio.Semaphore(ABREAST)
        self._waiting: dict[int, asyncio.Future[_Message]] = {}
        self._number = 0

    async def call(self, method: str, *params: Any, timeout: float = 15.0) -> Any:
        """Return what the node answers. Raises `RpcError`, or `Unreachable` where it is cut."""
        async with self._gate:
            self._number += 1
            number = self._number
            request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            answer = self._waiting[number] = asyncio.get_running_loop().create_future()
            try:
                await self._connection.send(msgspec.json.encode(request).decode())
                async with asyncio.timeout(timeout):
                    message = await answer
            except TimeoutError:
                raise Unreachable(f"{method}: no answer in time") from None
            except OSError as error:
                raise Unreachable(f"{method}: {reason(error)}") from None
            finally:
                self._waiting.pop(number, None)
        if message.error is not None:
            raise refused(method, message.error)
        return message.result

    async def listen(self) -> None:
        """Read until the connection ends; what waits for an answer is told that there is none."""
        try:
            async for text in self._connection:
                self._take(text)
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(Unreachable("the connection was cut"))

    def _take(self, text: str | bytes) -> None:
        try:
            message = msgspec.json.decode(text, type=_Message)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return  # not for us
        if message.method == "eth_subscription" and message.params is not None:
            self._told(message.params.subscription, message.params.result)
        elif isinstance(message.id, int) and message.id in self._waiting:
            answer = self._waiting[message.id]
            if not answer.done():
                answer.set_result(message)


class Heads:
    """Keeps a subscription to new heads alive. `wake` is called at each, and as it comes and goes.

    `live` is whether heads are told now, `detail` why not. `number` is the last head told.
    """

    def __init__(
        self,
        url: str,
        wake: Callable[[], None],
        clock: Clock,
        *,
        check: Callable[[int], None],
        token: Callable[[], str] = str,
        agent: str = "colony",
        ca_file: str = "",
        timeout: float = 15.0,
        random_: random.Random | None = None,
    ) -> None:
        self.live = False
        self.detail = ""
        self.number: int | None = None
        self._url = url
        self._wake = wake
        self._clock = clock
        self._check = check
        self._token = token
        self._agent = agent
        self._ca_file = ca_file
        self._timeout = timeout
        self._random = random_ or random.Random()  # noqa: S311  (jitter)
        self._subscription = ""

    async def run(self) -> None:
        """Connect, subscribe and listen, again and again, until cancelled."""
        failures = 0
        while True:
            wait = 0.0
            try:
                await self._listen()
                self.detail = "the connection was closed"
            except RpcError as error:
                self.detail = _why(error)
                wait = RECHECK if error.missing else 0.0
            except Exception as error:  # whatever the library raises: it is the connection's end
                self.detail = self._reason(error)
            failures = 0 if self.live else failures + 1
            self.live = False
            self._wake()
            longest = min(BACKOFF_LIMIT, BACKOFF * 2 ** min(failures, 16))
            await self._clock.sleep(wait or self._random.uniform(longest / 2, longest))

    async def problem(self) -> str:
        """Try it once; return why there is no subscription, "" where there can be one."""
        try:
            async with self._subscribed():
                return ""
        except RpcError as error:
            return _why(error)
        except Exception as error:
            return self._reason(error)

    def _reason(self, error: Exception) -> str:
        if isinstance(error, AdapterError):
            return str(error)
        return f"{named(self._url)}: {reason(error)}"

    async def _listen(self) -> None:
        async with self._subscribed() as listening:
            self.live, self.detail = True, ""
            self._wake()  # what came while there was none is to be looked for
            await listening

    @contextlib.asynccontextmanager
    async def _subscribed(self) -> AsyncIterator[asyncio.Task[None]]:
        """Lend the task that listens on a connection to the right chain."""
        async with await self._connect() as connection:
            socket = Socket(connection, self._told)
            listening = asyncio.create_task(socket.listen())
            try:
                found = await socket.call("eth_chainId", timeout=self._timeout)
                self._check(quantity(found, "eth_chainId"))
                said = await socket.call("eth_subscribe", "newHeads", timeout=self._timeout)
                self._subscription = clean(str(said), 100)
                yield listening
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _connect(self) -> ClientConnection:
        from websockets.asyncio.client import connect

        from adapters.chain import tls

        token = self._token()
        secure = self._url.startswith("wss:")
        plain = self._url.replace("ws", "http", 1)
        return await connect(
            self._url,
            max_size=FRAME_LIMIT,
            open_timeout=min(self._timeout, 10.0),
            ping_interval=ALIVE,
            ping_timeout=ALIVE,
            close_timeout=1.0,
            user_agent_header=self._agent,
            additional_headers={"authorization": f"Bearer {token}"} if token else None,
            proxy=environment_proxy(plain) or None,
            ssl=await asyncio.to_thread(tls.context, self._ca_file) if secure else None,
        )

    def _told(self, subscription: str, block: Any) -> None:
        if subscription != self._subscription:
            return
        try:
            number = block.get("number") if isinstance(block, dict) else None
            self.number = quantity(number, "a new head")
        except AdapterError:
            self.number = None
        self._wake()


def _why(error: RpcError) -> str:
    return "the node has no subscriptions" if error.missing else str(error)
