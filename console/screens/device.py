"""The page of a solar plant, an inverter or a battery, live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from adapters.records import Battery, Inverter, Key, Plant
from console.binding import bindings
from console.feed.messages import Interest
from console.keys import BACK, GLOBAL, ON_APP, Hint, hints
from console.pagekeys import LISTED
from console.panels.base import GoTo, Moment, Opened
from console.screens.device_page import device_rows
from console.screens.page import PageScreen, show_crumbs
from console.widgets.document import Document
from console.widgets.spans import row

KINDS = ("Plant", "Inverter", "Battery")
"""Kinds of records that this page is for."""


class DeviceScreen(PageScreen):
    """One of them; a key goes to where it is listed."""

    TITLE_OF_HELP = "A plant or a device"
    HELP_TEXT = """\
Every value that the device has, with its unit. A — is what it does not implement, or what is not
known; it is never 0.

☾ and "expected dark" mean that it is night there: silence and no power are as they should be.

On a plant's page, enter opens one of its inverters or batteries. {listed} goes to the Solar
panel; {yaml} shows a device's models point by point, as it has them."""
    BINDINGS: ClassVar = bindings([LISTED])
    KEYS = (LISTED,)

    def interests(self) -> Sequence[Interest]:
        """Return what the page shows, and what the one below it does."""
        return tuple(Interest(kind) for kind in (*KINDS, "Trend"))

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        rest = [key for key in GLOBAL if key.id in ("changes", "help")]
        yaml = hints(*(key for key in ON_APP if key.id == "yaml")) if self.offers("yaml") else []
        return [*hints(BACK, LISTED), *yaml, *hints(*rest)]

    def offers(self, command: str) -> bool:
        """Return whether *command* has something to do: a device has a text, and a plant none."""
        return self.key.kind != "Plant" if command == "yaml" else super().offers(command)

    def action_yaml(self) -> None:
        """Open all that the device says, point by point."""
        record = self.session.store.get(self.key)
        if isinstance(record, (Inverter, Battery)):
            from console.screens.device_text import DeviceTextScreen

            self.app.push_screen(DeviceTextScreen(self.session, record))
        elif self.key.kind == "Plant":
            self.say("YAML: a plant has none, its devices have", "warn")

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        if not (moment.whole or moment.tick or moment.dirty):
            return
        name = " › ".join(dict.fromkeys(filter(None, (self.key.namespace, self.key.name))))
        show_crumbs(self, "Solar", name)
        record = self.session.store.get(self.key)
        page = self.page
        if isinstance(record, (Plant, Inverter, Battery)):
            page.show(device_rows(record, self.session.context(), self.wide - 1))
        else:
            page.show([row((f" {name} is gone: nothing is known of it any more.", "warn"))])

    def action_listed(self) -> None:
        """Go to the panel that lists it."""
        self.post_message(GoTo("solar", self.key))

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Open a device of the plant."""
        message.stop()
        if isinstance(message.value, Key):
            self.post_message(Opened(message.value))
