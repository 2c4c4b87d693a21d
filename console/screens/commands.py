"""Commands by name: one table for `:`, for its completion, and for the palette."""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from textual.app import App as TextualApp
from textual.dom import DOMNode

from adapters.text import clean
from console.keys import (
    ALARM,
    CALL,
    FIND,
    GLOBAL,
    HANDOVER,
    MEND,
    NOTE,
    ON_APP,
    TABLES,
    TAKE,
    UNDO,
    WHY,
)
from console.panels import PANELS
from console.screens import given
from console.screens.base import ConsoleScreen
from console.screens.messages import Command
from console.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HISTORY: Final = "history"
"""Where what was typed is remembered."""
LONGEST_HISTORY: Final = 100
LONGEST: Final = 1_000
"""Characters of what is remembered at most: what is pasted can be a file."""


Given: TypeAlias = "Callable[[ConsoleScreen, str], str | None]"
"""Does it with what was typed; returns what is wrong with that where it is no good."""


class Named(NamedTuple):
    """One command: its name, what it does in a sentence, and Textual's name of the action.

    `id` is that of its key, "" where it has none. `takes` says what may be typed after it, see
    `console.screens.completing`; `given` is what does it with that. Without, it is `action`, or
    where that is "" a line says how it is used.
    """

    name: str
    help: str
    action: str
    id: str = ""
    acts: bool = False
    takes: str = ""
    given: Given | None = None


_GIVEN: Final = {
    "filter": ("words", given.filter_by),
    "sort": ("column", given.sort),
    "save": ("file", given.save),
    "copy": ("copied", given.copy),
}
"""Commands with a key that may be given something too: what, and to which action."""
OTHERS: Final = (
    Named("open", "Open an app, a token or whatever else by name", "", takes="thing",
          given=given.open_named),
    Named("theme", "Change the colours", "app.theme('')", takes="theme", given=given.theme),
    Named("doctor", "Check every adapter, from here", "screen.doctor"),
    Named("line", "Say how fast the line to this terminal is, as measured", "app.line"),
    Named("tour", "Be shown around, in the demo", "screen.tour"),
    Named("bundle", "Write a support bundle, without secrets", "screen.bundle"),
)  # fmt: skip
"""Commands without a key."""
ALIASES: Final = {"q": "quit", "quit!": "quit", "exit": "quit", "?": "help", "pools": "addresses"}
_NOT_BY_NAME: Final = frozenset({"command", "palette"})


def commands(session: Session, screen: ConsoleScreen | None = None) -> list[Named]:
    """Return every command that there is now: panels, what keys do, and what has no key.

    With *screen*, what its own keys do too.
    """
    found = [Named(p.name, f"Go to {p.title}", f"app.panel('{p.name}')", "panel") for p in PANELS]
    everywhere = {key.id for key in (*GLOBAL, *FIND)}
    acts = not session.read_only
    for key in (*GLOBAL, *FIND, *ON_APP, WHY, *TABLES, *TAKE, CALL, UNDO, *ALARM, NOTE, HANDOVER,
                MEND):  # fmt: skip
        if key.id in _NOT_BY_NAME or (key.acts and not acts):
            continue
        where = "app" if key.id in everywhere else "screen"
        takes, with_that = _GIVEN.get(key.id, ("", None))
        found.append(
            Named(key.id, key.help, f"{where}.{key.command}", key.id, key.acts, takes, with_that)
        )
    found += OTHERS
    return found if screen is None else [*found, *_own(screen, {one.name for one in found}, acts)]


def _own(screen: ConsoleScreen, known: set[str], acts: bool) -> list[Named]:
    """Return what only the keys of *screen*, or of what has the focus there, do.

    Approving is not among them: its key depends on what an action may cost.
    """
    from console.pagekeys import BY_KEY_ALONE, EVERY

    return [
        Named(key.id, key.help, f"here.{key.command}", key.id, key.acts)
        for key in EVERY
        if key.id not in known and key.id not in BY_KEY_ALONE
        if key.command and (acts or not key.acts) and _node(screen, key.command) is not None
    ]


def _node(screen: ConsoleScreen, command: str) -> DOMNode | None:
    """Return what has the action *command*: what has the focus, what that is in, or the screen."""
    name = f"action_{command.partition('(')[0]}"
    here = screen.focused.ancestors_with_self if screen.focused is not None else [screen]
    of_screen = takewhile(lambda one: one is not screen.app, here)
    return next((one for one in of_screen if hasattr(one, name)), None)


def find(text: str, known: Sequence[Named]) -> Named | str:
    """Return the command that *text* names, or a line that says why there is none.

    A beginning is enough where only one command begins so, or all with the name of one.
    """
    name = ALIASES.get(text.lower(), text.lower())
    begun = []
    for one in known:
        if one.name == name:
            return one
        if one.name.startswith(name):
            begun.append(one)
    least = min(begun, key=lambda one: len(one.name), default=None)
    if least is not None and all(one.name.startswith(least.name) for one in begun):
        return least  # `:ack` is acknowledge, not its longer namesake
    if begun:
        return f":{name} could be {', '.join(one.name for one in begun)}"
    near = get_close_matches(name, [one.name for one in known], 1)
    return f":{name} is no command; {f'did you mean :{near[0]}?' if near else '? says which are'}"


async def ask_command(screen: ConsoleScreen) -> None:
    """Open the line for a command, with completion and what was typed before."""
    from console.screens.completing import completer

    session = screen.session
    history: list[object] = session.remembered.get(HISTORY, [])
    await screen.ask_line(
        ":",
        "",
        partial(typed, screen),
        history=[one for one in history if isinstance(one, str) and clean(one, LONGEST) == one],
        complete=completer(screen, commands(session, screen)),
    )


def typed(screen: ConsoleScreen, text: str) -> str | None:
    """Run what was typed after `:`; return what is wrong with it where it cannot be run."""
    session, text = screen.session, text.strip()
    name, _, rest = text.partition(" ")
    if not name:
        return None
    chosen = find(name, commands(session, screen))
    rest = rest.strip()
    wrong: str | None = None
    if isinstance(chosen, str):
        wrong = session.bound.fill(chosen.replace("? says", "{help} says"))
    elif not rest:
        screen.post_message(Command(text))
        return None
    elif chosen.given is None:
        wrong = f":{chosen.name} takes nothing after it"
    elif not (chosen.acts and screen.thawed(chosen.id)):
        wrong = chosen.given(screen, rest)
    keep(session, text)
    return wrong


def keep(session: Session, text: str) -> None:
    """Remember *text*, the newest first, each once. Commands hold no secret: those are asked for
    in a line of their own."""
    if len(text) > LONGEST:
        return
    history: list[object] = session.remembered.get(HISTORY, [])
    before = [one for one in history if one != text]
    session.remembered.put(HISTORY, [text, *before][:LONGEST_HISTORY])


async def run_command(app: TextualApp[int], session: Session, text: str) -> None:
    """Run what was typed after `:`."""
    name, _, rest = text.strip().partition(" ")
    screen = app.screen
    if not isinstance(screen, ConsoleScreen) or not name:
        return
    keep(session, text.strip())
    chosen = find(name, commands(session, screen))
    if isinstance(chosen, str):
        screen.say(session.bound.fill(chosen.replace("? says", "{help} says")), "warn")
    else:
        await run(app, screen, chosen, rest.strip())


async def run(
    app: TextualApp[int], screen: ConsoleScreen, chosen: Named, argument: str = ""
) -> None:
    """Run *chosen* on *screen*, or say why that is not possible."""
    if chosen.acts and screen.thawed(chosen.id):
        return
    if argument:
        wrong: str | None = f":{chosen.name} takes nothing after it"
        if chosen.given is not None:
            wrong = chosen.given(screen, argument)
        if wrong:
            screen.say(wrong, "warn")
    elif not chosen.action:
        from console.screens.completing import choices

        some = choices(screen, chosen.takes, "", most=12)
        screen.say(f":{chosen.name} needs one of {', '.join(some)}" if some else
                   f":{chosen.name} needs a name")  # fmt: skip
    elif not await _done(app, screen, chosen.action):
        screen.say(f":{chosen.name} does nothing here", "warn")


async def _done(app: TextualApp[int], screen: ConsoleScreen, action: str) -> bool:
    where, _, command = action.partition(".")
    if where != "here":
        return await app.run_action(action, screen)
    node = _node(screen, command)
    return node is not None and await app.run_action(command, node)
