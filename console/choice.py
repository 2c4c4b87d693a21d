"""What the command line says about which colony. It imports nothing: it is read before a paint.

As in each module of the start that has a NamedTuple, annotations are what they say and not text:
of text, Python compiles each field again when the class is made: 1.0 ms instead of 0.3 here.
"""

from pathlib import Path
from typing import NamedTuple


class Choice(NamedTuple):
    """What the command line says about which colony, and how to open it.

    `scenario` is "" for the usual one. `read_only` binds no action in this console. `role` is what
    it may do at most and `person` who is there, as a login over SSH passes them, "" for all that
    the user may; with a role, nothing here names a file of this host.
    """

    config: Path | None = None
    colony: str | None = None
    demo: bool = False
    scenario: str = ""
    seed: int = 0
    read_only: bool = False
    role: str = ""
    person: str = ""
