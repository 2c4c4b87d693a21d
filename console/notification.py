"""A notification at the operator's end of the line, by what their terminal understands.

Nothing is asked of the terminal: which it is, its environment says or hints at. One that does not
know the sequence ignores it.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.text import clean

LIMIT = 200
"""Characters of a notification at most."""
_TITLED = ("foot", "rxvt", "contour", "ghostty", "xterm-ghostty")
"""How TERM begins of terminals that take a title and a text (OSC 777)."""


def notification(title: str, text: str, environment: Mapping[str, str]) -> str:
    """Return what to write to the terminal so that it notifies; "" where nothing would get there.

    kitty: OSC 99. foot, urxvt, VTE, Ghostty: OSC 777. All others, iTerm2 and WezTerm among them:
    OSC 9. tmux passes it on where it may (`allow-passthrough`), screen always, mosh never.
    """
    title, text = _plain(title), _plain(text)
    term = environment.get("TERM", "").lower()
    if environment.get("MOSH_CONNECTION") or term == "linux":
        return ""
    if "kitty" in term or environment.get("KITTY_WINDOW_ID"):
        sequence = f"\x1b]99;i=colony:d=0;{title}\x1b\\\x1b]99;i=colony:p=body;{text}\x1b\\"
    elif term.startswith(_TITLED) or environment.get("VTE_VERSION"):
        sequence = f"\x1b]777;notify;{title};{text}\x1b\\"
    else:
        sequence = f"\x1b]9;{title}: {text}\x1b\\"
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        # screen ends its own string at the first ST: that of the sequence goes as BEL instead.
        return "\x1bP" + sequence.replace("\x1b\\", "\x07") + "\x1b\\"
    return sequence


def _plain(text: str) -> str:
    """Return *text* without what would end or split a sequence."""
    return clean(" ".join(text.split()), LIMIT).replace(";", ",")
