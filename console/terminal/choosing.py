"""Which driver writes to the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from console.terminal.capabilities import Capabilities

if TYPE_CHECKING:
    from textual.driver import Driver


def driver_class(
    environment: Mapping[str, str], can: Capabilities, *, differ: bool = True
) -> type[Driver] | None:
    """Return the class of driver for a terminal that *can*, None for Textual's own.

    $COLONY_PLAIN (anything but "" and 0) takes the differ away as *differ* false does.
    """
    if environment.get("COLONY_PLAIN", "") not in ("", "0"):
        differ = False
    if differ:
        from console.terminal.driver import ColonyDriver

        return ColonyDriver
    if can.utf8:
        return None
    from console.terminal.plain import AsciiDriver

    return AsciiDriver
