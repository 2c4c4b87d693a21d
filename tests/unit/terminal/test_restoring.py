"""The terminal is put back by its name: standard input may be open for reading alone."""

from __future__ import annotations

import os
import tty

from console.terminal.restoring import RESET, Restorer


def test_what_is_open_for_reading_alone_is_put_back_too() -> None:
    master, slave = os.openpty()
    try:
        tty.setraw(slave)
        reading = os.open(os.ttyname(slave), os.O_RDONLY | os.O_NOCTTY)
        Restorer(reading).restore()
        assert RESET.encode() in os.read(master, 65536)
        os.close(reading)
    finally:
        os.close(master)
        os.close(slave)
