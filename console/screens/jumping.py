"""Jump mode: a letter on each thing in sight that can be selected, and one or two go there."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual.widget import Widget

from console.screens.base import ConsoleScreen
from console.widgets.document import Document
from console.widgets.labels import letters
from console.widgets.livetable import LiveTable


class Place(NamedTuple):
    """Where a label stands in *widget*'s window, and what goes there."""

    widget: LiveTable | Document
    x: int
    y: int
    go: Callable[[], None]


def places(screen: ConsoleScreen) -> list[Place]:
    """Return all in sight that the cursor can stand on, from top to bottom."""
    found: list[Place] = []
    for widget in screen.walk_children(Widget):
        if isinstance(widget, LiveTable) and _seen(widget):
            top = 1 if widget.size.height > 1 else 0
            found += (
                Place(widget, 0, top + number, lambda w=widget, k=key: w.move_to(k))  # type: ignore[misc]
                for number, key in enumerate(widget.visible_keys)
            )
        elif isinstance(widget, Document) and _seen(widget):
            found += (
                Place(widget, x, y, lambda w=widget, n=number: w.stand_at(n))  # type: ignore[misc]
                for number, x, y in widget.in_sight()
            )
    return found


def _seen(widget: Widget) -> bool:
    shown = all(one.display for one in widget.ancestors_with_self if isinstance(one, Widget))
    return shown and widget.size.area > 0


class Jump:
    """The letters that are shown, until one is typed to its end (`take`) or it is `end`ed."""

    def __init__(self, screen: ConsoleScreen) -> None:
        self.screen = screen
        found = places(screen)
        self._places = dict(zip(letters(len(found)), found, strict=True))
        self._typed = ""
        self._show()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to go to."""
        return not self._places

    def take(self, character: str) -> bool:
        """Take one letter; return whether more are waited for."""
        self._typed += character.lower()
        place = self._places.get(self._typed)
        if place is None and any(one.startswith(self._typed) for one in self._places):
            self._show()
            return True
        self.end()
        if place is not None:
            self.screen.set_focus(place.widget)
            place.go()
        return False

    def end(self) -> None:
        """Take the letters away."""
        for widget in {place.widget for place in self._places.values()}:
            widget.labels.show({})

    def _show(self) -> None:
        """Show what is left of the labels that begin as was typed."""
        at: dict[Widget, dict[int, list[tuple[int, str]]]] = {}
        typed = len(self._typed)
        for label, place in self._places.items():
            lines = at.setdefault(place.widget, {})
            if label.startswith(self._typed):
                lines.setdefault(place.y, []).append((place.x, label[typed:]))
        for widget, lines in at.items():
            assert isinstance(widget, (LiveTable, Document))  # noqa: S101
            widget.labels.show(lines)
