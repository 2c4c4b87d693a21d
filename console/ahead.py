"""What is typed before what it is meant for is shown: kept in order, or dropped and said."""

from __future__ import annotations

from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

from textual.events import Key as KeyEvent
from textual.events import Paste
from textual.screen import Screen

Typed: TypeAlias = KeyEvent | Paste

MOST: Final = 256
"""Keys that are kept; of more the first are, as a number without its first digit is another."""
BREATH: Final = 0.3
"""Seconds without a key after which somebody who typed on has looked up."""
DROPPED: Final = "dropped: typed before this was shown"


@runtime_checkable
class Keeps(Protocol):
    """A screen that is asked for each key whether it takes it itself, before any binding runs."""

    def keeps(self, event: Typed) -> bool:
        """Take *event* and return True, or leave it to go where keys go."""


class Ahead:
    """Keeps what is typed to a screen that still asks for what it is to show."""

    def __init__(self) -> None:
        self._kept: list[Typed] = []
        self._lost = 0

    def keep(self, event: Typed) -> None:
        """Keep *event* behind those that came before."""
        if len(self._kept) < MOST:
            self._kept.append(event)
        else:
            self._lost += 1

    def take(self) -> tuple[list[Typed], int]:
        """Return what was kept, in order, and how many more there were; keep nothing any more."""
        taken, self._kept = self._kept, []
        lost, self._lost = self._lost, 0
        return taken, lost


class Unseen:
    """Drops what acts and was typed before a page was seen, and all that follows in one breath.

    What follows was meant for what the dropped key would have opened: a name, typed to approve by
    it, must not come as so many commands. *since* is when a key for this page was dropped last.
    Times are seconds of the events' clock.
    """

    def __init__(self, since: float | None = None) -> None:
        self.seen: float | None = None
        """When the page was on the screen, None as long as it is not."""
        self._last = since

    def drops(self, at: float, *, acts: bool) -> bool:
        """Return whether a key typed *at* that time is dropped; *acts* is whether it would act."""
        early = self.seen is None or at < self.seen
        follows = self._last is not None and at - self._last < BREATH
        if follows or (acts and early):
            self._last = at
            return True
        return False


def leads_away(screen: Screen[Any], event: Typed) -> bool:
    """Return whether *event* is for none of the fields of *screen*: it goes back, or is the app's.

    A character never is: it may be text.
    """
    if isinstance(event, Paste):
        return False
    active = screen.active_bindings.get(event.key)
    if active is None:
        return False
    back = active.binding.action.rpartition(".")[2] == "back"
    return back or (active.node is screen.app and not event.is_printable)
