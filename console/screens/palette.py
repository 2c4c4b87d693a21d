"""What ctrl+p finds: panels, commands, apps and themes."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from adapters.records import Key
from console.panels.base import Opened
from console.screens.base import ConsoleScreen
from console.screens.commands import commands
from console.session import Session


class ConsoleCommands(Provider):
    """Everything that can be done from here, by name."""

    async def discover(self) -> Hits:
        """Yield the commands, before anything is typed."""
        for name, text, run in self._all(apps=False):
            yield DiscoveryHit(Content(name), run, text=name, help=text)

    async def search(self, query: str) -> Hits:
        """Yield what matches *query*."""
        matcher = self.matcher(query)
        for name, text, run in self._all(apps=True):
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, Content(name), run, text=name, help=text)

    def _all(self, *, apps: bool):  # type: ignore[no-untyped-def]
        session = self._session()
        if session is None:
            return
        for one in commands(session):
            yield one.name, one.help, partial(self.app.run_action, one.action, self.screen)
        for theme in sorted(self.app.available_themes):
            if not theme.startswith("textual"):
                yield f"theme {theme}", "Change the colours", partial(self._theme, theme)
        if apps:
            for key in session.store.records("App"):
                yield f"{key.namespace}/{key.name}", "Open the app", partial(self._open, key)

    def _session(self) -> Session | None:
        return self.screen.session if isinstance(self.screen, ConsoleScreen) else None

    def _theme(self, name: str) -> None:
        self.app.theme = name

    def _open(self, key: Key) -> None:
        self.app.post_message(Opened(key))
