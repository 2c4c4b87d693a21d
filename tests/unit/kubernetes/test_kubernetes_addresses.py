"""Services joined with pools, announcers and apps."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes_objects import meta, pool, service, typed

from adapters.kubernetes import metallb, objects
from adapters.kubernetes.addresses import (
    address_records,
    announcers,
    bounds,
    pool_of,
    pool_record,
    selects,
)
from adapters.records import Address, Announcer

BY_NODE = (Announcer("habitat-2", "L2", ("eth0",)),)


def _pools(*items: dict[str, Any]) -> list[metallb.AddressPool]:
    return [typed(each, metallb.AddressPool) for each in items]


def _records(item: dict[str, Any], *pools: dict[str, Any], **more: Any) -> list[Address]:
    given: dict[str, Any] = {
        "announced_by": BY_NODE,
        "apps": ("Deployment/o2",),
        "complaint": "",
        "source": "tycho",
        "received": 1.0,
        **more,
    }
    return address_records(typed(item, objects.Service), pools=_pools(*pools), **given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.9.0.0/30", (4, 0x0A090000, 0x0A090003)),
        ("10.9.0.5/30", (4, 0x0A090004, 0x0A090007)),
        ("10.9.0.1-10.9.0.9", (4, 0x0A090001, 0x0A090009)),
        ("10.9.0.1 - 10.9.0.9", (4, 0x0A090001, 0x0A090009)),
        ("fd00::/127", (6, 0xFD << 120, (0xFD << 120) + 1)),
        ("10.9.0.1-fd00::1", None),
        ("nonsense", None),
    ],
)
def test_bounds(text: str, expected: tuple[int, int, int] | None) -> None:
    assert bounds(text) == expected


def test_pool_by_range() -> None:
    pools = _pools(pool("low", ["10.9.0.0/28"]), pool("six", ["fd00::1-fd00::9"]))
    assert pool_of("10.9.0.5", pools) == "low"
    assert pool_of("fd00::5", pools) == "six"
    assert pool_of("10.9.1.5", pools) == ""
    assert pool_of("lb.example", pools) == ""


@pytest.mark.parametrize("prefix", ["metallb.io", "metallb.universe.tf"])
def test_pool_by_annotation_of_either_prefix(prefix: str) -> None:
    item = service(annotations={f"{prefix}/ip-allocated-from-pool": "reserve"})
    (record,) = _records(item, pool())
    assert record.pool == "reserve"


def test_an_address() -> None:
    item = service(annotations={"metallb.io/allow-shared-ip": "key"})
    (record,) = _records(item, pool())
    assert (record.name, record.service, record.ip, record.pool) == ("o2", "o2", "10.9.0.5", "main")
    assert [(each.port, each.protocol, each.name) for each in record.ports] == [(80, "TCP", "api")]
    assert record.announced_by == BY_NODE
    assert record.apps == ("Deployment/o2",)
    assert record.shared == "key"
    assert record.reason == ""


def test_dual_stack_is_two_records_and_the_first_keeps_the_services_name() -> None:
    first, second = _records(service(ips=["10.9.0.5", "fd00::5"]), pool())
    assert (first.name, second.name) == ("o2", "o2/fd00::5")
    assert second.pool == ""


def test_nobody_announces_is_not_the_same_as_not_known() -> None:
    (known,) = _records(service(), pool(), announced_by=())
    (unknown,) = _records(service(), pool(), announced_by=None)
    assert known.announced_by == ()
    assert unknown.announced_by is None


def test_an_address_of_no_pool_is_another_load_balancers() -> None:
    (record,) = _records(service(ips=["192.0.2.1"]), pool(), announced_by=())
    assert record.pool == ""
    assert record.announced_by is None


@pytest.mark.parametrize(
    ("more", "complaint", "pools", "reason", "requested"),
    [
        ({}, "", [pool()], "no address was given yet", ""),
        ({}, "no available IPs", [pool()], "no available IPs", ""),
        (
            {"annotations": {"metallb.io/address-pool": "main"}},
            "",
            [pool(assignedIPv4=16, availableIPv4=0, assignedIPv6=0, availableIPv6=0)],
            "pool main has no address left",
            "pool main",
        ),
        (
            {"annotations": {"metallb.io/address-pool": "main"}},
            "",
            [pool()],
            "waiting for pool main",
            "pool main",
        ),
        (
            {"annotations": {"metallb.universe.tf/address-pool": "gone"}},
            "",
            [pool()],
            "there is no pool gone",
            "pool gone",
        ),
        (
            {"annotations": {"metallb.io/loadBalancerIPs": "10.9.0.9"}},
            "",
            [],
            "no address was given yet",
            "10.9.0.9",
        ),
        ({"loadBalancerIP": "10.9.0.8"}, "", [], "no address was given yet", "10.9.0.8"),
        (
            {"loadBalancerClass": "cloud/nlb"},
            "",
            [],
            "waiting for load balancer class cloud/nlb",
            "",
        ),
    ],
)
def test_pending(
    more: dict[str, Any], complaint: str, pools: list[Any], reason: str, requested: str
) -> None:
    (record,) = _records(service(ips=[], **more), *pools, complaint=complaint)
    assert (record.ip, record.reason, record.requested) == ("", reason, requested)
    assert record.name == "o2"


def test_pools() -> None:
    (counted,) = _pools(pool(assignedIPv4=2, availableIPv4=14, assignedIPv6=1, availableIPv6=3))
    record = pool_record(counted, "tycho", 0.0)
    assert (record.assigned, record.available, record.ranges) == (3, 17, ("10.9.0.0/28",))
    assert record.auto_assign is True


def test_a_pool_without_counts_is_not_an_empty_pool() -> None:
    (silent,) = _pools(pool())
    record = pool_record(silent, "tycho", 0.0)
    assert (record.assigned, record.available) == (None, None)


def test_a_pool_that_is_not_for_everybody() -> None:
    item = pool()
    item["spec"]["autoAssign"] = False
    assert pool_record(_pools(item)[0], "tycho", 0.0).auto_assign is False


def test_announcers() -> None:
    def said(**status: Any) -> metallb.Announcement:
        made: metallb.Announcement = typed(
            {"metadata": meta("x"), "status": status}, metallb.Announcement
        )
        return made

    found = announcers(
        [said(node="habitat-2", interfaces=[{"name": "eth0"}])],
        [said(node="habitat-1", peers=["peer-a", "peer-b"]), said(node="habitat-0")],
    )
    assert found == (
        Announcer("habitat-0", "BGP", ()),
        Announcer("habitat-1", "BGP", ("peer-a", "peer-b")),
        Announcer("habitat-2", "L2", ("eth0",)),
    )


def test_selectors() -> None:
    assert selects({"app": "o2"}, {"app": "o2", "tier": "air"})
    assert not selects({"app": "o2", "tier": "air"}, {"app": "o2"})
    assert not selects({}, {"app": "o2"})
    assert not selects(None, {"app": "o2"})
