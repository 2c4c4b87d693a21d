"""The contracts, the chain that they are on, and the accounts that may call them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from adapters.records import Contract, Key
from console.feed.messages import Interest
from console.panels.listing import Listing
from console.panels.onchain import OnChain
from console.panels.tables import TablesPanel
from console.rows import accounts, chains, contracts


class ContractsPanel(TablesPanel):
    """The chain's head above, contracts below it, accounts last."""

    TITLE = "Contracts"
    DEFAULT_CSS: ClassVar[str] = "ContractsPanel > #contracts { min-height: 6; }"
    HELP = """\
CHAIN: the head of each chain as its node tells it. FINAL is the last block that cannot be taken
back; a — means that the node does not say. HEARD BY is subscription, or polling where the node
has none. ▲ and ✖ mark a head that stands still, a node that catches up, or a reorganisation in the
last 30 minutes.

CONTRACTS: what the configuration names. ✔ deployed; ✖ no code at that address; ▲ a reading
fails; ? not known. Enter opens its functions and what they answer now; {call} begins a
call.

ACCOUNTS: ✔ can sign, ● can after a passphrase, ◌ a known name that cannot sign here.

tab goes from one table to the next."""

    def listings(self) -> Sequence[Listing]:
        """Make the three tables."""
        return [
            OnChain(self.session, "Chain", chains, title="CHAIN", most=3, id="chains"),
            OnChain(self.session, "Contract", contracts, title="CONTRACTS", id="contracts"),
            OnChain(self.session, "Account", accounts, title="ACCOUNTS", most=8, id="accounts"),
        ]

    def first(self) -> int:
        """Begin in the contracts."""
        return 1

    def interests(self) -> Sequence[Interest]:
        """Return the chain, its contracts and its accounts."""
        return (Interest("Chain"), Interest("Contract"), Interest("Account"))

    def call_here(self) -> dict[str, str] | None:
        """Return the contract under the cursor."""
        key = self.selected()
        record = self.session.store.get(key) if isinstance(key, Key) else None
        return {"contract": record.name} if isinstance(record, Contract) else None
