"""Records of a chain and of the sun, and a store that holds them beside a small colony's."""

from __future__ import annotations

from typing import Any

import colony_records as colony

from adapters.records import (
    Battery,
    Chain,
    Contract,
    Inverter,
    InverterState,
    LedgerEntry,
    Light,
    Plant,
    Reading,
    ScopeState,
    Token,
    Trend,
)
from console.feed.messages import Parcel
from console.rows.context import Context

NOW = colony.NOW
HOUR = 3600.0
CONTRACT = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
OPS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
CHAIN_ID = 31337


def asset(number: int) -> str:
    return f"eip155:{CHAIN_ID}/erc721:{CONTRACT}/{number}"


def inverter(name: str = "INV-1", **more: Any) -> Inverter:
    given = {
        "source": "north", "namespace": "north", "online": True, "state": InverterState.MPPT,
        "power": 4_980.0, "rated": 6_000.0, "light": Light.DAY, "at": NOW - 2, "received": NOW,
    }  # fmt: skip
    return Inverter(name=name, **(given | more))


def battery(name: str = "BAT-1", **more: Any) -> Battery:
    given = {
        "source": "north", "namespace": "north", "online": True, "state": "discharging",
        "power": 2_150.0, "charge": 61.0, "reserve": 10.0, "capacity": 20_000.0, "at": NOW - 2,
        "received": NOW,
    }  # fmt: skip
    return Battery(name=name, **(given | more))


def plant(name: str = "north", **more: Any) -> Plant:
    given = {
        "source": name, "namespace": name, "site": name, "state": "producing",
        "light": Light.DAY, "power": 12_100.0, "rated": 18_000.0, "energy_today": 41_200.0,
        "devices": 3, "answering": 3, "sunset": NOW + 5.3 * HOUR, "sunrise": NOW + 15 * HOUR,
        "at": NOW, "received": NOW,
    }  # fmt: skip
    return Plant(name=name, **(given | more))


def night(name: str = "north", **more: Any) -> Plant:
    given = {"light": Light.NIGHT, "power": None, "answering": 0, "state": "night",
             "sunrise": NOW + 3.4 * HOUR, "sunset": NOW + 15 * HOUR}  # fmt: skip
    return plant(name, **(given | more))


def trend(name: str = "north", values: tuple[float | None, ...] = (), **more: Any) -> Trend:
    given = {"source": name, "namespace": name, "until": NOW, "step": 300.0, "received": NOW}
    return Trend(name=name, values=values, **(given | more))


def chain(**more: Any) -> Chain:
    given = {
        "source": "chain", "name": f"eip155:{CHAIN_ID}", "chain_id": CHAIN_ID, "number": 48_211,
        "block_hash": "0x" + "9f" * 32, "block_time": NOW - 4, "block_interval": 5.0,
        "final": 48_209, "received": NOW,
    }  # fmt: skip
    return Chain(**(given | more))


def contract(name: str = "Identity", **more: Any) -> Contract:
    given = {
        "source": "chain", "chain_id": CHAIN_ID, "address": CONTRACT, "standard": "ERC-721",
        "deployed": True, "readings": (Reading("totalSupply()", "8"),), "received": NOW,
    }  # fmt: skip
    return Contract(name=name, **(given | more))


def token(number: int, app: str | None = "", **more: Any) -> Token:
    given = {
        "source": "chain", "namespace": "Identity", "chain_id": CHAIN_ID, "contract": CONTRACT,
        "owner": OPS, "owner_name": "ops", "since": NOW - 9 * 86400, "transfers": 1,
        "reconciled": True, "received": NOW,
    }  # fmt: skip
    return Token(name=str(number), app=app, **(given | more))


def entry(block: int, event: str = "Transfer", **more: Any) -> LedgerEntry:
    given = {
        "source": "chain", "namespace": "Identity", "chain_id": CHAIN_ID, "contract": CONTRACT,
        "name": f"0x{block:064x}/0x{block:064x}/0", "block": block,
        "transaction": f"0x{block:064x}",
        "summary": f"#{block} moved", "at": NOW - 600, "seq": block, "received": NOW,
    }  # fmt: skip
    return LedgerEntry(event=event, **(given | more))


_ELSEWHERE = (Inverter, Battery, Plant, Trend, Chain, Contract, Token, LedgerEntry)


def context(
    *records: Any, state: ScopeState = ScopeState.LIVE, now: float = NOW, interval: float = 0.0
) -> Context:
    """Return a context with *records*, those of chain and sun of scopes in *state*."""
    made = colony.context(*(one for one in records if not isinstance(one, _ELSEWHERE)), now=now)
    beyond = [one for one in records if isinstance(one, _ELSEWHERE)]
    scopes = {(one.source, type(one).__name__) for one in beyond}
    made.store.apply([
        Parcel("station", "beyond", tuple(
            colony.scope(kind, state, source=source, heard=NOW - 30, interval=interval)
            for source, kind in sorted(scopes)
        )),
        *(
            Parcel(source, kind, tuple(
                one for one in beyond if (one.source, type(one).__name__) == (source, kind)
            ), begin=True, end=True)
            for source, kind in sorted(scopes)
        ),
    ])  # fmt: skip
    return made
