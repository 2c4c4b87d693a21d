"""Keeps one collection of objects in step with the server: list, then watch, for ever.

A watch lost for a moment goes on where it was, and what happened meanwhile is delivered; one
that the server cannot continue (410, in either of its forms) is listed anew, and the difference
shows what is gone. Nothing here ends but by cancellation.
"""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator
from typing import Any, Protocol

import msgspec

from adapters.clock import Clock
from adapters.contract import AdapterError
from adapters.kubernetes.client import Client
from adapters.kubernetes.errors import ApiError, Status
from adapters.kubernetes.objects import Meta, Named
from adapters.kubernetes.resources import Resource, trim
from adapters.records import ScopeState
from adapters.text import clean

BACKOFF = 0.1
BACKOFF_LIMIT = 2.0
"""Seconds between attempts: doubled from the first to the second, with jitter downwards."""
RECHECK = 30.0
"""Seconds until what is denied or absent is asked for again."""
PATIENCE = 15.0
"""Seconds past a watch's own end at which a silent connection is taken for dead."""
LINE_LIMIT = 16 * 1024 * 1024
"""Bytes of the longest event that is read; etcd takes objects of 1.5 MB."""
MISSING = 6
"""Times in a row that a resource which was there must be missing to be taken for removed."""
SETTLED = 5.0
"""Seconds that a watch must have lived for the next failure to count as the first again."""


class Sink(Protocol):
    """What a reflector tells. `namespace` is "" where it lists all of them."""

    def listed(self, resource: Resource, namespace: str, objects: list[Any]) -> None:
        """These are all there are."""
        ...

    def changed(self, resource: Resource, object_: Any, gone: bool) -> None:
        """One came, changed, or went."""
        ...

    def heard(self, resource: Resource) -> None:
        """The watch is alive."""
        ...

    def stood(self, resource: Resource, namespace: str, state: ScopeState, detail: str) -> None:
        """How the watch stands from now on."""
        ...


class Expired(Exception):
    """The server does not remember the resource version any more."""


class _ListMeta(msgspec.Struct):
    version: str = msgspec.field(name="resourceVersion", default="")
    next: str = msgspec.field(name="continue", default="")


class _Page(msgspec.Struct):
    metadata: _ListMeta
    items: list[msgspec.Raw] | None = None


class _WatchEvent(msgspec.Struct):
    type: str
    object: msgspec.Raw


class _OnlyMeta(msgspec.Struct):
    metadata: Meta


class Reflector:
    """Follows one resource, in one namespace or in all, and tells `sink`."""

    def __init__(
        self,
        client: Client,
        resource: Resource,
        sink: Sink,
        clock: Clock,
        *,
        namespace: str = "",
        random_: random.Random | None = None,
        page_size: int = 500,
        watch_seconds: int = 60,
    ) -> None:
        self.resource = resource
        self.namespace = namespace
        self.version = ""
        """The resource version to watch from, "" where a list is due."""
        self._client = client
        self._sink = sink
        self._clock = clock
        self._random = random_ or random.Random()  # noqa: S311  (jitter)
        self._page_size = page_size
        self._watch_seconds = watch_seconds
        self._failures = 0
        self._missing = 0
        self._known = False
        self._unreadable: dict[tuple[str, str], str] = {}
        self._pages = msgspec.json.Decoder(_Page)
        self._events = msgspec.json.Decoder(_WatchEvent)
        self._objects = msgspec.json.Decoder(resource.type)

    async def run(self) -> None:
        """List and watch until cancelled."""
        while True:
            wait = await self.round()
            if wait > 0:
                await self._clock.sleep(wait)

    async def round(self) -> float:
        """List if it is due, then watch until that ends; return the seconds to wait before more."""
        started = self._clock.monotonic()
        try:
            if not self.version:
                await self._list()
            started = self._clock.monotonic()
            await self._watch()
        except Expired:
            self.version = ""
            self._stood(ScopeState.STALE, "the server forgot where we were; listing again")
            return self._after_failure(started) if self._failures else self._count_failure()
        except ApiError as error:
            return self._refused(error, started)
        except AdapterError as error:
            self._failed(str(error))
            return self._after_failure(started)
        # A server that ends watches at once and cleanly must not be asked in a hot loop.
        if self._clock.monotonic() - started < 1.0:
            return self._after_failure(started)
        self._failures = 0
        return 0.0

    def _count_failure(self) -> float:
        self._failures += 1
        return 0.0

    def _after_failure(self, started: float) -> float:
        """Count a failure and return how long to wait: jittered, doubling, capped."""
        if self._clock.monotonic() - started >= SETTLED:
            self._failures = 0
        longest = min(BACKOFF_LIMIT, BACKOFF * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
        return self._random.uniform(longest / 2, longest)

    def _refused(self, error: ApiError, started: float) -> float:
        again = self._random.uniform(RECHECK / 2, RECHECK)
        if error.gone:
            self.version = ""
            self._stood(ScopeState.STALE, "the server forgot where we were; listing again")
            return self._after_failure(started) if self._failures else self._count_failure()
        if error.code in (401, 403):
            self._stood(ScopeState.DENIED, _denial(error))
            return again
        if error.code == 404 and self.resource.optional and not self._may_come_back():
            self.version = ""
            self._known = False
            self._sink.listed(self.resource, self.namespace, [])
            self._stood(ScopeState.ABSENT, "not installed here")
            return again
        self._failed(error.said)
        wait = self._after_failure(started)
        return max(wait, min(error.retry_after or 0.0, RECHECK))

    def _may_come_back(self) -> bool:
        """Whether what was there is missing only now: a server that starts has no CRDs yet."""
        self._missing += 1
        return self._known and self._missing < MISSING

    def _failed(self, detail: str) -> None:
        self._stood(ScopeState.STALE, detail)

    def _stood(self, state: ScopeState, detail: str) -> None:
        self._sink.stood(self.resource, self.namespace, state, detail)

    def _live(self) -> None:
        detail = ""
        if self._unreadable:
            (namespace, name), reason = next(iter(self._unreadable.items()))
            count = len(self._unreadable)
            detail = clean(f"{count} cannot be read: {namespace}/{name}: {reason}", 300)
        self._stood(ScopeState.LIVE, detail)

    # -- list

    async def _list(self) -> None:
        """List everything, page by page; the first list that gets through counts."""
        self._unreadable.clear()
        try:
            found, version = await self._paged(self._page_size)
        except ApiError as error:
            if not error.gone:
                raise
            # The list took longer than the server remembers: in one go it cannot expire.
            found, version = await self._paged(0)
        self._sink.listed(self.resource, self.namespace, found)
        self.version = version
        self._known, self._missing = True, 0
        self._live()

    async def _paged(self, size: int) -> tuple[list[Any], str]:
        found: list[Any] = []
        version = token = ""
        while True:
            parameters: dict[str, str | int] = {"limit": size} if size else {}
            if token:
                parameters["continue"] = token
            answer = await self._client.get(
                self.resource.path(self.namespace), parameters, what=self._what("list")
            )
            try:
                page = self._pages.decode(answer.body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise AdapterError(f"{self._what('list')}: not a list: {error}") from None
            for item in page.items or ():
                object_ = self._object(item)
                if object_ is not None:
                    found.append(object_)
            version = page.metadata.version or version
            token = page.metadata.next
            if not token:
                return found, version

    def _object(self, raw: msgspec.Raw) -> Any:
        """Return one object, None where it is not kept or cannot be read (which is said)."""
        try:
            object_: Named = self._objects.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            meta = _meta(raw)
            self._unreadable[(meta.namespace, meta.name)] = str(error)
            return None
        if self._unreadable:
            self._unreadable.pop((object_.metadata.namespace, object_.metadata.name), None)
        if self.resource.keep is not None and not self.resource.keep(object_):
            return None
        return trim(object_)

    # -- watch

    async def _watch(self) -> None:
        """Watch from `version` until the server ends it; raises `Expired`."""
        seconds = self._random.randint(self._watch_seconds, self._watch_seconds * 3 // 2)
        parameters: dict[str, str | int] = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": self.version,
            "timeoutSeconds": seconds,
        }
        path = self.resource.path(self.namespace)
        what = self._what("watch")
        async with self._client.stream(
            path, parameters, silence=seconds + PATIENCE, what=what
        ) as chunks:
            self._live()
            async for line in lines(chunks):
                self._take(line)

    def _take(self, line: bytes) -> None:
        """Tell what one event says, and remember how far we are."""
        try:
            event = self._events.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise AdapterError(f"{self._what('watch')}: not an event: {error}") from None
        if event.type == "ERROR":
            self._error(event.object)
        if event.type == "BOOKMARK":
            self.version = _meta(event.object).resource_version or self.version
            self._sink.heard(self.resource)
            return
        object_ = self._object(event.object)
        if object_ is not None:
            self.version = object_.metadata.resource_version or self.version
            self._sink.changed(self.resource, object_, event.type == "DELETED")
            return
        # Not kept (a Service that is no load balancer any more) or not readable: then whatever
        # was known of it does not hold.
        meta = _meta(event.object)
        self.version = meta.resource_version or self.version
        self._sink.changed(self.resource, Named(meta), True)
        if (meta.namespace, meta.name) in self._unreadable:
            self._live()

    def _error(self, raw: msgspec.Raw) -> None:
        try:
            status = msgspec.json.decode(raw, type=Status)
        except (msgspec.DecodeError, UnicodeDecodeError):
            status = Status()
        message = clean(status.message or status.reason or "an error without a message", 300)
        error = ApiError(self._what("watch"), message, status.code or 500, status.reason or "")
        if error.gone:
            raise Expired
        raise error

    def _what(self, verb: str) -> str:
        return f"{verb} {self.resource.name}" + (f" in {self.namespace}" if self.namespace else "")


def _denial(error: ApiError) -> str:
    """Return who may not do what; the server's own line says it once for each resource."""
    user = re.search(r'User "([^"]{1,200})" cannot (\w+)', error.said)
    return f'User "{user[1]}" cannot {user[2]} them' if user else error.said


def _meta(raw: msgspec.Raw) -> Meta:
    try:
        return msgspec.json.decode(raw, type=_OnlyMeta).metadata
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Meta()


async def lines(chunks: AsyncIterator[bytes], limit: int = LINE_LIMIT) -> AsyncIterator[bytes]:
    """Cut a stream into lines; raises `AdapterError` at one longer than *limit* bytes."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        first, newline, rest = chunk.partition(b"\n")
        parts.append(first)
        size += len(first)
        if size > limit:
            raise AdapterError(f"an event of more than {limit >> 20} MB")
        if not newline:
            continue
        line = b"".join(parts)
        if line.strip():
            yield line
        *whole, last = rest.split(b"\n")
        for line in whole:
            if line.strip():
                yield line
        parts, size = [last], len(last)
    line = b"".join(parts)
    if line.strip():
        yield line
