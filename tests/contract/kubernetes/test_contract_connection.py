"""What the adapter says and does when it is refused, cut off, or brought up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters.contract import AdapterError
from adapters.kubernetes.settings import Settings
from adapters.records import App, Pod, ScopeState
from tests.contract.kubernetes.backend import Backend, Can, RealBackend
from tests.contract.kubernetes.connecting import Wire, adapter, direct
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.mirror import Mirror, observing
from tests.contract.kubernetes.objects import deployment
from tests.real import users

WATCHED = ("apps", "revisions", "pods", "events", "addresses")


def _live(mirror: Mirror) -> bool:
    return all(mirror.state(scope) is ScopeState.LIVE for scope in WATCHED)


def _stale(mirror: Mirror) -> bool:
    return all(mirror.state(scope) is ScopeState.STALE for scope in WATCHED)


async def test_a_cut_makes_stale_and_what_was_missed_comes_after(
    backend: Backend, hand: Hand, space: str
) -> None:
    kept = deployment(space, "kept", "colony/idle:1", replicas=0)
    lost = deployment(space, "lost", "colony/idle:1", replicas=0)
    await hand.create(kept)
    await hand.create(lost)
    wire = Wire(backend)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings, wire), backend) as seen:
        await seen.until(_live, "every scope live")
        await seen.until(lambda m: len(m.all(App, space)) == 2, "both apps")
        wire.cut()
        await seen.until(_stale, "every scope stale")
        assert "apps" in seen.mirror.details
        assert seen.mirror.details["apps"]
        await hand.delete(lost)
        await hand.set_image(kept, "colony/idle:2")
        assert len(seen.mirror.all(App, space)) == 2
        lists = _lists(wire)
        wire.mend()
        await seen.until(_live, "every scope live again")
        await seen.until(lambda m: _versions(m, space) == {"kept": "2"}, "what was missed")
        assert _lists(wire) == lists, "the watches went on where they were"


def _lists(wire: Wire) -> int:
    return sum("watch" not in request.url.params for request in wire.requests)


def _versions(mirror: Mirror, space: str) -> dict[str, str]:
    return {app.name: app.version for app in mirror.all(App, space)}


async def test_what_went_while_the_server_forgot_is_found_out_by_listing_again(
    backend: Backend, hand: Hand, space: str
) -> None:
    kept = deployment(space, "kept", "colony/idle:1", replicas=0)
    lost = deployment(space, "lost", "colony/lost:1", replicas=1)
    await hand.create(kept)
    await hand.create(lost)
    await hand.rolled_out(lost)
    wire = Wire(backend)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings, wire), backend) as seen:
        await seen.until(_live, "every scope live")
        await seen.until(lambda m: len(m.all(App, space)) == 2 and m.all(Pod, space), "the apps")
        (pod,) = seen.mirror.all(Pod, space)
        (app,) = [app for app in seen.mirror.all(App, space) if app.name == "lost"]
        wire.cut()
        await seen.until(_stale, "every scope stale")
        await hand.delete(lost)

        async def gone() -> bool:
            return not await hand.listed("Pod", space)

        await backend.settle(gone, "the end of the pod")
        await hand.merge(kept, {"metadata": {"labels": {"deck": "3"}}})
        await backend.expire()
        lists = _lists(wire)
        wire.mend()
        await seen.until(_live, "every scope live again")
        assert _lists(wire) > lists
        await seen.until(lambda m: _versions(m, space) == {"kept": "1"}, "the difference")
        assert {app.key, pod.key} <= set(seen.mirror.tombstones)


async def test_a_server_that_is_killed_and_comes_back(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = deployment(space, "relay", "colony/idle:1", replicas=0)
    await hand.create(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        await seen.until(_live, "every scope live")
        backend.kill()
        await seen.until(_stale, "every scope stale")
        await seen.until(lambda m: "connection refused" in m.details["apps"], "the reason")
        await backend.revive()
        await seen.until(_live, "every scope live again")
        await hand.set_image(thing, "colony/idle:2")
        await seen.until(lambda m: _versions(m, space) == {"relay": "2"}, "a change")
        assert not [key for key in seen.mirror.tombstones if key.kind == "App"]


async def test_a_token_that_nobody_knows_is_denied(backend: Backend) -> None:
    authority = "" if backend.authority is None else str(backend.authority)
    settings = Settings(server=backend.url, token="stolen", ca_file=authority)
    for line in await _denied(backend, settings):
        assert "does not know this token" in line
        assert "stolen" not in line


async def test_no_rights_at_all_is_denied(backend: Backend) -> None:
    for line in await _denied(backend, direct(backend, "nobody")):
        assert 'User "nobody" cannot list' in line


async def _denied(backend: Backend, settings: Settings) -> list[str]:
    """Return the line of each scope, once all are denied."""

    def denied(mirror: Mirror) -> bool:
        return all(mirror.state(scope) is ScopeState.DENIED for scope in (*WATCHED, "pools"))

    async with observing(adapter(backend, settings), backend) as seen:
        await seen.until(denied, "every scope denied")
        assert not seen.mirror.records
        lines = list(seen.mirror.details.values())
        assert all(line and "\n" not in line for line in lines)
        return lines


async def test_a_server_that_is_not_there_is_said_in_one_line(backend: Backend) -> None:
    from tests.real.processes import free_port

    line = await _hopeless(backend, Settings(server=f"http://127.0.0.1:{free_port()}"))
    assert "connection refused" in line


async def _hopeless(backend: Backend, settings: Settings) -> str:
    """Return the one line with which an adapter gives up."""
    made = adapter(backend, settings)

    async def run() -> None:
        async for _ in made.records():
            pass

    with pytest.raises(AdapterError) as raised:
        await asyncio.wait_for(run(), backend.patience)
    await made.close()
    line = str(raised.value)
    assert line
    assert "\n" not in line
    return line


async def test_a_kubeconfig_with_a_token(backend: Backend, space: str, tmp_path: Path) -> None:
    path = users.write_kubeconfig(
        tmp_path / "config", backend.url, backend.authority, "op", {"token": backend.operator}
    )
    settings = Settings(kubeconfig=str(path), namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        await seen.until(_live, "every scope live")


async def test_a_kubeconfig_with_a_client_certificate(backend: Backend, space: str) -> None:
    if Can.CERTIFICATES not in backend.can:
        # A server without TLS never sees a certificate: we are nobody there, and are told so.
        for line in await _denied(backend, Settings(server=backend.url)):
            assert "system:anonymous" in line
        return
    assert isinstance(backend, RealBackend)
    path = backend.plane.kubeconfig_for(users.ENGINEER)
    settings = Settings(kubeconfig=str(path), namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        await seen.until(_live, "every scope live")


async def test_a_certificate_that_nobody_vouches_for_is_refused(backend: Backend) -> None:
    if backend.authority is None:
        secure = backend.url.replace("http:", "https:")
        line = await _hopeless(backend, Settings(server=secure, token=backend.operator))
        assert "TLS failed" in line
        return
    line = await _hopeless(backend, Settings(server=backend.url, token=backend.operator))
    assert "certificate is not trusted" in line
    assert "ca_file" in line
