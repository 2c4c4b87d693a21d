"""The envelope of a call: the exact transaction, and what finds its effect after a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.chain.calls import saying
from adapters.chain.calls.accounts import KEYSTORE, Signer
from adapters.chain.calls.keys import Keyring
from adapters.chain.calls.simulated import Simulated
from adapters.chain.known import Names
from adapters.contract import Draft, Envelope

RAW = "eth_sendRawTransaction"
ASK = "eth_sendTransaction"


class Expected(msgspec.Struct, frozen=True):
    """A read that is to answer `answer` afterwards: both are 0x…; `said` is both in words."""

    data: str
    answer: str
    said: str


class Emitted(msgspec.Struct, frozen=True):
    """An event that is to be in the receipt, by where it comes from and its first topic."""

    address: str
    topic: str


async def envelope(
    draft: Draft, found: Simulated, nonce: int, keyring: Keyring, names: Names, now: float
) -> Envelope:
    """Return *found* as the bytes to send with *nonce*; signs them where the key is ours."""
    signer, asked = found.signer, found.asked
    fields = _fields(found, nonce)
    params: list[Any]
    if signer.how == KEYSTORE:
        raw, hash = await keyring.sign(signer.name, fields)
        target, params = f"{RAW} {hash}", ["0x" + raw.hex()]
    else:
        hash, params = "", [_asked_of_node(fields, signer)]
        target = f"{ASK} from {signer.name}, nonce {nonce}"
    notes = {
        "intent": draft.intent,
        "chain_id": str(found.chain_id),
        "from": signer.address,
        "sender": signer.name,
        "nonce": str(nonce),
        "hash": hash,
        "to": asked.contract.address,
        "contract": asked.contract.name,
        "called": asked.name,
        "data": "0x" + asked.data.hex(),
        "value": str(asked.value),
        "gas": str(found.cost.gas),
        "block": str(found.block.number),
        "prepared_at": repr(now),
        "reads": msgspec.json.encode(_reads(found, names)).decode(),
        "events": msgspec.json.encode(_events(found)).decode(),
    }
    return Envelope(target, msgspec.json.encode(params), notes)


def reads(notes: Mapping[str, str]) -> list[Expected]:
    """Return what is to be read afterwards."""
    return msgspec.json.decode(notes["reads"], type=list[Expected])


def events(notes: Mapping[str, str]) -> list[Emitted]:
    """Return what is to be in the receipt."""
    return msgspec.json.decode(notes["events"], type=list[Emitted])


def _fields(found: Simulated, nonce: int) -> dict[str, Any]:
    asked, cost = found.asked, found.cost
    fields: dict[str, Any] = {
        "chainId": found.chain_id,
        "nonce": nonce,
        "to": asked.contract.address,
        "value": asked.value,
        "data": "0x" + asked.data.hex(),
        "gas": cost.gas,
    }
    if cost.tip is None:
        return {**fields, "gasPrice": cost.price}
    return {
        **fields,
        "type": 2,
        "maxFeePerGas": cost.price,
        "maxPriorityFeePerGas": cost.tip,
    }


def _asked_of_node(fields: Mapping[str, Any], signer: Signer) -> dict[str, str]:
    """Return what `eth_sendTransaction` takes; the nonce is ours, so that it has one effect."""
    told = {
        name: hex(value) if isinstance(value, int) else value
        for name, value in fields.items()
        if name != "type"
    }
    return {"from": signer.address, **told}


def _reads(found: Simulated, names: Names) -> list[Expected]:
    return [
        Expected(
            "0x" + seen.data.hex(),
            "0x" + seen.after.hex(),
            f"{saying.read(names, seen.read)} is "
            f"{saying.answered(names, seen.read.function, seen.after) or 'empty'}",
        )
        for seen in found.seen
        if seen.read.expected is not None and seen.after is not None
    ]


def _events(found: Simulated) -> list[Emitted]:
    return [
        Emitted(log.address.lower(), log.topics[0].lower())
        for log in found.events or ()
        if log.topics
    ]
