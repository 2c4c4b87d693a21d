"""Opens the console in a terminal: what the command line chose and a person prefers, together."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from console.app import ColonyApp
from console.link import Attach, FeedLike, OnClose, OnDeliver, OnProgress
from console.preferences import load
from console.terminal.capabilities import Capabilities
from console.terminal.choosing import driver_class
from console.terminal.reading import forgive
from console.terminal.signals import Signals
from console.themes import default_theme

if TYPE_CHECKING:
    from console.choice import Choice
    from console.remembered import Opener, Remembered

SWITCH: Final = 0.001
"""Seconds that one thread may compute on while another waits."""


def attach_to(choice: Choice) -> Attach:
    """Return what attaches to the station of *choice*. It imports nothing until it is called."""

    async def attach(on_deliver: OnDeliver, on_close: OnClose, on_progress: OnProgress) -> FeedLike:
        from console import launch

        return await launch.attach(
            choice,
            on_deliver=on_deliver,
            on_close=on_close,
            attended=True,
            on_progress=on_progress,
        )

    return attach


def _remember(person: str) -> Opener:
    """Return what opens the memory of a colony for *person*, "" where one user is one person."""

    def opened(colony: str, demo: bool) -> Remembered:
        from console.remembered import of_colony

        return of_colony(colony, demo=demo, person=person)

    return opened


def run(choice: Choice, can: Capabilities, *, fps: float | None = None, plain: bool = False) -> int:
    """Open the console on *choice* in a terminal that *can*; return its exit status.

    *plain* leaves the writing to Textual's own driver.
    """
    preferences, problems = load()
    if preferences.ascii is not None:
        can = can._replace(utf8=not preferences.ascii)
    app = ColonyApp(
        attach_to(choice),
        colony=choice.colony or "",
        read_only=choice.read_only,
        demo=choice.demo,
        fps=fps or preferences.fps,
        theme=preferences.theme or default_theme(can.colours),
        themes=preferences.themes,
        preferences=preferences,
        remember=_remember(choice.person),
        # Only a login over SSH (`colony login`) gives a role.
        confined=bool(choice.role),
        can=can,
        driver=driver_class(os.environ, can, differ=preferences.differ and not plain),
    )
    app.problems += problems
    forgive(app.session.bound.chords())
    # What waits for the interpreter, the thread that writes before all, gets it after this.
    sys.setswitchinterval(SWITCH)
    with Signals(app) as app.signals:
        status = app.run()
    return app.signals.status or (status if status is not None else app.return_code or 0)
