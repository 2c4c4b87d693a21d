"""Keeping what is selected, or dropping it."""

from __future__ import annotations

from adapters.records import Key
from console import bookmarks
from console.bookmarks import Bookmark
from console.screens.base import ConsoleScreen
from console.screens.main import MainScreen
from console.screens.page import PageScreen


def here(screen: ConsoleScreen) -> Bookmark | None:
    """Return the bookmark of what is selected on *screen*; None where nothing can be kept.

    A panel with a filter is kept as that: who wants one row of it takes the filter away.
    """
    if isinstance(screen, MainScreen):
        filtered = screen.panel.filtered
        if filtered:
            return bookmarks.of_panel(screen.current.name, filtered[0])
        selected = screen.panel.selected()
        if isinstance(selected, Key):
            return bookmarks.of_record(selected)
        return bookmarks.of_panel(screen.current.name, "")
    if isinstance(screen, PageScreen):
        return bookmarks.of_record(screen.key)
    table = screen.table_here()
    selected = table.table.cursor_key if table is not None else None
    if isinstance(selected, Key):
        return bookmarks.of_record(selected)
    app = screen.app_here()
    return bookmarks.of_record(app.key) if app is not None else None


def toggle(screen: ConsoleScreen) -> None:
    """Keep what is selected, or drop it where it is kept already."""
    session = screen.session
    one = here(screen)
    if one is None:
        screen.say("nothing is selected that can be kept", "warn")
        return
    there = bookmarks.kept(session.remembered)
    listed = session.bound.key("bookmarks")
    if one in there:
        bookmarks.keep(session.remembered, [each for each in there if each != one])
        screen.say(f"bookmark dropped: {one.title}")
    elif len(there) >= bookmarks.MOST:
        screen.say(f"not kept: there are {bookmarks.MOST} bookmarks; {listed} drops some", "warn")
    else:
        bookmarks.keep(session.remembered, [*there, one])
        screen.say(f"kept: {one.title}   {listed} lists what is kept")
