"""Addresses as rows: which Service has which, from which pool, announced by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from adapters.records import Address, Announcer, Port
from console.rows import marks, severity, sorting
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("ip", "ADDRESS", 15, priority=10),
    Column("service", "SERVICE", 26, least=16, flex=1, priority=8),
    Column("ports", "PORTS", 16, least=9, priority=7),
    Column("pool", "POOL", 12, least=8, priority=6),
    Column("announced", "ANNOUNCED BY", 20, least=19, flex=1, priority=5),
    Column("why", "STATE", 20, least=16, flex=1, priority=4),
    Column("apps", "APPS", 22, least=14, priority=3),
    Column("namespace", "NAMESPACE", 14, least=10, priority=2),
    Column("source", "SOURCE", 10, least=8, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = (
    "ip", "service", "namespace", "pool", "port", "protocol", "node", "how", "app", "why", "source",
)  # fmt: skip
EMPTY = "No Service asks for an address."
VALUES = (
    Value("ip", lambda one: one.ip),
    Value("service", lambda one: one.service or one.name),
    Value("namespace", lambda one: one.namespace),
    Value("ports", lambda one: tuple(f"{port.protocol} {port.port}" for port in one.ports)),
    Value("pool", lambda one: one.pool),
    Value("announced_by", lambda one: (
        None if one.announced_by is None else tuple(map(announcer_text, one.announced_by))
    )),
    Value("why", lambda one: state_text(one)),
    Value("requested", lambda one: one.requested),
    Value("apps", lambda one: one.apps),
    Value("created", lambda one: one.created, "time", also=("age",)),
    Value("source", lambda one: one.source),
)  # fmt: skip


def cells(address: Address, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(address)
    grade = severity.of_address(address)
    mark = severity.mark(grade)
    tone: Tone = mark.tone if grade is not severity.Severity.NONE else ""
    row = (
        Cell(address.ip or "pending", "" if address.ip else "warn"),
        Cell(address.service or address.name),
        Cell(ports_text(address.ports) or marks.NOTHING),
        Cell(address.pool or marks.NOTHING),
        Cell(announced_text(address), tone if address.ip else "dim"),
        Cell(with_doubt(state_text(address), quality, since, context.now), tone),
        Cell(", ".join(app.rpartition("/")[2] for app in address.apps) or marks.NOTHING),
        Cell(address.namespace, "dim"),
        Cell(address.source, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def state_text(address: Address) -> str:
    """Return the address's state in a line."""
    parts = []
    if not address.ip:
        parts.append(f"wants {address.requested}" if address.requested else "waits")
    elif address.announced_by == ():
        parts.append("nobody announces it")
    if address.reason:
        parts.append(address.reason)
    if address.shared:
        parts.append(f"shared as {address.shared}")
    return " · ".join(parts)


def ports_text(ports: Iterable[Port]) -> str:
    """Return "UDP 5004, 5005; TCP 443": each protocol once, in their order."""
    by_protocol: dict[str, list[str]] = {}
    for port in ports:
        by_protocol.setdefault(port.protocol, []).append(str(port.port))
    return "; ".join(f"{protocol} {', '.join(those)}" for protocol, those in by_protocol.items())


def announcer_text(announcer: Announcer) -> str:
    """Return "L2 relay-1 (eth0)". What BGP is via are configured peers, not sessions."""
    via = f" ({', '.join(announcer.via)})" if announcer.via else ""
    return f"{announcer.how} {announcer.node}{via}"


def announced_text(address: Address) -> str:
    """Return who announces *address*; a dash where there is none yet, "?" where nobody says."""
    if not address.ip:
        return marks.NOTHING
    if address.announced_by is None:
        return "not known"
    return ", ".join(map(announcer_text, address.announced_by)) or "nobody"


def sort_key(column: str) -> Callable[[Address], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[Address], Any]] = {
        "mark": lambda one: (severity.of_address(one), _by_ip(one)),
        "service": lambda one: (sorting.natural(one.service or one.name), _by_ip(one)),
        "ports": lambda one: (sorting.known(_ports(one)), _by_ip(one)),
        "pool": lambda one: (sorting.told(one.pool), _by_ip(one)),
        "announced": lambda one: (sorting.told(_announced(one)), _by_ip(one)),
        "why": lambda one: (severity.of_address(one), state_text(one), _by_ip(one)),
        "apps": lambda one: (sorting.known(one.apps or None), _by_ip(one)),
        "namespace": lambda one: (sorting.natural(one.namespace), _by_ip(one)),
        "source": lambda one: (one.source, _by_ip(one)),
    }
    return keys.get(column, _by_ip)


def _ports(address: Address) -> list[tuple[str, int]] | None:
    return [(port.protocol, port.port) for port in address.ports] or None


def _announced(address: Address) -> str:
    return announced_text(address) if address.ip and address.announced_by is not None else ""


def _by_ip(address: Address) -> tuple[Any, ...]:
    # IPv6's digits are hexadecimal, so its natural order is approximate; IPv4's is exact.
    named = (address.namespace, address.name, address.source)
    there = sorting.told(address.ip)
    return (there._replace(value=(":" in address.ip, there.value)), named)


def haystack(address: Address) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    announcers = address.announced_by or ()
    return {
        "ip": address.ip or "pending",
        "service": address.service or address.name,
        "namespace": address.namespace,
        "pool": address.pool,
        "port": " ".join(str(port.port) for port in address.ports),
        "protocol": " ".join(port.protocol for port in address.ports),
        "node": " ".join(announcer.node for announcer in announcers),
        "how": " ".join(announcer.how for announcer in announcers),
        "app": " ".join(address.apps),
        "why": state_text(address),
        "source": address.source,
    }
