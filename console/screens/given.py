"""Commands that were given something: `:sort name`, `:filter health:failed`, `:save apps.csv`."""

from __future__ import annotations

from console.screens.base import ConsoleScreen

NO_TABLE = "there is no table here"


def sort(screen: ConsoleScreen, text: str) -> None:
    """Sort the table here by the column that *text* names."""
    from console.screens.tabled import TabledScreen

    if isinstance(screen, TabledScreen):
        screen.sort_column(text)
    else:
        screen.say(NO_TABLE, "warn")


def filter_by(screen: ConsoleScreen, text: str) -> None:
    """Show only what *text* leaves."""
    from console.screens.tabled import TabledScreen

    if isinstance(screen, TabledScreen):
        screen.filter_by(text)
        screen.paint_now()
    else:
        screen.say(NO_TABLE, "warn")


def save(screen: ConsoleScreen, text: str) -> None:
    """Save the table here as the file *text*."""
    from console.screens.saving import save_as
    from console.screens.tabled import TabledScreen

    if isinstance(screen, TabledScreen):
        save_as(screen, text)
    else:
        screen.say(NO_TABLE, "warn")


def copy(screen: ConsoleScreen, text: str) -> None:
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
        screen.say(f"nothing here is called {text}; there is {these or 'nothing to copy'}", "warn")


def theme(screen: ConsoleScreen, text: str) -> None:
    """Change to the theme called *text*."""
    screen.call_later(screen.app.run_action, f"app.theme({text!r})")


def open_named(screen: ConsoleScreen, text: str) -> None:
    """Open what *text* fits best."""
    from console.panels.base import Opened
    from console.screens.finding import best

    found = best(screen.session, text)
    if found is not None:
        screen.post_message(Opened(found))
    else:
        screen.say(f"nothing is called {text}", "warn")
