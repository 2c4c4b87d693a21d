"""What is known of the chain, kept in step block by block: pure, it asks nobody."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from adapters.chain.heads import Moved, Ring, Step
from adapters.chain.known import Known, Names
from adapters.chain.ledger import APP_LIMIT, Ledger
from adapters.chain.logs import Log
from adapters.chain.ownership import NAMED, Ownership, is_transfer
from adapters.records import LedgerEntry
from adapters.text import clean


class World:
    """One chain's blocks, tokens and history. It outlives a connection: nothing is read twice.

    `upto` is the block that the contracts' logs were read to.
    """

    def __init__(self, contracts: Mapping[str, Known], names: Names, history: int) -> None:
        self.contracts = contracts
        self.names = names
        self.ring = Ring()
        self.ledger = Ledger(history)
        self.start = min((each.from_block for each in contracts.values()), default=0)
        self.upto = self.start - 1
        self.tokens: dict[str, Ownership] = {}
        """The tokens of each token contract, by its name here."""
        self.fresh: deque[Log] = deque(maxlen=history)
        """Logs that are no entries yet, the newest `history`."""
        self.removed: list[LedgerEntry] = []
        """Entries that a reorganisation took away and that are not told yet."""
        self._by_address = {each.address.lower(): each for each in contracts.values()}
        self._reread = False
        self._reset()

    def _reset(self) -> None:
        self.upto = self.start - 1
        before = self.tokens
        self.tokens = {
            each.name: Ownership() for each in self.contracts.values() if each.abi.tokens
        }
        for name, owned in before.items():  # what does not come again is to be told as gone
            self.tokens[name].dirty.update(dict.fromkeys((*owned.tokens, *owned.dirty)))
        self.fresh.clear()

    def contract_of(self, log: Log) -> Known:
        """Return the contract that emitted *log*."""
        return self._by_address[log.address]

    def app_of(self, contract: str, token: int) -> str | None:
        """Return what a token names, None where there is no such token or it was not asked."""
        held = self.tokens[contract].tokens.get(token) if contract in self.tokens else None
        return None if held is None else held.app

    def moved(self, step: Step) -> int:
        """Take what a new head did to the ring; return how many read blocks it took back."""
        if step.ancestor is None and step.dropped:
            depth = len(step.dropped)
            self.ledger.doubt()
            self._reread = True
            self._reset()
            return depth
        above = step.ancestor
        if above is None or not step.dropped:
            return 0
        self.upto = min(self.upto, above)
        for owned in self.tokens.values():
            owned.undo(above)
        kept = [log for log in self.fresh if log.block <= above]
        self.fresh.clear()
        self.fresh.extend(kept)
        self.removed += self.ledger.undo(above)
        return len(step.dropped)

    def take(self, last: int, logs: Iterable[Log]) -> None:
        """Take the logs up to block *last*. Raises `Moved` where one is of another chain."""
        found = []
        for log in logs:
            block = self.ring.get(log.block)
            if block is not None and block.hash != log.block_hash:
                raise Moved("the chain moved on while its logs were read")
            contract = self._by_address.get(log.address)
            if contract is not None and log.block >= contract.from_block:
                found.append((contract, log))
        for contract, log in found:
            self.fresh.append(log)
            if contract.name in self.tokens:
                self._fold(contract, self.tokens[contract.name], log)
        self.upto = last

    def _fold(self, contract: Known, owned: Ownership, log: Log) -> None:
        if is_transfer(log):
            owned.transfer(log)
            return
        named = contract.abi.decode_log(log.topics, log.data)
        if named is not None and named.signature == NAMED:
            token, app = named.values
            owned.named(log.block, token, clean(app, APP_LIMIT))

    def settle(self) -> list[LedgerEntry]:
        """All is read: return the entries that are gone, once."""
        gone, self.removed = self.removed, []
        if self._reread:
            self._reread = False
            full = len(self.fresh) == self.fresh.maxlen
            gone += self.ledger.settle(self.fresh[0].block if full else 0)
        for owned in self.tokens.values():
            owned.settle(self.ring.lowest)
        return gone
