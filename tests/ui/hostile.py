"""An adapter whose every text is an attack, made findable as a third party's by `installed_in`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import msgspec

from adapters.contract import (
    Action,
    Adapter,
    AdapterError,
    Answer,
    Argument,
    Batch,
    Blast,
    Change,
    Draft,
    Envelope,
    Fate,
    Field,
    Finding,
    Form,
    Found,
    Option,
    Preview,
    Progress,
    Receipt,
    Reconciled,
    Refused,
    Significance,
)
from adapters.links import Changed, Link, Standing, World
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
    "tags": "[bold][/][link=http://pwned.invalid]PWNED[/link][on red]$foreground[@click='bell']x",
    "wide": "氧氣發生器 é e\u0301\u0301 👩‍🚀 ✖\ufe0f 🇩🇪 👍🏽 ｗｉｄｅ",
    "stacked": "z\u0335\u0321\u0322\u0327\u0328\u0334\u0336\u034f" * 20,
    "leading": "\u0301\u20dd\u0489combining",
    "zero": "o\u200bx\u2060y\u00adgen\ufeff",
    "private": "\ue0b0\U000f0000\u0378",
    "alike": "оxygen-generatоr",  # with Cyrillic о
    "surrogate": "half \ud83d of a pair",
    "long": "N" * 1_000_000,
}
"""Texts by what they try."""
ATTACKS["0all"] = "0ALL " + " ".join(one[:200] for one in ATTACKS.values())
"""All of them in one, first in every order: on pages that are opened of one record alone."""


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


class HostileAction(Action):
    """Asks, shows and refuses with every attack; nothing is ever sent."""

    name = "hostile.do"
    title = ATTACKS["csi"]
    significance = Significance.CRITICAL
    arguments = (Argument("app", ATTACKS["bidi"]), Argument("which", ""),
                 Argument("text", ATTACKS["tags"]))  # fmt: skip
    applies_to = "App"

    async def form(self, draft: Draft) -> Form:
        """Ask for a choice and a text."""
        attacks = list(ATTACKS.values())
        wrong = ATTACKS["bidi"] if draft.arguments.get("which") == "0" else ""
        options = tuple(Option(str(n), one, one) for n, one in enumerate(attacks))
        return Form(
            title=ATTACKS["0all"], notes=tuple(attacks), live=True, command=ATTACKS["0all"],
            fields=(
                Field("which", ATTACKS["markup"], ATTACKS["csi"], options=options, default="3"),
                Field("text", ATTACKS["tags"], ATTACKS["0all"], default=ATTACKS["0all"],
                      error=wrong, note=ATTACKS["c1"]),
            ),
        )  # fmt: skip

    async def simulate(self, draft: Draft) -> Preview:
        """Preview nothing but attacks. What is digested has no lone surrogates: it is refused."""
        attacks = tuple(one.replace("\ud83d", "") for one in ATTACKS.values())
        all_ = attacks[-1]
        return Preview(
            title=all_, simulated_by=all_, binds={all_: all_}, outcome=all_[:64],
            changes=tuple(Change(one, one, one) for one in attacks), unchanged=attacks,
            touches=attacks, warnings=attacks, command="\n".join(attacks), because=all_,
            confirm=ATTACKS["alike"], significance=Significance.CRITICAL,
            facts=tuple((one, one) for one in attacks), undo={all_: all_},
            blast=Blast(attacks, attacks, attacks, attacks, attacks),
        )  # fmt: skip

    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        """Refuse."""
        raise Refused(ATTACKS["0all"])

    async def send(self, envelope: Envelope) -> Receipt:
        """Refuse."""
        raise Refused(ATTACKS["0all"])

    async def reconcile(self, envelope: Envelope) -> Reconciled:
        """Find nothing."""
        return Reconciled(Fate.FAILED, ATTACKS["0all"])

    async def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        """Refuse."""
        raise Refused(ATTACKS["0all"])
        yield  # pragma: no cover


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
                    managed_by=attack, actions=("hostile.do", attack))
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

    def actions(self) -> Sequence[Action]:
        """Offer one action."""
        return (HostileAction(),)

    async def links(self, app: App, world: World) -> Sequence[Link]:
        """Say of each app that it stands on attacks."""
        now = self.context.clock.now()
        return [
            Link(name=attack, place=100 + 20 * number, thing=attack, standing=Standing.BROKEN,
                 words=attack, details=(attack,), since=now, known=attack,
                 changes=(Changed(now, attack, attack, attack),))
            for number, attack in enumerate(ATTACKS.values())
        ]  # fmt: skip

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
