"""Keys one after another, each to its end: what is typed ahead over a slow line goes where it is
meant to."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from textual.app import App as TextualApp
from textual.events import Event, Paste
from textual.events import Key as KeyEvent
from textual.message import Message

from adapters.text import clean_text
from console.ahead import Keeps, Typed

BURST: Final = 0.3
"""Seconds within which a key may come before what the one before it began has settled."""
KEY_PATIENCE: Final = 0.5
"""Seconds to wait at most for a widget to take a key before the next one."""
PASTED: Final = 16_384
"""Characters of a paste that are taken: a line of more than that is drawn anew at each key."""
ROUNDS: Final = 3
"""How often a message goes from the focus up to here before what a key began has come to its end:
a row is chosen, its panel asks for the page, the app opens that."""


class Settled(Message):
    """Has come up from the focus, behind everything that a key sent the same way before."""


class KeysInTurn(TextualApp[int]):
    """Textual's app, but for keys.

    Textual forwards every waiting key to the widget that has the focus now, and a key that moves
    the focus takes effect later: of "/oxygen" typed ahead over a slow line the table would get
    all, and the "y" of a name would open a page. So a key's binding runs here and now, a character
    for a line of text is waited for, and keys that come before what the last one began has settled
    wait for that: the "l" right after a "2" is for the panel that the digit goes to. A key by
    itself waits for nothing, and costs nothing. A paste is in turn as well: it is text between
    keys. A screen that is still to be filled keeps what is typed to it (`Keeps`) and gives it back
    (`type_first`).
    """

    _ahead: deque[Typed]
    _rounds = 0
    _last = -BURST

    async def on_event(self, event: Event) -> None:
        """Handle keys in turn, and all else as Textual does."""
        if isinstance(event, Paste):
            # What was copied somewhere else is from outside as well.
            # Terminals send a line's end as return; of several lines a line takes the first.
            text = event.text.replace("\r\n", "\n").replace("\r", "\n")
            event.text = clean_text(text, PASTED).replace("\t", " ")
        if not isinstance(event, KeyEvent | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._rounds or self._soon(event):
            self._waiting.append(event)
            if not self._rounds:
                self._begin_rounds()
        else:
            await self._take(event)

    def type_first(self, typed: Sequence[Typed]) -> None:
        """Handle what was *typed* and kept before all that waits, as that was typed later."""
        self._waiting.extendleft(reversed(typed))
        if typed and not self._rounds:
            self._begin_rounds()

    def _soon(self, event: Typed) -> bool:
        """Whether *event* comes so soon after the key before that this may not have settled."""
        before, self._last = self._last, event.time
        return event.time - before < BURST

    @property
    def _waiting(self) -> deque[Typed]:
        if "_ahead" not in self.__dict__:
            self._ahead = deque()
        return self._ahead

    def _begin_rounds(self) -> None:
        self._rounds = ROUNDS
        self._send_round()
        # What it goes through may be taken away on the way; then nothing comes up any more.
        self.set_timer(KEY_PATIENCE, self._lost_round)

    async def _take(self, event: Typed) -> bool:
        """Handle one key or paste; return whether it may have begun something."""
        if isinstance(self.screen, Keeps) and self.screen.keeps(event):
            return False
        if isinstance(event, KeyEvent):
            return await self.take_key(event)
        await self._enter_text(event)
        return False

    async def _enter_text(self, event: Typed) -> None:
        """Have what the focus is on take *event*, and wait until it did."""
        await super().on_event(event)
        if (focused := self.focused) is not None:
            taken = asyncio.Event()
            focused.call_later(taken.set)
            try:
                await asyncio.wait_for(taken.wait(), KEY_PATIENCE)
            except TimeoutError:
                pass

    async def take_key(self, event: KeyEvent) -> bool:
        """Handle one key; return whether it may have begun something."""
        focused = self.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            await self._enter_text(event)
            return False
        if not (
            await self._check_bindings(event.key, priority=True)
            or await self._check_bindings(event.key)
        ):
            await super().on_event(event)
        return True

    def _send_round(self) -> None:
        (self.focused or self.screen).post_message(Settled())

    def _lost_round(self) -> None:
        if self._rounds and self._waiting:
            self._rounds = 1
            self.post_message(Settled())

    async def on_settled(self, message: Settled) -> None:
        """Send it round again, or go on with the next key."""
        message.stop()
        if not self._rounds:
            return
        self._rounds -= 1
        if self._rounds:
            self._send_round()
            return
        while self._waiting:
            begun = await self._take(self._waiting.popleft())
            if begun and self._waiting:
                self._begin_rounds()
                return
