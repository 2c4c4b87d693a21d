"""Follows an answer that grows, by asking again: what `Adapter.follow` does by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Protocol

from adapters.clock import Clock

EVERY = 2.0
"""Seconds between two questions."""


class _Text(Protocol):
    @property
    def text(self) -> str: ...


async def follow_by_asking(
    query: Callable[[str, Mapping[str, str]], Awaitable[_Text]],
    topic: str,
    arguments: Mapping[str, str],
    clock: Clock,
) -> AsyncIterator[str]:
    """Yield the answer of *query*, then every `EVERY` seconds what came to it at its end."""
    before = ""
    while True:
        after = (await query(topic, arguments)).text
        fresh = added(before, after)
        if fresh:
            yield fresh
        before = after
        await clock.sleep(EVERY)


def added(before: str, after: str) -> str:
    """Return what *after* has at its end that *before* had not, in whole lines.

    Both are windows on one text that grows: the later one has lost lines at its beginning.
    """
    if after.startswith(before):
        return after[len(before) :]
    old = before.splitlines(keepends=True)
    new = after.splitlines(keepends=True)
    if old and not old[-1].endswith("\n"):
        old[-1] += "\n"
    for start in range(max(0, len(old) - len(new)), len(old)):
        if old[start:] == new[: len(old) - start]:
            return "".join(new[len(old) - start :])
    return after
