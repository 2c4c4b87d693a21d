"""List, watch, and every way in which a watch can end, against a network that tests make up."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from kubernetes_objects import FakeClock, as_json, client_of, meta, pod, service, status

from adapters.contract import AdapterError
from adapters.kubernetes import reflector as under_test
from adapters.kubernetes.reflector import Reflector, lines
from adapters.kubernetes.resources import PODS, POOLS, SERVICES, Resource
from adapters.records import ScopeState

Answer = Callable[[httpx.Request], Any]


class Heard:
    """A sink that writes down what it is told."""

    def __init__(self) -> None:
        self.lists: list[list[str]] = []
        self.changes: list[tuple[str, bool]] = []
        self.states: list[tuple[ScopeState, str]] = []
        self.beats = 0

    def listed(self, resource: Resource, namespace: str, objects: list[Any]) -> None:
        self.lists.append([each.metadata.name for each in objects])

    def changed(self, resource: Resource, object_: Any, gone: bool) -> None:
        self.changes.append((object_.metadata.name, gone))

    def heard(self, resource: Resource) -> None:
        self.beats += 1

    def stood(self, resource: Resource, namespace: str, state: ScopeState, detail: str) -> None:
        self.states.append((state, detail))


class Server:
    """Answers each request with the next of its answers, and keeps the requests."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> Any:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def asked(self) -> list[dict[str, str]]:
        return [dict(request.url.params) for request in self.requests]


def page(*items: dict[str, Any], version: str = "10", token: str = "") -> httpx.Response:
    metadata = {"resourceVersion": version, **({"continue": token} if token else {})}
    return as_json({"metadata": metadata, "items": list(items)})


def event(kind: str, item: dict[str, Any], version: str) -> bytes:
    item = {**item, "metadata": {**item["metadata"], "resourceVersion": version}}
    return json.dumps({"type": kind, "object": item}).encode() + b"\n"


def bookmark(version: str) -> bytes:
    item = {"kind": "Pod", "metadata": {"resourceVersion": version}}
    return json.dumps({"type": "BOOKMARK", "object": item}).encode() + b"\n"


def error(code: int, reason: str) -> bytes:
    body = {"kind": "Status", "code": code, "reason": reason, "message": "too old"}
    return json.dumps({"type": "ERROR", "object": body}).encode() + b"\n"


class Stream(httpx.AsyncByteStream):
    """A watch's body: chunks, and what happens at its end."""

    def __init__(self, *chunks: bytes, end: Exception | None = None) -> None:
        self.chunks = chunks
        self.end = end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        if self.end is not None:
            raise self.end


def watch(*chunks: bytes, end: Exception | None = None) -> httpx.Response:
    return httpx.Response(200, stream=Stream(*chunks, end=end))


def reflector(
    server: Answer, resource: Resource = PODS, clock: FakeClock | None = None, **more: Any
) -> tuple[Reflector, Heard]:
    sink = Heard()
    made = Reflector(
        client_of(server), resource, sink, clock or FakeClock(), random_=random.Random(7), **more
    )
    return made, sink


async def test_lists_in_pages_then_watches_from_there() -> None:
    server = Server(
        page(pod("a"), pod("b"), token="more"),
        page(pod("c"), version="12"),
        watch(event("ADDED", pod("d"), "13"), bookmark("20")),
    )
    made, sink = reflector(server, page_size=2)
    await made.round()
    first, second, third = server.asked()
    assert first == {"limit": "2"}
    assert second == {"limit": "2", "continue": "more"}
    assert third.pop("timeoutSeconds").isdigit()
    assert third == {"watch": "true", "allowWatchBookmarks": "true", "resourceVersion": "12"}
    assert sink.lists == [["a", "b", "c"]]
    assert sink.changes == [("d", False)]
    assert sink.beats == 1
    assert made.version == "20"
    assert sink.states[-1] == (ScopeState.LIVE, "")


async def test_a_clean_end_goes_on_from_the_last_version_without_a_list() -> None:
    server = Server(page(), watch(event("ADDED", pod("a"), "11")), watch())
    made, sink = reflector(server)
    await made.round()
    await made.round()
    assert server.asked()[2]["resourceVersion"] == "11"
    assert len(sink.lists) == 1
    assert ScopeState.STALE not in [state for state, _ in sink.states]


async def test_a_server_that_ends_every_watch_at_once_is_not_asked_in_a_hot_loop() -> None:
    server = Server(page(), *[watch() for _ in range(8)])
    made, _ = reflector(server)
    waits = [await made.round() for _ in range(8)]
    assert all(wait > 0 for wait in waits)
    assert waits[-1] >= under_test.BACKOFF_LIMIT / 2


async def test_a_watch_that_lived_is_taken_up_again_at_once() -> None:
    clock = FakeClock()

    class Slow(Stream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            clock.at += 60
            yield bookmark("11")

    made, _ = reflector(Server(page(), httpx.Response(200, stream=Slow())), clock=clock)
    assert await made.round() == 0.0


@pytest.mark.parametrize(
    "gone",
    [
        watch(error(410, "Expired")),
        watch(error(410, "Gone")),
        watch(error(0, "Expired")),
        status(410, "Expired"),
        status(410, "Gone"),
    ],
    ids=["in stream", "in stream, older", "in stream, no code", "as HTTP", "as HTTP, older"],
)
async def test_410_in_each_of_its_forms_lists_again(gone: httpx.Response) -> None:
    server = Server(page(pod("a")), gone, page(pod("b"), version="30"), watch())
    made, sink = reflector(server)
    assert await made.round() == 0.0
    assert sink.states[-1][0] is ScopeState.STALE
    await made.round()
    assert sink.lists == [["a"], ["b"]]
    assert server.asked()[3]["resourceVersion"] == "30"
    assert sink.states[-1][0] is ScopeState.LIVE


async def test_410_again_and_again_is_no_hot_loop() -> None:
    answers = [answer for _ in range(6) for answer in (page(), watch(error(410, "Expired")))]
    made, _ = reflector(Server(*answers))
    waits = [await made.round() for _ in range(6)]
    assert waits[0] == 0.0
    assert all(wait > 0 for wait in waits[1:])


async def test_410_while_paging_lists_in_one_go() -> None:
    server = Server(
        page(pod("a"), token="more"), status(410, "Expired"), page(pod("a"), pod("b")), watch()
    )
    made, sink = reflector(server)
    await made.round()
    assert server.asked()[2] == {}
    assert sink.lists == [["a", "b"]]


async def test_an_error_in_the_stream_that_is_not_410_keeps_the_place() -> None:
    server = Server(page(), watch(event("ADDED", pod("a"), "11"), error(500, "InternalError")))
    made, sink = reflector(server)
    assert await made.round() > 0
    assert made.version == "11"
    assert sink.states[-1] == (ScopeState.STALE, "too old")


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("no"),
        httpx.ReadTimeout("silence"),
        httpx.RemoteProtocolError("peer closed connection"),
    ],
)
async def test_a_lost_connection_is_stale_and_goes_on_where_it_was(failure: Exception) -> None:
    server = Server(
        page(),
        watch(event("ADDED", pod("a"), "11"), end=failure),
        watch(event("DELETED", pod("a"), "12")),
    )
    made, sink = reflector(server)
    wait = await made.round()
    assert 0 < wait <= under_test.BACKOFF_LIMIT
    assert sink.states[-1][0] is ScopeState.STALE
    await made.round()
    assert server.asked()[2]["resourceVersion"] == "11"
    assert sink.changes == [("a", False), ("a", True)]
    assert len(sink.lists) == 1


async def test_the_backoff_is_capped_and_repeatable() -> None:
    async def waits() -> list[float]:
        made, _ = reflector(Server(*[httpx.ConnectError("no") for _ in range(12)]))
        return [await made.round() for _ in range(12)]

    found = await waits()
    assert max(found) <= under_test.BACKOFF_LIMIT
    assert found[0] <= under_test.BACKOFF
    assert found == await waits()


async def test_a_server_under_load_is_given_the_time_it_asks_for() -> None:
    busy = as_json({"kind": "Status", "message": "later", "code": 429}, 429, **{"Retry-After": "7"})
    made, sink = reflector(Server(busy))
    assert await made.round() >= 7
    assert sink.states[-1] == (ScopeState.STALE, "later")


@pytest.mark.parametrize("code", [401, 403])
async def test_denied_is_said_and_asked_again_now_and_then(code: int) -> None:
    server = Server(status(code, "Forbidden", 'User "x" cannot list resource'), page(), watch())
    made, sink = reflector(server)
    wait = await made.round()
    assert under_test.RECHECK / 2 <= wait <= under_test.RECHECK
    assert sink.states[-1][0] is ScopeState.DENIED
    await made.round()
    assert sink.states[-1][0] is ScopeState.LIVE


async def test_a_resource_that_is_not_installed_is_absent() -> None:
    made, sink = reflector(Server(status(404, "NotFound")), POOLS)
    assert await made.round() >= under_test.RECHECK / 2
    assert sink.states[-1] == (ScopeState.ABSENT, "not installed here")
    assert sink.lists == [[]]


async def test_a_core_resource_that_is_missing_is_a_failure() -> None:
    made, sink = reflector(Server(status(404, "NotFound", "no such path")))
    await made.round()
    assert sink.states[-1] == (ScopeState.STALE, "no such path")


async def test_a_server_that_starts_has_no_crds_yet_and_nothing_is_forgotten() -> None:
    missing = [status(404, "NotFound") for _ in range(under_test.MISSING)]
    made, sink = reflector(Server(page(pool_named("main")), *missing), POOLS)
    for _ in range(under_test.MISSING - 1):
        await made.round()
    assert sink.lists == [["main"]]
    assert sink.states[-1][0] is ScopeState.STALE
    await made.round()
    assert sink.lists == [["main"], []]
    assert sink.states[-1][0] is ScopeState.ABSENT


def pool_named(name: str) -> dict[str, Any]:
    return {"metadata": meta(name), "spec": {"addresses": []}}


async def test_services_that_are_no_load_balancers_are_passed_over() -> None:
    plain = service("plain", type="ClusterIP")
    server = Server(
        page(service("a"), plain), watch(event("MODIFIED", service("a", type="ClusterIP"), "11"))
    )
    made, sink = reflector(server, SERVICES)
    await made.round()
    assert sink.lists == [["a"]]
    assert sink.changes == [("a", True)]
    assert made.version == "11"


async def test_an_object_that_cannot_be_read_is_said_and_stops_nothing() -> None:
    broken = {"metadata": meta("broken"), "status": "not an object"}
    server = Server(page(pod("a"), broken), watch(event("MODIFIED", pod("broken"), "11")), watch())
    made, sink = reflector(server)
    await made.round()
    assert sink.lists == [["a"]]
    said = [detail for state, detail in sink.states if state is ScopeState.LIVE]
    assert "1 cannot be read: life-support/broken" in said[0]
    await made.round()
    assert sink.states[-1] == (ScopeState.LIVE, "")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"metadata": 3}', b"\xff\xfe", b""])
async def test_a_list_that_is_none_is_a_failure(body: bytes) -> None:
    made, sink = reflector(Server(httpx.Response(200, content=body)))
    assert await made.round() > 0
    assert sink.states[-1][0] is ScopeState.STALE


async def test_an_event_that_is_none_is_a_failure() -> None:
    made, sink = reflector(Server(page(), watch(b"not json\n")))
    assert await made.round() > 0
    assert sink.states[-1][0] is ScopeState.STALE


async def test_the_watch_of_one_namespace() -> None:
    server = Server(page(), watch())
    made, _ = reflector(server, namespace="life-support")
    await made.round()
    paths = [request.url.path for request in server.requests]
    assert paths == ["/api/v1/namespaces/life-support/pods"] * 2


async def test_run_waits_between_rounds() -> None:
    clock = FakeClock()
    server = Server(*[httpx.ConnectError("no") for _ in range(3)])
    made, _ = reflector(server, clock=clock)
    with pytest.raises(IndexError):  # the server has no more answers
        await asyncio.wait_for(made.run(), 5)
    assert len(clock.slept) == 3


async def test_lines_are_put_together_from_any_chunks() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for part in (b"on", b"e\ntwo\n\nth", b"", b"ree", b"\n", b"last"):
            yield part

    assert [line async for line in lines(chunks())] == [b"one", b"two", b"three", b"last"]


async def test_a_line_without_an_end_is_not_read_for_ever() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000

    with pytest.raises(AdapterError, match="more than"):
        async for _ in lines(chunks(), limit=10_000):
            pass
