"""The colony's history on the chain: each log of its contracts as an entry to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from adapters.chain import summaries
from adapters.chain.known import Known, Names
from adapters.chain.logs import Log
from adapters.chain.wording import worded
from adapters.records import LedgerEntry, Value
from adapters.text import clean

APP_LIMIT = 320
"""Characters of an app's name that are kept: a namespace and a name have 317 at most."""
AppOf = Callable[[str, int], str | None]
"""Returns the app that a token of a contract (by its name here) names."""


def entry(
    log: Log,
    contract: Known,
    names: Names,
    *,
    chain_id: int = 0,
    source: str = "",
    app_of: AppOf = lambda contract, token: None,
) -> LedgerEntry:
    """Return what *log* of *contract* says; a log that its ABI does not know is said to be one."""
    found = contract.abi.decode_log(log.topics, log.data)
    base = LedgerEntry(
        source=source,
        namespace=contract.name,
        name=f"{log.block_hash}/{log.transaction}/{log.index}",
        at=None if log.time is None else float(log.time),
        chain_id=chain_id,
        block=log.block,
        block_hash=log.block_hash,
        transaction=log.transaction,
        index=log.index,
        contract=contract.address,
    )
    if found is None:
        topic = log.topics[0] if log.topics else "without a topic"
        line = f"an event that its ABI does not know: {clean(topic, 18)}"
        return msgspec.structs.replace(base, summary=line)
    values = tuple(
        Value(
            clean(name, 64),
            type_.text[:128],
            f"0x{value.hex()}" if place in found.hashed else worded(type_, value),
        )
        for place, (name, type_, value) in enumerate(
            zip(found.type.names, found.type.parts, found.values, strict=True)
        )
    )
    token = summaries.token_of(found, contract.abi)
    app = summaries.app_of(found)
    if not app and token is not None:
        app = app_of(contract.name, token) or ""
    return msgspec.structs.replace(
        base,
        event=found.name,
        values=values,
        summary=summaries.summary(found, contract.abi, names),
        app=clean(app, APP_LIMIT),
        token="" if token is None else str(token),
    )


class Ledger:
    """The entries that were sent, at most `history`; says which are new and which are gone."""

    def __init__(self, history: int) -> None:
        self._history = history
        self._sent: dict[str, LedgerEntry] = {}
        self._doubted: dict[str, LedgerEntry] = {}

    def __len__(self) -> int:
        return len(self._sent)

    def __contains__(self, name: str) -> bool:
        return name in self._sent

    def of(self, transaction: str) -> list[LedgerEntry]:
        """Return the entries of one transaction, or the one of that name."""
        return [e for e in self._sent.values() if transaction in (e.transaction, e.name)]

    def add(self, entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
        """Take entries in the chain's order; return those that were not sent before."""
        fresh = []
        for each in entries:
            self._doubted.pop(each.name, None)
            if each.name not in self._sent:
                self._sent[each.name] = each
                fresh.append(each)
        while len(self._sent) > self._history:
            del self._sent[next(iter(self._sent))]
        return fresh

    def undo(self, above: int) -> list[LedgerEntry]:
        """Take back the entries of blocks above that number; return them as removed."""
        gone = [each for each in self._sent.values() if each.block > above]
        for each in gone:
            del self._sent[each.name]
        return _removed(gone)

    def doubt(self) -> None:
        """The whole chain is read anew: what does not come again is gone."""
        self._doubted = dict(self._sent)

    def settle(self, since: int) -> list[LedgerEntry]:
        """Return, as removed, what did not come again of the blocks from *since* on."""
        gone = [each for each in self._doubted.values() if each.block >= since]
        self._doubted = {}
        for each in gone:
            self._sent.pop(each.name, None)
        return _removed(gone)


def _removed(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    return [msgspec.structs.replace(each, removed=True) for each in entries]


def sent_by(
    entries: Sequence[LedgerEntry], senders: Mapping[str, str], names: Names
) -> list[LedgerEntry]:
    """Return *entries* with the accounts that sent their transactions, where those are known."""
    found = []
    for each in entries:
        sender = senders.get(each.transaction, "")
        name = names.of(sender) if sender else ""
        found.append(msgspec.structs.replace(each, sender=sender, sender_name=name))
    return found
