"""How many alarms call, in words: the one number that is on every screen reads at first sight.

Imports nothing: the header has it, which is there before the first paint.
"""

from __future__ import annotations


def words(calling: int, total: int, short: int = 0) -> str:
    """Return how many of *total* alarms call, in fewer words the higher *short* is, 0 to 2.

    "3 alarms" where all of them do, "2 new of 7 alarms", "7 alarms, all seen".
    """
    alarms = "alarm" if total == 1 else "alarms"
    if not calling:
        return (
            f"{total} {alarms}, {'all ' * (total > 1)}seen",
            f"{total} {alarms} seen",
            f"{total} seen",
        )[short]
    if short > 1:
        return f"{calling} new"
    if calling == total:
        return f"{total} {alarms}"
    return f"{calling} new of {total}" if short else f"{calling} new of {total} {alarms}"


def beside(calling: int, total: int) -> str:
    """Return the same after the word "Alarms": "3 new", "2 new of 7", "7 seen"."""
    return words(calling, total, 1 if 0 < calling < total else 2)
