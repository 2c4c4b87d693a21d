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
_ROLLBACK = (("2", "READY"), ("/oxygen\r", "1 of"), ("r", "TO REVISION"))
_SIMULATED = (*_ROLLBACK, ("\r", "WHAT "), ("1", "WRONG NOW"), ("", "enter"))
"""A rollback is simulated and waits: the overview has something that is being done."""

SCENES = (
    Scene("overview", "The overview at 120 by 40", 120, 40, _SIMULATED),
    Scene("overview-80x24", "The overview at 80 by 24", 80, 24, _SIMULATED),
    Scene(
        "action", "What a rollback would change, and the code to compare before it is approved",
        80, 34, (*_ROLLBACK, ("\r", "WHAT IS APPROVED"), ("", "y approve ")),
    ),
    Scene("why", "Why an app is down: what it stands on, and the first broken link", 100, 34,
          (("2", "READY"), ("/oxygen\r", "1 of"), ("w", "broke first"), ("", "esc back"))),
    Scene("solar", "The plants, the last hours, batteries and inverters", 120, 34,
          (("6", "INVERTERS"), ("j", "SOUTH-RIM"), ("", "enter")), ("--scenario", "brownout")),
    Scene("overview-light", "The overview in the light theme", 120, 40,
          ((":theme light\r", "theme light"), ("", "enter"))),
)  # fmt: skip
