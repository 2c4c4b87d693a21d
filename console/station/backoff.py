"""How long to wait before the next try: doubling, jittered, capped."""

from __future__ import annotations

import random

FIRST = 0.5
"""Seconds before the first new try."""
CAP = 30.0
"""Seconds, at most, between two tries."""


class Backoff:
    """Waits of about 0.5, 1, 2, … 30 s; each is cut by up to half at random.

    The jitter keeps the adapters of one colony from all knocking at the same moment after an
    outage.
    """

    def __init__(self, seed: object = None) -> None:
        self._random = random.Random(repr(seed) if seed is not None else None)  # noqa: S311
        self._tries = 0

    def next(self) -> float:
        """Return the seconds to wait now."""
        full = min(CAP, FIRST * 2.0 ** min(self._tries, 10))
        self._tries += 1
        return full * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin at the shortest wait again."""
        self._tries = 0
