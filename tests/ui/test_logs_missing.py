"""Why a pod has no log stays in sight beside the logs of the others, and is read to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from console.feed.client import FeedRefused
from console.widgets.textview import TextView
from tests.ui.fakes import FakeFeed, FakeStation
from tests.ui.pilot import Open

BROKEN = "oxygen-generator-5b8c-k2x9p"
WHY = (
    f'logs of {BROKEN}/oxygen-generator: container "oxygen-generator" in pod "{BROKEN}" is'
    " waiting to start: trying and failing to pull image"
)


@pytest.fixture
def station(monkeypatch: pytest.MonkeyPatch) -> FakeStation:
    """A station on which one of three pods has no log."""
    usual = FakeFeed.follow

    async def follow(self: FakeFeed, topic: str, /, **arguments: Any) -> AsyncIterator[str]:
        if arguments["pod"] == BROKEN:
            raise FeedRefused(WHY)
        async for text in usual(self, topic, **arguments):
            yield text

    monkeypatch.setattr(FakeFeed, "follow", follow)
    made = FakeStation()
    made.texts["logs"] = "".join(f"line {n}\n" for n in range(500))
    return made


def words(text: str) -> str:
    """Return *text* without what wrapping did to it."""
    return " ".join(text.split())


async def test_a_pod_without_a_log_is_said_above_a_thousand_lines(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "l")
        view = console.app.screen.query_one(TextView)
        assert view.following
        assert view.total == 1000
        assert words(f"✖ k2x9p │ {WHY}") in words(console.text)
        assert "line 499" in console.lines[-3]
        await console.press("home")
        assert words(f"✖ k2x9p │ {WHY}") in words(console.text)


async def test_the_error_of_one_pod_wraps(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "l", "tab")
        assert "logs of pod 1 of 3" in console.text
        assert words(f"✖ {WHY}") in words(console.text)
        await console.press("tab")
        assert "✖" not in "".join(console.lines[1:-1])
        assert "line 499" in console.lines[-3]


async def test_the_end_is_followed_in_a_lower_window(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "l")
        await console.pilot.resize_terminal(80, 14)
        await console.settle()
        assert "line 499" in console.lines[-3]


async def test_where_there_is_no_room_it_is_said_where_the_rest_is(open_console: Open) -> None:
    async with open_console(size=(40, 10)) as console:
        await console.press("2", "l")
        assert "✖ k2x9p │ logs of" in console.text
        assert "… tab shows each pod" in console.text
        assert "line 499" in console.lines[-3]
        await console.press("tab")
        assert "failing to pull image" in words(console.text)
