"""Addresses that a load balancer hands out, in MetalLB's terms."""

import msgspec

from adapters.records.base import Record


class Port(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One port of a Service: 1-65535, and TCP, UDP or SCTP."""

    port: int
    protocol: str
    name: str = ""


class Announcer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Who announces an address: a node over L2 (ARP, NDP) or BGP.

    `via` holds interfaces (L2) or *configured* peers (BGP): MetalLB does not say there whether
    their sessions are up.
    """

    node: str
    how: str
    via: tuple[str, ...] = ()


class Address(Record, frozen=True):
    """One address of one Service of type LoadBalancer; `ip` is "" while none was given.

    `announced_by` is None where the source cannot tell (no status resources), and empty where it
    can and nobody announces. `apps` are the apps that the Service's selector matches.
    """

    ip: str = ""
    pool: str = ""
    service: str = ""
    ports: tuple[Port, ...] = ()
    announced_by: tuple[Announcer, ...] | None = None
    requested: str = ""
    reason: str = ""
    apps: tuple[str, ...] = ()
    shared: str = ""
    created: float | None = None


class Pool(Record, frozen=True):
    """One IPAddressPool. Counts are addresses, None where its status does not say (before 0.15)."""

    ranges: tuple[str, ...] = ()
    assigned: int | None = None
    available: int | None = None
    auto_assign: bool = True
