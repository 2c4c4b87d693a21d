"""Logs and YAML on request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from kubernetes_objects import (
    FakeClock,
    as_json,
    client_of,
    deployment,
    ended,
    pod,
    running,
    status,
    waiting,
)

from adapters.contract import Context, Refused
from adapters.kubernetes import logs, yamltext
from adapters.kubernetes.adapter import KubernetesAdapter
from adapters.kubernetes.settings import Settings

APP = {"namespace": "life-support", "workload": "Deployment", "name": "o2"}
POD = {"namespace": "life-support", "pod": "o2-aaa-1"}


class Pods:
    """Pods by name, and what their logs say: bytes, or an answer."""

    def __init__(self, *pods: dict[str, Any], **said: Any) -> None:
        self.pods = {each["metadata"]["name"]: each for each in pods}
        self.said = said
        self.log: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.log.append(request)
        path = request.url.path.split("/namespaces/life-support/")[-1]
        if path == "deployments/o2":
            return as_json(deployment())
        if path == "pods":
            return as_json({"metadata": {}, "items": list(self.pods.values())})
        name, _, rest = path.removeprefix("pods/").partition("/")
        if name not in self.pods:
            return status(404, "NotFound")
        if not rest:
            return as_json(self.pods[name])
        said = self.said[request.url.params["container"]]
        if isinstance(said, list):
            said = said.pop(0)
        return said if isinstance(said, httpx.Response) else httpx.Response(200, content=said)

    def asked(self) -> dict[str, str]:
        """The query of the last log that was asked for."""
        return dict([each for each in self.log if each.url.path.endswith("/log")][-1].url.params)


def _pod(name: str, *containers: str, **more: Any) -> dict[str, Any]:
    made = pod(name, containerStatuses=[running(each) for each in containers], **more)
    made["spec"]["containers"] = [{"name": each, "image": "x"} for each in containers]
    return made


async def test_one_container_is_shown_as_it_is() -> None:
    pods = Pods(_pod("o2-aaa-1", "main"), main=b"one\ntwo\n\nfour\n")
    answer = await logs.answer(client_of(pods), {**POD, "tail": "50"})
    assert answer.text == "one\ntwo\n\nfour"
    assert (answer.title, answer.syntax, answer.more) == (
        "logs of life-support/o2-aaa-1",
        "log",
        False,
    )
    assert pods.asked() == {"container": "main", "tailLines": "50"}


async def test_what_ran_before_the_last_restart() -> None:
    pods = Pods(_pod("o2-aaa-1", "main"), main=b"last words\n")
    answer = await logs.answer(client_of(pods), {**POD, "previous": "true"})
    assert answer.title.endswith(", before the last restart")
    assert pods.asked()["previous"] == "true"


async def test_an_app_is_all_its_containers_in_the_order_of_time() -> None:
    pods = Pods(
        _pod("o2-a", "main", "proxy"),
        main=b"2026-11-03T06:00:02.5Z second\n  of two lines\n2026-11-03T06:00:04Z fourth\n",
        proxy=b"2026-11-03T06:00:01.000000001Z first\n2026-11-03T06:00:03Z third\n",
    )
    answer = await logs.answer(client_of(pods), APP)
    assert answer.text.splitlines() == [
        "o2-a/proxy │ first",
        "o2-a/main │ second",
        "o2-a/main │   of two lines",
        "o2-a/proxy │ third",
        "o2-a/main │ fourth",
    ]


async def test_timestamps_are_kept_where_they_are_asked_for() -> None:
    pods = Pods(_pod("o2-aaa-1", "main"), main=b"2026-11-03T06:00:02Z x\n")
    answer = await logs.answer(client_of(pods), {**POD, "timestamps": "true"})
    assert answer.text == "2026-11-03T06:00:02Z x"


async def test_a_container_that_waits_says_so_among_the_others_and_alone() -> None:
    refusal = status(400, "BadRequest", 'container "main" is waiting to start')
    pods = Pods(_pod("o2-a", "main", "proxy"), main=refusal, proxy=b"2026-11-03T06:00:01Z up\n")
    answer = await logs.answer(client_of(pods), APP)
    assert answer.text.splitlines() == [
        'o2-a/main │ (container "main" is waiting to start)',
        "o2-a/proxy │ up",
    ]
    alone = Pods(_pod("o2-aaa-1", "main"), main=refusal)
    with pytest.raises(Refused, match="is waiting to start"):
        await logs.answer(client_of(alone), POD)


async def test_init_containers_speak_until_they_have_done_their_job() -> None:
    made = _pod(
        "o2-aaa-1",
        "main",
        initContainerStatuses=[ended(0, name="done"), waiting("CrashLoopBackOff", name="stuck")],
    )
    made["spec"]["initContainers"] = [{"name": "done"}, {"name": "stuck"}]
    pods = Pods(made, main=b"", stuck=b"2026-11-03T06:00:01Z cannot reach the tank\n")
    answer = await logs.answer(client_of(pods), POD)
    assert answer.text == "o2-aaa-1/stuck │ cannot reach the tank"
    pods = Pods(made, done=b"done\n")
    assert (await logs.answer(client_of(pods), {**POD, "container": "done"})).text == "done"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({}, "namespace is missing"),
        ({"namespace": "life-support"}, "name a pod or an app"),
        ({**POD, "pod": "nope"}, "there is no pod life-support/nope"),
        ({**POD, "container": "nope"}, "there is no container nope"),
        ({**POD, "tail": "many"}, "tail is a number of lines"),
    ],
)
async def test_logs_that_are_not_there(arguments: dict[str, str], line: str) -> None:
    with pytest.raises(Refused, match=line):
        await logs.answer(client_of(Pods(_pod("o2-aaa-1", "main"), main=b"")), arguments)


async def test_hostile_logs_are_bounded() -> None:
    flood = b"\xff\xfe" + b"x" * 2_000_000 + b"\n" + b"y\n" * 400_000
    pods = Pods(_pod("o2-aaa-1", "main"), main=flood)
    answer = await logs.answer(client_of(pods), POD)
    assert answer.more
    assert len(answer.text) <= logs.TEXT_LIMIT
    assert max(map(len, answer.text.splitlines())) <= logs.LONGEST + 1


class Lines(httpx.AsyncByteStream):
    """A followed log: lines, then silence until it is closed, or an end."""

    def __init__(self, *chunks: bytes, ends: bool = False) -> None:
        self.chunks = chunks
        self.ends = ends

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        if not self.ends:
            await asyncio.Event().wait()


def _followed(*chunks: bytes, ends: bool = False) -> httpx.Response:
    return httpx.Response(200, stream=Lines(*chunks, ends=ends))


async def test_a_followed_pod_ends_when_its_container_does() -> None:
    pods = Pods(_pod("o2-aaa-1", "main"), main=_followed(b"on", b"e\ntwo\n", ends=True))
    found = [text async for text in logs.follow(client_of(pods), FakeClock(), POD)]
    assert found == ["one\n", "two\n"]
    assert pods.asked()["follow"] == "true"


async def test_a_followed_app_takes_up_what_broke_where_it_was() -> None:
    first = _followed(b"2026-11-03T06:00:01Z one\n", ends=True)
    again = _followed(b"2026-11-03T06:00:01Z one\n2026-11-03T06:00:02Z two\n")
    pods = Pods(_pod("o2-a", "main"), main=[first, again])
    text = ""
    stream = logs.follow(client_of(pods), FakeClock(), APP)
    async for part in stream:
        text += part
        if "two" in text:
            break
    await stream.aclose()  # type: ignore[attr-defined]
    assert text == "o2-a/main │ one\no2-a/main │ two\n"


async def test_a_pod_that_comes_later_is_followed_too() -> None:
    pods = Pods(_pod("o2-a", "main"), main=_followed(), late=_followed(b"2026-11-03T06:00:02Z x\n"))

    class Clock(FakeClock):
        async def sleep(self, seconds: float) -> None:
            pods.pods["o2-b"] = _pod("o2-b", "late")
            await super().sleep(seconds)

    stream = logs.follow(client_of(pods), Clock(), APP)
    assert await anext(stream) == "o2-b/late │ x\n"
    await stream.aclose()  # type: ignore[attr-defined]


# -- YAML


async def test_yaml_is_the_object_without_its_managed_fields() -> None:
    item = deployment(managedFields=[{"manager": "kubectl"}])
    client = client_of(lambda _: as_json(item))
    answer = await yamltext.answer(client, APP)
    assert answer.title == "Deployment life-support/o2"
    assert answer.text.startswith("metadata:\n  name: o2\n")
    assert "managedFields" not in answer.text
    assert answer.syntax == "yaml"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"kind": "Secret"}, "a Secret is not shown"),
        ({"kind": "secrets"}, "a secrets is not shown"),
        ({"name": ""}, "kind, namespace and name say what to show"),
        ({"name": "nope"}, "there is no Deployment life-support/nope"),
    ],
)
async def test_yaml_that_is_not_shown(arguments: dict[str, str], line: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return status(404, "NotFound")

    with pytest.raises(Refused, match=line):
        await yamltext.answer(client_of(answer), {**APP, **arguments})
    assert not [path for path in asked if "secret" in path.lower()]


async def test_hostile_yaml_is_bounded_and_quoted() -> None:
    item = deployment(annotations={"evil": "\x1b]0;title\x07" + "x" * 1_000_000})
    answer = await yamltext.answer(client_of(lambda _: as_json(item)), APP)
    assert answer.more
    assert len(answer.text) == yamltext.TEXT_LIMIT
    assert "\x1b" not in answer.text


async def test_an_unknown_topic_is_refused() -> None:
    adapter = KubernetesAdapter("tycho", Settings(server="http://api"), Context())
    with pytest.raises(Refused, match="no weather here"):
        await adapter.query("weather", {})
