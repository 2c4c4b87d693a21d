"""Keys of single pages, and with those of everywhere the table of all that can be bound."""

from __future__ import annotations

from typing import Final

from console.keys import (
    ALARM,
    ALL_ALARMS,
    APPROVE,
    ASIDE,
    BACK,
    CALL,
    CANCEL,
    DECLINE,
    FIND,
    GLASS,
    GLOBAL,
    HANDOVER,
    MEND,
    MOVE,
    NEXT,
    NOTE,
    ON_APP,
    OPEN,
    PANEL,
    RETRY,
    TABLES,
    TAKE,
    UNDO,
    WHY,
    KeyDef,
)

SEARCH: Final = KeyDef("search", "slash", "/", "search", "search", "Search in the text",
                       where="text")  # fmt: skip
MATCHES: Final = (
    KeyDef("next-match", "n", "n", "find(1)", "next match", "Go to the next match", where="text"),
    KeyDef("match-before", "N", "N", "find(-1)", "match before", "Go to the match before",
           where="text"),
    KeyDef("matches", "m", "m", "only", "matches only", "Show only lines that match, or all again",
           where="text"),
)  # fmt: skip
"""In a long text that is searched."""

HOLD: Final = KeyDef("hold", "f", "f", "follow", "hold", "Hold what is shown, or follow again",
                     where="text panel")  # fmt: skip
"""In logs and on the ledger; there it is for that part alone, not for the whole screen."""
PREVIOUS: Final = KeyDef(
    "previous", "p", "p", "previous", "previous",
    "Show what the container before the last restart said", where="text",
)  # fmt: skip

COPY_TEXT: Final = KeyDef("copy-text", "c", "c", "copy_here", "copy",
                          "Copy the text or the command",
                          where="text action form page")  # fmt: skip
COPY_VALUE: Final = KeyDef("copy-value", "y", "y", "copy_here", "copy",
                           "Copy what the cursor stands on", where="page")  # fmt: skip
LISTED: Final = KeyDef("listed", "o", "o", "listed", "in its panel", "Go to where it is listed",
                       where="page")  # fmt: skip
PROVE: Final = KeyDef("prove", "p", "p", "prove", "prove again", "Fetch the proof again",
                      where="page")  # fmt: skip
HISTORY: Final = KeyDef("history", "t", "t", "history", "all its history",
                        "Ask the chain for all of its history", where="page")  # fmt: skip
TRANSACTION: Final = KeyDef("transaction", "t", "t", "transaction", "the transaction",
                            "Ask for the whole transaction", where="page")  # fmt: skip
"""On the page of a record."""

AGAIN: Final = KeyDef("check-again", "R", "R", "again", "check again", "Ask the doctor again",
                      where="page")  # fmt: skip
"""On the doctor's page."""

COLUMN: Final = (
    KeyDef("column-shown", "space", "space", "show_or_not", "show or not",
           "Show the column, or leave it out", where="columns"),
    KeyDef("column-before", "less_than_sign", "<", "shift(-1)", "before",
           "Move the column before the one before it", where="columns"),
    KeyDef("column-behind", "greater_than_sign", ">", "shift(1)", "behind",
           "Move the column behind the next", where="columns"),
    KeyDef("column-sort", "s", "s", "sort", "sort", "Sort by the column, or turn the order around",
           where="columns"),
    KeyDef("column-reset", "equals_sign", "=", "reset", "as at first",
           "Put columns and order back as they were at first", where="columns"),
)  # fmt: skip
"""Where the columns of a table are chosen."""

DROP: Final = KeyDef("drop", "x,delete", "x", "drop", "drop", "Drop it", where="bookmarks")
PUT_BACK: Final = KeyDef("put-back", "u", "u", "put_back", "put back",
                         "Put back the bookmark that was dropped last",
                         where="bookmarks")  # fmt: skip
"""On the list of bookmarks."""

FIXED: Final = frozenset({"back", "next", "open", "panel"})
"""What a person cannot bind otherwise: esc, tab and enter are where everybody looks for them."""
NEEDED: Final = frozenset({"quit", "help", "command", "approve", "approve-routine"})
"""What can be moved, but not unbound."""

BY_KEY_ALONE: Final = frozenset(
    {"approve", "approve-routine", "command", "palette", "back", "next", "open"}
    | {key.id for key in (*MOVE, *ASIDE)}
)
"""What is no command: a name after `:` does not do it."""

EVERY: Final = (
    *GLOBAL, *TABLES, *MOVE, *ASIDE, OPEN, NEXT, PANEL, BACK, *ON_APP, CALL, UNDO, *APPROVE, CANCEL,
    DECLINE, GLASS, NOTE, HANDOVER, MEND, WHY, *FIND, *TAKE, *ALARM, ALL_ALARMS, RETRY, SEARCH,
    *MATCHES, HOLD, PREVIOUS, *COLUMN, COPY_TEXT, COPY_VALUE, LISTED, PROVE, HISTORY, TRANSACTION,
    DROP, PUT_BACK, AGAIN,
)  # fmt: skip
"""All keys of the console."""
