"""MetalLB: addresses out of pools, who announces them, and pools that are full."""

from __future__ import annotations

from box_helpers import SPACE, address, events, namespace, service

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.controllers.pools import holds, size
from fixtures.kubernetes.kinds import (
    BGP_ADVERTISEMENT,
    BGP_PEER,
    BGP_STATUS,
    L2_ADVERTISEMENT,
    L2_STATUS,
    POOL,
    SERVICE,
    Object,
)

HOME = "metallb-system"


def _pool(cluster: Cluster, name: str, *ranges: str, **spec: object) -> None:
    value = {"metadata": {"name": name}, "spec": {"addresses": list(ranges), **spec}}
    cluster.api.create(POOL, HOME, value, "tester")


def _balance(cluster: Cluster, name: str, *arguments: str, **notes: str) -> None:
    cluster.api.create(SERVICE, SPACE, service(name, *arguments, **notes), "tester")
    cluster.advance(1)


def _counts(cluster: Cluster, name: str) -> tuple[int, int]:
    found = cluster.api.find(POOL, HOME, name).object["status"]
    return found["assignedIPv4"], found["availableIPv4"]


def _statuses(cluster: Cluster, kind: object) -> list[Object]:
    return [item.object["status"] for item in cluster.store.items(kind)]  # type: ignore[arg-type]


def test_an_address_is_given_counted_and_said(cluster: Cluster) -> None:
    namespace(cluster, HOME)
    _pool(cluster, "edge", "203.0.113.0/30")
    _balance(cluster, "web")
    assert address(cluster, "web") == "203.0.113.0"
    notes = cluster.api.find(SERVICE, SPACE, "web").object["metadata"]["annotations"]
    assert notes["metallb.io/ip-allocated-from-pool"] == "edge"
    assert _counts(cluster, "edge") == (1, 3)
    assert events(cluster, "IPAllocated")[0]["message"] == 'Assigned IP ["203.0.113.0"]'


def test_a_full_pool_leaves_a_service_waiting_until_one_goes(cluster: Cluster) -> None:
    namespace(cluster, HOME)
    _pool(cluster, "edge", "203.0.113.7-203.0.113.7")
    _balance(cluster, "first")
    _balance(cluster, "second", "edge")
    assert address(cluster, "second") == ""
    (event,) = events(cluster, "AllocationFailed")
    assert "no available IPs" in event["message"]
    cluster.api.delete(SERVICE, SPACE, "first", {})
    cluster.advance(1)
    assert address(cluster, "second") == "203.0.113.7"
    assert _counts(cluster, "edge") == (1, 0)


def test_a_named_address_and_a_named_pool(cluster: Cluster) -> None:
    namespace(cluster, HOME)
    _pool(cluster, "edge", "203.0.113.0/28")
    _pool(cluster, "core", "198.51.100.0/28", autoAssign=False)
    _balance(cluster, "one", **{"metallb.io/loadBalancerIPs": "203.0.113.9"})
    _balance(cluster, "two", "core")
    _balance(cluster, "three", "nowhere")
    assert address(cluster, "one") == "203.0.113.9"
    assert address(cluster, "two") == "198.51.100.0"
    assert address(cluster, "three") == ""


def test_two_services_share_where_both_allow_it(cluster: Cluster) -> None:
    namespace(cluster, HOME)
    _pool(cluster, "edge", "203.0.113.7/32")
    share = {"metallb.io/allow-shared-ip": "k", "metallb.io/loadBalancerIPs": "203.0.113.7"}
    cluster.api.create(SERVICE, SPACE, service("a", port=1, **share), "tester")
    cluster.api.create(SERVICE, SPACE, service("b", port=2, **share), "tester")
    cluster.api.create(SERVICE, SPACE, service("c", port=2, **share), "tester")
    cluster.advance(1)
    found = [address(cluster, name) for name in ("a", "b", "c")]
    assert found == ["203.0.113.7", "203.0.113.7", ""]
    assert _counts(cluster, "edge") == (1, 0)


def test_who_announces(cluster: Cluster) -> None:
    namespace(cluster, HOME)
    _pool(cluster, "edge", "203.0.113.0/30")
    _pool(cluster, "core", "198.51.100.0/30")
    edge = {"ipAddressPools": ["edge"], "interfaces": ["eth1"]}
    l2 = {"metadata": {"name": "edge"}, "spec": edge}
    cluster.api.create(L2_ADVERTISEMENT, HOME, l2, "tester")
    bgp = {"metadata": {"name": "core"}, "spec": {"ipAddressPools": ["core"]}}
    cluster.api.create(BGP_ADVERTISEMENT, HOME, bgp, "tester")
    cluster.api.create(BGP_PEER, HOME, {"metadata": {"name": "leaf-1"}, "spec": {}}, "tester")
    _balance(cluster, "web", "edge")
    _balance(cluster, "ledger", "core")
    (layer2,) = _statuses(cluster, L2_STATUS)
    assert layer2["serviceName"] == "web"
    assert layer2["interfaces"] == [{"name": "eth1"}]
    border = _statuses(cluster, BGP_STATUS)
    assert {row["node"] for row in border} == {"habitat-1", "habitat-2", "habitat-3"}
    assert {tuple(row["peers"]) for row in border} == {("leaf-1",)}
    said = {event["message"] for event in events(cluster, "nodeAssigned")}
    assert f'announcing from node "{layer2["node"]}" with protocol "layer2"' in said
    cluster.api.delete(SERVICE, SPACE, "web", {})
    cluster.advance(1)
    assert not _statuses(cluster, L2_STATUS)


def test_a_service_that_is_balanced_no_more_gives_its_address_back(cluster: Cluster) -> None:
    namespace(cluster, HOME)
    _pool(cluster, "edge", "203.0.113.0/30")
    _balance(cluster, "web")

    def change(value: Object) -> None:
        value["spec"]["type"] = "ClusterIP"

    cluster.api.update(SERVICE, SPACE, "web", change, "tester")
    cluster.advance(1)
    assert address(cluster, "web") == ""
    assert _counts(cluster, "edge") == (0, 4)


def test_ranges() -> None:
    pool = {"spec": {"addresses": ["10.0.0.0/30", "10.0.1.1-10.0.1.3", "fd00::/126", "garden"]}}
    assert size(pool, 4) == 7
    assert size(pool, 6) == 4
    assert holds(pool, "10.0.1.2")
    assert not holds(pool, "10.0.1.4")
    assert not holds(pool, "")
