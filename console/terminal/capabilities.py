"""What the terminal can, told from the environment and nothing else: no question is sent to it.

A terminal that is asked answers when it can, over a slow line after the first paint; what it was
started with is there at once. Where the environment says nothing of a thing, the usual is taken.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

Colours: TypeAlias = Literal[0, 16, 256, 16_777_216]
TRUE: Final[Colours] = 16_777_216

UNDRAWABLE: Final = frozenset({"", "dumb", "unknown", "emacs", "cons25r"})
"""Values of TERM where there is no cursor to move."""
_COLOURLESS = ("vt1", "vt2", "vt3", "vt4", "vt5", "wy", "tvi", "hp", "ibm327", "adm", "sun")
"""How TERM begins of terminals, and of emulators of them, that have no colours."""
_TRUE_TERMS = (
    "alacritty", "contour", "foot", "ghostty", "iterm2", "rio", "wezterm", "xterm-ghostty",
    "xterm-kitty",
)  # fmt: skip
_TRUE_PROGRAMS = frozenset({"ghostty", "iterm.app", "rio", "vscode", "warpterminal", "wezterm"})
_TRUE_WORDS = frozenset({"truecolor", "24bit"})


class Capabilities(NamedTuple):
    """What a terminal can. `multiplexer` is "tmux", "screen", "mosh" or "" for none known."""

    colours: Colours = TRUE
    utf8: bool = True
    multiplexer: str = ""
    ssh: bool = False
    drawable: bool = True
    """Whether there is a cursor to move: not on a dumb terminal."""

    @property
    def color_system(self) -> str:
        """Textual's name for the colours, as $TEXTUAL_COLOR_SYSTEM takes it.

        Without colours it is the standard one too: Textual knows no bold without it, and the
        colours are taken out before.
        """
        return {TRUE: "truecolor", 256: "256"}.get(self.colours, "standard")


USUAL: Final = Capabilities()
"""What nearly every terminal can today."""


def capabilities(environment: Mapping[str, str]) -> Capabilities:
    """Return what the terminal can that a program with *environment* is started in."""
    get = environment.get
    term = get("TERM", "").lower()
    return Capabilities(
        colours=_colours(environment, term),
        utf8=_utf8(environment),
        multiplexer=_multiplexer(environment, term),
        ssh=bool(get("SSH_CONNECTION") or get("SSH_TTY") or get("SSH_CLIENT")),
        drawable=term not in UNDRAWABLE,
    )


def _colours(environment: Mapping[str, str], term: str) -> Colours:
    get = environment.get
    if get("NO_COLOR") or term in UNDRAWABLE or term.endswith(("-m", "-mono")):
        return 0
    if term.startswith(_COLOURLESS):
        return 0
    if get("STY"):
        # GNU Screen takes only what its own TERM says: COLORTERM is the outer terminal's, and a
        # true colour written into Screen 4 is read as underline, blink and what else is in it.
        return 256 if "256" in term else 16
    if (
        get("COLORTERM", "").lower() in _TRUE_WORDS
        or get("WT_SESSION")
        or term.endswith("-direct")
        or term.startswith(_TRUE_TERMS)
        or get("TERM_PROGRAM", "").lower() in _TRUE_PROGRAMS
    ):
        return TRUE
    return 256 if "256" in term else 16


def _utf8(environment: Mapping[str, str]) -> bool:
    """Whether the locale is a UTF-8 one; where none is set at all, that it is.

    An unset locale is the C one, but it is what containers and services have, under terminals
    that read UTF-8: Python takes it for UTF-8 too (PEP 538).
    """
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if value := environment.get(name, ""):
            charset = value.partition("@")[0].rpartition(".")[2] or value
            return charset.lower().replace("-", "") == "utf8"
    return True


def _multiplexer(environment: Mapping[str, str], term: str) -> str:
    if environment.get("TMUX") or term.startswith("tmux"):
        return "tmux"
    if environment.get("STY") or term.startswith("screen"):
        # Far from where it runs, over SSH, only TERM is left of it; tmux says screen as well.
        return "screen"
    # mosh says nothing of itself, but its server sets this one and takes SSH's tty away.
    if environment.get("NCURSES_NO_UTF8_ACS") and not environment.get("SSH_TTY"):
        return "mosh"
    return ""


def started_with(own: Path = Path("/proc/self/environ")) -> dict[str, str]:
    """Return this process's environment with the LC_CTYPE that it was started with.

    Python puts LC_CTYPE=C.UTF-8 into its own where the locale is C (PEP 538); what a person set
    is in what the kernel still knows. Where there is no /proc it is as Python has it.
    """
    try:
        blocks = own.read_bytes().split(b"\0")
    except OSError:
        return dict(os.environ)
    given = next((one[9:] for one in blocks if one.startswith(b"LC_CTYPE=")), b"")
    return {**os.environ, "LC_CTYPE": os.fsdecode(given)}
