"""`colony actions`: what can be done in this colony."""

from __future__ import annotations

import argparse

import msgspec

from console.choice import Choice
from console.feed.answers import ActionInfo
from console.feed.client import Feed
from console.headless.session import connected, emit, show


def run(choice: Choice, options: argparse.Namespace) -> int:
    """List the actions with their arguments and significance."""

    async def work(feed: Feed) -> int:
        infos: list[ActionInfo] = await feed.ask("action.list", list[ActionInfo])
        if options.json:
            emit({"actions": msgspec.to_builtins(infos)})
        elif not infos:
            show("no adapter of this colony offers an action")
        else:
            show(*listing(infos))
        return 0

    return connected(choice, work)


def listing(infos: list[ActionInfo]) -> list[str]:
    """Return the actions as lines for a person."""
    lines = []
    for info in infos:
        lines.append(f"{info.name}  {info.significance}  ({info.source})  {info.title}")
        for argument in info.arguments:
            must = "" if argument.required else "  [may be left out]"
            lines.append(f"    {argument.name}=…  {argument.help}{must}")
    return lines
