"""Every key of the console in one table: what it does, where, and what the footer and help say.

Keys are data, so that the footer, the help page, the palette and what is bound cannot drift
apart. No action on the colony has a key with Ctrl: those get pressed by accident. What a person
binds otherwise is in `console.bound`; nothing here knows Textual, `console.binding` does.
"""

from typing import Final, NamedTuple

ANYWHERE: Final = "*"
"""The place of what is bound on every screen."""


class KeyDef(NamedTuple):
    """One command with a key. `keys` as Textual writes them, `shown` as a person reads them.

    `command` is Textual's name of the method, `label` a word or two for the footer, `help` a
    sentence. `acts` marks what may change the colony: it is not bound at all in read-only.
    `where` names the places that have it, see `PLACES`: two with one key clash where they meet.
    """

    id: str
    keys: str
    shown: str
    command: str
    label: str
    help: str
    acts: bool = False
    where: str = ANYWHERE


class Hint(NamedTuple):
    """A key and what it does, as the footer shows it; with `id`, by whatever key that has."""

    shown: str
    label: str
    id: str = ""


PLACES: Final = frozenset(
    {"panel", "table", "app", "page", "text", "action", "form", "columns", "bookmarks", ANYWHERE}
)
"""Where keys are: the panels, a screen with a table, an app's page, pages of other records, long
texts, an action's page, a form, the columns of a table, the list of bookmarks."""


GLOBAL: Final = (
    KeyDef("command", "colon", ":", "command", "command", "Go to a panel or run a command by name"),
    KeyDef("help", "question_mark,f1", "?", "help", "help", "Keys and columns of what is shown"),
    KeyDef("palette", "ctrl+p", "ctrl+p", "command_palette", "palette", "Everything, by name"),
    KeyDef("changes", "h", "h", "changes", "30 min", "What changed in the last 30 minutes"),
    KeyDef("waiting", "W", "W", "waiting", "waits for you", "Open the request that waits for you"),
    KeyDef("repaint", "ctrl+l", "ctrl+l", "repaint", "repaint", "Paint the whole screen again"),
    KeyDef(
        "suspend",
        "ctrl+z",
        "ctrl+z",
        "suspend_process",
        "suspend",
        "Back to the shell for a while; fg goes on",
    ),
    KeyDef("quit", "q", "q", "quit", "quit", "Leave; what is in flight goes on in the station"),
)
"""Everywhere but in a line of text."""

TABLES: Final = (
    KeyDef(
        "filter",
        "slash",
        "/",
        "filter",
        "filter",
        "Show only what holds a text; esc clears",
        where="panel table",
    ),
    KeyDef("sort", "s", "s", "sort", "sort", "Sort by the next column", where="panel table"),
    KeyDef("reverse", "S", "S", "reverse", "reverse", "Turn the order around", where="panel table"),
)
"""Where there is a table."""

MOVE: Final = (
    KeyDef("up", "up,k", "↑ k", "move(-1)", "up", "Go up a row"),
    KeyDef("down", "down,j", "↓ j", "move(1)", "down", "Go down a row"),
    KeyDef("page-up", "pageup", "PgUp", "page(-1)", "page up", "Go up a window"),
    KeyDef("page-down", "pagedown", "PgDn", "page(1)", "page down", "Go down a window"),
    KeyDef("first", "home,g", "Home g", "edge(-1)", "first", "Go to the first row"),
    KeyDef("last", "end,G", "End G", "edge(1)", "last", "Go to the last row"),
)
"""In tables, documents and texts, which bind them."""
ASIDE: Final = (
    KeyDef("left", "left", "←", "aside(-1)", "left", "Go to the left"),
    KeyDef("right", "right", "→", "aside(1)", "right", "Go to the right"),
)
"""In documents and texts."""
OPEN: Final = KeyDef("open", "enter", "enter", "choose", "open", "Open what the cursor stands on")
NEXT: Final = KeyDef("next", "tab", "tab", "", "next", "Go to the next table; shift+tab back")
"""Fixed: in a form or a line of text it cannot be another."""
PANEL: Final = KeyDef("panel", "", "0-9", "", "panel", "Go to a panel by its number")

MOVES: Final = (*MOVE, *ASIDE, OPEN, NEXT, PANEL)
"""For the help page."""

BACK: Final = KeyDef("back", "escape", "esc", "back", "back", "Go back")

ON_APP: Final = (
    KeyDef("logs", "l", "l", "logs", "logs", "Logs of the app, of all its pods or of one",
           where="panel table app page"),
    KeyDef("events", "e", "e", "events", "events", "Kubernetes Events of the app",
           where="panel table app page"),
    KeyDef("yaml", "y", "y", "yaml", "YAML", "The app as its source has it",
           where="panel table app page"),
    KeyDef(
        "rollback", "r", "r", "rollback", "roll back", "Roll the app back: asks, simulates, asks",
        acts=True,
           where="panel table app page",
    ),
    KeyDef("doing", "a", "a", "doing", "do", "Choose what to do with the app", acts=True,
           where="panel table app page"),
)  # fmt: skip
"""Where an app is selected."""
NEEDS_APP: Final = frozenset(key.command for key in ON_APP)
"""The commands of those, which do nothing without one."""

CALL: Final = KeyDef(
    "call", "c", "c", "call", "call", "Call a contract: reads are answered, writes simulated first",
    acts=True,
)  # fmt: skip
"""Everywhere; what is selected says which contract, and perhaps which function."""

UNDO: Final = KeyDef(
    "undo", "u", "u", "undo", "undo", "Undo the action: the same form, simulation and approval",
    acts=True,
           where="panel action",
)  # fmt: skip
"""On an action that can be undone."""

APPROVE: Final = (
    KeyDef("approve", "y", "y", "approve", "approve", "Approve what asks for caution", acts=True,
           where="action"),
    KeyDef("approve-routine", "enter", "enter", "approve_routine", "approve",
           "Approve what is routine; for what is critical, asks for the target's name",
           acts=True,
           where="action"),
)  # fmt: skip
CANCEL: Final = KeyDef(
    "cancel", "x", "x", "cancel", "cancel", "Cancel the action, as long as it was not sent",
    acts=True,
           where="action",
)  # fmt: skip
"""On an action's page."""

DECLINE: Final = KeyDef(
    "decline", "d", "d", "decline", "decline", "Decline what somebody asked for, with a reason",
    acts=True,
           where="action",
)  # fmt: skip
GLASS: Final = KeyDef(
    "break-glass", "B", "B", "glass", "break glass",
    "Break the glass where a second person is needed and nobody comes; or mend it",
    acts=True,
           where="action",
)  # fmt: skip
"""On an action's page, beside those above."""

NOTE: Final = KeyDef(
    "note", "n", "n", "note", "note", "Write a note on what is selected, into the log"
)
"""Everywhere but where text is typed or searched. Bound for everybody: it says why it is not."""

HANDOVER: Final = KeyDef(
    "handover",
    "H",
    "H",
    "handover",
    "handover",
    "Write what happened, in order, into a file",
    where="panel",
)
MEND: Final = KeyDef("mend", "", "", "mend", "mend", "Mend the glass that you broke", acts=True)
"""By name alone, after `:` or in the palette."""

WHY: Final = KeyDef(
    "why",
    "w",
    "w",
    "why",
    "why",
    "Why it is down: what it stands on, and what broke first",
    where="panel table app page",
)
"""Where an app is selected, or what an app stands on."""

FIND: Final = (
    KeyDef("jump", "semicolon", ";", "jump", "jump", "Show a letter on all that can be chosen"),
    KeyDef("bookmark", "b", "b", "bookmark", "bookmark", "Keep what is selected, or drop it"),
    KeyDef("bookmarks", "apostrophe", "'", "bookmarks", "bookmarks", "List what was kept"),
    KeyDef("freeze", "f", "f", "freeze", "freeze", "Hold the screen still; once more goes on"),
)
"""Everywhere but in a line of text."""

COPY: Final = KeyDef(
    "copy", "C", "C", "copy", "copy", "Copy a cell, a row or the page to the clipboard",
    where="panel table app page action text",
)  # fmt: skip
TAKE: Final = (
    COPY,
    KeyDef("save", "E", "E", "save", "save", "Save the panel as CSV or JSON", where="panel table"),
    KeyDef(
        "columns",
        "o",
        "o",
        "columns",
        "columns",
        "Choose, order and sort by columns",
        where="panel table",
    ),
)
"""Where there is a table or a page."""

ALARM: Final = (
    KeyDef("acknowledge", "A", "A", "acknowledge", "acknowledge",
           "Acknowledge the alarm that is selected; it is written into the log", acts=True,
           where="panel page"),
    KeyDef("shelve", "Z", "Z", "shelve", "shelve", "Shelve the alarm: for how long, and why",
           acts=True,
           where="panel page"),
)  # fmt: skip
"""Where an alarm is selected."""
ALL_ALARMS: Final = KeyDef(
    "acknowledge-all", "K", "K", "acknowledge_all", "all",
    "Acknowledge all alarms that are shown; it asks first", acts=True,
    where="panel",
)  # fmt: skip
"""On the panel of the alarms."""

RETRY: Final = KeyDef("retry", "r", "r", "retry", "try again", "Try to reach the station now")


def hint(key: KeyDef, label: str = "") -> Hint:
    """Return what the footer says of *key*, with another *label* where it is set."""
    return Hint(key.shown, label or key.label, key.id)


def hints(*keys: KeyDef) -> list[Hint]:
    """Return what the footer says of *keys*."""
    return [hint(key) for key in keys]
