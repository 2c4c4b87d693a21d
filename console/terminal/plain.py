"""Textual's driver, in ASCII: for who wants no differ and has no UTF-8."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver

from console.terminal.ascii import to_ascii


class AsciiDriver(LinuxDriver):
    """Writes what Textual writes, all but ASCII replaced."""

    def write(self, data: str) -> None:
        """Write *data*; controls are ASCII and stay."""
        super().write(to_ascii(data))
