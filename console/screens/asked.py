"""A long text on one record that its adapter is asked for once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from adapters.contract import Answer
from adapters.records import App, Record
from console.feed.client import FeedError
from console.feed.messages import Interest
from console.screens.text import TextScreen
from console.session import Session


class AskedScreen(TextScreen):
    """What the adapter of *record* answers to *topic*; *trail* says where we are.

    *keeps* are the kinds that the page below needs, so that it is there on the way back.
    """

    def __init__(
        self,
        session: Session,
        record: Record,
        topic: str,
        arguments: Mapping[str, str],
        *,
        trail: tuple[str, ...],
        keeps: Sequence[str] = (),
    ) -> None:
        super().__init__(session, cast("App", record))
        self._topic = topic
        self._arguments = dict(arguments)
        self._trail = trail
        self._keeps = tuple(keeps)

    def on_mount(self) -> None:
        """Ask for it."""
        super().on_mount()
        self.run_worker(self._load(), group="ask", exclusive=True)

    def interests(self) -> Sequence[Interest]:
        """Keep what the page below needs."""
        return tuple(Interest(kind) for kind in self._keeps)

    def trail(self) -> tuple[str, ...]:
        """Return the crumbs."""
        return self._trail

    def waiting_words(self) -> str:
        """Return what is waited for."""
        return f"asking for {self._trail[-1]}"

    async def _load(self) -> None:
        arguments: dict[str, Any] = {**self._arguments, "topic": self._topic}
        try:
            answer = await self.session.link.ask(
                "query", Answer, source=self.subject.source, **arguments
            )
        except FeedError as error:
            self.fail(error)
        else:
            self.come(answer.text)
            if answer.more:
                self.come("… cut here: there is more than the adapter answers")
