"""Records of a chain, beside those of `colony_records`, and a context that holds both."""

from __future__ import annotations

from typing import Any

import colony_records as colony

from adapters.records import (
    Account,
    App,
    Chain,
    Contract,
    Function,
    LedgerEntry,
    Parameter,
    Reading,
    ScopeState,
    Token,
)
from console.feed.messages import Parcel
from console.rows.context import Context

NOW = colony.NOW
ID, CONTRACT = 31337, "0x5FbDB2315678afecb367f032d93F642f64180aa3"
OPS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
SCOPES: dict[type, str] = {
    Chain: "heads", Contract: "contracts", Token: "tokens", LedgerEntry: "ledger",
    Account: "accounts",
}  # fmt: skip


def asset(number: int | str, chain: int = ID, contract: str = CONTRACT) -> str:
    return f"eip155:{chain}/erc721:{contract}/{number}"


def token(number: int | str, app: str | None = "", **more: Any) -> Token:
    given = {
        "source": "chain", "namespace": "Identity", "chain_id": ID, "contract": CONTRACT,
        "owner": OPS, "owner_name": "ops", "since": NOW - 86_400 * 3, "since_block": 100,
        "transfers": 1, "reconciled": True, "received": NOW,
    }  # fmt: skip
    return Token(name=str(number), app=app, **(given | more))


def app(name: str, number: int | str | None = None, **more: Any) -> App:
    return colony.app(name, token="" if number is None else asset(number), **more)


def chain(**more: Any) -> Chain:
    given = {
        "source": "chain", "name": f"eip155:{ID}", "chain_id": ID, "number": 120, "final": 118,
        "block_time": NOW - 12, "base_fee": "1000000000", "how": "polling", "client": "geth",
        "received": NOW,
    }  # fmt: skip
    return Chain(**(given | more))


def contract(name: str = "Identity", **more: Any) -> Contract:
    given = {
        "source": "chain", "chain_id": ID, "address": CONTRACT, "standard": "ERC-721",
        "deployed": True, "balance": "0", "block": 120, "received": NOW,
        "functions": (
            Function("rename(uint256,string)", "rename",
                     (Parameter("tokenId", "uint256"), Parameter("app", "string"))),
            Function("appOf(uint256)", "appOf", (Parameter("tokenId", "uint256"),),
                     (Parameter("", "string"),), "view"),
            Function("totalSupply()", "totalSupply", (), (Parameter("", "uint256"),), "view"),
        ),
        "readings": (Reading("totalSupply()", "12"),),
    }  # fmt: skip
    return Contract(name=name, **(given | more))


def entry(block: int = 110, index: int = 0, **more: Any) -> LedgerEntry:
    given = {
        "source": "chain", "namespace": "Identity", "contract": CONTRACT, "chain_id": ID,
        "name": f"0x{block:x}/0x1/{index}", "block": block, "index": index, "event": "Transfer",
        "transaction": "0x1", "summary": f"#3 agri → ops in {block}", "token": "3", "sender": OPS,
        "sender_name": "ops", "at": NOW - 60, "received": NOW, "seq": block,
    }  # fmt: skip
    return LedgerEntry(**(given | more))


def account(name: str = "ops", **more: Any) -> Account:
    given = {
        "source": "chain", "chain_id": ID, "address": OPS, "balance": "1500000000000000000",
        "nonce": 7, "signs": "node", "received": NOW,
    }  # fmt: skip
    return Account(name=name, **(given | more))


def context(*records: Any, **states: ScopeState) -> Context:
    """Return a context with *records*, each kind of a live scope of its own.

    *states* are of scopes by their names: `tokens=ScopeState.STALE`.
    """
    made = colony.context()
    put(made, *records, **states)
    return made


def put(made: Context, *records: Any, **states: ScopeState) -> None:
    """Bring *records* and the *states* of scopes into the store of *made*."""
    names = {**colony.SCOPES, **SCOPES}
    scopes = []
    for kind, name in names.items():
        source = "chain" if kind in SCOPES else "tycho"
        state = states.get(name, ScopeState.LIVE)
        scopes.append(colony.scope(name, state, source=source, heard=NOW - 30))
    made.store.apply([Parcel("station", "scopes", tuple(scopes))])
    for record in records:
        scope = names.get(type(record), "own")
        made.store.apply([Parcel(record.source, scope, (record,))])
