"""Messages from screens to the app."""

from __future__ import annotations

from textual.message import Message


class Command(Message):
    """A command that was typed after `:`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
