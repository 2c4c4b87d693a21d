"""The fields of a form one below the other, between what is said of them; they scroll."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.widget import Widget

from adapters.contract import Field, Form
from adapters.records import App
from console.rows.context import Context
from console.screens import form_values
from console.screens.form_fields import ChoiceField, FormField, Note, TextField
from console.screens.form_page import answer_rows, choice_rows, intro_rows
from console.screens.form_values import Slot
from console.widgets.document import Document
from console.widgets.spans import line, line_width

REASON = Slot("", "")
"""The place of the line for the reason; it is the log's, not an argument, and has no name."""
_REASON = Field("", "Reason", "why, for the log (optional)", required=False)
LABEL = 14
"""Cells of a label, at least; a third of the width at most."""
ANSWER = 6
"""Lines that an open list leaves to the answer of a read."""


class FormBody(VerticalScroll, can_focus=False):
    """Shows a form. What a field holds outlives the form that brought it: `take` keeps it.

    `at` is the field that keys go to; `finish` gets what a line to type in is left with.
    """

    DEFAULT_CSS: ClassVar[str] = """
    FormBody {
        height: 1fr; overflow-x: hidden; scrollbar-size: 1 1;
        scrollbar-color: $frame; scrollbar-background: $background;
        scrollbar-color-hover: $frame; scrollbar-background-hover: $background;
        scrollbar-color-active: $primary; scrollbar-background-active: $background;
    }
    """

    def __init__(self, finish: Callable[[str | None], None], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.fields: dict[Slot, FormField] = {}
        self.at: Slot | None = None
        self.kept: dict[Slot, str] = {}
        """What fields that are not there (yet, or any more) are to hold."""
        self._finish = finish
        self._followed: object = None
        self._intro = Note()
        self._answer = Note()

    def compose(self) -> ComposeResult:
        """Make what stands above and below the fields."""
        yield self._intro
        yield self._answer

    @property
    def here(self) -> FormField | None:
        """The field that keys go to."""
        return self.fields.get(self.at) if self.at is not None else None

    @property
    def lists(self) -> list[Slot]:
        """The places of the fields that are lists."""
        return [slot for slot, field in self.fields.items() if isinstance(field, ChoiceField)]

    def values(self, *, chosen: bool = False) -> dict[Slot, str]:
        """Return what every field holds, the reason's too; with *chosen* without defaults."""
        return {
            slot: field.value
            for slot, field in self.fields.items()
            if field.touched or slot.into or not chosen
        }

    def go_to(self, slot: Slot) -> None:
        """Let keys go to the field at *slot*."""
        field = self.fields[slot]
        self.at = slot
        for other in self.fields.values():
            if isinstance(other, ChoiceField) and other is not field:
                other.words = ""  # chosen: its list closes
        if isinstance(field, ChoiceField):
            field.open()
        else:
            self.screen.set_focus(field.target, scroll_visible=False)

    def step(self, step: int) -> None:
        """Go to the next field (1), or the one before (-1)."""
        places = list(self.fields)
        if places:
            at = places.index(self.at) if self.at in places else 0
            self.go_to(places[(at + step) % len(places)])

    def focused(self, widget: Widget | None) -> None:
        """Take note of what keys go to now, however that came about."""
        self._followed = None
        for slot, field in self.fields.items():
            if field.target is widget:
                self.at = slot
                if isinstance(field, ChoiceField):
                    field.take_cursor()

    async def take(self, form: Form, known: Mapping[str, str]) -> None:
        """Have the fields of *form*, but for what is *known*.

        A field that was there already keeps what it holds, and the keys.
        """
        self.kept |= {slot: old.value for slot, old in self.fields.items() if old.touched}
        at = self.at
        there: dict[Slot, FormField] = {}
        fresh: list[tuple[FormField, Widget]] = []
        before: Widget = self._intro
        # A read is in no log, so nobody is asked why.
        reason = () if form.reads else ((REASON, _REASON),)
        for slot, field in (*form_values.shown(form, known), *reason):
            old = self.fields.get(slot)
            if old is None or not old.takes(field):
                old = self._made(slot, field)
                fresh.append((old, before))
            there[slot] = before = old
        gone = [old for old in self.fields.values() if old not in there.values()]
        self.fields = there
        for old in gone:
            await old.remove()
        for new, behind in fresh:
            await self.mount(new, after=behind)
        lists = [one for one in there.values() if isinstance(one, ChoiceField)]
        for one in lists:
            one.stays_open = len(lists) == 1 and not form.live
        if at is not None and there and there.get(at) in (None, *(new for new, _ in fresh)):
            # What keys went to is gone, or of another sort; Textual went on to anything.
            self.go_to(at if at in there else next(iter(there)))

    def paint(
        self, form: Form, app: App | None, context: Context, width: int, height: int, behind: bool
    ) -> None:
        """Show *form* in *width* cells; *behind* is whether it is not of what is filled in now."""
        self._intro.fill(intro_rows(form, width))
        self._answer.fill(answer_rows(form, width, behind=behind))
        longest = max(
            (line_width(line(one.field.label)) + 3 for one in self.fields.values()), default=0
        )
        label = min(max(LABEL, longest), max(LABEL, width // 3))
        answer = ANSWER if form.reads else 0
        room = max(4, height - len(self.fields) - len(form.notes) - answer - 4)
        for slot, field in self.fields.items():
            if not field.is_attached:
                continue  # a paint may fall between two that are made
            if isinstance(field, ChoiceField):
                # In a live form the default is what was filled in: it stands beside no option.
                one = replace(field.field, default="") if form.live else field.field
                field.show(choice_rows(one, field.chosen, field.words, app, context, width), room)
            field.paint(label, width, checked=not behind or slot == REASON)
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Scroll to what keys go to, where that came to stand elsewhere or the window is another.

        What enter would take is never out of sight; a person who scrolls on from there may.
        """
        here = self.here
        if here is None or not here.is_attached:
            return
        target, top = here.target, 0
        part: Widget = target
        while part is not self and isinstance(part.parent, Widget):
            top += part.virtual_region.y
            part = part.parent
        page = target if isinstance(target, Document) else None
        # Of a line to type in, with what is said of it below.
        height = 1 if page is not None else here.virtual_region.bottom - top
        value = page.value if page is not None else None
        state = (self.at, value, top, height, target.size, self.size)
        if state == self._followed:
            return
        self._followed = state
        if page is not None:
            top += page.follow()
        if top + height <= self.size.height:
            top, height = 0, top + height
        region = Region(0, top, 1, max(1, min(height, self.size.height)))
        self.scroll_to_region(region, animate=False, immediate=True, x_axis=False, force=True)

    def _made(self, slot: Slot, field: Field) -> FormField:
        kept = self.kept.get(slot, "")
        made: FormField
        if field.options:
            made = ChoiceField(slot, field, kept or field.default)
        else:
            made = TextField(slot, field, kept or field.default, self._finish)
        made.touched = bool(kept)
        return made
