"""The doctor from inside: what each adapter finds of its real system, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from console.binding import bindings
from console.feed.client import FeedError
from console.keys import BACK, Hint, hint, hints
from console.pagekeys import AGAIN
from console.panels.base import Moment
from console.rows import doctor
from console.rows.times import duration, utc
from console.screens.base import ConsoleScreen
from console.screens.page import show_crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, Row, line, row, rule
from console.widgets.wrapped import wrapped


class DoctorScreen(ConsoleScreen):
    """Asks when it is opened, and again on its key. Esc leaves, whether it has answered or not."""

    TITLE_OF_HELP = "Doctor"
    HELP_TEXT = """\
What the station finds of itself and each adapter of its real system: configuration, reach, rights
and clock skew. ✔ good, ▲ to look at, ✖ bad, ? could not be told. → says what to do about it.

Of this console it says what was skipped of your own preferences, keys and themes.

It is what `colony doctor` says on the command line. {check-again} asks again."""
    CSS = "DoctorScreen > #crumbs { height: 1; }"
    KEYS = (AGAIN,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings([AGAIN])]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._began = session.link.monotonic()
        self._findings: list[dict[str, Any]] | None = None
        self._asked_at = 0.0
        self._error = ""
        self._waits = True

    def body(self) -> ComposeResult:
        """Make the crumbs and the page."""
        yield OneLine(id="crumbs")
        yield Document(id="page")

    def focus_first(self) -> Widget | None:
        """Return the page."""
        return self.query_one("#page", Document)

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        return [*hints(BACK), *([] if self._waits else [hint(AGAIN)])]

    def on_mount(self) -> None:
        """Ask at once."""
        super().on_mount()
        self._ask()

    def action_again(self) -> None:
        """Ask again; what was found stays until the answer is here."""
        if not self._waits:
            self._ask()

    def _ask(self) -> None:
        self._began, self._waits, self._error = self.session.link.monotonic(), True, ""
        self.run_worker(self._asked(), group="doctor", exclusive=True)

    async def _asked(self) -> None:
        try:
            self._findings = await self.session.link.ask("doctor", list[dict[str, Any]])
            self._asked_at = self.session.now()
        except FeedError as error:
            self._error = str(error)
        self._waits = False
        self.paint_now()

    def paint_body(self, moment: Moment) -> None:
        """Show how the asking goes and what was found."""
        show_crumbs(self, "Doctor", right=self._told())
        self.query_one("#page", Document).show(self._rows(max(20, self.wide - 2)))

    def _told(self) -> Line:
        if self._waits:
            passed = duration(self.session.link.monotonic() - self._began)
            return line((f"● asking each adapter, {passed} ", "info"))
        if self._findings is None:
            return ()
        return line((f"{doctor.tally(self._all())}, at {utc(self._asked_at)} ", "dim"))

    def _all(self) -> list[dict[str, Any]]:
        """Return what was skipped here at the start, then what the station found."""
        problems: Sequence[str] = getattr(self.app, "problems", ())
        return [*doctor.own(problems), *(self._findings or ())]

    def _rows(self, width: int) -> list[Row]:
        rows = [row(), *wrapped(f"✖ {self._error}", width, "bad", 1, 2)] if self._error else []
        found_here = self._all()
        if not found_here and self._findings is not None:
            return [*rows, row(), row(("  nothing to check: this colony has no adapter", "dim"))]
        for source, found in doctor.by_source(found_here).items():
            rows += [row(), rule(width, line((source, "title")))]
            for one in found:
                rows += _finding_rows(one, width)
        return rows


def _finding_rows(finding: dict[str, Any] | Any, width: int) -> list[Row]:
    """Return one check: its mark, what was looked at and what was found, and what to do."""
    shape = doctor.mark(finding)
    text = ": ".join(filter(None, (doctor.said(finding, "check"), doctor.said(finding, "detail"))))
    first, *more = wrapped(text, width - 3, "" if shape.tone == "good" else shape.tone, 0, 2)
    rows = [Row((*line(" ", (f"{shape.text} ", shape.tone)), *first.line))]
    rows += [Row((("   ", ""), *one.line)) for one in more]
    if advice := doctor.said(finding, "advice"):
        rows += wrapped(f"→ {advice}", width - 1, "accent", 5, 2)
    return rows
