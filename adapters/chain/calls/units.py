"""Amounts as people write them: `1.5 ether`, `20 gwei`, `1_000_000`, `0xff`, `1e18`."""

from __future__ import annotations

import re

ETHER = 18
_UNITS = {"wei": 0, "kwei": 3, "mwei": 6, "gwei": 9, "ether": ETHER, "eth": ETHER}
_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)(?:(?P<hex>0[xX][0-9a-fA-F_]+)"
    r"|(?P<whole>[0-9][0-9_]*)(?:\.(?P<rest>[0-9][0-9_]*))?(?:[eE]\+?(?P<power>[0-9]{1,3}))?)"
    r"(?:\s*(?P<unit>[a-zA-Z]+))?"
)
LONGEST = 200
"""Characters of one amount; the largest integer there is has 78 digits."""

READ = 6
"""Decimals of an amount that is read and not signed."""


def integer(text: str) -> int:
    """Return the integer that *text* is, in wei where a unit is named.

    Raises `ValueError` with a few words on what is wrong.
    """
    text = text.strip()
    match = _AMOUNT.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        raise ValueError("is not a whole number")
    sign = -1 if match["sign"] == "-" else 1
    unit = (match["unit"] or "").lower()
    if unit == "x":
        raise ValueError("is not a whole number")  # 0x, and nothing behind it yet
    if unit and unit not in _UNITS:
        raise ValueError(f"has a unit that is not known here (wei, gwei, ether): {unit[:20]!r}")
    if match["hex"]:
        digits = match["hex"][2:].replace("_", "")
        if unit or not digits:
            raise ValueError("is not a whole number")
        return sign * int(digits, 16)
    rest = (match["rest"] or "").replace("_", "").rstrip("0")
    power = int(match["power"] or 0) + _UNITS.get(unit, 0) - len(rest)
    if power < 0:
        what = (
            f"is less than a wei: {-power} decimals too many" if unit else "is not a whole number"
        )
        raise ValueError(what)
    if power > LONGEST:
        raise ValueError("is far too large")
    ten: int = 10**power
    return sign * int(match["whole"].replace("_", "") + rest) * ten


def written_plainly(text: str) -> bool:
    """Whether *text* is a decimal integer as this program would write it."""
    digits = text.strip().removeprefix("-")
    return digits.isascii() and digits.isdigit()


def has_unit(text: str) -> bool:
    """Whether *text* ends with the name of a unit."""
    match = _AMOUNT.fullmatch(text.strip()) if len(text) <= LONGEST else None
    return match is not None and bool(match["unit"])


def ether(wei: int) -> str:
    """Return an amount for people: `1.5 ether`, `20 gwei`, `7 wei`; exact, and never rounded."""
    for name, places in (("ether", ETHER), ("gwei", 9)):
        if wei == 0 or abs(wei) >= 10 ** (places - 4):
            return f"{decimal(wei, places)} {name}"
    return f"{wei} wei"


def at_most(wei: int) -> str:
    """Return an amount to be read, not below *wei*: six decimals that say something at most."""
    return _short(wei, up=True)


def at_least(wei: int) -> str:
    """Return the same, not above *wei*; "…" says that there is more: `9999.998236… ether`."""
    return _short(wei, up=False)


def _short(wei: int, *, up: bool) -> str:
    """Return *wei* with `READ` decimals, after the zeros that a number below one begins with."""
    number, _, name = ether(wei).partition(" ")
    whole, _, decimals = number.partition(".")
    zeros = len(decimals) - len(decimals.lstrip("0")) if whole.strip("-") == "0" else 0
    if len(decimals) <= zeros + READ:
        return f"{number} {name}"
    if not up:
        return f"{whole}.{decimals[: zeros + READ]}… {name}"
    cut = 10 ** (_UNITS[name] - zeros - READ)
    return f"{decimal(-(-wei // cut) * cut, _UNITS[name])} {name}"


def decimal(amount: int, places: int) -> str:
    """Return *amount* with the point moved by *places*: decimal(1500, 3) is `1.5`."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 10**places)
    decimals = str(rest).zfill(places).rstrip("0") if places else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
