"""Addresses and pools: Services joined with what MetalLB says, where there is a MetalLB."""

from __future__ import annotations

import itertools

from adapters.records import Address, Announcer, Pool, Port, ScopeState
from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.balancing import WANTED, balance, make_pool
from tests.contract.kubernetes.connecting import adapter, direct
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.mirror import Mirror, observing
from tests.contract.kubernetes.objects import METALLB, deployment, service

_subnets = (f"198.51.100.{first}" for first in itertools.count(0, 4))
"""Four addresses each, so that no test's pool holds another's."""


async def test_an_address_with_its_pool_its_announcer_and_its_app(
    backend: Backend, hand: Hand, space: str
) -> None:
    first = next(_subnets)
    of = await make_pool(hand, space, f"{first}/30")
    await hand.create(deployment(space, "relay", "colony/relay:1", replicas=0))
    thing = service(space, "uplink", ("TCP", 443), ("UDP", 514), app="relay", kind="LoadBalancer")
    thing["metadata"]["annotations"] = {WANTED: space}
    await hand.create(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        await seen.until(lambda m: m.all(Address, space), "the Service")
        await balance(backend, hand, thing, of, first)

        def announced(mirror: Mirror) -> Address | None:
            found = mirror.one(Address, space, "uplink")
            return found if found is not None and found.ip and found.announced_by else None

        address = await seen.until(announced, "the announced address")
        assert (address.ip, address.pool, address.service) == (first, space, "uplink")
        assert address.ports == (Port(443, "TCP", "tcp-443"), Port(514, "UDP", "udp-514"))
        (announcer,) = address.announced_by
        assert announcer == Announcer(announcer.node, "L2", ("eth0",))
        assert announcer.node
        assert address.apps == ("Deployment/relay",)
        assert address.requested == f"pool {space}"
        assert address.reason == ""

        def counted(mirror: Mirror) -> Pool | None:
            found = mirror.one(Pool, METALLB, space)
            return found if found is not None and found.assigned else None

        pool = await seen.until(counted, "the pool's counts")
        assert (pool.ranges, pool.assigned, pool.available) == ((f"{first}/30",), 1, 3)
        assert pool.auto_assign is False
        await hand.delete(thing)
        await seen.until(lambda m: not m.all(Address, space), "the end of the address")
        assert address.key in seen.mirror.tombstones


async def test_a_service_that_got_no_address_says_why(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = service(space, "uplink", kind="LoadBalancer")
    thing["metadata"]["annotations"] = {WANTED: f"no-{space}"}
    await hand.create(thing)
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        address = await seen.until(lambda m: m.one(Address, space, "uplink"), "the Service")
        assert (address.ip, address.pool, address.apps) == ("", "", ())
        assert address.requested == f"pool no-{space}"
        assert address.reason


async def test_a_service_that_is_no_load_balancer_any_more_is_gone(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = service(space, "uplink", kind="LoadBalancer")
    await hand.create(thing)
    await hand.create(service(space, "inner"))
    settings = direct(backend, namespaces=(space,))
    async with observing(adapter(backend, settings), backend) as seen:
        await seen.until(lambda m: len(m.all(Address, space)) == 1, "the one load balancer")
        await hand.merge(thing, {"spec": {"type": "ClusterIP"}})
        await seen.until(lambda m: not m.all(Address, space), "its end")


async def test_a_cluster_without_metallb(backend: Backend, hand: Hand, space: str) -> None:
    await hand.create(service(space, "uplink", kind="LoadBalancer"))
    settings = direct(backend, namespaces=(space,))
    await backend.metallb(present=False)
    try:
        async with observing(adapter(backend, settings), backend) as seen:
            await seen.until(lambda m: m.state("pools") is ScopeState.ABSENT, "no pools")
            assert "not installed" in seen.mirror.details["pools"]
            await seen.until(lambda m: m.one(Address, space, "uplink"), "the Service")
            assert seen.mirror.state("addresses") is ScopeState.LIVE
            address = seen.mirror.one(Address, space, "uplink")
            assert address is not None
            assert address.announced_by is None, "nobody can tell who announces it"
            await backend.metallb(present=True)
            await seen.until(lambda m: m.state("pools") is ScopeState.LIVE, "MetalLB's arrival")
    finally:
        await backend.metallb(present=True)
