"""Token records of what is known of one contract's tokens."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.chain.known import Known, Names
from adapters.chain.ownership import Held
from adapters.records import Key, Token


def key(source: str, contract: Known, token: int) -> Key:
    """Return the key of a token's record."""
    return Key(source, "Token", contract.name, str(token))


def record(
    token: int,
    held: Held,
    contract: Known,
    names: Names,
    *,
    source: str,
    chain_id: int,
    now: float,
) -> Token:
    """Return one token's record.

    Where the contract contradicts its own logs, its word on the owner counts, and since when is
    not known.
    """
    contradicted = bool(held.told) and held.told != held.owner
    owner = held.told if contradicted and held.told else held.owner
    time = None if held.time is None or contradicted else float(held.time)
    return Token(
        source=source,
        namespace=contract.name,
        name=str(token),
        at=None if held.time is None else float(held.time),
        received=now,
        chain_id=chain_id,
        contract=contract.address,
        owner=owner,
        owner_name=names.of(owner),
        app=held.app,
        since=time,
        since_block=None if contradicted else held.block,
        transfers=held.transfers,
        reconciled=held.reconciled,
    )


def changed(
    dirty: Iterable[int],
    tokens: dict[int, Held],
    contract: Known,
    names: Names,
    *,
    source: str,
    chain_id: int,
    now: float,
) -> tuple[list[Token], list[Key]]:
    """Return the records of the tokens that changed, and the keys of those that are gone."""
    there, gone = [], []
    for token in dirty:
        held = tokens.get(token)
        if held is None:
            gone.append(key(source, contract, token))
        else:
            there.append(
                record(token, held, contract, names, source=source, chain_id=chain_id, now=now)
            )
    return there, gone
