"""The main screen: the panels, one of them in sight, and the line of their names."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Idle
from textual.geometry import Size
from textual.widget import Widget

from console.keys import (
    ALARM,
    ALL_ALARMS,
    CALL,
    GLOBAL,
    ON_APP,
    OPEN,
    RETRY,
    TABLES,
    TAKE,
    UNDO,
    WHY,
    Hint,
    KeyDef,
    hint,
    hints,
)
from console.link import LinkState
from console.panels import PANELS, PanelInfo
from console.panels.base import Counts, Moment, Panel
from console.panels.kept import keep, kept
from console.screens.base import ConsoleScreen
from console.screens.starting import starting_rows
from console.screens.tabled import TabledScreen
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, Span, line, line_width, spread

if TYPE_CHECKING:
    from adapters.records import ActionStatus, App, Key
    from console.feed.messages import Interest
    from console.panels.listing import Listing


def tabs_line(current: str, right: Line, width: int) -> Line:
    """Return the panels' names in *width* cells, the current one marked; cut short if tight."""
    spans: list[Span] = []
    for letters in (99, 5, 4, 3, 0):
        spans = []
        for number, panel in enumerate(PANELS, 1):
            here = panel.name == current
            title = panel.title if here else panel.title[:letters]
            spans.append((f" {number % 10} ", "tab" if here else "key"))
            spans.append((f"{title} " if title else "", "tab" if here else "dim"))
        if line_width(tuple(spans)) + line_width(right) <= width:
            break
    return spread(line(*spans), right, width)


class MainScreen(TabledScreen):
    """The panels. Each is made when it is first shown, and told of changes only in sight."""

    CSS = """
    MainScreen > #tabs { height: 1; }
    MainScreen > #body { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_table(1)", show=False),
        Binding("shift+tab", "next_table(-1)", show=False),
    ]
    ACTS: ClassVar[tuple[KeyDef, ...]] = (*ConsoleScreen.ACTS, UNDO, ALL_ALARMS)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._panels: dict[str, Panel] = {}
        self._opening = False
        self._written_for = 0
        self._hasty = False
        self._turn = asyncio.Lock()
        self._none = Panel(session)
        self.current: PanelInfo = PANELS[0]

    def body(self) -> ComposeResult:
        """Make the line of names and the first panel."""
        yield OneLine(id="tabs")
        # No panel yet: what it is made of is imported after the first paint.
        with Container(id="body"):
            yield Document(id="starting")

    @property
    def panel(self) -> Panel:
        """The panel in sight; a bare one until a station was attached."""
        return self._panels.get(self.current.name) or self._none

    def interests(self) -> Sequence[Interest]:
        """Return what the panel in sight needs."""
        if not self._panels and self.session.link.welcome is not None:
            # Asked for with the first word to the station, it comes with the first answer.
            return self.current.load()(self.session).interests()
        return self.panel.interests()

    def app_here(self) -> App | None:
        """Return the app that the cursor stands on."""
        return self.panel.app_here()

    def action_here(self) -> ActionStatus | None:
        """Return the action that the cursor stands on."""
        return self.panel.action_here()

    def call_here(self) -> dict[str, str] | None:
        """Return what a contract call begins with from where the cursor stands."""
        return self.panel.call_here()

    def selected_here(self) -> Hashable:
        """Return what the cursor stands on."""
        return self.panel.selected()

    def stands_under(self) -> bool:
        """Whether the cursor stands on what apps stand on: why is asked of those."""
        return getattr(self.selected_here(), "kind", "") in ("Address", "Pool", "Plant", "Token")

    def about_here(self) -> str:
        """Return what the cursor stands on, as a note names it."""
        from console.screens.noting import about

        return about(self.panel.selected())

    def focus_first(self) -> Widget | None:
        """Return what keys should go to."""
        return self.panel.focus_target() if self._panels else self.query_one("#starting")

    def help_text(self) -> tuple[str, str]:
        """Return the help of the panel in sight."""
        return self.panel.TITLE, self.panel.HELP

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply now."""
        link = self.session.link
        named = {key.id: key for key in (*TABLES, *GLOBAL, *ON_APP, UNDO, CALL)}
        if link.welcome is None:
            again = [hint(RETRY)] if link.state is LinkState.FAILED else []
            return [*again, *hints(named["help"], named["quit"])]
        found: list[Hint] = []
        if self.panel.filtered:
            found.append(Hint("esc", "clear filter"))
        if self.panel.selected() is not None:
            found.append(hint(OPEN))
        app, action = self.app_here(), self.action_here()
        acts = not self.session.read_only
        if app is not None and acts and "app.rollback" in app.actions:
            found += hints(named["rollback"])
        if app is not None and acts and app.actions:
            found += hints(named["doing"])
        if app is not None or self.stands_under():
            found += hints(WHY)
        if acts and self._alarm_calls():
            found += hints(ALARM[0])
        if action is not None and acts and action.undo:
            found += hints(named["undo"])
        if acts and self.call_here() is not None:
            found += hints(named["call"])
        found += self.panel.own_hints()
        if app is not None:
            found += hints(named["logs"], named["events"], named["yaml"])
        if self.panel.SORTS:
            found += hints(named["filter"], named["sort"])
        found += hints(named["changes"], named["command"], named["help"], named["quit"])
        # What does not fit goes: these come after what gets one out of here.
        return found + hints(*(TAKE if self.table_here() is not None else TAKE[:1]))

    def _alarm_calls(self) -> bool:
        """Whether what the cursor stands on has an alarm that nobody has seen."""
        from console.rows.alarms import calls
        from console.screens.alarming import alarms_here

        key = getattr(self.selected_here(), "kind", "Alarm")
        return key != "Alarm" and any(map(calls, alarms_here(self)))

    # Painting

    def paint(self, moment: Moment) -> None:
        """Show what changed; nothing while the first panel is on its way: it brings all."""
        if not self._panels and self.session.link.welcome is not None:
            if not self._opening:
                self._opening = True
                self.call_next(self._show_panel)
            return
        super().paint(moment)

    def paint_soon(self) -> None:
        """Paint everything once the layout stands; but at the start all is said already."""
        started = self._panels or self.session.link.welcome is not None
        if started or self.wide != self._written_for:
            super().paint_soon()

    def stands(self) -> bool:
        """Whether there is a panel."""
        return bool(self._panels) and self.panel.display

    def paint_body(self, moment: Moment) -> None:
        """Paint the panel in sight, and the line of names."""
        if self._panels:
            if self.panel.is_mounted:  # made it is before, and is filled when it is shown
                self.panel.paint(moment)
        else:
            self.query_one("#starting", Document).show(starting_rows(self.session))
        self._paint_tabs()

    def _paint_tabs(self) -> None:
        """Show the line of names, with what the filter leaves or how far a table's look is."""
        right: Line = ()
        filtered = self.panel.filtered
        if filtered:
            text, counts = filtered
            right = line((f"/{text}  {counts.shown:,} of {counts.total:,} ", "accent"))
        table = self.panel.table_here()
        if table is not None and table.slow and table.busy is not None:
            done, total = table.busy
            right = line((f"{done:,} of {total:,} looked at ", "accent"))
        self._written_for = self.wide
        tabs = self.query_one("#tabs", OneLine)
        self.trail_shown = (self.current.title,)
        tabs.show(tabs_line(self.current.name, right, self.wide))

    # Panels

    async def action_panel(self, name: str) -> None:
        """Bring the panel called *name* into sight."""
        if self.session.link.welcome is not None:
            self._opening = True
            await self._show_panel(next(panel for panel in PANELS if panel.name == name))

    async def _show_panel(self, info: PanelInfo | None = None) -> None:
        """Bring the panel of *info* into sight, None: the first, which was in sight the last time.

        It is filled before it is shown: shown empty first, it would be written twice.
        """
        # The first one comes by itself and another by a key meanwhile: one after the other.
        async with self._turn:
            if info is None:
                name = self.session.remembered.get("panel", self.current.name)
                info = next((one for one in PANELS if one.name == name), self.current)
            elif info == self.current and self._panels:
                return
            # One layout, when all of it is there. Of another size by it, a panel paints anew.
            with self.app.batch_update():
                await self._exchange(info)
                self.bind_acts()
                self.paint_head(Moment({}, whole=True))
                self._paint_tabs()
                self.paint_keys()
                self._hasty = True

    async def _on_idle(self, event: Idle) -> None:
        """Lay out a panel that just came: Textual's next beat is up to a sixtieth away."""
        if self._hasty and self._layout_required and self.is_current:
            self._hasty = False
            self._on_timer_update()

    async def _exchange(self, info: PanelInfo) -> None:
        body = self.query_one("#body")
        panel = self._panels.get(info.name)
        if panel is None:
            panel = info.load()(self.session, id=f"panel-{info.name}")
            panel.display = False
            await body.mount(panel)
            if text := kept(self.session, "filters", info.name):
                panel.filter(str(text))
        # Not before: a paint may come meanwhile, and it is made of nothing yet.
        self._panels[info.name], self.current = panel, info
        self.session.remembered.put("panel", info.name)
        self.paint_tour()  # it takes a line of the panel
        bottom = self.query_one("#bottom")
        grows = int(bottom.styles.height.value if bottom.styles.height else 1) - bottom.size.height
        panel.room = Size(body.size.width, max(0, body.size.height - grows))
        panel.paint(Moment({}, whole=True))
        for one in body.children:
            one.display = one is panel
        self.set_focus(panel.focus_target())

    async def go_to(self, panel: str, key: Key | None = None) -> None:
        """Bring *panel* into sight, with the cursor on *key*."""
        await self.action_panel(panel)
        if key is not None:
            before = self.filter_text()
            self.panel.stand_on(key)
            if self.filter_text() != before:
                keep(self.session, "filters", self.current.name, None)
                self.paint_now()

    # Keys

    async def action_filter(self) -> None:
        """Filter the panel in sight; where there is no table, the apps: what is typed is meant for
        some, and is not to act here."""
        if not self.panel.SORTS:
            await self.action_panel("apps")
        await super().action_filter()

    def offers(self, command: str) -> bool:
        """Return whether *command* has something to do where the cursor stands."""
        if command == "undo":
            return self.action_here() is not None
        if command in ("sort", "reverse"):
            return self.panel.SORTS
        return super().offers(command)

    def table_here(self) -> Listing | None:
        """Return the table that the cursor is in."""
        return self.panel.table_here()

    def table_name(self) -> str:
        """Return the panel's name, and the table's where it has several."""
        table, panel = self.table_here(), self.current.name
        return f"{panel}-{table.named}" if table is not None and table.named != panel else panel

    def filter_text(self) -> str:
        """Return the filter that is on."""
        return self.panel.filtered[0] if self.panel.filtered else ""

    def filter_counts(self) -> Counts:
        """Return how many rows the filter leaves of how many."""
        return self.panel.filtered[1] if self.panel.filtered else Counts(0, 0)

    def filter_errors(self) -> Sequence[str]:
        """Return what in the filter makes no sense."""
        return self.panel.filter_errors

    def filter_by(self, text: str) -> None:
        """Show only what *text* leaves, and remember it for this panel."""
        self.panel.filter(text)
        keep(self.session, "filters", self.current.name, text.strip() or None)

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._order(reverse=False)

    def action_reverse(self) -> None:
        """Turn the order around."""
        self._order(reverse=True)

    def _order(self, *, reverse: bool) -> None:
        if self.panel.SORTS:
            self.say(self.panel.sort(reverse=reverse))
        else:
            self.say("there is no table here to sort", "warn")

    def action_next_table(self, step: int) -> None:
        """Go to the next table of the panel."""
        self.panel.next_table(step)
        self.paint_now()

    async def action_back(self) -> None:
        """Give up what is being saved or attaching, else clear the filter, else end the tour."""
        if self.session.link.give_up():
            return
        if self.cancel_saving():
            return
        if self.panel.filtered:
            self.filter_by("")
            self.paint_now()
        elif self.session.mode == "DEMO":
            from console.screens.touring import leave

            if told := leave(self.session):
                self.say(told)
                self.paint_now()

    async def action_acknowledge_all(self) -> None:
        """Ask, and acknowledge all alarms that the panel of the alarms shows."""
        from console.screens.alarming import acknowledge_all

        await acknowledge_all(self, getattr(self.panel, "calling", None))

    def action_undo(self) -> None:
        """Begin to undo the action under the cursor."""
        action = self.action_here()
        if action is not None:
            self.begin_undo(action)
        else:
            self.say("undo: no action is selected here", "warn")
