"""Addresses: Services joined with MetalLB's pools and with who announces them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from adapters import records
from adapters.kubernetes import metallb, objects

_PREFIXES = ("metallb.io/", "metallb.universe.tf/")
"""MetalLB's annotations, the newer prefix first."""


def annotation(service: objects.Service, name: str) -> str:
    """Return MetalLB's annotation *name* under either prefix, "" where it has neither."""
    return next((v for p in _PREFIXES if (v := service.metadata.annotation(p + name))), "")


@lru_cache(maxsize=4096)
def bounds(text: str) -> tuple[int, int, int] | None:
    """Return (version, first, last) of a range "A-B" or "A/N", None where it is neither."""
    try:
        first, dash, last = text.partition("-")
        if dash:
            low, high = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
            return (low.version, int(low), int(high)) if low.version == high.version else None
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    return network.version, int(network[0]), int(network[-1])


def pool_of(ip: str, pools: Iterable[metallb.AddressPool]) -> str:
    """Return the name of the pool whose ranges hold *ip*, "" where none does."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    for pool in pools:
        for text in pool.spec.addresses or ():
            range_ = bounds(text)
            if (
                range_ is not None
                and range_[0] == address.version
                and range_[1] <= int(address) <= range_[2]
            ):
                return pool.metadata.name
    return ""


def pool_record(pool: metallb.AddressPool, source: str, received: float) -> records.Pool:
    """Return an IPAddressPool; its counts are None where its status does not say."""
    meta, status = pool.metadata, pool.status
    return records.Pool(
        source=source,
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        at=None,
        received=received,
        ranges=tuple(pool.spec.addresses or ()),
        assigned=_sum(status.assigned4, status.assigned6) if status else None,
        available=_sum(status.available4, status.available6) if status else None,
        auto_assign=pool.spec.auto_assign is not False,
    )


def _sum(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def announcers(
    l2: Iterable[metallb.Announcement], bgp: Iterable[metallb.Announcement]
) -> tuple[records.Announcer, ...]:
    """Return who announces, from the status objects of one Service."""
    found = [
        records.Announcer(
            each.status.node, "L2", tuple(face.name for face in each.status.interfaces or ())
        )
        for each in l2
    ]
    found += [
        records.Announcer(each.status.node, "BGP", tuple(each.status.peers or ())) for each in bgp
    ]
    return tuple(sorted(found, key=lambda each: (each.how, each.node, each.via)))


def selects(selector: Mapping[str, str] | None, labels: Mapping[str, str]) -> bool:
    """Whether a Service with *selector* sends to pods with *labels*; one without selects none."""
    return bool(selector) and selector is not None and selector.items() <= labels.items()


def requested(service: objects.Service) -> str:
    """Return what was asked for: addresses, else a pool, "" where nothing was."""
    addresses = annotation(service, "loadBalancerIPs") or service.spec.load_balancer_ip
    if addresses:
        return addresses
    pool = annotation(service, "address-pool")
    return f"pool {pool}" if pool else ""


def pending_reason(
    service: objects.Service, pools: Sequence[metallb.AddressPool], complaint: str
) -> str:
    """Return why *service* has no address: MetalLB's own words (an Event), or what can be seen."""
    if complaint:
        return complaint
    if service.spec.load_balancer_class:
        return f"waiting for load balancer class {service.spec.load_balancer_class}"
    wanted = annotation(service, "address-pool")
    for pool in pools:
        if pool.metadata.name == wanted:
            full = pool.status is not None and _sum(
                pool.status.available4, pool.status.available6
            ) == 0  # fmt: skip
            return f"pool {wanted} has no address left" if full else f"waiting for pool {wanted}"
    if wanted and pools:
        return f"there is no pool {wanted}"
    return "no address was given yet"


def address_records(
    service: objects.Service,
    *,
    pools: Sequence[metallb.AddressPool],
    announced_by: tuple[records.Announcer, ...] | None,
    apps: tuple[str, ...],
    complaint: str,
    source: str,
    received: float,
) -> list[records.Address]:
    """Return one record an address of *service*, and one without an address while it has none.

    The first bears the Service's name, so that it stays the same record when its address comes;
    further ones (dual stack) add theirs.
    """
    meta = service.metadata
    balancer = service.status.load_balancer
    given = [each.ip or each.hostname for each in (balancer.ingress if balancer else None) or ()]
    found = []
    for place, ip in enumerate([each for each in given if each] or [""]):
        pool = annotation(service, "ip-allocated-from-pool") if ip else ""
        pool = pool or pool_of(ip, pools)
        found.append(
            records.Address(
                source=source,
                namespace=meta.namespace,
                name=f"{meta.name}/{ip}" if place else meta.name,
                uid=meta.uid,
                at=meta.created,
                received=received,
                ip=ip,
                pool=pool,
                service=meta.name,
                ports=tuple(
                    records.Port(each.port, each.protocol or "TCP", each.name)
                    for each in service.spec.ports or ()
                ),
                # What no pool of MetalLB's holds is another load balancer's: MetalLB's silence
                # about it means nothing.
                announced_by=announced_by if pool or announced_by else None,
                requested=requested(service),
                reason="" if ip else pending_reason(service, pools, complaint),
                apps=apps,
                shared=annotation(service, "allow-shared-ip"),
                created=meta.created,
            )
        )
    return found
