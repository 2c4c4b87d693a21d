"""What this console says of itself: its terminal, its locale, what a person prefers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from typing import Any, Final

from console.preferences import Preferences

TERMINAL: Final = (
    "TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LANG", "LC_ALL", "LC_CTYPE",
    "NO_COLOR", "COLUMNS", "LINES",
)  # fmt: skip
"""Variables whose values say what the terminal is, and nothing of who sits at it."""
PRESENT: Final = ("TMUX", "STY", "SSH_CONNECTION", "SSH_TTY", "MOSH_SERVER_NETWORK_TMOUT")
"""Variables of which only whether they are set is told."""


def here(
    preferences: Preferences,
    problems: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
    **more: Any,
) -> dict[str, Any]:
    """Return it as JSON has it; *more* is what a running console adds."""
    size = shutil.get_terminal_size()
    found: dict[str, Any] = {
        "terminal": {name: environ[name] for name in TERMINAL if name in environ},
        "set": [name for name in PRESENT if environ.get(name)],
        "size": f"{size.columns}×{size.lines}",
        "preferences": {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in preferences._asdict().items()
            if name != "themes"
        },
        "problems": list(problems),
    }
    return {**found, **more}
