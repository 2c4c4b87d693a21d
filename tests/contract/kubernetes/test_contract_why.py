"""What an app stands on, as a cluster tells it: on the box and on the real thing."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from adapters.contract import Link, Standing
from adapters.links import explained, first_broken, ordered
from adapters.records import Address, App, Health, Pod, Scope, ScopeState
from tests.contract.kubernetes.acting import degraded
from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.balancing import WANTED, balance, make_pool
from tests.contract.kubernetes.connecting import adapter, direct
from tests.contract.kubernetes.hand import MERGE_PATCH, Hand
from tests.contract.kubernetes.mirror import Mirror, Observation, observing
from tests.contract.kubernetes.objects import deployment, service
from tests.known_world import KnownWorld

_subnets = (f"198.51.101.{first}" for first in itertools.count(0, 4))
GOOD, MOVING = Standing.GOOD, Standing.MOVING
BROKEN, UNKNOWN = Standing.BROKEN, Standing.UNKNOWN


def world(mirror: Mirror, now: float) -> KnownWorld:
    """Return what the station would know of what *mirror* heard."""
    scopes = [Scope(source="tests", name=name, state=states[-1])
              for name, states in mirror.states.items()]  # fmt: skip
    return KnownWorld(*mirror.records.values(), *mirror.events, *scopes, now=now)


async def asked(seen: Observation, backend: Backend, app: App, of: object = None) -> list[Link]:
    """Return the links of *app*, as the adapter that is observed tells them, or another."""
    made = of or seen.adapter
    links: Sequence[Link] = await made.links(app, world(seen.mirror, backend.now()))  # type: ignore[attr-defined]
    return ordered(links)


def by_name(links: Sequence[Link]) -> dict[str, Link]:
    return {one.name: one for one in links}


async def _app(seen: Observation, space: str, name: str, health: Health, pods: int) -> App:
    def look(mirror: Mirror) -> App | None:
        found = mirror.one(App, space, name)
        # What was not listed yet is, rightly, a link of which nothing is known.
        listed = all(mirror.state(one) is ScopeState.LIVE for one in ("revisions", "addresses"))
        here = listed and len(mirror.all(Pod, space)) == pods
        return found if found is not None and found.health is health and here else None

    found: App = await seen.until(look, f"{name} {health} with {pods} pods")
    return found


@contextlib.asynccontextmanager
async def not_ready(hand: Hand, node: str) -> AsyncIterator[str]:
    """Have *node* say that it is not ready since now, and make it ready again in the end."""
    since = datetime.fromtimestamp(hand.backend.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = f"/api/v1/nodes/{node}"
    before = (await hand.client.get(path)).json()["status"]["conditions"]
    told = {"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown",
            "message": "Kubelet stopped posting node status.", "lastTransitionTime": since,
            "lastHeartbeatTime": since}  # fmt: skip
    await _conditions(hand, path, [told])
    try:
        yield since
    finally:
        await _conditions(hand, path, before)


async def _conditions(hand: Hand, path: str, conditions: list[dict[str, str]]) -> None:
    headers = {"content-type": MERGE_PATCH}
    change = {"status": {"conditions": conditions}}
    response = await hand.client.patch(f"{path}/status", json=change, headers=headers)
    assert response.status_code == 200, response.text


async def test_what_a_healthy_app_stands_on(backend: Backend, hand: Hand, space: str) -> None:
    thing = deployment(space, "relay", "colony/relay:1.0", replicas=2)
    await hand.create(thing)
    await hand.rolled_out(thing)
    settings = direct(backend, user="reader", namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "relay", Health.HEALTHY, 2)
        links = await asked(seen, backend, app)
        assert [(one.name, one.standing) for one in links] == [
            ("rollout", GOOD), ("pods", GOOD), ("node", GOOD),
        ]  # fmt: skip
        assert first_broken(links) is None
        assert links[0].thing == "revision 1"
        nodes = {pod.node for pod in seen.mirror.all(Pod, space)}
        assert all(node in links[2].words for node in nodes)
        assert await seen.adapter.links(App(source="another"), world(seen.mirror, 0.0)) == ()


async def test_an_image_that_is_not_there_is_why(backend: Backend, hand: Hand, space: str) -> None:
    await degraded(hand, space)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "o2-gen", Health.DEGRADED, 4)

        def waits(mirror: Mirror) -> list[Pod]:
            return [one for one in mirror.all(Pod, space) if one.state == "ImagePullBackOff"]

        (pod,) = await seen.until(waits, "the pod that cannot pull")
        links = await asked(seen, backend, app)
        number = first_broken(links)
        assert number is not None
        first = links[number]
        assert (first.name, first.begins, first.key) == ("pods", True, pod.key)
        assert first.words.startswith("1 in ImagePullBackOff: o2-gen:missing-2.4.1")
        assert pod.name in first.details[0]
        assert [links[n].name for n in explained(links, number)] == ["rollout"]
        assert by_name(links)["node"].standing is GOOD
        (fit,) = first.actions
        assert (fit.action, dict(fit.arguments)["to"]) == ("app.rollback", "1")
        assert first.since is not None
        rollouts = [one for one in links[0].changes if one.what == "rollout"]
        assert rollouts[0].words.startswith("revision 2: o2-gen:2.3.9 → missing-2.4.1 · second")
        # Kubernetes writes whole seconds.
        assert rollouts[0].at <= first.since + 1.0


async def test_a_node_that_is_not_heard_of_is_why(backend: Backend, hand: Hand, space: str) -> None:
    thing = deployment(space, "relay", "colony/relay:1.0", replicas=1)
    await hand.create(thing)
    await hand.rolled_out(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "relay", Health.HEALTHY, 1)
        (pod,) = seen.mirror.all(Pod, space)
        async with not_ready(hand, pod.node) as since:
            node = by_name(await asked(seen, backend, app))["node"]
            assert (node.thing, node.standing) == (pod.node, BROKEN)
            assert "Kubelet stopped posting node status." in node.words
            assert node.since is not None
            assert datetime.fromtimestamp(node.since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") == since


async def test_a_node_that_is_cordoned_goes_on(backend: Backend, hand: Hand, space: str) -> None:
    thing = deployment(space, "relay", "colony/relay:1.0", replicas=1)
    await hand.create(thing)
    await hand.rolled_out(thing)
    settings = direct(backend, namespaces=(space,))
    headers = {"content-type": MERGE_PATCH}
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "relay", Health.HEALTHY, 1)
        (pod,) = seen.mirror.all(Pod, space)
        path = f"/api/v1/nodes/{pod.node}"
        change = {"spec": {"unschedulable": True}}
        assert (await hand.client.patch(path, json=change, headers=headers)).status_code == 200
        try:
            links = await asked(seen, backend, app)
        finally:
            change = {"spec": {"unschedulable": False}}
            await hand.client.patch(path, json=change, headers=headers)
        node = by_name(links)["node"]
        assert (node.standing, node.words) == (MOVING, f"{pod.node} is cordoned")
        assert first_broken(links) is None


async def test_who_may_not_get_nodes_is_told_so(backend: Backend, hand: Hand, space: str) -> None:
    thing = deployment(space, "relay", "colony/relay:1.0", replicas=1)
    await hand.create(thing)
    await hand.rolled_out(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "relay", Health.HEALTHY, 1)
        other = adapter(backend, direct(backend, user="nobody", namespaces=(space,)))
        try:
            node = by_name(await asked(seen, backend, app, other))["node"]
        finally:
            await other.close()
        assert node.standing is UNKNOWN
        assert "no right to get nodes" in node.words


async def test_an_address_and_who_announces_it(backend: Backend, hand: Hand, space: str) -> None:
    first = next(_subnets)
    of = await make_pool(hand, space, f"{first}/30")
    app_ = deployment(space, "relay", "colony/relay:1", replicas=1)
    await hand.create(app_)
    await hand.rolled_out(app_)
    thing = service(space, "uplink", ("TCP", 443), app="relay", kind="LoadBalancer")
    thing["metadata"]["annotations"] = {WANTED: space}
    await hand.create(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "relay", Health.HEALTHY, 1)
        await balance(backend, hand, thing, of, first)

        def announced(mirror: Mirror) -> Address | None:
            found = mirror.one(Address, space, "uplink")
            return found if found is not None and found.ip and found.announced_by else None

        address: Address = await seen.until(announced, "the announced address")
        links = by_name(await asked(seen, backend, app))
        assert (links["address"].thing, links["address"].standing) == (first, GOOD)
        assert links["address"].words == f"TCP 443 of pool {space}"
        (by,) = address.announced_by or ()
        assert (links["announcer"].thing, links["announcer"].standing) == (f"L2 {by.node}", GOOD)
        assert links["announcer"].words == f"announces {first} on eth0"


async def test_a_service_without_an_address_is_why(
    backend: Backend, hand: Hand, space: str
) -> None:
    app_ = deployment(space, "relay", "colony/relay:1", replicas=1)
    await hand.create(app_)
    await hand.rolled_out(app_)
    thing = service(space, "uplink", app="relay", kind="LoadBalancer")
    thing["metadata"]["annotations"] = {WANTED: f"no-{space}"}
    await hand.create(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "relay", Health.HEALTHY, 1)
        await seen.until(lambda m: m.one(Address, space, "uplink"), "the Service")
        links = await asked(seen, backend, app)
        number = first_broken(links)
        assert number is not None
        assert (links[number].name, links[number].thing) == ("address", "Service uplink")
        assert links[number].words


async def test_a_program_that_ends_says_what_it_said_last(
    backend: Backend, hand: Hand, space: str
) -> None:
    await hand.create(deployment(space, "scrubber", "colony/scrubber:crash-1", replicas=1))
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:

        def crashes(mirror: Mirror) -> App | None:
            found = mirror.one(App, space, "scrubber")
            loops = found is not None and "CrashLoopBackOff" in found.reason
            return found if loops else None

        app = await seen.until(crashes, "the crash loop")
        links = await asked(seen, backend, app)
        first = links[first_broken(links) or 0]
        assert (first.name, first.begins) == ("pods", True)
        assert first.words.startswith("1 in CrashLoopBackOff")
