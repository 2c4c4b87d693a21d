"""The main screen: the panels, one in sight, a line of their names, and the prompt."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from adapters.records import App, Key
from console.feed.messages import Interest
from console.keys import GLOBAL, TABLES, Hint, bindings, hints
from console.link import LinkState
from console.panels import PANELS, PanelInfo
from console.panels.base import GoTo, Moment, Opened, Panel
from console.screens.base import ConsoleScreen
from console.screens.starting import starting_lines
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.prompt import Prompt
from console.widgets.spans import Line, Span, line, line_width, spread


def tabs_line(current: str, right: Line, width: int) -> Line:
    """Return the panels' names in *width* cells, the current one marked; digits alone if tight."""
    for title in (lambda panel: panel.title, lambda panel: panel.title[:4]):
        spans: list[Span] = []
        for number, panel in enumerate(PANELS, 1):
            here = panel.name == current
            spans.append((f" {number}", "tab" if here else "key"))
            spans.append((f" {title(panel)} ", "tab" if here else "dim"))
        if line_width(tuple(spans)) + line_width(right) <= width:
            break
    return spread(line(*spans), right, width)


class MainScreen(ConsoleScreen):
    """The panels. Each is made when it is first shown, and told of changes only in sight."""

    HELP_TITLE = "Panels"
    DEFAULT_CSS = """
    MainScreen > #tabs { dock: top; margin-top: 1; }
    MainScreen > #body { height: 1fr; }
    MainScreen #starting { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(TABLES),
        *(
            Binding(str(number), f"panel('{panel.name}')", panel.title, show=False)
            for number, panel in enumerate(PANELS, 1)
        ),
        Binding("tab", "next_table(1)", show=False),
        Binding("shift+tab", "next_table(-1)", show=False),
        Binding("u", "undo", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._panels: dict[str, Panel] = {}
        self.current: PanelInfo = PANELS[0]

    def body(self) -> ComposeResult:
        """Make the line of names and the first panel."""
        yield OneLine(id="tabs")
        with Container(id="body"):
            yield self._made(self.current)
            yield Document(id="starting")

    @property
    def panel(self) -> Panel:
        """The panel in sight."""
        return self._panels[self.current.name]

    def interests(self) -> Sequence[Interest]:
        """Return what the panel in sight needs."""
        return self.panel.interests()

    def app_here(self) -> App | None:
        """Return the app that the cursor stands on."""
        return self.panel.app_here() if self.panel.is_mounted else None

    def first_focus(self) -> Widget | None:
        """Return what keys should go to."""
        return self.panel.focus_target()

    def help_text(self) -> tuple[str, str]:
        """Return the help of the panel in sight."""
        return self.panel.TITLE, self.panel.HELP

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply now."""
        link = self.session.link
        if not link.attached and link.welcome is None:
            again = [Hint("r", "try again")] if link.state is LinkState.FAILED else []
            return [*again, *hints(*(key for key in GLOBAL if key.id in ("help", "quit")))]
        filtered = self.panel.filtered
        mine = [*self.panel.hints()]
        if filtered:
            mine.insert(0, Hint("esc", "clear filter"))
        named = {key.id: key for key in (*TABLES, *GLOBAL)}
        for name in ("filter", "sort", "command", "changes", "help", "quit"):
            mine += hints(named[name])
        return mine

    # Painting

    def paint_body(self, moment: Moment) -> None:
        """Paint the line of names and the panel in sight."""
        right: Line = ()
        filtered = self.panel.filtered
        if filtered:
            text, counts = filtered
            right = line((f"/{text}  {counts.shown} of {counts.total} ", "accent"))
        tabs = self.query_one("#tabs", OneLine)
        tabs.show(tabs_line(self.current.name, right, self.size.width))
        self._paint_starting()
        self.panel.paint(moment)

    def _paint_starting(self) -> None:
        """Say what attaching comes to, in the place of panels that have nothing to show yet."""
        starting = self.query_one("#starting", Document)
        rows = starting_lines(self.session, self.size.width)
        if bool(rows) != starting.display:
            starting.display = bool(rows)
            self.panel.display = not rows
        starting.show(rows)

    # Panels

    def action_panel(self, name: str) -> None:
        """Bring the panel called *name* into sight."""
        info = next(panel for panel in PANELS if panel.name == name)
        if info == self.current:
            return
        self.panel.display = False
        self.current = info
        if name in self._panels:
            self.panel.display = True
        else:
            self.query_one("#body").mount(self._made(info))
        self.set_focus(self.panel.focus_target())
        self.again()
        self.post_message(Wanted())

    def on_go_to(self, message: GoTo) -> None:
        """Go to the panel that another one points at."""
        self.action_panel(message.panel)

    def on_opened(self, message: Opened) -> None:
        """Open the page of a record."""
        self.open(message.key)

    def open(self, key: Key) -> None:
        """Open the page of the record called *key*, or the panel that lists its kind."""
        if key.kind == "App":
            from console.screens.detail import DetailScreen

            self.app.push_screen(DetailScreen(self.session, key))
        elif key.kind == "ActionStatus":
            from console.screens.action import ActionScreen

            self.app.push_screen(ActionScreen(self.session, key.name))
        else:
            place = {"Address": "addresses", "Pool": "addresses"}.get(key.kind, "adapters")
            self.action_panel(place)
            self.panel.stand_on(key)

    def _made(self, info: PanelInfo) -> Panel:
        made = self._panels[info.name] = info.load()(self.session, id=f"panel-{info.name}")
        return made

    # Keys for tables

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.panel.sort(reverse=False)

    def action_reverse(self) -> None:
        """Turn the order around."""
        self.panel.sort(reverse=True)

    def action_next_table(self, step: int) -> None:
        """Go to the next table of the panel."""
        self.panel.next_table(step)
