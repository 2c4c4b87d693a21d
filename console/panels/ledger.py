"""The ledger: what the contracts told, decoded, the newest first; followed or held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from adapters.records import App, Chain, Key, LedgerEntry
from console.feed.messages import Interest
from console.keys import Hint
from console.panels.base import Moment
from console.panels.listing import Listing
from console.panels.onchain import OnChain
from console.panels.tables import TablesPanel
from console.rows import chains, ledger, marks, numbers
from console.rows.overview import stale_sources
from console.session import Session
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, line, line_width, rule


class LedgerListing(OnChain):
    """Entries that can be held: what is shown then stays, and what comes is counted."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "LedgerEntry", ledger, id="entries")
        self._held: dict[Key, LedgerEntry] | None = None
        self._newer: set[Key] = set()

    @property
    def held(self) -> bool:
        """Whether nothing that comes moves the table."""
        return self._held is not None

    @property
    def newer(self) -> int:
        """How many entries came since it is held."""
        return len(self._newer)

    def hold(self, held: bool) -> None:
        """Hold what is shown, or follow again from the newest on."""
        if held:
            self._held = {one.key: one for one in self.session.store.every(LedgerEntry)}
        else:
            self._held = None
        self._newer.clear()
        self._rebuild()
        if not held and self.table.keys:
            self.table.move_to(self.table.keys[0])

    def paint(self, moment: Moment) -> None:
        """Show what changed. Where the cursor is on the newest it goes along with what comes."""
        top = self.table.keys[0] if self.table.keys else None
        leads = not self.held and self.table.cursor_key == top
        super().paint(moment)
        if leads and self.table.keys:
            self.table.move_to(self.table.keys[0])

    def item(self, key: Any) -> Any:
        """Return the entry: a held one though the store had to let go of it."""
        record = super().item(key)
        return record if record is not None or self._held is None else self._held.get(key)

    def _all(self) -> Sequence[Any]:
        if self._held is None:
            return super()._all()
        self._newer = self.session.store.records(self.kind).keys() - self._held.keys()
        return [self.item(key) for key in self._held]

    def _update(self, key: Key, key_of: Any) -> None:
        if self._held is None:
            super()._update(key, key_of)
        elif key not in self._held and self.session.store.get(key) is not None:
            self._newer.add(key)


class LedgerPanel(TablesPanel):
    """One table of all entries, and a line on the head and on whether it follows."""

    TITLE = "Ledger"
    HELP = """\
Every event of the configured contracts, decoded, the newest first. The mark says how far it can
be taken back: ✔ final; ◌ not yet final; ✖ removed: a reorganisation took its block away;
? the node does not say what is final. FINALITY counts the blocks that hold what is not final.

f holds: what is shown stays, and what comes is counted; f again follows from the newest on.

/ filters by words or by field: app:oxygen contract:identity event:transfer token:#7 by:ops
block:48 final:removed.

Enter opens the entry with every value, hash and confirmation; r, l, e and y act on its app."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f", "follow", show=False)]

    def listings(self) -> Sequence[Listing]:
        """Make the table."""
        self._entries = LedgerListing(self.session)
        return [self._entries]

    def compose(self) -> ComposeResult:
        """Show the line above, and the table."""
        yield OneLine(id="head")
        yield from super().compose()

    def interests(self) -> Sequence[Interest]:
        """Return the entries, and the chain that says what is final."""
        return (Interest("LedgerEntry"), Interest("Chain"))

    def paint(self, moment: Moment) -> None:
        """Show what changed."""
        super().paint(moment)
        if moment.whole or moment.tick or moment.dirty.keys() & {"LedgerEntry", "Chain"}:
            self._tell()

    def app_here(self) -> App | None:
        """Return the app of the entry under the cursor, where there is just one."""
        entry = self._entries.item(self.selected())
        if not isinstance(entry, LedgerEntry) or not entry.app:
            return None
        apps = self.session.store.apps_called(entry.app)
        return apps[0] if len(apps) == 1 else None

    def own_hints(self) -> Sequence[Hint]:
        """Return the key that holds, or follows again."""
        return [Hint("f", "follow" if self._entries.held else "hold")]

    def action_follow(self) -> None:
        """Hold, or follow again."""
        self._entries.hold(not self._entries.held)
        self._tell()

    def _tell(self) -> None:
        width = self.size.width or self.app.size.width
        total = len(self.session.store.records("LedgerEntry"))
        heads = [chains.head_text(one) for one in self.session.store.every(Chain)[:1]]
        # What was in a block is so still: that nothing new is heard is said once, not in each row.
        stale = stale_sources("LedgerEntry", self.session.context())
        left = line(("LEDGER", "title"), (f"  {numbers.count(total)}  ", "dim"), *heads)
        left += line(*((f"  {marks.STALE} {cell.text}", cell.tone) for cell in stale))
        right = self._state()
        across = rule(width - line_width(right), left).line
        self.query_one("#head", OneLine).show(across + right)

    def _state(self) -> Line:
        entries = self._entries
        if not entries.held:
            return line((" ● following ", "good"))
        newer = f", {numbers.count(entries.newer)} newer" if entries.newer else ""
        return line((f" ◌ held{newer}: f follows ", "warn"))
