"""A solar device as it tells of itself, point by point."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from adapters.contract import Answer
from adapters.records import App, Battery, Inverter
from console.feed.client import FeedError
from console.feed.messages import Interest
from console.screens.text import TextScreen
from console.session import Session


class DeviceTextScreen(TextScreen):
    """The YAML of one device, asked for once."""

    TOPIC = "YAML"
    TITLE_OF_HELP = "YAML"
    HELP_TEXT = """\
The device's models as it has them now. {search} searches, {copy-text} copies, esc goes
back."""

    def __init__(self, session: Session, device: Inverter | Battery) -> None:
        # A text is of what has a source, a namespace and a name; a screen calls that its subject.
        subject = App(source=device.source, namespace=device.namespace, name=device.name)
        super().__init__(session, subject)
        self.device = device.key

    def selected_here(self) -> Hashable:
        """Return the device."""
        return self.device

    def interests(self) -> Sequence[Interest]:
        """Keep what the page below needs, so that it is there on the way back."""
        return tuple(Interest(kind) for kind in ("Plant", "Inverter", "Battery", "Trend"))

    def trail(self) -> tuple[str, ...]:
        """Return the crumbs."""
        return ("Solar", self.subject.namespace, self.subject.name, self.TOPIC)

    def on_mount(self) -> None:
        """Ask for it."""
        super().on_mount()
        self.run_worker(self._load(), group="ask", exclusive=True)

    async def _load(self) -> None:
        one = self.subject
        try:
            answer = await self.session.link.ask(
                "query", Answer, source=one.source, topic="yaml", namespace=one.namespace,
                name=one.name,
            )  # fmt: skip
        except FeedError as error:
            self.fail(error)
        else:
            self.come(answer.text)
