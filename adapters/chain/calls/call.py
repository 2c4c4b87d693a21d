"""`contract.call`: a function of a contract, simulated, approved, sent once and verified."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from adapters.chain.calls import (
    envelopes,
    form,
    previewing,
    reconciling,
    recording,
    sending,
    verifying,
)
from adapters.chain.calls.accounts import Accounts
from adapters.chain.calls.asked import Asked, asked
from adapters.chain.calls.fees import Cost
from adapters.chain.calls.keys import Keyring
from adapters.chain.calls.nonces import Nonces
from adapters.chain.calls.simulated import Simulated
from adapters.chain.calls.simulating import simulate
from adapters.chain.rpc import RpcError, quantity
from adapters.contract import (
    Action,
    Argument,
    Draft,
    Envelope,
    Fate,
    Form,
    Preview,
    Progress,
    Receipt,
    Reconciled,
    Refused,
    Significance,
)

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter

WINDOW = 120.0
"""Seconds that an effect is waited for, besides what it takes until a block is final."""
LONGEST_WINDOW = 3600.0
_TITLES = {
    "chain_id": "the node is on another chain",
    "from": "another account would send it",
    "to": "the contract's address is another",
    "value": "another amount would be sent",
    "calldata": "a name among the arguments stands for something else",
}


class ContractCall(Action):
    """Calls a function of a contract. One instance an adapter: it holds its keys and nonces."""

    name = "contract.call"
    title = "Call a contract"
    significance = Significance.CAUTION
    arguments = (
        Argument("contract", "the contract: its name or address", kind="Contract"),
        Argument("function", "the function: its name, or its signature where there are several"),
        Argument("args", "a JSON array of its arguments", False, "JSON"),
        Argument("value", "ether to send along, such as 0.5 ether", False, "amount"),
        Argument("from", "who signs: a key's or an account's name", False, "Account"),
    )
    applies_to = "Contract"
    exclusive = False

    def __init__(self, adapter: ChainAdapter) -> None:
        self._adapter = adapter
        self._clock = adapter.context.clock
        self.keyring = Keyring(adapter.settings.keys, adapter.context.secrets)
        self.accounts = Accounts(adapter, self.keyring)
        self.nonces = Nonces(self._clock)

    async def form(self, draft: Draft) -> Form:
        """Return a field for each parameter, checked; of what only reads, the answer."""
        return await form.form(self._adapter, self.accounts, self.keyring, draft)

    async def simulate(self, draft: Draft) -> Preview:
        """Return what the node says that the call would do."""
        what = await asked(self._adapter, draft)
        if what.function.reads:
            data, block = await form.read(self._adapter, what.contract, what.function, what.values)
            return previewing.reading(self._adapter, what, data, block)
        if draft.approved is None:
            found = await simulate(self._adapter, self.accounts, what)
        else:
            by, cost = _by(what, draft.approved), _cost(draft.approved)
            found = await simulate(self._adapter, self.accounts, by, cost)
        await self.keyring.ready(found.signer.name)
        return await self._preview(found)

    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        """Simulate again, and return the transaction if it comes to exactly what was approved."""
        what = await asked(self._adapter, draft)
        found = await simulate(self._adapter, self.accounts, _by(what, approved), _cost(approved))
        now = await self._preview(found)
        _same(approved, now)
        if now.locked:
            raise Refused(f"the key {now.locked} is locked: unlock it, and call again")
        sender = found.signer.address
        nonce = await self.nonces.reserve(
            sender, draft.intent, lambda: self._counts(sender), self._fate
        )
        try:
            return await envelopes.envelope(
                draft, found, nonce, self.keyring, self._adapter.names, self._clock.now()
            )
        except BaseException:
            self.nonces.release(sender, nonce, draft.intent)
            raise

    async def send(self, envelope: Envelope) -> Receipt:
        """Send the transaction, once; it is in no block then."""
        return await sending.send(self._adapter.rpc, self.nonces, self._look, envelope)

    async def reconcile(self, envelope: Envelope) -> Reconciled:
        """Find the transaction by its hash, or what its sender's nonce was used for."""
        notes = envelope.notes
        slot = (notes["from"], int(notes["nonce"]), notes["intent"])
        self.nonces.learn(*slot, envelope)
        # An answer "not sent" must hold: until the sockets have given up, it may still come.
        left = float(notes["prepared_at"]) + reconciling.LATE - self._clock.now()
        found = await self._look(envelope)
        if found.fate is Fate.PENDING:
            self.nonces.took(notes["intent"])
        elif (
            found.fate is Fate.UNKNOWN and left > 0 and not self.nonces.standing(notes["intent"])[1]
        ):
            await self._clock.sleep(min(left, reconciling.LATE))
            found = await self._look(envelope)
        if found.fate is Fate.NOT_SENT:
            self.nonces.release(*slot)
        return found

    def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        """Wait until its block is final; then look at what it was to change."""
        return verifying.verify(self._adapter, envelope.notes, receipt.notes)

    def recording(self, facts: Mapping[str, str]) -> Mapping[str, str] | None:
        """Return the arguments that record *facts* in Deployments or Anchor, None without it."""
        return recording.arguments(self._adapter.contracts, facts)

    async def _preview(self, found: Simulated) -> Preview:
        ours = frozenset(each.address for each in await self.accounts.signers())
        window = min(WINDOW + 2 * found.lag, LONGEST_WINDOW)
        return previewing.preview(self._adapter, self.keyring, ours, found, window)

    async def _look(self, envelope: Envelope) -> Reconciled:
        hash, taken = self.nonces.standing(envelope.notes["intent"])
        return await reconciling.look(self._adapter, envelope, hash, taken, self._clock.now())

    async def _fate(self, envelope: Envelope) -> Fate:
        """Return what became of an earlier call; one that the node dropped may be replaced."""
        found = await self._look(envelope)
        if found.fate is Fate.UNKNOWN and self.nonces.standing(envelope.notes["intent"])[1]:
            return Fate.NOT_SENT
        return found.fate

    async def _counts(self, sender: str) -> tuple[int, int]:
        mined, waiting = await self._adapter.rpc.batch(
            [
                ("eth_getTransactionCount", (sender, "latest")),
                ("eth_getTransactionCount", (sender, "pending")),
            ]
        )
        if isinstance(mined, RpcError):
            raise mined
        count = quantity(mined, "eth_getTransactionCount")
        if isinstance(waiting, RpcError):
            return count, count
        return count, quantity(waiting, "eth_getTransactionCount")


def _by(what: Asked, approved: Preview) -> Asked:
    """Return the call with the sender that was approved: who it is was decided then."""
    return msgspec.structs.replace(what, sender=approved.binds["from"])


def _cost(approved: Preview) -> Cost:
    binds = approved.binds
    tip = binds["tip"]
    return Cost(int(binds["gas_limit"]), int(binds["price"]), int(tip) if tip else None)


def _same(approved: Preview, now: Preview) -> None:
    """Raise `Refused` where what was approved is not what would happen now."""
    for name, value in now.binds.items():
        before = approved.binds.get(name)
        if before != value:
            shown = f" ({before} → {value})" if name != "calldata" else ""
            what = _TITLES.get(name, f"its {name} is another")
            raise Refused(f"{what} since it was approved{shown}: simulate again")
    if approved.outcome != now.outcome:
        raise Refused("the outcome is not the approved one any more: simulate again")
    if now.nothing:
        raise Refused(now.nothing)
