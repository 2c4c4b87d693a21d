"""The page of one token, live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from adapters.records import Record, Token
from console.binding import bindings
from console.keys import Hint, hint
from console.pagekeys import HISTORY
from console.panels.tokens import transfer_of
from console.screens.onchain import OnChainScreen
from console.screens.token_page import token_rows
from console.widgets.spans import Row


class TokenScreen(OnChainScreen):
    """One token: its owner, its identity from both sides, its history."""

    WHERE = ("Tokens", "tokens")
    TITLE_OF_HELP = "A token"
    HELP_TEXT = """\
The first line says whether the token and an app name each other. BOTH SIDES has what the token
names and which workloads name it; enter opens the app.

HISTORY is what the ledger here holds of it: minting, transfers, and what it was made to name.
Enter opens an entry.

{history} asks the chain for all of its history; {call} begins a transfer; {copy-value} copies
what the cursor stands on, else the asset's whole name; {listed} goes to the token among all; tab
goes to the next part."""

    BINDINGS: ClassVar[list[BindingType]] = bindings([HISTORY])
    KEYS = (HISTORY, *OnChainScreen.KEYS)

    def own_hints(self) -> Sequence[Hint]:
        """Return the keys of this page alone."""
        return (*super().own_hints(), hint(HISTORY))

    def action_history(self) -> None:
        """Ask the chain for all that ever happened to the token."""
        record = self.session.store.get(self.key)
        if isinstance(record, Token):
            self.ask(record, "token", {"contract": record.namespace, "token": record.name},
                     "all its history")  # fmt: skip

    def rows(self, record: Record) -> list[Row]:
        """Return the page."""
        assert isinstance(record, Token)  # noqa: S101  (what a key of this kind names)
        return token_rows(record, self.session.context(), self.wide - 1)

    def called(self, record: Record | None) -> str:
        """Return "#7 of Identity"."""
        return f"#{self.key.name} of {self.key.namespace}"

    def whole(self, record: Record) -> str:
        """Return the token's CAIP-19 name."""
        return record.asset if isinstance(record, Token) else ""

    def call_here(self) -> dict[str, str] | None:
        """Return a transfer of the token."""
        record = self.session.store.get(self.key)
        return transfer_of(record) if isinstance(record, Token) else None
