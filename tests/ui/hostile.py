"""An adapter whose every text is an attack, made findable as a third party's by `installed_in`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec

from adapters.contract import Adapter, AdapterError, Answer, Batch, Finding, Found
from adapters.records import (
    Account,
    Address,
    Announcer,
    App,
    Battery,
    Chain,
    Contract,
    Event,
    Function,
    Health,
    Inverter,
    InverterState,
    LedgerEntry,
    Light,
    Parameter,
    Plant,
    Pod,
    Pool,
    Port,
    Reading,
    Record,
    Revision,
    ScopeState,
    String,
    Token,
    Trend,
    Value,
)

ATTACKS = {
    "csi": "\x1b[31mPWNED\x1b[2J\x1b[H",
    "clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "title": "\x1b]0;PWNED\x1b\\",
    "link": "\x1b]8;;http://pwned.invalid\x1b\\PWNED\x1b]8;;\x1b\\",
    "dcs": "\x1bP+q544e\x1b\\",
    "c1": "\x9b31mPWNED\x9d0;PWNED\x9c",
    "return": "good\rPWNED\x08\x08\n\v\f",
    "bidi": "abc\u202edcba\u2066\u2069\u200e",
    "markup": "[red]PWNED[/red] [/] [@click=app.quit()]PWNED[/] [bold",
    "wide": "氧氣發生器 é e\u0301\u0301 👩‍🚀 ✖\ufe0f",
    "zero": "o\u200bx\u2060y\u00adgen\ufeff",
    "surrogate": "half \ufffd of a pair",
    "long": "N" * 1_000_000,
}
"""Texts by what they try. The JSON forms of a feed cannot carry a lone surrogate."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """None."""


def in_the_sun(attack: str, now: float) -> tuple[Record, ...]:
    """Return one record of each kind of a plant, with *attack* in every text."""
    return (
        Plant(namespace=attack, name=attack, site=attack, state=attack, problems=(attack, attack),
              devices=2, answering=1, power=1e300, charge=-5.0, light=Light.DAY),
        Inverter(namespace=attack, name=attack, site=attack, manufacturer=attack, model=attack,
                 online=True, state=InverterState.FAULT, events=(attack,), error=attack,
                 strings=(String(attack, 1.0),), power=-1e300),
        Battery(namespace=attack, name=attack, site=attack, manufacturer=attack, model=attack,
                online=True, state=attack, events=(attack,), error=attack, charge=1e9),
        Trend(namespace=attack, name=attack, site=attack, until=now, values=(1e300, None, -1e300),
              charges=(1e9,)),
    )  # fmt: skip


def on_chain(attack: str, now: float) -> tuple[Record, ...]:
    """Return one record of each kind of a chain, with *attack* in every text."""
    parameter = Parameter(attack, attack)
    function = Function(attack, attack, (parameter,), (parameter,), attack)
    return (
        Chain(namespace=attack, name=attack, block_hash=attack, base_fee=attack, how=attack,
              client=attack, number=7, final=5),
        Contract(namespace=attack, name=attack, address=attack, standard=attack, deployed=True,
                 functions=(function,), events=(attack,), balance=attack,
                 readings=(Reading(attack, attack, attack), Reading(attack, attack))),
        Token(namespace=attack, name=attack, contract=attack, owner=attack, owner_name=attack,
              app=attack, uri=attack, since=now),
        LedgerEntry(namespace=attack, name=attack, block=6, block_hash=attack, app=attack,
                    transaction=attack, contract=attack, event=attack, summary=attack, at=now,
                    values=(Value(attack, attack, attack),), token=attack, sender=attack,
                    sender_name=attack),
        Account(namespace=attack, name=attack, address=attack, balance=attack, signs=attack),
    )  # fmt: skip


class HostileAdapter(Adapter):
    """Yields records of every kind with every attack in every text, then fails with one."""

    Settings = Settings
    title = ATTACKS["csi"]

    async def records(self) -> AsyncIterator[Batch]:
        """Yield one snapshot a scope, then wait."""
        now = self.context.clock.now()
        apps, pods, revisions, events, addresses, pools = [], [], [], [], [], []
        for attack in ATTACKS.values():
            apps.append(
                App(namespace=attack, name=attack, uid=attack, workload=attack, version=attack,
                    images=(attack,), health=Health.FAILED, reason=attack, desired=3, ready=0,
                    revision=1, since=now, token=attack, site=attack, priority=attack,
                    managed_by=attack)
            )  # fmt: skip
            pods.append(
                Pod(namespace=attack, name=attack, app=attack, workload=attack, state=attack,
                    message=attack, node=attack, ip=attack, images=(attack,))
            )  # fmt: skip
            revisions.append(
                Revision(namespace=attack, name=attack, app=attack, workload=attack, number=1,
                         images=(attack,), change_cause=attack, created=now)
            )  # fmt: skip
            events.append(
                Event(namespace=attack, name=attack, severity="Warning", reason=attack,
                      message=attack, object_kind=attack, object_name=attack, app=attack,
                      workload=attack, first=now, last=now, reporter=attack)
            )  # fmt: skip
            addresses.append(
                Address(namespace=attack, name=attack, ip=attack, pool=attack, service=attack,
                        ports=(Port(1, attack, attack),), reason=attack, apps=(attack,),
                        announced_by=(Announcer(attack, attack, (attack,)),))
            )  # fmt: skip
            pools.append(Pool(namespace=attack, name=attack, ranges=(attack,), assigned=1))
        for scope, records in (
            ("apps", apps), ("pods", pods), ("revisions", revisions), ("events", events),
            ("addresses", addresses), ("pools", pools),
        ):  # fmt: skip
            yield Batch(scope, tuple(records), begin=True, end=True)
        for attack in ATTACKS.values():
            yield Batch(f"chain {attack}", on_chain(attack, now), begin=True, end=True)
            yield Batch(f"sun {attack}", in_the_sun(attack, now), begin=True, end=True)
        yield Batch(ATTACKS["csi"], state=ScopeState.DENIED, detail=ATTACKS["c1"])
        await asyncio.Event().wait()

    async def query(self, topic: str, arguments: Mapping[str, str]) -> Answer:
        """Answer anything with every attack, one a line."""
        return Answer(text="\n".join(ATTACKS.values()), title=ATTACKS["csi"])

    async def follow(self, topic: str, arguments: Mapping[str, str]) -> AsyncIterator[str]:
        """Follow with every attack, then fail with one."""
        for attack in ATTACKS.values():
            yield attack + "\n"
        raise AdapterError(ATTACKS["csi"])

    async def diagnose(self) -> list[Finding]:
        """Find an attack."""
        return [Finding(attack, Found.BAD, attack, attack) for attack in ATTACKS.values()]


def installed_in(directory: Path) -> Path:
    """Write into *directory* what makes the adapter `hostile` findable; add it to PYTHONPATH."""
    info = directory / "colony_hostile-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: colony-hostile\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[colony.adapters]\nhostile = tests.ui.hostile:HostileAdapter\n"
    )
    return directory
