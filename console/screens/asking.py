"""A screen that asks the station before it can take keys: what is typed meanwhile waits."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from textual.worker import Worker

from console.ahead import DROPPED, Ahead, Typed, leads_away
from console.inturn import KeysInTurn
from console.screens.base import ConsoleScreen
from console.session import Session


class AskingScreen(ConsoleScreen):
    """Asks in the background (`ask`), and says what and since when. One thing at a time.

    Keys that are typed meanwhile are kept in order and given on when the answer is there
    (`go_ahead`): to the field that has the focus then. Enter is among them, as no enter here does
    more than go on or simulate, and a simulation is looked at before anybody can approve it: a
    form filled in ahead of a slow line arrives whole. What is typed while it simulates never goes
    to the page of the simulation: nobody approves what was not shown; see `ActionScreen.keeps`.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._since = session.link.monotonic()
        self._work: Worker[None] | None = None
        self._begun = False
        self._doing = ""
        self._ahead = Ahead()

    @property
    def working(self) -> bool:
        """Whether something is asked now."""
        return self._work is not None and not self._work.is_finished

    def ask(self, work: Coroutine[Any, Any, None], doing: str) -> None:
        """Do *work*; *doing* says what that is."""
        self._doing = doing
        self._begun = True
        self._since = self.session.link.monotonic()
        self._work = self.run_worker(work, group="ask", exclusive=True)
        self.call_after_refresh(self.paint_now)

    def keeps(self, event: Typed) -> bool:
        """Keep what is typed while something is asked, but for what leads away from here."""
        if (self._begun and not self.working) or leads_away(self, event):
            return False
        self._ahead.keep(event)
        return True

    def go_ahead(self) -> None:
        """Give on what was typed meanwhile: at once, keys that come now are behind it."""
        self._work = None
        typed, lost = self._ahead.take()
        app = self.app
        if self.is_current and isinstance(app, KeysInTurn):
            app.type_first(typed)
        else:
            lost += len(typed)
        if lost:
            self.say(f"{DROPPED}: {lost} keys", "warn")

    def drop_ahead(self, *, told: bool = True) -> float | None:
        """Drop what was typed meanwhile, and say so if it is to be *told*.

        Returns when the last of it was typed, None where nothing was.
        """
        self._work = None
        typed, _ = self._ahead.take()
        if typed and told:
            self.say(DROPPED, "warn")
        return typed[-1].time if typed else None
