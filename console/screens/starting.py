"""What stands on the screen before a station was ever attached, as rows."""

from __future__ import annotations

from console.link import LinkState
from console.screens.facts import waited
from console.session import Session
from console.widgets.spans import Row, line, row


def starting_rows(session: Session) -> list[Row]:
    """Return what attaching comes to; nothing once a station was attached."""
    link = session.link
    if link.welcome is not None:
        return []
    name, keys = session.colony, session.bound
    if link.state is LinkState.FAILED:
        rows = [
            row(),
            row(("  ✖ ", "bad"), f"The station{f' of {name}' if name else ''} cannot be reached:"),
            row(),
            *(row("    ", (text, "strong")) for text in link.reason.splitlines() or ["no reason"]),
            row(),
            row(
                "    ",
                (keys.key("retry"), "key"),
                " tries again    ",
                (keys.key("quit"), "key"),
                " leaves",
            ),
            row(),
            row(("    `colony doctor` checks each adapter and says what to do;", "dim")),
            row(("    `colony station status` says which stations run.", "dim")),
        ]
        return rows
    passed = waited(link.monotonic() - link.since)
    said = link.progress or "looking for the colony's station"
    return [
        row(),
        row("  ● ", f"Attaching{f' to {name}' if name else ''}, {passed}"),
        row(),
        Row(line((f"    {said}", "dim"))),
        row(),
        row("    ", ("esc", "key"), (" gives up", "dim")),
    ]
