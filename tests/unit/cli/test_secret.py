"""A passphrase comes from a descriptor or a terminal, and what is wrong does not tell it."""

from __future__ import annotations

import argparse
import io
import os
from typing import Any

import pytest

from adapters.contract import Preview
from console import cli
from console.feed.answers import Simulated
from console.feed.client import FeedRefused
from console.headless import act
from console.headless.secret import LIMIT, NoPassphrase, passphrase

SECRET = "correct horse"


def descriptor(content: bytes) -> int:
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    return reading


@pytest.mark.parametrize(
    "content", [b"correct horse\n", b"correct horse", b"correct horse\r\nmore\n"]
)
async def test_it_is_the_first_line(content: bytes) -> None:
    assert await passphrase("ops", descriptor(content)) == SECRET


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "there is nothing in it"), (b"\n", "there is nothing"), (b"\xff\n", "is not UTF-8")],
)
async def test_what_is_none(content: bytes, said: str) -> None:
    with pytest.raises(NoPassphrase, match=said):
        await passphrase("ops", descriptor(content))


async def test_one_that_is_not_open() -> None:
    with pytest.raises(NoPassphrase, match="--passphrase-fd 999: cannot be read: Bad file"):
        await passphrase("ops", 999)


async def test_it_is_bounded() -> None:
    assert len(await passphrase("ops", descriptor(b"x" * (LIMIT + 5)))) == LIMIT


async def test_without_a_terminal_it_is_asked_for_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(NoPassphrase, match="the key ops is locked and needs --passphrase-fd N"):
        await passphrase("ops", None)


@pytest.mark.parametrize("text", ["-1", "x", "3.5", "99999", "²"])
def test_what_is_no_descriptor(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.parser().parse_args(["act", "x", f"--passphrase-fd={text}"])
    assert ended.value.code == cli.USAGE
    assert "is not a number of a file descriptor" in capsys.readouterr().err


class Keys:
    """A station with a locked key."""

    closed = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def ask(self, topic: str, answer: Any = None, /, **arguments: Any) -> Any:
        self.asked.append((topic, arguments))
        if topic == "unlock" and arguments["passphrase"] != SECRET:
            raise FeedRefused("the passphrase of ops is wrong")
        return "ops is open"


@pytest.mark.parametrize(
    ("content", "topics", "status"),
    [
        (b"correct horse\n", ["unlock", "action.approve"], act.UNAVAILABLE),
        (b"battery\n", ["unlock", "action.cancel"], 21),
        (b"", ["action.cancel"], act.USAGE),
    ],
)
async def test_a_locked_key_is_unlocked_before_anything_is_approved(
    content: bytes, topics: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    feed: Any = Keys()
    preview = Preview("Call", "eth_call", {}, "0", locked="ops")
    simulated = Simulated("a1", preview, "d", "c", source="chain")
    options = argparse.Namespace(
        yes=True, confirm="", json=False, reason="", passphrase_fd=descriptor(content)
    )
    ended = await act._approve(feed, act.Follower(quiet=False), simulated, options)
    assert ([topic for topic, _ in feed.asked], ended) == (topics, status)
    if topics[0] == "unlock":
        assert feed.asked[0][1]["source"] == "chain"
    said = capsys.readouterr()
    assert SECRET not in said.err + said.out
