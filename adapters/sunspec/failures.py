"""What can go wrong with a device, each as one line that a person can read."""

from __future__ import annotations

EXCEPTIONS = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "device failure",
    5: "acknowledged, still working",
    6: "busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target does not answer",
}
"""Modbus' exception codes in words."""


class Failure(Exception):
    """A device was not read; the message says why."""


class Unreachable(Failure):
    """There is no connection to the host."""


class Silent(Failure):
    """The connection stands, and nothing came back in time."""


class Excepted(Failure):
    """The device answered with a Modbus exception."""

    def __init__(self, code: int) -> None:
        word = EXCEPTIONS.get(code, "not a known one")
        super().__init__(f"Modbus exception {code} ({word})")
        self.code = code

    @property
    def absent(self) -> bool:
        """Whether a gateway says so on behalf of a device that does not answer it."""
        return self.code in (10, 11)


class Garbled(Failure):
    """An answer came that is not whole, or not an answer to what was asked."""


class NotSunSpec(Failure):
    """The device answers, and holds no SunSpec map."""
