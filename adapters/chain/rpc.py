"""JSON-RPC over HTTP to one node: single calls and batches, capped, with errors to read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from adapters.chain.settings import named
from adapters.contract import AdapterError
from adapters.network import environment_proxy, reason, socket_options
from adapters.text import clean

if TYPE_CHECKING:
    import httpx

ANSWER_LIMIT = 64 << 20
"""Bytes of the largest answer that is read; geth stops a batch at 25 MB by itself."""
BATCH = 500
"""Calls in one batch; geth takes 1,000."""
ABREAST = 4
"""Batches under way at once."""
METHOD_MISSING = frozenset({-32601, -32004})
"""Codes that say a node does not know a method, or knows it and will not do it."""
Call = tuple[str, Sequence[Any]]
"""A method and its parameters."""


class RpcError(AdapterError):
    """The node answered with an error: `code`, its own line `said`, and `data` where there was any.

    `method` is what was called. Where a call reverted, `revert` is what it reverted with.
    """

    def __init__(self, method: str, code: int, said: str, data: Any = None) -> None:
        super().__init__(f"{method}: {said}" if said else f"{method}: error {code}")
        self.method = method
        self.code = code
        self.said = said
        self.data = data

    @property
    def missing(self) -> bool:
        """Whether the node has no such method."""
        return self.code in METHOD_MISSING

    @property
    def revert(self) -> bytes | None:
        """The bytes that a call reverted with, None where the error is no revert.

        Nodes agree on little: geth and anvil put them in `data` with code 3, others inside of an
        object there, or behind "Reverted ". A revert without a reason has no bytes.
        """
        found = self.data
        if isinstance(found, dict):
            found = found.get("data")
        if isinstance(found, str):
            text = found.removeprefix("Reverted").strip()
            try:
                if text.startswith("0x"):
                    return bytes.fromhex(text[2:])
            except ValueError:
                pass
        return b"" if self.code == 3 or "revert" in self.said.lower() else None


class Unreachable(AdapterError):
    """There was no answer. `sent` is whether any of the request may have left."""

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class Denied(AdapterError):
    """The node, or what stands before it, does not take our token: nothing was done."""


class Refusal(msgspec.Struct):
    """The error of an answer, as it stands on the wire."""

    code: int = 0
    message: str = ""
    data: Any = None


class _Answer(msgspec.Struct):
    id: int | str | None = None
    result: Any = None
    error: Refusal | None = None


_one = msgspec.json.Decoder(_Answer)
_many = msgspec.json.Decoder(list[_Answer] | _Answer)
_encode = msgspec.json.Encoder().encode


def refused(method: str, error: Refusal) -> RpcError:
    """Return what the node's *error* to *method* is."""
    return RpcError(method, error.code, clean(error.message, 400), error.data)


def quantity(value: Any, what: str) -> int:
    """Return the number that a node wrote as 0x…; raises `AdapterError` that names *what*."""
    if isinstance(value, str) and value.startswith("0x") and len(value) <= 66:
        try:
            return int(value, 16)
        except ValueError:
            pass
    raise AdapterError(f"{what}: the node answered no number: {clean(repr(value), 80)}")


def hexdata(value: Any, what: str) -> bytes:
    """Return the bytes that a node wrote as 0x…; raises `AdapterError` that names *what*."""
    if isinstance(value, str) and value.startswith("0x"):
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            pass
    raise AdapterError(f"{what}: the node answered no bytes: {clean(repr(value), 80)}")


class Rpc:
    """A connection pool to one node.

    `token` returns the bearer token to send, "" for none; it is asked for each request, so a
    token that is renewed is taken up. `transport` replaces the network in tests.
    """

    def __init__(
        self,
        url: str,
        *,
        token: Callable[[], str] = str,
        timeout: float = 15.0,
        agent: str = "colony",
        ca_file: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url
        self.node = named(url)
        self.date = ""
        """The Date header of the last answer."""
        self.batch_limit = BATCH
        """Calls in one batch; halved when the node refuses."""
        self._token = token
        self._timeout = timeout
        self._agent = agent
        self._ca_file = ca_file
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self._number = 0

    async def call(self, method: str, *params: Any, timeout: float | None = None) -> Any:
        """Return what the node answers to *method*.

        Raises `RpcError` for an error answer, `Unreachable` for none, `Denied` for a wrong token
        and `AdapterError` for an answer that is none.
        """
        self._number += 1
        number = self._number
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        body = await self._post(_encode(request), method, timeout)
        try:
            answer = _one.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise AdapterError(f"{self.node}: no JSON-RPC answers there") from None
        if answer.error is not None:
            raise refused(method, answer.error)
        if answer.id != number:
            raise AdapterError(f"{self.node}: {method}: the answer is another question's")
        return answer.result

    async def batch(self, calls: Sequence[Call], *, timeout: float | None = None) -> list[Any]:
        """Return the answers to *calls*, in their order; an error answer is an `RpcError` there.

        They go in batches of `batch_limit`, a few at once. Raises as `call` does.
        """
        gate = asyncio.Semaphore(ABREAST)

        async def some(part: Sequence[Call]) -> list[Any]:
            async with gate:
                return await self._batch(part, timeout)

        step = self.batch_limit
        tasks = [
            asyncio.create_task(some(calls[start : start + step]))
            for start in range(0, len(calls), step)
        ]
        try:
            parts = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        return [answer for part in parts for answer in part]

    async def _batch(self, calls: Sequence[Call], timeout: float | None) -> list[Any]:
        if self.batch_limit == 1:
            return [await self._outcome(call, timeout) for call in calls]
        first = self._number + 1
        self._number += len(calls)
        requests = [
            {"jsonrpc": "2.0", "id": first + place, "method": method, "params": params}
            for place, (method, params) in enumerate(calls)
        ]
        body = await self._post(_encode(requests), f"a batch of {len(calls)}", timeout)
        try:
            answers = _many.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise AdapterError(f"{self.node}: no JSON-RPC answers there") from None
        if isinstance(answers, _Answer):
            return await self._smaller(calls, timeout)
        found: list[Any] = [_UNANSWERED] * len(calls)
        for answer in answers:
            place = answer.id - first if isinstance(answer.id, int) else -1
            if 0 <= place < len(calls):
                error = answer.error
                found[place] = answer.result if error is None else refused(calls[place][0], error)
        lacking = sum(each is _UNANSWERED for each in found)
        if lacking:
            raise AdapterError(f"{self.node}: {lacking} of {len(calls)} calls were not answered")
        return found

    async def _outcome(self, call: Call, timeout: float | None) -> Any:
        method, params = call
        try:
            return await self.call(method, *params, timeout=timeout)
        except RpcError as error:
            return error

    async def _smaller(self, calls: Sequence[Call], timeout: float | None) -> list[Any]:
        """Ask again in halves: the node refused the batch as a whole."""
        half = max(1, len(calls) // 2)
        self.batch_limit = min(self.batch_limit, half)
        if len(calls) == 1:
            return [await self._outcome(calls[0], timeout)]
        return [
            *await self._batch(calls[:half], timeout),
            *await self._batch(calls[half:], timeout),
        ]

    async def _post(self, body: bytes, what: str, timeout: float | None) -> bytes:
        import httpx

        http = await self._ready()
        seconds = timeout or self._timeout
        waits = httpx.Timeout(seconds, connect=min(seconds, 10.0))
        headers = {"content-type": "application/json", "user-agent": self._agent}
        token = self._token()
        if token:
            headers["authorization"] = f"Bearer {token}"
        request = http.build_request("POST", self.url, content=body, headers=headers, timeout=waits)
        try:
            answer = await http.send(request, stream=True)
            try:
                read = await self._read(answer, what)
            finally:
                await answer.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreachable(f"{self.node}: {reason(error)}", sent=False) from None
        except httpx.HTTPError as error:
            raise Unreachable(f"{self.node}: {reason(error)}", sent=True) from None
        self.date = answer.headers.get("date", "")
        code = answer.status_code
        if code in (401, 403):
            raise Denied(f"{self.node}: HTTP {code}: it does not take our token: set token_file")
        if 300 <= code < 400:
            raise Unreachable(f"{self.node} redirects elsewhere: is it the node's own URL?")
        if code == 413 and body.startswith(b"["):
            return b"{}"  # as a node does that refuses the batch as a whole
        # Some nodes send JSON-RPC errors with a status of 400 or 500: those can be read.
        if code >= 400 and not _tells(read):
            raise Unreachable(f"{self.node}: {what}: HTTP {code}")
        return read

    async def _read(self, answer: httpx.Response, what: str) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in answer.aiter_bytes():
            parts.append(part)
            size += len(part)
            if size > ANSWER_LIMIT:
                raise AdapterError(
                    f"{self.node}: {what}: the answer is larger than {ANSWER_LIMIT >> 20} MB"
                )
        return b"".join(parts)

    async def _ready(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._http is None:
                import httpx

                transport = self._transport
                if transport is None:
                    # Reading the system's certificates takes 20 ms: not on the loop.
                    transport = await asyncio.to_thread(_transport, self.url, self._ca_file)
                self._http = httpx.AsyncClient(
                    transport=transport, trust_env=False, follow_redirects=False
                )
            return self._http

    async def close(self) -> None:
        """Let go of every connection."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None


_UNANSWERED = object()


def _tells(body: bytes) -> bool:
    """Whether *body* is JSON-RPC's own error."""
    try:
        answer = _many.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(answer, list) or answer.error is not None


def _transport(url: str, ca_file: str) -> httpx.AsyncBaseTransport:
    import httpx

    from adapters.chain import tls

    return httpx.AsyncHTTPTransport(
        verify=tls.context(ca_file) if url.startswith("https:") else False,
        trust_env=False,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=8),
        proxy=environment_proxy(url) or None,
        socket_options=socket_options(),
    )
