"""Notes: what people write into the log beside what is done."""

from __future__ import annotations

from adapters.contract import Refused
from adapters.text import clean, clean_text
from console.station import entries
from console.station.gate import Voice
from console.station.journal import Journal
from console.station.log import LogError

LIMIT = 4_000
"""Characters of the longest note."""


async def write(journal: Journal, text: str, about: str, voice: Voice, at: float) -> int:
    """Write a note into the log; return its entry's index when it is there. Raises `Refused`."""
    text = clean_text(text.strip())
    if not text:
        raise Refused("a note needs a text")
    if len(text) > LIMIT:
        raise Refused(f"a note has {LIMIT:,} characters at most, and this one {len(text):,}")
    try:
        return await journal.must(entries.note(text, clean(about), voice, at))
    except LogError as error:
        raise Refused(f"{error}; the note is not written") from error
