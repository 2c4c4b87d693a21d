"""What a verification finds wrong: a line each, and no more of them than a person reads."""

from __future__ import annotations

from typing import Final

from adapters.text import clean

MOST: Final = 100
"""Lines that are kept; the rest is counted."""
_TRACKED: Final = 10_000


class Findings:
    """Lines in the order of their finding."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.more = 0

    def __bool__(self) -> bool:
        return bool(self.lines)

    def add(self, line: str) -> None:
        """Add a line, made harmless, unless there are too many."""
        if len(self.lines) < MOST:
            self.lines.append(clean(line))
        else:
            self.more += 1

    def take(self, other: Findings) -> None:
        """Add the lines of *other*."""
        for line in other.lines:
            self.add(line)
        self.more += other.more

    def copy(self) -> Findings:
        """Return findings that go on by themselves."""
        made = Findings()
        made.take(self)
        return made


class Moved:
    """Entries that are not what stands in their tile: some were only put elsewhere."""

    def __init__(self) -> None:
        self._found: list[tuple[int, bytes, bytes]] = []
        self._more = 0

    def add(self, index: int, said: bytes, found: bytes) -> None:
        """Take an entry whose tile says the hash *said*, and that hashes to *found*."""
        if len(self._found) < _TRACKED:
            self._found.append((index, said, found))
        else:
            self._more += 1

    def told(self) -> Findings:
        """Return a line on each."""
        findings, places = Findings(), {said: index for index, said, _ in self._found}
        for index, _, found in self._found:
            if (other := places.get(found)) is None:
                findings.add(f"entry {index} was changed")
            else:
                findings.add(f"entry {other} stands where entry {index} was: reordered")
        findings.more += self._more
        return findings
