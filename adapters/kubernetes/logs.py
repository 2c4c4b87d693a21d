"""Logs: of one pod, or of all pods of an app in the order in which they were written."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, NamedTuple

import msgspec

from adapters.clock import Clock
from adapters.contract import AdapterError, Answer, Refused
from adapters.kubernetes.client import Client
from adapters.kubernetes.errors import ApiError
from adapters.kubernetes.history import KINDS
from adapters.kubernetes.objects import Pod
from adapters.kubernetes.reflector import lines
from adapters.kubernetes.resources import PODS
from adapters.kubernetes.times import epoch
from adapters.kubernetes.workloads import listed, read, selector_text
from adapters.text import clean

TAIL = 500
"""Lines of each container where nothing else is asked for."""
MOST_LINES = 10_000
MOST_CONTAINERS = 24
"""Containers that are read for one answer; the others are named."""
READ_LIMIT = 4 * 1024 * 1024
"""Bytes read of one container's log."""
TEXT_LIMIT = 256 * 1024
"""Characters of one answer: the newest are kept."""
LONGEST = 16 * 1024
"""Bytes of one line; more of it is cut."""
LOOK = 3.0
"""Seconds between looks for new pods of an app whose logs are followed."""


class Run(NamedTuple):
    """One run of one container: a restart makes another one."""

    namespace: str
    pod: str
    container: str
    restarts: int

    @property
    def path(self) -> str:
        """The path of its log."""
        return f"{PODS.path(self.namespace, self.pod)}/log"

    @property
    def label(self) -> str:
        """How its lines are marked among those of others."""
        return f"{self.pod}/{self.container}"


class Wanted(NamedTuple):
    """Which logs, and how much of them."""

    runs: list[Run]
    tail: int
    previous: bool
    timestamps: bool

    def parameters(self, run: Run, *, stamped: bool) -> dict[str, str | int]:
        """Return the query for *run*."""
        found: dict[str, str | int] = {"container": run.container, "tailLines": self.tail}
        if self.previous:
            found["previous"] = "true"
        if stamped:
            found["timestamps"] = "true"
        return found


async def answer(client: Client, arguments: Mapping[str, str]) -> Answer:
    """Return logs as one text. Raises `Refused` where there is no such pod, container or log."""
    wanted = await _wanted(client, arguments)
    many = len(wanted.runs) > 1
    stamped = many or wanted.timestamps
    found = await asyncio.gather(
        *(_read(client, wanted, run, stamped=stamped) for run in wanted.runs),
        return_exceptions=True,
    )
    more = False
    merged: list[tuple[float, int, str]] = []
    for run, result in zip(wanted.runs, found, strict=True):
        label = f"{run.label} │ " if many else ""
        if isinstance(result, ApiError):
            # A container that waits to start has no log, and the server says why.
            if not many:
                raise Refused(result.said)
            merged.append((0.0, len(merged), f"{label}({result.said})"))
        elif isinstance(result, BaseException):
            raise result
        else:
            content, cut = result
            more = more or cut
            for at, text in _stamped(content, stamped, keep=wanted.timestamps):
                merged.append((at, len(merged), label + text))
    merged.sort()
    text = "\n".join(line for _, _, line in merged)
    if len(text) > TEXT_LIMIT:
        text, more = text[-TEXT_LIMIT:].partition("\n")[2], True
    return Answer(text, title=_title(wanted, arguments), syntax="log", more=more)


async def follow(client: Client, clock: Clock, arguments: Mapping[str, str]) -> AsyncIterator[str]:
    """Yield logs as they are written. Of one pod until it ends; of an app until cancelled."""
    wanted = await _wanted(client, arguments)
    if arguments.get("pod") and len(wanted.runs) == 1:
        async for text in _one(client, wanted, wanted.runs[0]):
            yield text
        return
    tap = _Tap(client, clock, arguments)
    async with contextlib.aclosing(tap.lines(wanted)) as found:
        async for text in found:
            yield text


async def _one(client: Client, wanted: Wanted, run: Run) -> AsyncIterator[str]:
    parameters = {**wanted.parameters(run, stamped=wanted.timestamps), "follow": "true"}
    async with client.stream(
        run.path, parameters, silence=86_400.0, what=f"logs of {run.label}"
    ) as chunks:
        async for line in lines(chunks, limit=READ_LIMIT):
            yield _decoded(line) + "\n"


class _Tap:
    """Follows every container of an app's pods, those that come later too."""

    def __init__(self, client: Client, clock: Clock, arguments: Mapping[str, str]) -> None:
        self._client = client
        self._clock = clock
        self._arguments = arguments
        self._lines: asyncio.Queue[str] = asyncio.Queue(maxsize=2000)
        self._streams: dict[Run, asyncio.Task[None]] = {}
        self._last: dict[Run, float] = {}

    async def lines(self, wanted: Wanted) -> AsyncGenerator[str, None]:
        """Yield lines, as many at a time as there are."""
        watching = asyncio.create_task(self._watch(wanted))
        try:
            while True:
                parts = [await self._lines.get()]
                while not self._lines.empty() and len(parts) < 500:
                    parts.append(self._lines.get_nowait())
                yield "".join(parts)
        finally:
            tasks = [watching, *self._streams.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, wanted: Wanted) -> None:
        """Open what is not open yet, and look again."""
        while True:
            for run in wanted.runs:
                task = self._streams.get(run)
                ended = task is not None and task.done()
                if task is None or (ended and task is not None and task.result() is None):
                    self._streams[run] = asyncio.create_task(self._stream(wanted, run))
            await self._clock.sleep(LOOK)
            with contextlib.suppress(AdapterError):
                wanted = await _wanted(self._client, self._arguments)
            for run in set(self._streams) - set(wanted.runs):
                if self._streams[run].done():
                    del self._streams[run]
                    self._last.pop(run, None)

    async def _stream(self, wanted: Wanted, run: Run) -> None:
        parameters = {**wanted.parameters(run, stamped=True), "follow": "true"}
        since = self._last.get(run, -1.0)
        try:
            async with self._client.stream(
                run.path, parameters, silence=86_400.0, what=f"logs of {run.label}"
            ) as chunks:
                async for line in lines(chunks, limit=READ_LIMIT):
                    at, text = _split(_decoded(line))
                    if at is not None and at <= since:
                        continue  # what was shown before the connection broke
                    if at is not None:
                        self._last[run] = at
                    await self._lines.put(f"{run.label} │ {text}\n")
        except ApiError as error:
            if run not in self._last:
                self._last[run] = 0.0
                await self._lines.put(f"{run.label} │ ({error.said})\n")
        except AdapterError:
            pass  # taken up again at the next look


async def _read(client: Client, wanted: Wanted, run: Run, *, stamped: bool) -> tuple[bytes, bool]:
    answer = await client.get(
        run.path,
        wanted.parameters(run, stamped=stamped),
        what=f"logs of {run.label}",
        limit=READ_LIMIT,
        cut=True,
        accept="text/plain, */*",
    )
    return answer.body, answer.more


def _stamped(content: bytes, stamped: bool, *, keep: bool) -> list[tuple[float, str]]:
    """Return (time, line) of each line; a line without a time has that of the one before."""
    found: list[tuple[float, str]] = []
    at = 0.0
    for raw in content.split(b"\n"):
        if not raw and not found:
            continue
        whole = _decoded(raw)
        when, text = _split(whole) if stamped else (None, whole)
        at = when if when is not None else at
        found.append((at, whole if keep else text))
    if found and not found[-1][1]:
        found.pop()
    return found


def _split(line: str) -> tuple[float | None, str]:
    """Take the time off a line that begins with one."""
    stamp, blank, text = line.partition(" ")
    at = epoch(stamp) if blank or stamp.endswith("Z") else None
    return (at, text) if at is not None else (None, line)


def _decoded(raw: bytes) -> str:
    cut = raw[:LONGEST].decode(errors="replace").rstrip("\r\n")
    return cut + "…" if len(raw) > LONGEST else cut


def _title(wanted: Wanted, arguments: Mapping[str, str]) -> str:
    name = arguments.get("pod") or arguments.get("name", "")
    before = ", before the last restart" if wanted.previous else ""
    return f"logs of {arguments.get('namespace', '')}/{name}{before}"


async def _wanted(client: Client, arguments: Mapping[str, str]) -> Wanted:
    """Understand what is asked for: `pod`, or `workload` and `name` for all pods of an app."""
    namespace = arguments.get("namespace", "")
    if not namespace:
        raise Refused("logs: namespace is missing")
    if arguments.get("pod"):
        found = await read(client, PODS, namespace, arguments["pod"])
        if found is None:
            raise Refused(f"there is no pod {clean(namespace)}/{clean(arguments['pod'])}")
        items = [found]
    else:
        items = await _pods(client, namespace, arguments)
    pods = [_pod(each) for each in items]
    runs = [run for pod in pods for run in _runs(pod, arguments.get("container", ""))]
    if not runs:
        asked = clean(arguments.get("container", ""))
        raise Refused(f"there is no container {asked}" if asked else "there are no pods")
    return Wanted(
        runs[:MOST_CONTAINERS],
        _tail(arguments.get("tail", "")),
        arguments.get("previous", "") in ("true", "1", "yes"),
        arguments.get("timestamps", "") in ("true", "1", "yes"),
    )


def _tail(text: str) -> int:
    if not text:
        return TAIL
    if not (text.isascii() and text.isdigit()):
        raise Refused(f"logs: tail is a number of lines, not {clean(text, 40)!r}")
    return min(int(text[:9]), MOST_LINES)


async def _pods(
    client: Client, namespace: str, arguments: Mapping[str, str]
) -> list[dict[str, Any]]:
    name = arguments.get("name", "")
    if not name:
        raise Refused("logs: name a pod or an app")
    workload = arguments.get("workload", "")
    kinds = [KINDS[workload]] if workload in KINDS else list(KINDS.values())
    for kind in kinds:
        object_ = await read(client, kind.resource, namespace, name)
        if object_ is not None:
            selector = selector_text(object_["spec"].get("selector") or {})
            return await listed(client, PODS, namespace, selector)
    raise Refused(f"there is no app {clean(namespace)}/{clean(name)}")


def _pod(item: dict[str, Any]) -> Pod:
    try:
        return msgspec.convert(item, Pod)
    except msgspec.ValidationError as error:
        raise AdapterError(f"a pod that cannot be read: {error}") from None


def _runs(pod: Pod, container: str) -> list[Run]:
    """Return the runs of a pod's containers, and of init containers that have not done their job.

    A pod that hangs in Init:CrashLoopBackOff has its reason in the log of an init container.
    """
    status = pod.status
    restarts = {
        each.name: each.restart_count
        for each in (*(status.init_container_statuses or ()), *(status.container_statuses or ()))
    }
    done = {
        each.name
        for each in status.init_container_statuses or ()
        if each.state is not None
        and each.state.terminated is not None
        and each.state.terminated.exit_code == 0
    }
    names = [
        each.name
        for each in pod.spec.init_containers or ()
        if each.name == container
        or (not container and each.name in restarts and each.name not in done)
    ]
    names += [
        each.name for each in pod.spec.containers or () if not container or each.name == container
    ]
    meta = pod.metadata
    return [Run(meta.namespace, meta.name, name, restarts.get(name, 0)) for name in names]
