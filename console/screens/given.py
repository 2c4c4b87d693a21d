"""Commands that were given something: `:sort name`, `:filter health:failed`, `:save apps.csv`.

Each returns what is wrong with what it was given, where it can do nothing with that.
"""

from __future__ import annotations

from console.screens.base import ConsoleScreen

NO_TABLE = "there is no table here"


def sort(screen: ConsoleScreen, text: str) -> str | None:
    """Sort the table here by the column that *text* names."""
    from console.screens.tabled import TabledScreen

    if isinstance(screen, TabledScreen):
        return screen.sort_column(text)
    return NO_TABLE


def filter_by(screen: ConsoleScreen, text: str) -> str | None:
    """Show only what *text* leaves."""
    from console.screens.tabled import TabledScreen

    if isinstance(screen, TabledScreen):
        screen.filter_by(text)
        screen.paint_now()
        return None
    return NO_TABLE


def save(screen: ConsoleScreen, text: str) -> str | None:
    """Save the table here as the file *text*."""
    from console.screens.saving import save_as
    from console.screens.tabled import TabledScreen

    if isinstance(screen, TabledScreen):
        return save_as(screen, text)
    return NO_TABLE


def copy(screen: ConsoleScreen, text: str) -> str | None:
    """Copy what is called *text* of what can be copied here, or begins so."""
    from console.screens import copying

    there = copying.choices(screen)
    found = [one for one in there if one.what.lower().startswith(text.lower())]
    app = screen.app_here()
    if found and found[0].asks and app is not None:
        screen.do("asking for the YAML", copying.copy_yaml(screen, app), "copy")
    elif found:
        copying.copy(screen, found[0].text, found[0].what)
    else:
        these = ", ".join(one.what for one in there)
        return f"nothing here is called {text}; there is {these or 'nothing to copy'}"
    return None


def theme(screen: ConsoleScreen, text: str) -> str | None:
    """Change to the theme called *text*."""
    # The app has them, and a screen does not import the app.
    theming = getattr(screen.app, "theming", None)
    wrong: str = theming.wrong(text) if theming is not None else ""
    if not wrong:
        screen.call_later(screen.app.run_action, f"app.theme({text!r})")
    return wrong


def open_named(screen: ConsoleScreen, text: str) -> str | None:
    """Open what *text* fits best."""
    from console.panels.base import Opened
    from console.screens.finding import best

    found = best(screen.session, text)
    if found is not None:
        screen.post_message(Opened(found))
        return None
    return f"nothing is called {text}"
