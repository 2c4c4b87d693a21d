"""An app as its source has it."""

from __future__ import annotations

from adapters.contract import Answer
from console.feed.client import FeedError
from console.screens.text import TextScreen


class YamlScreen(TextScreen):
    """The YAML of one app, asked for once."""

    TOPIC = "YAML"
    TITLE_OF_HELP = "YAML"
    HELP_TEXT = """\
The object as the source has it now. {search} searches, {copy-text} copies, esc goes
back."""

    def on_mount(self) -> None:
        """Ask for it."""
        super().on_mount()
        self.run_worker(self._load(), group="ask", exclusive=True)

    async def _load(self) -> None:
        app = self.subject
        try:
            answer = await self.session.link.ask(
                "query", Answer, source=app.source, topic="yaml", namespace=app.namespace,
                workload=app.workload, name=app.name,
            )  # fmt: skip
        except FeedError as error:
            self.fail(error)
        else:
            self.come(answer.text)
            if answer.more:
                self.come("… cut here: there is more than the station keeps")
