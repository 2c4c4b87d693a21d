"""Amounts on a chain as text: exact decimals of a uint256, never a float."""

from __future__ import annotations

import re

from console.rows.marks import NOTHING

ETHER, GWEI = 10**18, 10**9
_WHOLE = re.compile(r"[0-9]{1,78}")


def wei_of(text: str) -> int | None:
    """Return the whole number that *text* is, None where it is none."""
    return int(text) if _WHOLE.fullmatch(text) else None


def amount(wei: str) -> str:
    """Return *wei* exactly, in the unit that reads best: "1.5 ether", "7 gwei", "12 wei".

    A dash where it is not known; what is no whole number stays as it is.
    """
    value = wei_of(wei)
    if value is None:
        return wei or NOTHING
    if not value:
        return "0 ether"
    if value >= ETHER // 1000:
        return f"{_decimal(value, ETHER)} ether"
    if value >= GWEI // 1000:
        return f"{_decimal(value, GWEI)} gwei"
    return f"{value:,} wei"


def brief(wei: str, places: int = 4) -> str:
    """Return *wei* as `amount` does, cut to *places* decimals; "…" says that there are more.

    It is cut, never rounded up: nobody has a wei less than what it says.
    """
    number, space, unit = amount(wei).partition(" ")
    whole, point, decimals = number.partition(".")
    if not point or len(decimals) <= places:
        return f"{number}{space}{unit}"
    return f"{whole}.{decimals[:places]}…{space}{unit}"


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    decimals = str(rest).zfill(len(str(unit)) - 1).rstrip("0")
    return f"{whole:,}.{decimals}" if decimals else f"{whole:,}"
