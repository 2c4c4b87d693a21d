"""The page of one ledger entry, live: it may still become final, or be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from adapters.records import LedgerEntry, Record
from console.binding import bindings
from console.keys import Hint, hint
from console.pagekeys import COPY_TEXT, TRANSACTION
from console.screens.entry_page import entry_rows
from console.screens.onchain import OnChainScreen
from console.widgets.spans import Row


class EntryScreen(OnChainScreen):
    """One contract event with everything that is known of it."""

    WHERE = ("Ledger", "ledger")
    TITLE_OF_HELP = "A ledger entry"
    HELP_TEXT = """\
The first line says how far the entry can be taken back: ✔ final, ◌ not final with how many blocks
hold it, ✖ removed by a reorganisation.

VALUES are the event's own, decoded by the contract's ABI. {copy-value} copies what the cursor
stands on, else the transaction's hash; {transaction} asks for the whole transaction. Enter opens
the app, the token or the contract."""
    ACTS = tuple(key for key in OnChainScreen.ACTS if key.id != "call")  # c copies here
    BINDINGS: ClassVar[list[BindingType]] = bindings([COPY_TEXT, TRANSACTION])
    KEYS = (TRANSACTION, *OnChainScreen.KEYS)

    def own_hints(self) -> Sequence[Hint]:
        """Return the keys of this page alone."""
        return (hint(TRANSACTION),)

    def action_transaction(self) -> None:
        """Ask the chain for the whole transaction."""
        record = self.session.store.get(self.key)
        if isinstance(record, LedgerEntry):
            self.ask(record, "entry", {"transaction": record.transaction}, "the transaction")

    def rows(self, record: Record) -> list[Row]:
        """Return the page."""
        assert isinstance(record, LedgerEntry)  # noqa: S101  (what a key of this kind names)
        return entry_rows(record, self.session.context(), self.wide - 1)

    def called(self, record: Record | None) -> str:
        """Return "Transfer in block 48,151"."""
        if not isinstance(record, LedgerEntry):
            return self.key.name
        return f"{record.event or 'not decoded'} in block {record.block:,}"

    def whole(self, record: Record) -> str:
        """Return the transaction's hash."""
        return record.transaction if isinstance(record, LedgerEntry) else ""
