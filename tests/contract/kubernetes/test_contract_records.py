"""What the adapter makes of workloads and their pods, on the box and on the real thing."""

from __future__ import annotations

from adapters.records import App, Event, Health, Pod, Revision, ScopeState
from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.connecting import adapter, direct
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.mirror import Mirror, Observation, observing
from tests.contract.kubernetes.objects import Object, deployment, stateful_set

MANY = 24
"""More objects than fit on a page of the size that `pages` asks for."""


async def _app(seen: Observation, space: str, name: str, health: Health) -> App:
    """Wait until an app is of some health and return it."""

    def look(mirror: Mirror) -> App | None:
        found = mirror.one(App, space, name)
        return found if found is not None and found.health is health else None

    found: App = await seen.until(look, f"{name} {health}")
    return found


async def test_a_deployment_with_its_revisions_pods_and_events(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = deployment(space, "relay", "colony/relay:1.0", replicas=2, cause="first flight")
    made = await hand.create(thing)
    await hand.rolled_out(thing)
    await hand.set_image(thing, "colony/relay:1.1", cause="second flight")
    await hand.rolled_out(thing)
    await hand.cleared(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "relay", Health.HEALTHY)
        assert (app.source, app.workload, app.uid) == (
            "tests",
            "Deployment",
            made["metadata"]["uid"],
        )
        assert (app.desired, app.ready, app.updated, app.available) == (2, 2, 2, 2)
        assert (app.images, app.version, app.revision) == (("colony/relay:1.1",), "1.1", 2)
        assert (app.generation, app.observed_generation) == (2, 2)
        assert (app.reason, app.paused, app.restarts) == ("", False, 0)
        assert app.created is not None
        assert app.since is not None
        assert app.created <= app.since <= backend.now()
        assert app.received <= backend.now()
        assert "app.rollback" in app.actions

        def all_there(mirror: Mirror) -> bool:
            return len(mirror.all(Revision, space)) == len(mirror.all(Pod, space)) == 2

        await seen.until(all_there, "two revisions and two pods")
        old, new = sorted(seen.mirror.all(Revision, space), key=lambda each: each.number)
        assert (old.number, new.number) == (1, 2)
        assert (old.app, old.workload) == ("relay", "Deployment")
        assert (old.images, new.images) == (("colony/relay:1.0",), ("colony/relay:1.1",))
        assert (old.change_cause, new.change_cause) == ("first flight", "second flight")
        assert (old.replicas, new.replicas, new.ready) == (0, 2, 2)
        assert (old.current, new.current) == (False, True)
        assert old.template != new.template
        for pod in seen.mirror.all(Pod, space):
            assert (pod.app, pod.workload, pod.revision) == ("relay", "Deployment", new.template)
            assert (pod.state, pod.ready, pod.total, pod.restarts) == ("Running", 1, 1, 0)
            assert pod.images == ("colony/relay:1.1",)
            assert pod.containers == ("main",)
            assert pod.node
            assert pod.ip.startswith("10.")
        said = await seen.until(lambda mirror: _said(mirror, space), "its Events")
        scaled = [event for event in said if event.reason == "ScalingReplicaSet"]
        assert {(event.app, event.workload) for event in scaled} == {("relay", "Deployment")}
        assert all(event.severity == "Normal" and event.last is not None for event in scaled)


def _said(mirror: Mirror, space: str) -> list[Event]:
    """The Events of a namespace, once a Deployment has said something."""
    found = [e for e in mirror.events if isinstance(e, Event) and e.namespace == space]
    return found if any(event.object_kind == "Deployment" for event in found) else []


async def test_a_stateful_set_with_its_revisions_and_pods(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = stateful_set(space, "tank", "colony/tank:1", replicas=2)
    await hand.create(thing)
    await hand.rolled_out(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "tank", Health.HEALTHY)
        assert (app.workload, app.desired, app.ready, app.revision) == ("StatefulSet", 2, 2, 1)
        await hand.set_image(thing, "colony/tank:2")
        await hand.rolled_out(thing)
        await seen.until(lambda mirror: _updated(mirror, space), "the second revision")
        app = await _app(seen, space, "tank", Health.HEALTHY)
        assert (app.images, app.version, app.revision) == (("colony/tank:2",), "2", 2)
        old, new = sorted(seen.mirror.all(Revision, space), key=lambda each: each.number)
        assert (old.app, old.workload, old.current, new.current) == (
            "tank",
            "StatefulSet",
            False,
            True,
        )
        assert (old.images, new.images) == (("colony/tank:1",), ("colony/tank:2",))
        pods = seen.mirror.all(Pod, space)
        assert [pod.name for pod in pods] == ["tank-0", "tank-1"]
        assert {pod.revision for pod in pods} == {new.template}


def _updated(mirror: Mirror, space: str) -> bool:
    app = mirror.one(App, space, "tank")
    pods = mirror.all(Pod, space)
    return (
        app is not None
        and app.revision == 2
        and app.updated == 2
        and app.ready == 2
        and {pod.images for pod in pods} == {("colony/tank:2",)}
        and {pod.state for pod in pods} == {"Running"}
    )


async def test_a_bad_rollout_is_degraded_and_says_why(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = deployment(space, "o2-gen", "colony/o2-gen:2.3.9", replicas=3)
    await hand.create(thing)
    await hand.rolled_out(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        await _app(seen, space, "o2-gen", Health.HEALTHY)
        await hand.set_image(thing, "colony/o2-gen:missing-2.4.1")
        app = await _app(seen, space, "o2-gen", Health.DEGRADED)
        assert "ImagePull" in app.reason
        assert app.ready == 3
        assert app.since is not None

        def pulled_back(mirror: Mirror) -> list[Pod]:
            return [p for p in mirror.all(Pod, space) if p.state == "ImagePullBackOff"]

        (pod,) = await seen.until(pulled_back, "a pod in ImagePullBackOff")
        assert "colony/o2-gen:missing-2.4.1" in pod.message
        assert (pod.app, pod.ready, pod.total) == ("o2-gen", 0, 1)
        await hand.set_image(thing, "colony/o2-gen:2.3.9")
        await _app(seen, space, "o2-gen", Health.HEALTHY)


async def test_an_app_of_which_nothing_runs_has_failed(
    backend: Backend, hand: Hand, space: str
) -> None:
    await hand.create(deployment(space, "scrubber", "colony/scrubber:crash-1", replicas=1))
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:

        def crashes(mirror: Mirror) -> App | None:
            app = mirror.one(App, space, "scrubber")
            if app is None or app.health is not Health.FAILED or not app.restarts:
                return None
            return app if "CrashLoopBackOff" in app.reason else None

        app = await seen.until(crashes, "the crash loop")
        assert (app.ready, app.available, app.desired) == (0, 0, 1)
        (pod,) = seen.mirror.all(Pod, space)
        assert pod.restarts >= 1


async def test_an_app_that_is_scaled_to_nothing_is_idle(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = deployment(space, "relay", "colony/relay:1", replicas=1)
    await hand.create(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        await _app(seen, space, "relay", Health.HEALTHY)
        await hand.merge(thing, {"spec": {"replicas": 0}})
        app = await _app(seen, space, "relay", Health.IDLE)
        assert (app.desired, app.ready) == (0, 0)


async def test_what_is_deleted_leaves_tombstones(backend: Backend, hand: Hand, space: str) -> None:
    thing = deployment(space, "relay", "colony/relay:1", replicas=1)
    await hand.create(thing)
    await hand.rolled_out(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        await _app(seen, space, "relay", Health.HEALTHY)
        await seen.until(lambda m: m.all(Pod, space) and m.all(Revision, space), "pod, revision")
        keys = set(seen.mirror.records)
        await hand.delete(thing)

        def gone(mirror: Mirror) -> bool:
            kinds = (App, Revision, Pod)
            return not any(mirror.all(kind, space) for kind in kinds)

        await seen.until(gone, "the tombstones")
        mine = {key for key in keys if key.namespace == space}
        assert mine
        assert mine <= set(seen.mirror.tombstones)


async def test_pages_and_every_namespace(backend: Backend, hand: Hand, space: str) -> None:
    names = [f"idle-{number:02}" for number in range(MANY)]
    for name in names:
        await hand.create(deployment(space, name, "colony/idle:1", replicas=0))
    settings = direct(backend, page_size=5)
    async with observing(adapter(backend, settings), backend) as seen:

        def idle(mirror: Mirror) -> list[App]:
            apps = [a for a in mirror.all(App, space) if a.health is Health.IDLE]
            return apps if len(apps) == MANY else []

        apps = await seen.until(idle, "every app")
        assert [app.name for app in apps] == names
        scopes = ("apps", "revisions", "pods", "events", "addresses", "pools")

        def live(mirror: Mirror) -> bool:
            return all(mirror.state(scope) is ScopeState.LIVE for scope in scopes)

        await seen.until(live, "every scope live")


async def test_annotations_join_an_app_to_the_colony(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing: Object = deployment(space, "relay", "colony/relay:1", replicas=0)
    thing["metadata"]["annotations"] = {
        "colony/token": "eip155:31337/erc721:0x5FbDB2315678afecb367f032d93F642f64180aa3/7",
        "colony/site": "mare-1",
        "colony/priority": "2",
    }
    await hand.create(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        app = await _app(seen, space, "relay", Health.IDLE)
        assert app.token == thing["metadata"]["annotations"]["colony/token"]
        assert (app.site, app.priority) == ("mare-1", "2")
