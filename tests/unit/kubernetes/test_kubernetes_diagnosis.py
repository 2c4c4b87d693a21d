"""`colony doctor` for one cluster."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from kubernetes_objects import AT2, FakeClock, as_json, status

from adapters.contract import Context, Finding, Found
from adapters.kubernetes.adapter import KubernetesAdapter
from adapters.kubernetes.diagnosis import metallb, skew
from adapters.kubernetes.settings import Settings

DATE = "Tue, 03 Nov 2026 06:10:00 GMT"
METALLB = {"ipaddresspools", "servicel2statuses", "servicebgpstatuses"}


class Cluster:
    """Answers what the doctor asks. `denied` holds "verb resource"."""

    def __init__(self, denied: set[str] | None = None, metallb: set[str] | None = None) -> None:
        self.denied = denied or set()
        self.metallb = METALLB if metallb is None else metallb
        self.version: Any = as_json({"gitVersion": "v1.36.3"}, date=DATE)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/version":
            if isinstance(self.version, Exception):
                raise self.version
            made: httpx.Response = self.version
            return httpx.Response(made.status_code, content=made.content, headers=made.headers)
        if path.endswith("selfsubjectaccessreviews"):
            attributes = json.loads(request.content)["spec"]["resourceAttributes"]
            asked = f"{attributes['verb']} {attributes['resource']}"
            return as_json({"status": {"allowed": asked not in self.denied}}, 201)
        if path == "/apis/metallb.io/v1beta1":
            if not self.metallb:
                return status(404, "NotFound")
            return as_json({"resources": [{"name": name} for name in self.metallb]})
        return as_json({"items": [{"status": {"assignedIPv4": 1}}]})


async def _found(cluster: Any, **settings: Any) -> dict[str, Finding]:
    given = {"server": "https://tycho", "token": "t", **settings}
    adapter = KubernetesAdapter(
        "tycho",
        Settings(**given),
        Context(clock=FakeClock(AT2 + 0.5)),
        httpx.MockTransport(cluster),
    )
    return {each.check: each for each in await adapter.diagnose()}


async def test_all_is_well() -> None:
    found = await _found(Cluster())
    assert {each.found for each in found.values()} == {Found.GOOD}
    assert list(found) == [
        "configuration",
        "reach",
        "clock",
        "rights to watch",
        "rights to act",
        "rights to logs",
        "MetalLB",
    ]
    assert found["reach"].detail.startswith("Kubernetes v1.36.3, answers in")
    assert found["configuration"].detail == "https://tycho (server)"


async def test_rights_that_are_missing_are_named_with_what_to_do() -> None:
    found = await _found(Cluster({"list pods", "watch pods", "patch deployments"}))
    assert found["rights to watch"].detail == "may not list or watch pods"
    assert found["rights to watch"].advice
    assert found["rights to act"].detail == "may not patch deployments in all namespaces"


async def test_rights_are_asked_for_in_each_namespace() -> None:
    found = await _found(Cluster({"patch deployments"}), namespaces=("air", "water"))
    assert found["rights to act"].detail == "may not patch deployments in air, water"


async def test_no_metallb() -> None:
    found = await _found(Cluster(metallb=set()))
    assert found["MetalLB"].found is Found.UNKNOWN


@pytest.mark.parametrize(
    ("version", "line"),
    [
        (status(401, "Unauthorized"), "renew the credentials"),
        (httpx.ConnectError("no"), "https://tycho"),
        (httpx.Response(200, content=b"<html>"), "no Kubernetes API answers there"),
    ],
)
async def test_what_cannot_be_reached_ends_the_examination(version: Any, line: str) -> None:
    cluster = Cluster()
    cluster.version = version
    found = await _found(cluster)
    assert list(found) == ["configuration", "reach"]
    assert found["reach"].found is Found.BAD
    assert line in found["reach"].detail
    assert found["reach"].advice


async def test_a_configuration_that_is_wrong_is_a_finding() -> None:
    found = await _found(Cluster(), server="nonsense")
    assert found["configuration"].found is Found.BAD
    assert found["configuration"].detail.startswith("server: is not a URL")


async def test_what_is_not_verified_or_not_encrypted_is_said() -> None:
    found = await _found(Cluster(), insecure=True)
    assert found["configuration"].found is Found.WARNING
    found = await _found(Cluster(), server="http://tycho")
    assert "not encrypted" in found["configuration"].detail


@pytest.mark.parametrize(
    ("now", "found", "detail"),
    [
        (AT2 + 0.5, Found.GOOD, "as the server's"),
        (AT2 + 90.5, Found.WARNING, "90 s ahead of the server's"),
        (AT2 - 59.5, Found.WARNING, "60 s behind the server's"),
    ],
)
def test_skew(now: float, found: Found, detail: str) -> None:
    assert (skew(DATE, now).found, skew(DATE, now).detail) == (found, detail)


def test_no_date_is_no_skew() -> None:
    assert skew("", 0.0).found is Found.UNKNOWN


def test_an_older_metallb_says_less() -> None:
    old = metallb({"ipaddresspools"}, False)
    assert old.found is Found.WARNING
    for part in ("over L2 (since 0.14.4)", "over BGP (since 0.15.0)", "how full pools are"):
        assert part in old.detail
    assert metallb(METALLB, None).found is Found.GOOD
