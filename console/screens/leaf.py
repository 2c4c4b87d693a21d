"""The page of one entry of the log, with the proof that it is in it, checked here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from adapters.records import Key
from console.binding import bindings
from console.feed.answers import LogProof
from console.feed.client import FeedError
from console.feed.messages import Interest
from console.keys import BACK, GLOBAL, NOTE, OPEN, Hint, hint, hints
from console.pagekeys import COPY_TEXT, COPY_VALUE, LISTED, PROVE
from console.panels.base import GoTo, Moment
from console.proving import Proved, prove
from console.rows.log import head_of
from console.screens.leaf_page import leaf_rows
from console.screens.page import CopyingPage, show_crumbs
from console.session import Session
from console.widgets.spans import Row, row


class LeafScreen(CopyingPage):
    """One entry by its index. The station sends the proof; whether it holds is found out here."""

    TITLE_OF_HELP = "A log entry"
    HELP_TEXT = """\
The first line says how far the entry is covered: ◇ signed by the log's keys, ◈ cosigned by a
witness, ◆ anchored on a chain; ◌ not signed yet; ▫ retired, its content is gone and its hash
remains. On the right is what this console found out itself.

PROOF: the content has the leaf hash; the leaf hash and the hashes below it lead to the root; the
log's keys signed the root. All of it is checked here. That these keys are the log's the station
says: compare them once with `colony ledger verify`.

{prove} fetches the proof again, against the newest checkpoint. {copy-value} copies what the
cursor stands on, else the signed note."""
    ACTS = tuple(key for key in CopyingPage.ACTS if key.id != "call")  # c copies here
    BINDINGS: ClassVar[list[BindingType]] = bindings([COPY_TEXT, COPY_VALUE, PROVE, LISTED])
    KEYS = (PROVE, COPY_VALUE, LISTED)

    def __init__(self, session: Session, index: int) -> None:
        super().__init__(session, Key("station", "LogEntry", "", str(index)))
        self._began = session.link.monotonic()
        self.index = index
        self.proof: LogProof | None = None
        self.proved: Proved | None = None
        self.error = ""

    def on_mount(self) -> None:
        """Ask for the proof."""
        super().on_mount()
        self.action_prove()

    def interests(self) -> Sequence[Interest]:
        """Keep what the panel below shows."""
        return tuple(Interest(kind) for kind in ("LogEntry", "LedgerEntry", "Chain"))

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        found = [*hints(BACK)]
        if isinstance(self.page.value, Key):
            found.append(hint(OPEN))
        return [*found, *hints(PROVE, COPY_TEXT, LISTED, NOTE),
                *hints(*(key for key in GLOBAL if key.id == "help"))]  # fmt: skip

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        show_crumbs(self, "Ledger", "log", f"entry {self.index:,}")
        self.page.show(self._rows())

    def _rows(self) -> list[Row]:
        if self.error:
            return [
                row(),
                row((f" ✖ {self.error}", "bad")),
                row((f"   {self.session.bound.key('prove')} asks again", "dim")),
            ]
        if self.proof is None:
            return [row(), row((f" ● asking the station for its proof{self._passed()}", "info"))]
        head = head_of(self.session.store)
        return leaf_rows(
            self.proof, self.proved, head, self.session.now(), self.wide - 1, self.session.bound
        )

    def _passed(self) -> str:
        """Return ", 3 s   esc gives up" once it takes longer than a blink."""
        passed = int(self.session.link.monotonic() - self._began)
        return f", {passed} s   esc gives up" if passed > 0 else ""

    def action_prove(self) -> None:
        """Ask for the proof, and check it."""
        self._began = self.session.link.monotonic()
        self.run_worker(self._ask(), group="ask", exclusive=True)

    async def _ask(self) -> None:
        try:
            proof = await self.session.link.ask("log.proof", LogProof, index=self.index)
        except FeedError as error:
            self.error = str(error)
            self.paint_now()
            return
        if proof.leaf.index != self.index:
            self.error = f"the station answered with entry {proof.leaf.index:,}"
            self.paint_now()
            return
        self.error, self.proof, self.proved = "", proof, None
        self.paint_now()
        # What checks signatures takes a moment to be imported.
        self.proved = await asyncio.to_thread(prove, proof)
        self.paint_now()

    def action_listed(self) -> None:
        """Go to the panel that lists it."""
        self.post_message(GoTo("ledger", self.key))

    def copy_whole(self) -> str:
        """Return the signed checkpoint."""
        return self.proof.checkpoint.note if self.proof is not None else ""
