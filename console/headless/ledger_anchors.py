"""What the chains of a running colony hold of a log: roots that its operator cannot take back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

import msgspec

from adapters.contract import Answer
from adapters.text import clean
from console.feed.client import Feed, FeedRefused

_ROOT = re.compile(r"0x[0-9a-f]{64}")


class Anchor(NamedTuple):
    """A root of the log's first `size` entries on a chain; `where` says which block of which."""

    size: int
    root: bytes
    where: str
    final: bool


class _Found(msgspec.Struct):
    size: int
    root: str
    block: int
    final: bool | None = None


class _Said(msgspec.Struct):
    chain: str
    anchors: list[_Found] = []


async def anchored(feed: Feed, origin: str, sources: Iterable[str]) -> tuple[list[Anchor], str]:
    """Ask each adapter of *sources* what it has of the log *origin*; and why none has, if so."""
    found: list[Anchor] = []
    why = "no adapter of this colony knows of anchors"
    for source in sources:
        try:
            answer: Answer = await feed.ask(
                "query", Answer, source=source, topic="anchors",
                log=sha256(origin.encode()).hexdigest(),
            )  # fmt: skip
            found += understood(answer.text)
        except FeedRefused as error:
            if "no anchors here" not in str(error):
                why = f"{source}: {error}"
        except ValueError as error:
            why = f"{source}: {error}"
        else:
            why = f"{source}: nothing of this log is on its chain"
    return found, "" if found else why


def understood(text: str) -> list[Anchor]:
    """Return the anchors of an adapter's answer; raises `ValueError` where it is something else."""
    try:
        said = msgspec.json.decode(text, type=_Said)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ValueError(f"its answer cannot be read: {clean(str(error), 200)}") from error
    for each in said.anchors:
        if not _ROOT.fullmatch(each.root) or not 0 < each.size < 1 << 63:
            raise ValueError("its answer has an anchor that is none")
    return [
        Anchor(each.size, bytes.fromhex(each.root[2:]),
               f"{clean(said.chain, 64)} block {each.block:,}", bool(each.final))
        for each in said.anchors
    ]  # fmt: skip
