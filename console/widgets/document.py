"""A page of rows with targets for a cursor, on the line API: what changed is what is painted."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.events import Blur, Click, Focus
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from console.binding import bindings
from console.keys import ASIDE, MOVE, OPEN
from console.widgets.labels import Labels
from console.widgets.spans import Line, Row, Target, fit_line, joined, line_width
from console.widgets.tones import Palette


def changed_until(old: Line, new: Line) -> int | None:
    """Return the cell up to which two lines differ; None where that is the whole line.

    What is left of a change is written anyway, as Textual writes a line from its widget's edge.
    """
    if line_width(old) != line_width(new):
        return None
    same = 0
    for before, after in zip(reversed(old), reversed(new), strict=False):
        if before != after:
            break
        same += line_width((after,))
    return line_width(new) - same


class Document(ScrollView, can_focus=True):
    """Rows that scroll; arrows go from target to target, or scroll where there is none.

    `rows` are replaced whole by `show`; only lines that differ are painted. The cursor keeps to
    the *value* of its target, wherever an update moves that.
    """

    DEFAULT_CSS = """
    Document {
        height: 1fr; scrollbar-size: 1 1; overflow-x: hidden;
        scrollbar-color: $frame; scrollbar-background: $background;
        scrollbar-color-hover: $frame; scrollbar-background-hover: $background;
        scrollbar-color-active: $primary; scrollbar-background-active: $background;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVE, ASIDE, [OPEN])

    # Textual's own lays out and paints the whole screen when a row comes or goes.
    virtual_size = Reactive(Size(0, 0), repaint=False)

    class Chosen(Message):
        """Enter was pressed, or a click fell, on the target that stands for `value`."""

        def __init__(self, value: Hashable) -> None:
            super().__init__()
            self.value = value

    class Moved(Message):
        """The cursor stands on the target for `value` now, None where there is none."""

        def __init__(self, value: Hashable) -> None:
            super().__init__()
            self.value = value

        def can_replace(self, message: Message) -> bool:
            """Only the last place matters."""
            return isinstance(message, Document.Moved)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._palette = Palette(self)
        self.labels = Labels(self)
        self._strips: dict[int, Strip] = {}
        self._places: list[tuple[int, Target]] = []
        self._cursor = -1
        self._placed = False
        self.fell: Hashable = None
        """The value that the cursor stood for until an update moved it, as no person did since."""
        self.rows: tuple[Row, ...] = ()

    @property
    def value(self) -> Hashable:
        """What the target under the cursor stands for, None where there is none."""
        return self._places[self._cursor][1].value if self._cursor >= 0 else None

    @property
    def line_here(self) -> str:
        """The text of the line under the cursor, "" where there is none."""
        number = self._cursor_line()
        return joined(self.rows[number].line).strip() if 0 <= number < len(self.rows) else ""

    def show(self, rows: Sequence[Row]) -> None:
        """Show *rows*, painting what differs from before."""
        new = tuple(rows)
        if new == self.rows:
            return
        old, self.rows = self.rows, new
        changed = [
            y
            for y in range(max(len(old), len(new)))
            if y >= len(old) or y >= len(new) or old[y] != new[y]
        ]
        value, line = self.value, self._places[self._cursor][0] if self._cursor >= 0 else 0
        before = self._cursor_line()
        self._places = [(y, target) for y, one in enumerate(new) for target in one.targets]
        # Where nobody put the cursor anywhere yet it stays on the first target there is.
        self._cursor = self._find(value, line) if self._placed else min(0, len(self._places) - 1)
        if self.value != value:
            self.fell = value
            self.post_message(self.Moved(self.value))
        width = max((line_width(one.line) for one in new), default=0)
        size = Size(width, len(new))
        if size != self.virtual_size:
            self.virtual_size = size
            if (size.height > self.size.height) != self.show_vertical_scrollbar:
                self.refresh(layout=True)
            elif self.show_vertical_scrollbar:
                self.vertical_scrollbar.window_virtual_size = size.height
        if not self.size:
            # Out of sight no line is painted, and Textual would show those of the last time.
            self._strips.clear()
            self.refresh()
            return
        after = self._cursor_line()
        moved = {before, after} if before != after else set()
        for y in {*changed, *moved}:
            both = y < len(old) and y < len(new) and y not in moved
            self._repaint(y, changed_until(old[y].line, new[y].line) if both else None)

    def stand_on(self, value: Hashable) -> None:
        """Put the cursor on the target for *value*, if there is one."""
        for number, (_, target) in enumerate(self._places):
            if target.value == value:
                self._go(number)
                return

    def follow(self) -> int:
        """Scroll to the cursor where it is out of sight, and return its line of the window.

        Without a cursor that is 0.
        """
        line = max(0, self._cursor_line())
        at = Region(0, line, 1, 1)
        self.scroll_to_region(at, animate=False, immediate=True, x_axis=False, force=True)
        return line - self.scroll_offset.y

    def in_sight(self) -> list[tuple[int, int, int]]:
        """Return the targets in the window: their number, and the cell that they begin in."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        return [
            (number, target.x, line - top)
            for number, (line, target) in enumerate(self._places)
            if 0 <= line - top < height
        ]

    def stand_at(self, number: int) -> None:
        """Put the cursor on the target of that *number*."""
        if number < len(self._places):
            self._go(number)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines in *crop*, with letters over them where they are shown."""
        return self.labels.over(super().render_lines(crop), crop)

    def render_line(self, y: int) -> Strip:
        """Return the line of the page that stands at *y* of the window."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if number >= len(self.rows):
            return Strip.blank(width, self._palette.style(""))
        strip = self._strips.get(number)
        if strip is None or strip.cell_length != width:
            strip = self._strips[number] = self._made(number, width)
        return strip

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._palette.clear()
        self._strips.clear()

    def on_focus(self, event: Focus) -> None:
        """Show the cursor."""
        # Textual's own repaints all of the widget.
        event.prevent_default()
        self.has_focus = True
        self._repaint(self._cursor_line())

    def on_blur(self, event: Blur) -> None:
        """Hide the cursor: only the place that keys go to has one."""
        event.prevent_default()
        self.has_focus = False
        self._repaint(self._cursor_line())

    def on_click(self, event: Click) -> None:
        """Go to what was clicked; choose it where the cursor stood there."""
        x, y = event.x + self.scroll_offset.x, event.y + self.scroll_offset.y
        for number, (line, target) in enumerate(self._places):
            if line == y and target.x <= x < target.x + target.width:
                if number == self._cursor:
                    self.action_choose()
                self._go(number)
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave enter to the screen where there is nothing to choose."""
        return self._cursor >= 0 if action == "choose" else True

    def action_choose(self) -> None:
        """Tell that the target under the cursor was chosen."""
        if self._cursor >= 0:
            self.post_message(self.Chosen(self.value))

    def action_move(self, step: int) -> None:
        """Go to the nearest target above or below; scroll where there is none further."""
        if self._cursor < 0:
            self.scroll_relative(y=step, animate=False)
            return
        line, here = self._places[self._cursor]
        beyond = [
            (abs(y - line), abs(target.x - here.x), number)
            for number, (y, target) in enumerate(self._places)
            if (y - line) * step > 0
        ]
        if beyond:
            self._go(min(beyond)[2])
        else:
            self.scroll_relative(y=step, animate=False)

    def action_aside(self, step: int) -> None:
        """Go to the next target on the same line, or in the nearest line of another column."""
        if self._cursor < 0:
            return
        line, here = self._places[self._cursor]
        beyond = [
            (abs(y - line), abs(target.x - here.x), number)
            for number, (y, target) in enumerate(self._places)
            if (target.x - here.x) * step > 0
        ]
        if beyond:
            self._go(min(beyond)[2])

    def action_page(self, step: int) -> None:
        """Scroll by a window, and take the cursor along."""
        height = max(1, self.scrollable_content_region.height - 1)
        self.scroll_relative(y=step * height, animate=False, immediate=True)
        if self._cursor >= 0:
            goal = self._places[self._cursor][0] + step * height
            nearest = min(
                range(len(self._places)), key=lambda number: abs(self._places[number][0] - goal)
            )
            self._go(nearest)

    def action_edge(self, step: int) -> None:
        """Go to the first or last line."""
        self.scroll_to(y=0 if step < 0 else self.virtual_size.height, animate=False)
        if self._places:
            self._go(0 if step < 0 else len(self._places) - 1)

    def jump(self, step: int, group: Callable[[Hashable], Hashable]) -> None:
        """Go to the first target of the next group (1) or of the one before (-1)."""
        if self._cursor < 0:
            return
        groups = [group(target.value) for _, target in self._places]
        starts = [n for n in range(len(groups)) if n == 0 or groups[n] != groups[n - 1]]
        here = max(n for n, start in enumerate(starts) if start <= self._cursor)
        self._go(starts[(here + step) % len(starts)])

    def _go(self, number: int) -> None:
        self._placed = True
        self.fell = None
        if number == self._cursor:
            return
        before = self._cursor_line()
        self._cursor = number
        line = self._cursor_line()
        self._repaint(before)
        self._repaint(line)
        self.scroll_to_region(
            Region(0, line, 1, 1), animate=False, immediate=True, x_axis=False, force=True
        )
        self.post_message(self.Moved(self.value))

    def _find(self, value: Hashable, line: int) -> int:
        if not self._places:
            return -1
        if value is not None:
            for number, (_, target) in enumerate(self._places):
                if target.value == value:
                    return number
            return min(
                range(len(self._places)), key=lambda number: abs(self._places[number][0] - line)
            )
        return 0

    def _cursor_line(self) -> int:
        return self._places[self._cursor][0] if self._cursor >= 0 else -1

    def _repaint(self, number: int, until: int | None = None) -> None:
        self._strips.pop(number, None)
        y = number - self.scroll_offset.y
        if number >= 0 and 0 <= y < self.size.height:
            width = self.size.width if until is None else min(until, self.size.width)
            self.refresh(Region(0, y, width, 1))

    def _made(self, number: int, width: int) -> Strip:
        one = self.rows[number]
        strip = self._palette.strip(fit_line(one.line, width), width)
        if not self.has_focus or number != self._cursor_line():
            return strip
        target = self._places[self._cursor][1]
        start, end = target.x, min(width, target.x + target.width)
        if start >= end:
            # It is laid for a window that was wider: a resize paints before it lays out anew.
            return strip
        before, under, after = strip.divide([start, end, width])
        over = [Segment(one.text, self._palette.lit(one.style or Style.null())) for one in under]
        return Strip.join([before, Strip(over, under.cell_length), after])
