"""The fields of a form: a line to type in, and a list to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from adapters.contract import Field
from console.screens.form_page import chosen_line, head_line, label_line, note_rows
from console.screens.form_values import Slot
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.prompt import TypeLine
from console.widgets.spans import Row


class Note(Document, can_focus=False):
    """What is said of a field: as high as it is long, gone where there is nothing."""

    DEFAULT_CSS = "Note { height: auto; scrollbar-size: 0 0; }"

    def fill(self, rows: Sequence[Row]) -> None:
        """Show *rows*, all of them."""
        self.display = bool(rows)
        self.styles.height = max(1, len(rows))
        self.show(rows)


class FieldLine(TypeLine):
    """A line to type in from which the arrows and tab lead to the fields around it.

    Escape is the screen's, as on a list: it goes back, as the bottom line says. The app runs it; a
    worker of the screen would be cancelled by the very going back, and the app with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.back", show=False),
        Binding("tab,down", "screen.field(1)", show=False),
        Binding("up", "screen.field(-1)", show=False),
    ]


class FormField(Vertical):
    """One field. `value` is what it holds as text; `slot` its place."""

    DEFAULT_CSS: ClassVar[str] = """
    FormField { height: auto; }
    FormField > Horizontal { height: 1; }
    """

    class Entered(Message):
        """Enter was pressed in the field."""

        def __init__(self, slot: Slot) -> None:
            super().__init__()
            self.slot = slot

    class Changed(Message):
        """The value is another."""

        def can_replace(self, message: Message) -> bool:
            """Only that something changed matters."""
            return isinstance(message, FormField.Changed)

    def __init__(self, slot: Slot, field: Field) -> None:
        super().__init__()
        self.slot = slot
        self.field = field
        self.touched = False
        """Whether what it holds is a person's choice, and not the default."""

    @property
    def value(self) -> str:
        """What it holds."""
        return ""

    @property
    def target(self) -> Widget:
        """What keys go to."""
        return self

    def takes(self, field: Field) -> bool:
        """Return whether it can show *field*, which has the same place, and do so if it can."""
        if bool(field.options) != bool(self.field.options):
            return False
        self.field = field
        return True

    def paint(self, label: int, width: int, *, checked: bool) -> None:
        """Show label, value and note; *checked* is whether the note is of what it holds now."""


class TextField(FormField):
    """A label, a line to type in, and below what is wrong with it or how it was understood."""

    DEFAULT_CSS: ClassVar[str] = """
    TextField FieldLine { width: 1fr; border: none; padding: 0; background: $panel; }
    TextField FieldLine:focus { border: none; }
    """

    def __init__(
        self, slot: Slot, field: Field, value: str, finish: Callable[[str | None], None]
    ) -> None:
        super().__init__(slot, field)
        self.input = FieldLine(finish, placeholder=field.help)
        self.input.value = value
        self._label = OneLine()
        self._note = Note()

    def compose(self) -> ComposeResult:
        """Make the three parts."""
        with Horizontal():
            yield self._label
            yield self.input
        yield self._note

    @property
    def value(self) -> str:
        """What was typed."""
        return self.input.value.strip()

    @property
    def target(self) -> Widget:
        """The line."""
        return self.input

    def takes(self, field: Field) -> bool:
        """Take a new default as long as nobody typed."""
        before = self.field
        if not super().takes(field):
            return False
        self.input.placeholder = field.help
        if not self.touched and self.value == before.default:
            with self.prevent(TypeLine.Changed):
                self.input.value = field.default
        return True

    def on_input_changed(self, event: TypeLine.Changed) -> None:
        """Tell that something was typed."""
        event.stop()
        self.touched = True
        self.post_message(self.Changed())

    def paint(self, label: int, width: int, *, checked: bool) -> None:
        """Show the label and the note."""
        self._label.styles.width = label
        self._label.show(label_line(self.field, label))
        self._note.fill(note_rows(self.field, label, width, checked=checked))


class ChoiceField(FormField):
    """A list to choose from: open while keys go to it, else one line with what was chosen.

    The cursor's row is the choice. `words` leave only the options that hold them all.
    """

    def __init__(self, slot: Slot, field: Field, value: str) -> None:
        super().__init__(slot, field)
        self.chosen = value
        self.words = ""
        self.stays_open = False
        self._head = OneLine()
        self._list = Document()
        self._note = Note()

    def compose(self) -> ComposeResult:
        """Make the head and the list."""
        yield self._head
        yield self._list
        yield self._note

    @property
    def value(self) -> str:
        """The chosen option's value."""
        return self.chosen

    @property
    def target(self) -> Widget:
        """The list."""
        return self._list

    def takes(self, field: Field) -> bool:
        """Take a new default as long as nobody chose."""
        if not super().takes(field):
            return False
        if not self.touched:
            self.chosen = field.default
        return True

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self.stays_open or self.screen.focused is self._list or bool(self.words)

    def open(self) -> None:
        """Let keys go to the list."""
        self._list.display = True
        # What scrolls to it is the form, which knows where in the list the cursor is.
        self.screen.set_focus(self._list, scroll_visible=False)

    def stand(self) -> None:
        """Put the cursor on what is chosen."""
        self._list.stand_on(self.chosen)

    def take_cursor(self) -> None:
        """Choose what the cursor stands on, if it stands on anything."""
        value = self._list.value
        if isinstance(value, str) and value != self.chosen:
            self.chosen = value
            self.touched = True
            self.post_message(self.Changed())

    def show(self, rows: Sequence[Row], most: int) -> None:
        """Show *rows* of the options in *most* lines of the screen."""
        self._list.styles.height = max(1, min(len(rows), most))
        self._list.show(rows)

    def paint(self, label: int, width: int, *, checked: bool) -> None:
        """Show the head: with the list open what it is about, else what is chosen."""
        opened = self.is_open
        self._list.display = opened
        if opened:
            self._head.show(head_line(self.field, self.words, width))
        else:
            self._head.show(chosen_line(self.field, self.chosen, label))
        self._note.fill(note_rows(self.field, label, width, checked=checked))

    def on_document_moved(self, message: Document.Moved) -> None:
        """Take what the cursor stands on as chosen, where keys go to this list."""
        message.stop()
        if self.screen.focused is self._list:
            self.take_cursor()

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Enter on an option."""
        message.stop()
        self.take_cursor()
        self.post_message(self.Entered(self.slot))

    def on_click(self, event: Click) -> None:
        """Open it where it is closed."""
        if not self.is_open:
            event.stop()
            self.open()
