"""The actions in three parts: what waits for people, what goes on, and how the rest ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from adapters.records import ActionStatus
from console.binding import binding
from console.keys import HANDOVER, Hint, hints
from console.panels.base import Moment
from console.panels.listing import Listing
from console.panels.tables import TablesPanel
from console.rows import actions, waiting
from console.rows.waiting import Part
from console.session import Session
from console.widgets.oneline import OneLine
from console.widgets.spans import line, rule

TITLES = {Part.WAITING: "WAITING", Part.FLIGHT: "IN FLIGHT", Part.HISTORY: "HISTORY"}
MOST = {Part.WAITING: 7, Part.FLIGHT: 6, Part.HISTORY: 0}
"""Rows at most of what stands above; the history has the rest of the screen."""
NONE = {Part.WAITING: "nothing waits for anybody", Part.FLIGHT: "nothing is under way"}


class ActionsPart(Listing):
    """The actions of one part; one that is empty and not the last is a line high."""

    def __init__(self, session: Session, part: Part) -> None:
        super().__init__(
            session, "ActionStatus", actions, title=TITLES[part], most=MOST[part],
            records=self._of_part, id=part.name.lower(),
        )  # fmt: skip
        self.part = part

    def _of_part(self) -> list[ActionStatus]:
        found = self.session.store.every(ActionStatus)
        return [one for one in found if waiting.part(one) is self.part]

    def paint(self, moment: Moment) -> None:
        """Show what changed: only actions, who looks, and the time change anything here."""
        if moment.whole or moment.tick or moment.dirty.keys() & {"ActionStatus", "LogHead"}:
            super().paint(moment)

    def _lay(self) -> None:
        super()._lay()
        if not self._most:
            return
        empty = not self._order
        self.table.display = not empty
        if empty and (self.styles.height is None or self.styles.height.value != 1):
            self.styles.height = 1

    def _tell(self) -> None:
        super()._tell()
        counts = self.counts
        some = f"{counts.shown} of {counts.total}" if counts.shown < counts.total else ""
        spans = [(f"  {some or counts.total or ''}".rstrip(), "dim")]
        if self.part is Part.WAITING and counts.total:
            me, now = self.session.me, self.session.now()
            words = [waiting.waits_for(one, me, now) for one in self._of_part()]
            mine = sum(one.startswith("for you") for one in words)
            spans.append((f"  {mine} for you" if mine else "  none for you",
                          "warn" if mine else "dim"))  # fmt: skip
        elif not counts.total and self.part in NONE:
            spans.append((f"  {NONE[self.part]}", "dim"))
        title = line((TITLES[self.part], "title"), *spans)
        width = self.size.width or self.app.size.width
        self.query_one(".title", OneLine).show(rule(width, title).line)


class ActionsPanel(TablesPanel):
    """Three tables, the newest first in each."""

    TITLE = "Actions"
    HELP = """\
WAITING: what somebody has to decide. ⚑ is a request: its colony asks for a second person, and who
asked has approved it. "for you" is one that you may approve or decline; your own wait for another
commander. {waiting} opens from anywhere what waits for you.

Every action goes through the same stages: draft, simulated, (requested,) approved, submitted,
included, final, verified. Submitted is not success: verified means that telemetry showed the
effect. Each stage has a window: what is not decided or reached in it ends.

✔ verified; ● under way; ⚑ requested; ◌ not sent, or cancelled; ✖ refused, failed, timed out or
not verified; ? what became of it is not known.

A verified rollback may be followed by its record, an action of its own that says which one it is
the record of; the colony's configuration asks for it and approves it.

CODE is the first bytes of what is approved, to compare aloud.

/ filters by words or by field: who:ops-1 target:oxygen state:refused,failed action:rollback
significance:critical reason:lights. who: finds who asked and who approved or declined.

Enter opens the action's page, where it goes on live; {undo} undoes an action that can be undone,
by the same form, simulation and approval; tab goes from part to part. {handover} writes what
happened, in order, into a Markdown file for whoever comes next."""
    BINDINGS: ClassVar[list[BindingType]] = [binding(HANDOVER, "screen.handover")]

    def listings(self) -> Sequence[Listing]:
        """Make the three."""
        return [ActionsPart(self.session, part) for part in Part]

    def first(self) -> int:
        """Return the first part that holds anything."""
        return next((i for i, one in enumerate(self._listings) if one.table.keys), 2)

    def next_table(self, step: int) -> None:
        """Put the cursor into the next part that holds anything."""
        full = [one for one in self._listings if one.table.keys]
        if full:
            at = full.index(self.here) if self.here in full else -1
            self.screen.set_focus(full[(at + step) % len(full)].table)

    def paint(self, moment: Moment) -> None:
        """Pass on what changed; a cursor whose part is empty now goes along with its action."""
        here, key = self.here, self.here.table.cursor_key
        super().paint(moment)
        if here.table.has_focus and not here.table.keys and self.is_attached:
            goal = next((one for one in self._listings if key in one.table.keys), None)
            goal = goal or self._listings[self.first()]
            if key is not None:
                goal.table.move_to(key)
            self.screen.set_focus(goal.table)

    def own_hints(self) -> Sequence[Hint]:
        """Return the keys of this panel alone."""
        return hints(HANDOVER)
