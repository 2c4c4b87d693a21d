"""Registers written by hand, from SunSpec's own tables: nothing of pysunspec2 is in them."""

from __future__ import annotations

import struct

END = b"\xff\xff\x00\x00"
NOT_16 = 0x8000
NOT_U16 = 0xFFFF
NOT_32 = 0xFFFFFFFF


def common(serial: str = "SN-1", length: int = 66) -> bytes:
    """Return a common block of 65 or 66 registers."""
    texts = [("Maker", 32), ("Model", 32), ("", 16), ("1.0", 16), (serial, 32)]
    body = b"".join(text.encode().ljust(size, b"\0") for text, size in texts)
    body += struct.pack(">H", 1) + (b"\x80\x00" if length == 66 else b"")
    return struct.pack(">HH", 1, length) + body


def inverter(
    power: int = 498,
    *,
    scale: int = 1,
    state: int = 4,
    energy: int = 1_234_567,
    events: int = 0,
    temperature: int = 412,
) -> bytes:
    """Return a model 103: 50 registers, of which some are not implemented."""
    values = [
        250, 83, 83, 84, -1, NOT_U16, NOT_U16, NOT_U16, 2300, 2301, 2299, -1, power, scale, 5001,
        -2,
        NOT_16, NOT_16, NOT_16, NOT_16, NOT_16, NOT_16, energy >> 16, energy & 0xFFFF, 0,
        NOT_U16, NOT_16, 6200, -1, 5100, 0, temperature, NOT_16, NOT_16, NOT_16, -1, state, NOT_U16,
        events >> 16, events & 0xFFFF, 0, 0, *[0xFFFF] * 8,
    ]  # fmt: skip
    assert len(values) == 50
    return struct.pack(">52H", 103, 50, *(value & 0xFFFF for value in values))


def floats(power: float = 4980.5, energy: float = 1.5e6, state: int = 4) -> bytes:
    """Return a model 113: 60 registers of floats, most of them NaN."""
    nan = float("nan")
    values = [nan] * 23
    values[10], values[11], values[15], values[19] = power, 50.0, energy, 41.5
    body = struct.pack(">23f", *values) + struct.pack(">HH", state, NOT_U16)
    return struct.pack(">HH", 113, 60) + body + bytes(4) + bytes(4) + b"\xff" * 16


def device(*models: bytes) -> bytes:
    """Return the registers of a device with *models* behind its common block."""
    return b"SunS" + common() + b"".join(models) + END
