"""The page of one contract, live."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence

from adapters.records import Contract, Function, Record
from console.keys import OPEN, Hint, hint
from console.screens.contract_page import contract_rows
from console.screens.onchain import OnChainScreen
from console.widgets.document import Document
from console.widgets.spans import Row


class ContractScreen(OnChainScreen):
    """One contract: its functions, what those without arguments answer now, its last events."""

    WHERE = ("Contracts", "contracts")
    TITLE_OF_HELP = "A contract"
    HELP_TEXT = """\
READS are answered without changing anything: those without arguments are asked at every block,
and their answers stand here. WRITES change the chain: enter or {call} on one begins a call, which
is simulated before anybody approves it.

"not known" is a reading that nobody has yet; a reading that fails says why.

{copy-value} copies what the cursor stands on: a function's signature, else the address. tab goes
to the next part."""

    def rows(self, record: Record) -> list[Row]:
        """Return the page."""
        assert isinstance(record, Contract)  # noqa: S101  (what a key of this kind names)
        acts = not self.session.read_only
        return contract_rows(record, self.session.context(), self.wide - 1, acts=acts)

    def part(self, value: Hashable) -> Hashable:
        """Return which part of the page *value* stands in."""
        return value.reads if isinstance(value, Function) else super().part(value)

    def whole(self, record: Record) -> str:
        """Return the function under the cursor, else the address."""
        function = self.page.value
        if isinstance(function, Function):
            return function.signature
        return record.address if isinstance(record, Contract) else ""

    def call_here(self) -> dict[str, str] | None:
        """Return a call of the function under the cursor, of the contract where there is none."""
        record = self.session.store.get(self.key)
        if not isinstance(record, Contract):
            return None
        function = self.page.value
        if not isinstance(function, Function):
            return {"contract": record.name}
        preset = {"contract": record.name, "function": function.signature}
        return preset if function.inputs else {**preset, "args": json.dumps([])}

    def own_hints(self) -> Sequence[Hint]:
        """Say what enter does on a function."""
        acts = isinstance(self.page.value, Function) and not self.session.read_only
        return [hint(OPEN, "call")] if acts else super().own_hints()

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Begin a call of the function that was chosen; else as on any page."""
        if isinstance(message.value, Function):
            message.stop()
            self.action_call()
        else:
            super().on_document_chosen(message)
