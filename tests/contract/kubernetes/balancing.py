"""Plays MetalLB's part where there is none: gives a Service an address and announces it."""

from __future__ import annotations

from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.objects import (
    METALLB,
    Object,
    collection,
    l2_advertisement,
    namespace,
    pool,
)

FROM_POOL = "metallb.io/ip-allocated-from-pool"
WANTED = "metallb.io/address-pool"


async def make_pool(hand: Hand, name: str, ranges: str) -> Object:
    """Make MetalLB's namespace if it is not there, a pool, and its L2Advertisement."""
    response = await hand.client.post(collection("Namespace", ""), json=namespace(METALLB))
    assert response.status_code in (201, 409), response.text
    made = pool(name, ranges)
    await hand.create(made)
    await hand.create(l2_advertisement(name))
    return made


async def balance(backend: Backend, hand: Hand, thing: Object, of: Object, ip: str) -> None:
    """See to it that the Service *thing* has *ip* out of the pool *of*, announced over eth0.

    The box has a MetalLB of its own, which gives a pool's first address first; on the real
    control plane this writes what MetalLB's controller and speakers write.
    """
    if backend.name == "real":
        name = of["metadata"]["name"]
        await hand.merge(thing, {"metadata": {"annotations": {FROM_POOL: name}}})
        await hand.status(thing, {"loadBalancer": {"ingress": [{"ip": ip, "ipMode": "VIP"}]}})
        counts = {"assignedIPv4": 1, "assignedIPv6": 0, "availableIPv4": 3, "availableIPv6": 0}
        await hand.status(of, counts)
        meta = thing["metadata"]
        told = {
            "node": "habitat-1",
            "serviceName": meta["name"],
            "serviceNamespace": meta["namespace"],
            "interfaces": [{"name": "eth0"}],
        }
        await hand.create(
            {
                "apiVersion": "metallb.io/v1beta1",
                "kind": "ServiceL2Status",
                "metadata": {"name": f"l2-{meta['namespace']}", "namespace": METALLB},
                "spec": {},
                "status": told,
            }
        )

    async def given() -> bool:
        ingress = (await hand.get(thing))["status"]["loadBalancer"].get("ingress") or [{}]
        counted = (await hand.get(of)).get("status", {}).get("assignedIPv4") == 1
        return bool(counted and ingress[0].get("ip") == ip)

    await backend.settle(given, f"{ip} of {thing['metadata']['name']}")
