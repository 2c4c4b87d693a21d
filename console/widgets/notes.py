"""What the bottom line says instead of the keys: an answer to a key, or news that nobody asked for.

Each has its time. News came once a few milliseconds after an answer, and nobody ever saw that a
text was copied: so neither takes the other's place for good.
"""

from __future__ import annotations

from console.widgets.spans import Line

NOTE_SECONDS = 6.0
"""How long a note stays."""
READ_SECONDS = 2.0
"""How long an answer stays at least while news waits."""


class Notes:
    """One note at a time; `shown` is it, () for none. Times are monotonic seconds.

    An answer comes at once and takes the place of what stands there; news that it covers comes
    again behind it. News waits until an answer could be read. Of two of a kind the later counts.
    """

    def __init__(self) -> None:
        self.shown: Line = ()
        self._is_news = False
        self._since = 0.0
        self._waiting: Line = ()
        """News that is still to be shown."""

    def answer(self, note: Line, now: float) -> None:
        """Show *note* at once."""
        if self.shown and self._is_news:
            self._waiting = self.shown
        self._show(note, now, is_news=False)

    def tell(self, news: Line, now: float) -> None:
        """Show *news* as soon as it covers no answer that could not be read yet."""
        self._waiting = news
        if self._is_news:
            self.drop()
        self.pass_to(now)

    def drop(self) -> None:
        """Take away what is shown."""
        self.shown = ()

    def pass_to(self, now: float) -> None:
        """Take away what had its time at *now*, and show what waited for that."""
        if now >= self._since + (READ_SECONDS if self._waiting else NOTE_SECONDS):
            self.drop()
        if self._waiting and not self.shown:
            self._show(self._waiting, now, is_news=True)
            self._waiting = ()

    def _show(self, note: Line, now: float, *, is_news: bool) -> None:
        self.shown, self._since, self._is_news = note, now, is_news
