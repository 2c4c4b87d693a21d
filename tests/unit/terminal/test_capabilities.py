"""What a terminal can, told from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.terminal.capabilities import TRUE, Capabilities, capabilities, started_with


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "linux"}, 16),
        ({"TERM": "xterm-16color"}, 16),
        ({"TERM": "ansi"}, 16),
        ({"TERM": "vt100"}, 0),
        ({"TERM": "vt220"}, 0),
        ({"TERM": "xterm-mono"}, 0),
        ({"TERM": "dumb"}, 0),
        ({}, 0),
        ({"TERM": "xterm-direct"}, TRUE),
        ({"TERM": "xterm-kitty"}, TRUE),
        ({"TERM": "foot"}, TRUE),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, TRUE),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, 0),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, 256),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/t,1,0", "COLORTERM": "truecolor"}, TRUE),
        ({"TERM": "screen", "STY": "1.pts", "COLORTERM": "truecolor"}, 16),
        ({"TERM": "screen-256color", "STY": "1.pts", "COLORTERM": "truecolor"}, 256),
    ],
)
def test_colours(environment: dict[str, str], colours: int) -> None:
    assert capabilities(environment).colours == colours


@pytest.mark.parametrize(
    ("environment", "utf8"),
    [
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "de_DE.utf8"}, True),
        ({"LANG": "ca_ES.UTF-8@valencia"}, True),
        ({"LC_CTYPE": "UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "de_DE@euro"}, False),
        ({"LANG": "POSIX"}, False),
        ({"LANG": "en_US.ISO-8859-1"}, False),
        ({"LANG": "ja_JP.eucJP"}, False),
        ({"LC_ALL": "", "LANG": "C"}, False),
        ({}, True),
    ],
)
def test_utf8(environment: dict[str, str], utf8: bool) -> None:
    assert capabilities(environment).utf8 is utf8


@pytest.mark.parametrize(
    ("environment", "multiplexer"),
    [
        ({"TERM": "tmux-256color", "TMUX": "/tmp/t,1,0"}, "tmux"),
        ({"TERM": "screen-256color", "TMUX": "/tmp/t,1,0"}, "tmux"),
        ({"TERM": "screen", "STY": "1.pts"}, "screen"),
        ({"TERM": "screen.xterm-256color"}, "screen"),
        ({"TERM": "xterm-256color", "NCURSES_NO_UTF8_ACS": "1", "SSH_CONNECTION": "x"}, "mosh"),
        ({"TERM": "xterm-256color", "NCURSES_NO_UTF8_ACS": "1", "SSH_TTY": "/dev/pts/1"}, ""),
        ({"TERM": "xterm"}, ""),
    ],
)
def test_multiplexer(environment: dict[str, str], multiplexer: str) -> None:
    assert capabilities(environment).multiplexer == multiplexer


def test_ssh_and_drawable() -> None:
    assert capabilities({"TERM": "xterm", "SSH_CONNECTION": "a 1 b 2"}).ssh
    assert capabilities({"TERM": "xterm", "SSH_TTY": "/dev/pts/1"}).ssh
    assert not capabilities({"TERM": "xterm"}).ssh
    assert capabilities({"TERM": "xterm"}).drawable
    assert not capabilities({"TERM": "dumb"}).drawable
    assert not capabilities({}).drawable


def test_the_name_of_the_colours() -> None:
    assert [Capabilities(colours=one).color_system for one in (0, 16, 256, TRUE)] == [
        "standard", "standard", "256", "truecolor",
    ]  # fmt: skip


def test_what_it_was_started_with_is_not_what_python_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("LC_CTYPE", "C.UTF-8")
    own = tmp_path / "environ"
    own.write_bytes(b"LANG=C\0PATH=/bin\0")
    assert not capabilities(started_with(own)).utf8
    own.write_bytes(b"LANG=C\0LC_CTYPE=C.UTF-8\0")
    assert capabilities(started_with(own)).utf8
    assert started_with(tmp_path / "none")["LC_CTYPE"] == "C.UTF-8"
