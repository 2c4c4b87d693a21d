"""Puts a simulated call into a preview: what changes, what it costs at most, what is approved."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from adapters.chain.calls import (
    cast,
    control,
    reaching,
    reasons,
    saying,
    touching,
    undoing,
    units,
)
from adapters.chain.calls.accounts import KEYSTORE
from adapters.chain.calls.asked import Asked
from adapters.chain.calls.keys import Keyring
from adapters.chain.calls.simulated import Log, Simulated
from adapters.contract import Change, Preview

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

NEAR = 900
"""Seconds after the block's time in which a number is taken to be a time: of the next block."""


def preview(
    adapter: ChainAdapter, keyring: Keyring, ours: frozenset[str], found: Simulated, window: float
) -> Preview:
    """Return what the call that was simulated would do; *ours* are the addresses that can sign."""
    asked, signer, names = found.asked, found.signer, adapter.names
    changes, unchanged = _changes(adapter, found)
    key = signer.name if signer.how == KEYSTORE else ""
    significance, because = control.weigh(found)
    how = ["--keystore", keyring.path(key)] if key else ["--unlocked"]
    return Preview(
        title=saying.title(names, asked),
        simulated_by=simulated_by(found),
        binds=binds(found),
        outcome=outcome(found),
        changes=changes,
        unchanged=unchanged,
        touches=touching.touches(names, found),
        warnings=touching.warnings(names, found) + (keyring.warnings(key) if key else ()),
        command=cast.send(
            adapter.settings.url,
            asked.contract.address,
            asked.function,
            asked.values,
            sender=signer.address,
            how=how,
            value=asked.value,
            cost=found.cost,
        ),
        significance=significance,
        confirm=asked.contract.name,
        window=window,
        undo=undoing.undo(found, names, ours),
        nothing=_nothing(adapter, found),
        facts=_facts(adapter, found),
        locked=key if key and keyring.locked(key) else "",
        because=because,
        blast=reaching.blast(adapter.contracts.values(), found),
    )


def reading(adapter: ChainAdapter, asked: Asked, data: bytes, block: int) -> Preview:
    """Return the preview of a function that only reads: its answer, and nothing to do."""
    names = adapter.names
    said = saying.answered(names, asked.function, data) or "no answer"
    return Preview(
        title=saying.title(names, asked),
        simulated_by=f"eth_call at block {block:,}",
        binds={"to": asked.contract.address, "calldata": "0x" + asked.data.hex()},
        outcome=hashlib.sha256(data).hexdigest(),
        command=cast.call(
            adapter.settings.url, asked.contract.address, asked.function, asked.values
        ),
        confirm=asked.contract.name,
        nothing=f"{asked.name} only reads; it answers: {said}",
        facts=(("result", said),),
    )


def binds(found: Simulated) -> dict[str, str]:
    """Return what people approve: who calls what, with what, on which chain, at what cost at most.

    The nonce is not in it: the world changes it. The gas and its price are what will be offered,
    whatever they would be by then.
    """
    asked, cost = found.asked, found.cost
    return {
        "chain_id": str(found.chain_id),
        "from": found.signer.address,
        "to": asked.contract.address,
        "value": str(asked.value),
        "calldata": "0x" + asked.data.hex(),
        "gas_limit": str(cost.gas),
        "price": str(cost.price),
        "tip": "" if cost.tip is None else str(cost.tip),
        "fee_cap": str(cost.most),
    }


def outcome(found: Simulated) -> str:
    """Return a digest of what the call answers and emits.

    A block's own time in it is no different outcome: every block has another.
    """
    time = found.block.time
    whole = hashlib.sha256(_timeless(found.result, time))
    for log in found.events or ():
        data = _timeless(log.data, time).hex()
        whole.update(f"\n{log.address} {' '.join(log.topics)} {data}".lower().encode())
    return whole.hexdigest()


def _timeless(data: bytes, time: int) -> bytes:
    """Return *data* with the words that are the time of its block, or the next one's, blanked."""
    words = []
    for at in range(0, len(data), 32):
        word = data[at : at + 32]
        is_time = time <= int.from_bytes(word, "big") <= time + NEAR
        words.append(bytes(len(word)) if is_time else word)
    return b"".join(words)


def simulated_by(found: Simulated) -> str:
    """Return how it is known, and at which block."""
    how = "eth_call" if found.events is None else "eth_call and eth_simulateV1"
    return f"{how} at block {found.block.number:,}"


def _changes(adapter: ChainAdapter, found: Simulated) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Return the reads that change and those that do not; where none does, the events."""
    changes, unchanged = [], []
    for seen in found.seen:
        path = saying.read(adapter.names, seen.read)
        before, after = (
            None if data is None else saying.answered(adapter.names, seen.read.function, data)
            for data in (seen.before, seen.after)
        )
        unknown = seen.after is None and seen.read.expected is None
        if seen.before != seen.after and not unknown:
            changes.append(Change(path, before, after))
        elif before is not None and not unknown:
            unchanged.append(f"{path}: {before}")
    if not changes:
        for log in found.events or ():
            name, values = reasons.event(adapter, log)
            changes.append(Change(f"event {name}", None, values))
    return tuple(changes), tuple(unchanged)


def _nothing(adapter: ChainAdapter, found: Simulated) -> str:
    """Say why there is nothing to do, where every read that it is to change is so already."""
    waited = [seen for seen in found.seen if seen.read.expected is not None]
    if not waited or any(seen.before is None or seen.before != seen.after for seen in waited):
        return ""
    said = []
    for seen in waited:
        answer = saying.answered(adapter.names, seen.read.function, seen.before or b"")
        said.append(f"{saying.read(adapter.names, seen.read)} is {answer or 'empty'} already")
    return "; ".join(said)


def _facts(adapter: ChainAdapter, found: Simulated) -> tuple[tuple[str, str], ...]:
    asked, cost, signer = found.asked, found.cost, found.signer
    chosen = " (the first that may)" if found.chosen else ""
    facts = [("from", touching.who(signer.name, signer.address) + chosen)]
    if asked.value:
        facts.append(("value", units.ether(asked.value)))
    said = saying.answered(adapter.names, asked.function, found.result)
    if said:
        facts.append(("result", said))
    facts += [("event", _event(adapter, log)) for log in found.events or ()]
    if found.events is None:
        facts.append(("events", f"not available: {found.why}"))
    elif not found.events:
        facts.append(("events", "none"))
    facts += [
        ("gas", f"{found.gas:,}, at most {cost.gas:,}"),
        # To the wei, what is bound says it.
        ("fee at most", units.at_most(cost.most)),
        ("balance", units.at_least(found.balance)),
        ("simulated at", f"block {found.block.number:,} of chain {found.chain_id}"),
    ]
    return tuple(facts)


def _event(adapter: ChainAdapter, log: Log) -> str:
    name, values = reasons.event(adapter, log)
    return f"{name}({values})"
