"""MetalLB's objects, down to the fields that the console shows."""

from __future__ import annotations

import msgspec

from adapters.kubernetes.objects import Named, Object


class PoolSpec(Object):
    """What an IPAddressPool hands out."""

    addresses: list[str] | None = None
    auto_assign: bool | None = None


class PoolStatus(Object):
    """How much of it is used; MetalLB before 0.15 says nothing."""

    assigned4: int | None = msgspec.field(name="assignedIPv4", default=None)
    assigned6: int | None = msgspec.field(name="assignedIPv6", default=None)
    available4: int | None = msgspec.field(name="availableIPv4", default=None)
    available6: int | None = msgspec.field(name="availableIPv6", default=None)


class AddressPool(Named):
    """An IPAddressPool of MetalLB's."""

    spec: PoolSpec = msgspec.field(default_factory=PoolSpec)
    status: PoolStatus | None = None


class Interface(Object):
    """One interface."""

    name: str = ""


class AnnouncementStatus(Object):
    """Who announces which Service, on which interfaces or to which configured peers."""

    node: str = ""
    service_name: str = ""
    service_namespace: str = ""
    interfaces: list[Interface] | None = None
    peers: list[str] | None = None


class Announcement(Named):
    """A ServiceL2Status or a ServiceBGPStatus of MetalLB's."""

    status: AnnouncementStatus = msgspec.field(default_factory=AnnouncementStatus)
