"""Commands by name, for `:` and for the palette."""

from __future__ import annotations

from typing import NamedTuple

from textual.app import App as TextualApp

from console.keys import CALL, GLOBAL, HANDOVER, MEND, NOTE, ON_APP, TABLES, UNDO, KeyDef
from console.panels import PANELS, panel_named
from console.screens.base import ConsoleScreen
from console.session import Session


class Named(NamedTuple):
    """One command: its name, what it does in a sentence, and Textual's name of the action."""

    name: str
    help: str
    action: str
    on_screen: bool = False


_ALIASES = {"q": "quit", "quit!": "quit", "exit": "quit", "?": "help", "pools": "addresses"}


def commands(session: Session) -> list[Named]:
    """Return every command that there is now: panels, what the keys do, themes."""
    found = [Named(p.name, f"Go to {p.title}", f"app.panel('{p.name}')") for p in PANELS]
    for key in GLOBAL:
        if key.id not in ("command", "palette"):
            found.append(Named(key.id, key.help, f"app.{key.command}"))
    acts = not session.read_only
    for key in (*ON_APP, *TABLES, CALL, UNDO, NOTE, HANDOVER, MEND):
        if acts or not key.acts:
            found.append(Named(key.id, _said(key), f"screen.{key.command}", on_screen=True))
    return found


def _said(key: KeyDef) -> str:
    return f"{key.help} · {key.shown}" if key.shown else key.help


def names(session: Session) -> list[str]:
    """Return what can be typed after `:`, for completion."""
    return [*(one.name for one in commands(session)), "theme"]


async def run_command(app: TextualApp[int], session: Session, text: str) -> None:
    """Run what was typed after `:`; a beginning that fits one command is enough."""
    name, _, rest = text.strip().partition(" ")
    screen = app.screen
    if not isinstance(screen, ConsoleScreen) or not name:
        return
    if name == "theme" or (name.startswith("theme") and not rest):
        _choose_theme(app, screen, rest.strip())
        return
    name = _ALIASES.get(name.lower(), name.lower())
    found = commands(session)
    panel = panel_named(name)
    exact = [one for one in found if one.name == name]
    begun = [one for one in found if one.name.startswith(name)]
    if exact:
        chosen = exact[0]
    elif panel is not None:
        chosen = next(one for one in found if one.name == panel.name)
    elif len(begun) == 1:
        chosen = begun[0]
    else:
        these = ", ".join(one.name for one in begun)
        screen.say(f":{name} could be {these}" if begun else f":{name} is no command; ? says which"
                   " there are", "warn")  # fmt: skip
        return
    if not await app.run_action(chosen.action, screen):
        screen.say(f":{chosen.name} does nothing here", "warn")


def _choose_theme(app: TextualApp[int], screen: ConsoleScreen, name: str) -> None:
    there = sorted(app.available_themes)
    if name in there:
        app.theme = name
        screen.paint_now()
    else:
        own = [one for one in there if not one.startswith("textual")]
        screen.say(f"themes: {', '.join(own)}; for instance :theme {own[0]}", "info")
