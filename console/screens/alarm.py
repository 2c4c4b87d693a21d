"""The page of one alarm, live."""

from __future__ import annotations

from typing import ClassVar

from adapters.records import Alarm, App, Key
from console.keys import ALARM, BACK, ON_APP, WHY, Hint, hints
from console.panels.alarms import alarm_hints
from console.panels.base import GoTo, Moment, Opened
from console.screens.alarm_page import alarm_rows
from console.screens.page import PageScreen, show_crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.spans import Row, row


class AlarmScreen(PageScreen):
    """One alarm with all that happened to it. Enter on the thing opens that."""

    TITLE_OF_HELP = "An alarm"
    HELP_TEXT: ClassVar[str] = """\
What was measured last, what it should not be, and what happened: raised, returned, acknowledged,
shelved, the newest first. {acknowledge} acknowledges it, {shelve} shelves it or takes it off the
shelf again; both are written into the log. Enter on the thing opens it.

An alarm that was seen, and whose cause is gone, is no alarm any more."""
    KEYS = ALARM

    def __init__(self, session: Session, key: Key) -> None:
        super().__init__(session, key)
        self._last: Alarm | None = None

    def app_here(self) -> App | None:
        """Return the app that the alarm is of, None where it is of none."""
        alarm = self.alarm
        return self.session.app(alarm.about) if alarm is not None else None

    @property
    def alarm(self) -> Alarm | None:
        """The alarm, None where there is none any more."""
        found = self.session.store.get(self.key)
        return found if isinstance(found, Alarm) else None

    def hints(self) -> list[Hint]:
        """Return the keys that apply here."""
        found = [*hints(BACK)]
        if self.alarm is not None and not self.session.read_only:
            found += alarm_hints(self.alarm)
        if self.app_here() is not None:
            found += hints(WHY)
            found += hints(*(key for key in ON_APP if not key.acts or not self.session.read_only))
        return found

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; what is gone is shown as it was last."""
        alarm = self.alarm
        self._last = alarm or self._last
        thing = self._last.thing if self._last is not None else self.key.name
        show_crumbs(self, "Alarms", thing)
        rows = [Row(())]
        if alarm is None:
            rows += [row((" It is no alarm any more: its cause is gone, and somebody saw it.",
                          "good")), Row(())]  # fmt: skip
        if self._last is not None:
            rows += alarm_rows(self._last, self.session.context(), self.wide - 1)
        self.page.show(rows)

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Open the thing; the log itself is the panel that shows it."""
        message.stop()
        if isinstance(message.value, Key) and message.value.kind == "LogHead":
            self.post_message(GoTo("ledger"))
        elif isinstance(message.value, Key):
            self.post_message(Opened(message.value))
