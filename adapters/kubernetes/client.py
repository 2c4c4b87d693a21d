"""Raw HTTP to one API server: identity, TLS, caps, and errors that a person can read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from adapters.contract import AdapterError, ConfigurationError
from adapters.kubernetes.access import Access, Identity
from adapters.kubernetes.errors import Unreachable, api_error, unreachable
from adapters.network import environment_proxy, socket_options

if TYPE_CHECKING:
    import httpx

ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of the largest answer that is read: a page of 500 objects is 1 to 6 MB."""
ERROR_LIMIT = 64 * 1024

T = TypeVar("T")
Parameters = Mapping[str, str | int]


class Response:
    """One whole answer: its status code, headers (names in lower case) and body."""

    __slots__ = ("body", "code", "headers", "more")

    def __init__(
        self, code: int, headers: Mapping[str, str], body: bytes, more: bool = False
    ) -> None:
        self.code = code
        self.headers = headers
        self.body = body
        self.more = more

    def decoded(self, type_: type[T]) -> T:
        """Return the body as *type_*; raises `AdapterError` where it is something else."""
        try:
            return msgspec.json.decode(self.body, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise AdapterError(f"an answer that cannot be read: {error}") from None


class Client:
    """A connection pool to one API server. `transport` replaces the network in tests."""

    def __init__(
        self,
        access: Access,
        *,
        agent: str = "colony",
        timeout: float = 15.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.access = access
        self.timeout = timeout
        self._agent = agent
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self._certificate = b""
        self._opening = asyncio.Lock()

    def url(self, path: str, parameters: Parameters | None = None) -> str:
        """Return the URL of *path* under the base URL, whose own path (Rancher's) is kept."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self.access.server}{path}{query}"

    async def get(self, path: str, parameters: Parameters | None = None, **more: Any) -> Response:
        """GET *path*; see `request`."""
        return await self.request("GET", path, parameters, **more)

    async def request(
        self,
        method: str,
        path: str,
        parameters: Parameters | None = None,
        *,
        body: bytes | None = None,
        content_type: str = "application/json",
        what: str = "",
        limit: int = ANSWER_LIMIT,
        cut: bool = False,
        timeout: float | None = None,
        accept: str = "application/json",
    ) -> Response:
        """Send one request and read its whole answer.

        Raises `ApiError` for an error answer and `Unreachable` for none. `what` opens the error's
        line. An answer past *limit* bytes is an error, or cut there where *cut* says so.
        """
        content = {"content-type": content_type} if body is not None else {}
        async with self._answer(
            method,
            path,
            parameters,
            body=body,
            headers={**content, "accept": accept},
            timeout=timeout or self.timeout,
            what=what,
        ) as answer:
            read, more = await _read(answer, limit, cut, what or path)
            return Response(answer.status_code, dict(answer.headers), read, more)

    @contextlib.asynccontextmanager
    async def stream(
        self, path: str, parameters: Parameters, *, silence: float, what: str = ""
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open a stream and lend its chunks; `silence` is how many seconds it may say nothing.

        Errors while it is read come as `Unreachable` too.
        """
        async with self._answer(
            "GET", path, parameters, timeout=self.timeout, silence=silence, what=what
        ) as answer:
            yield self._chunks(answer)

    async def _chunks(self, answer: httpx.Response) -> AsyncIterator[bytes]:
        import httpx

        try:
            async for chunk in answer.aiter_bytes():
                yield chunk
        except httpx.TransportError as error:
            raise unreachable(error, self.access.server, sent=True) from None

    @contextlib.asynccontextmanager
    async def _answer(
        self,
        method: str,
        path: str,
        parameters: Parameters | None,
        *,
        timeout: float,
        what: str,
        silence: float | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """Send, and lend an answer that is no error; once more where a credential was too old."""
        import httpx

        waits = httpx.Timeout(timeout, connect=min(timeout, 10.0), read=silence or timeout)
        url, server = self.url(path, parameters), self.access.server
        for attempt in (1, 2):
            http, identity = await self._ready()
            sending = {**self._headers(identity), **(headers or {})}
            request = http.build_request(method, url, content=body, headers=sending, timeout=waits)
            if self.access.server_name:
                request.extensions["sni_hostname"] = self.access.server_name
            try:
                answer = await http.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                raise unreachable(error, server, sent=False) from None
            except httpx.HTTPError as error:
                raise unreachable(error, server, sent=True) from None
            try:
                if answer.status_code == 401 and attempt == 1 and self.access.credentials.forget():
                    continue
                if answer.status_code >= 300:
                    await self._refuse(answer, what or f"{method} {path}")
                yield answer
                return
            except httpx.HTTPError as error:
                raise unreachable(error, server, sent=True) from None
            finally:
                await answer.aclose()

    async def _refuse(self, answer: httpx.Response, what: str) -> None:
        """Raise what an error answer means."""
        if answer.status_code < 400:
            raise Unreachable(
                f"{self.access.server} redirects elsewhere: is it the API server's own URL?"
            )
        body, _ = await _read(answer, ERROR_LIMIT, True, what)
        raise api_error(answer.status_code, body, what, answer.headers.get("retry-after", ""))

    def _headers(self, identity: Identity) -> dict[str, str]:
        headers = {"user-agent": self._agent, **self.access.headers}
        if identity.token:
            headers["authorization"] = f"Bearer {identity.token}"
        return headers

    async def _ready(self) -> tuple[httpx.AsyncClient, Identity]:
        """Return the pool, made anew where the client certificate changed."""
        identity = await self.access.credentials.identity()
        async with self._opening:
            if self._http is None or identity.certificate != self._certificate:
                if self._http is not None:
                    await self._http.aclose()
                self._http = await self._open(identity)
                self._certificate = identity.certificate
            return self._http, identity

    async def _open(self, identity: Identity) -> httpx.AsyncClient:
        import httpx

        transport = self._transport
        if transport is None:
            # Reading the system's certificates takes 20 ms: not on the loop.
            transport = await asyncio.to_thread(_transport, self.access, identity)
        return httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)

    async def close(self) -> None:
        """Let go of every connection."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None


def segment(name: str) -> str:
    """Return *name* as one segment of a path: a name cannot lead elsewhere."""
    return quote(name, safe="")


def _transport(access: Access, identity: Identity) -> httpx.AsyncBaseTransport:
    import httpx

    from adapters.kubernetes import tls

    proxy = access.proxy or environment_proxy(access.server)
    if proxy and urlsplit(proxy).scheme not in ("http", "https"):
        raise ConfigurationError("proxy", "only http:// and https:// proxies are supported")
    secure = access.server.startswith("https:")
    return httpx.AsyncHTTPTransport(
        verify=tls.context(access, identity) if secure else False,
        trust_env=False,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        proxy=proxy or None,
        socket_options=socket_options(),
    )


async def _read(answer: httpx.Response, limit: int, cut: bool, what: str) -> tuple[bytes, bool]:
    """Read a body of at most *limit* bytes, decompressed; say whether it was cut."""
    parts: list[bytes] = []
    size = 0
    async for part in answer.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > limit:
            if cut:
                return b"".join(parts)[:limit], True
            raise AdapterError(f"{what}: the answer is larger than {limit >> 20} MB")
    return b"".join(parts), False
