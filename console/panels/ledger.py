"""The ledger: the station's log with its proofs, beside what the contracts told, decoded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from adapters.records import App, Chain, Key, LedgerEntry
from console.binding import binding, bindings
from console.feed.messages import Interest
from console.keys import HANDOVER, Hint, hint, hints
from console.pagekeys import HOLD
from console.panels.base import Counts, Moment
from console.panels.listing import Listing
from console.panels.onchain import OnChain
from console.panels.tables import TablesPanel
from console.rows import chains, ledger, log, marks, numbers
from console.rows.overview import stale_sources
from console.session import Session
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, line, line_width, rule

WIDE, HIGH = 120, 28
"""Cells from which there is room for both tables."""


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


class LogListing(Listing):
    """The log's entries. Where the log is signed, cosigned or anchored further, they look new."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "LogEntry", log, id="log")

    def paint(self, moment: Moment) -> None:
        """Show what changed. Where the cursor is on the newest it goes along with what comes."""
        top = self.table.keys[0] if self.table.keys else None
        leads = self.table.cursor_key == top
        super().paint(moment)
        if moment.dirty.get("LogHead") and not moment.whole:
            self.table.refresh_visible()
        if leads and self.table.keys:
            self.table.move_to(self.table.keys[0])

    def _why_empty(self) -> str:
        if self._filter.narrows and self._total:
            return super()._why_empty()
        if log.head_of(self.session.store) is None:
            return "  The station has not said how its log stands."
        return f"  {log.EMPTY}"


class LedgerPanel(TablesPanel):
    """Two tables, each with a line on it: both where there is room, else tab goes between them."""

    TITLE = "Ledger"
    HELP = """\
The station's log holds every stage of every action and every decision, the newest first. Each
entry has its proof: ◌ not signed yet; ◇ signed by the log's keys; ◈ cosigned by a witness;
◆ anchored on a chain; ▫ retired: its content is gone, its hash and its proof remain. Each covers
what the one before does. The line above says how far the whole log is, and what is wrong with it.
Enter proves an entry here. {filter} filters it by who:ops event:note action:a81 target:oxygen
state:refused entry:12.

tab goes between the log and the chain. {handover} writes what happened into a Markdown file;
{note} writes a note into the log. What is older than the last entries here: `colony ledger log`.

CHAIN: every event of the configured contracts, decoded, the newest first. The mark says how far it
can be taken back: ✔ final; ◌ not yet final; ✖ removed: a reorganisation took its block away;
? the node does not say what is final. FINALITY counts the blocks that hold what is not final.

{hold} holds: what is shown stays, and what comes is counted; {hold} again follows from the newest
on.

{filter} filters by words or by field: app:oxygen contract:identity event:transfer token:#7 by:ops
block:48 final:removed.

Enter opens the entry with every value, hash and confirmation; {rollback}, {logs}, {events} and
{yaml} act on its app."""
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings([HOLD]),
        binding(HANDOVER, "screen.handover"),
    ]

    def listings(self) -> Sequence[Listing]:
        """Make the table."""
        self._entries = LedgerListing(self.session)
        self._log = LogListing(self.session)
        self._current: Listing = self._entries
        return [self._entries, self._log]

    def compose(self) -> ComposeResult:
        """Show each table below its line."""
        yield OneLine(id="log-head")
        yield self._log
        yield OneLine(id="head")
        yield self._entries

    def interests(self) -> Sequence[Interest]:
        """Return both sorts of entries, and the chain that says what is final."""
        return (Interest("LedgerEntry"), Interest("Chain"), Interest("LogEntry"))

    @property
    def both(self) -> bool:
        """Whether there is room for both tables."""
        size = self.size or self.app.size
        return size.width >= WIDE and size.height >= HIGH

    @property
    def here(self) -> Listing:
        """The listing that the cursor is in; of the two the one in sight, where it is just one."""
        # Not has_focus: that is set when its message was handled, which is too late for a paint.
        focused = self.screen.focused if self.is_attached else None
        for one in self._listings:
            if one.table is focused:
                self._current = one
        return self._current

    def next_table(self, step: int) -> None:
        """Go to the other table; where there is room for one, it takes the place of this one."""
        self._go(self._log if self.here is self._entries else self._entries)

    def stand_on(self, key: Key) -> None:
        """Put the cursor on *key*, in the table that has it."""
        self._go(self._log if key.kind == "LogEntry" else self._entries)
        super().stand_on(key)

    def filter(self, text: str) -> None:
        """Filter both, each by its own fields; the words that both lack fields for are text."""
        super().filter(text)
        self._tell()

    @property
    def filtered(self) -> tuple[str, Counts] | None:
        """The filter and what it leaves of the table of the cursor."""
        return (self._text, self.here.counts) if self._text else None

    def _go(self, goal: Listing) -> None:
        self._current = goal
        self._lay()
        goal.paint(Moment({}, whole=True))
        self._tell()
        self.screen.set_focus(goal.table)

    def _lay(self) -> None:
        """Show both tables, or the current one alone."""
        for one, name in ((self._log, "#log-head"), (self._entries, "#head")):
            shown = self.both or one is self._current
            if one.display != shown:
                one.display = shown
                self.query_one(name).display = shown

    def paint(self, moment: Moment) -> None:
        """Show what changed."""
        if moment.whole:
            self._lay()
        super().paint(moment)
        told = {"LedgerEntry", "Chain", "LogEntry", "LogHead"}
        if moment.whole or moment.tick or moment.dirty.keys() & told:
            self._tell()

    def app_here(self) -> App | None:
        """Return the app of the entry under the cursor, where there is just one."""
        entry = self._entries.item(self.selected())
        if not isinstance(entry, LedgerEntry) or not entry.app:
            return None
        apps = self.session.store.apps_called(entry.app)
        return apps[0] if len(apps) == 1 else None

    def own_hints(self) -> Sequence[Hint]:
        """Return the keys of this panel alone: to the other table, hold, and the handover."""
        chain = self.here is self._entries
        found = [Hint("tab", "the log" if chain else "the chain")]
        if chain:
            found.append(hint(HOLD, "follow" if self._entries.held else "hold"))
        return [*found, *hints(HANDOVER)]

    def action_follow(self) -> None:
        """Hold, or follow again."""
        self._entries.hold(not self._entries.held)
        self._tell()

    def _tell(self) -> None:
        self._tell_log()
        self._tell_chain()

    def _tell_log(self) -> None:
        """Say how the log stands, as much as fits: what is wrong with it comes first."""
        width = self.size.width or self.app.size.width
        cells = log.head_cells(log.head_of(self.session.store), self.session.now())
        right = self._other("the chain") if not self.both else ()
        spans = line(("LOG", "title"))
        for cell in cells:
            more = line((f"  {cell.text}", cell.tone))
            if line_width(spans) + line_width(more) + line_width(right) + 5 <= width:
                spans += more
        across = rule(width - line_width(right), spans).line
        self.query_one("#log-head", OneLine).show(across + right)

    def _other(self, name: str) -> Line:
        return line((" tab ", "key"), (f"{name} ", "dim"))

    def _tell_chain(self) -> None:
        width = self.size.width or self.app.size.width
        total = len(self.session.store.records("LedgerEntry"))
        heads = [chains.head_text(one) for one in self.session.store.every(Chain)[:1]]
        # What was in a block is so still: that nothing new is heard is said once, not in each row.
        stale = stale_sources("LedgerEntry", self.session.context())
        left = line(("CHAIN", "title"), (f"  {numbers.count(total)}  ", "dim"), *heads)
        left += line(*((f"  {marks.STALE} {cell.text}", cell.tone) for cell in stale))
        right = self._state()
        switch = self._other("the log")
        if not self.both and line_width(left + switch + right) + 4 <= width:
            right = switch + right
        across = rule(width - line_width(right), left).line
        self.query_one("#head", OneLine).show(across + right)

    def _state(self) -> Line:
        entries = self._entries
        if not entries.held:
            return line((" ● following ", "good"))
        newer = f", {numbers.count(entries.newer)} newer" if entries.newer else ""
        return line((f" ◌ held{newer}: {self.session.bound.key('hold')} follows ", "warn"))
