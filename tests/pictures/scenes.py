"""Which pictures there are, and how the demo is brought to what they show."""

from __future__ import annotations

from typing import NamedTuple


class Scene(NamedTuple):
    """One picture: *name*.svg, of a terminal of *columns* × *lines*, titled *title*.

    `steps` are pairs of keys to type and a text to wait for. `demo` is what the demo is told.
    """

    name: str
    title: str
    columns: int
    lines: int
    steps: tuple[tuple[str, str], ...]
    demo: tuple[str, ...] = ()


SEED = "7"
_ROLLBACK = (("2", "READY"), ("/oxygen\r", "1 of"), ("r", "Revision"))

SCENES = (
    Scene("overview", "The overview at 120 by 40", 120, 40, ()),
    Scene("overview-80x24", "The overview at 80 by 24", 80, 24, ()),
    Scene(
        "action", "What a rollback would change, and the code to compare before it is approved",
        80, 24, (*_ROLLBACK, ("\r", "WHAT IS APPROVED")),
    ),
    Scene("why", "Why an app is down: what it stands on, and the first broken link", 100, 34,
          (("2", "READY"), ("/oxygen\r", "1 of"), ("w", "WHAT"))),
    Scene("solar", "The plants, the last hours, batteries and inverters", 120, 34,
          (("6", "INVERTERS"),), ("--scenario", "brownout")),
    Scene("overview-light", "The overview in the light theme", 120, 40,
          ((":theme light\r", "theme light"), ("\x1b", "enter"))),
)  # fmt: skip
