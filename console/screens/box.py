"""A box over a page that is asked something, and that closes with the answer."""

from __future__ import annotations

from typing import TypeVar

from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Box(ModalScreen[Answer]):
    """Closes once, by `close_with`; what comes later closes nothing."""

    def close_with(self, answer: Answer) -> None:
        """Close with *answer*, unless it is closed, or something is above it.

        What enter chose comes as a message, and where that takes longer than a key is waited for,
        an escape was there before it. Textual's `dismiss` takes away whatever is on top: the page
        below, or, where there is none below that, the console.
        """
        if self.is_current:
            self.dismiss(answer)
