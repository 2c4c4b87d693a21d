"""What the pages of things on a chain share: a page that can be walked, opened from and copied."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from adapters.records import Key, Record
from console.binding import bindings
from console.feed.messages import Interest
from console.keys import BACK, CALL, GLOBAL, OPEN, Hint, KeyDef, hint, hints
from console.pagekeys import COPY_VALUE, LISTED
from console.panels.base import GoTo, Moment
from console.screens.page import CopyingPage, show_crumbs
from console.widgets.spans import Row, row

_PARTS = ("App", "LedgerEntry")
"""Kinds that have a part of a page of their own; the rest are facts."""


class OnChainScreen(CopyingPage):
    """One record of a chain. A subclass says where it is listed and makes the page (`rows`)."""

    WHERE: ClassVar[tuple[str, str]] = ("", "")
    """The panel that lists it: its title and its name."""
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings([LISTED, COPY_VALUE]),
        Binding("tab", "section(1)", show=False),
        Binding("shift+tab", "section(-1)", show=False),
    ]

    KEYS: ClassVar[tuple[KeyDef, ...]] = (COPY_VALUE, LISTED)

    def interests(self) -> Sequence[Interest]:
        """Return what the pages of a chain are made of."""
        kinds = ("Token", "Contract", "Chain", "LedgerEntry", "Account")
        return tuple(Interest(kind) for kind in kinds)

    def rows(self, record: Record) -> list[Row]:
        """Return the page of *record*."""
        return []

    def called(self, record: Record | None) -> str:
        """Return what the crumbs call it."""
        return self.key.name

    def whole(self, record: Record) -> str:
        """Return what is copied where the cursor stands on nothing that can be."""
        return record.name

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        rest = [key for key in GLOBAL if key.id in ("changes", "help")]
        found = [*hints(BACK)]
        if isinstance(self.page.value, Key):
            found.append(hint(OPEN))
        return [*found, *self.own_hints(), *hints(COPY_VALUE, LISTED, *rest)]

    def own_hints(self) -> Sequence[Hint]:
        """Return the keys of this page alone."""
        acts = not self.session.read_only and self.call_here() is not None
        return hints(CALL) if acts else ()

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        if not (moment.whole or moment.tick or moment.dirty):
            return
        record = self.session.store.get(self.key)
        name = self.called(record)
        show_crumbs(self, self.WHERE[0], name)
        if record is None:
            gone = f" {name} is gone: nothing is known of it any more."
            self.page.show([row((gone, "warn"))])
        else:
            self.page.show(self.rows(record))

    def ask(self, record: Record, topic: str, arguments: Mapping[str, str], what: str) -> None:
        """Open what the chain answers to *topic*, called *what*."""
        from console.screens.asked import AskedScreen

        trail = (self.WHERE[0], self.called(record), what)
        kinds = [one.kind for one in self.interests()]
        screen = AskedScreen(self.session, record, topic, arguments, trail=trail, keeps=kinds)
        self.app.push_screen(screen)

    def action_section(self, step: int) -> None:
        """Go to the next part of the page."""
        self.page.jump(step, self.part)

    def part(self, value: Hashable) -> Hashable:
        """Return which part of the page *value* stands in: what tab goes through."""
        return value.kind if isinstance(value, Key) and value.kind in _PARTS else ""

    def action_listed(self) -> None:
        """Go to the panel that lists it."""
        self.post_message(GoTo(self.WHERE[1], self.key))

    def copy_whole(self) -> str:
        """Return what the page is about."""
        record = self.session.store.get(self.key)
        return self.whole(record) if record else ""
