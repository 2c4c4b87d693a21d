"""Hostile text through the whole path: adapter, station, feed, console, a real terminal."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.hostile import ATTACKS, installed_in
from tests.ui.terminal import COLONY, ROOT, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        home = Path(directory)
        monkeypatch.setenv("PYTHONPATH", f"{installed_in(home / 'site')}:{ROOT}")
        (home / "config/colony").mkdir(parents=True)
        (home / "config/colony/colony.toml").write_text(
            '[colonies.tycho.adapters.evil]\nadapter = "hostile"\n'
        )
        yield home
        colony(home, "station", "stop", "--force")


def test_headless_output_has_no_control_characters(home: Path) -> None:
    for command in (
        ("status",), ("status", "--json"), ("doctor",), ("adapters",), ("actions",),
        ("station", "status"), ("act", ATTACKS["csi"], f"app={ATTACKS['bidi']}"),
    ):  # fmt: skip
        result = colony(home, *command)
        assert not BAD.search(result.stdout), command
        assert not BAD.search(result.stderr), command
        assert "Traceback" not in result.stderr, result.stderr
    apps = json.loads(colony(home, "status", "--json").stdout)["apps"]
    assert len(apps) == len(ATTACKS)
    assert max(len(app["name"]) for app in apps) <= 512


def test_only_the_programs_own_controls_reach_the_terminal(home: Path) -> None:
    terminal = Terminal([*COLONY], colony_environment(home), columns=120, lines=40)
    try:
        terminal.wait("evil")
        for keys in ("1", "2", "\r", "\x1b", "l", "\x1b", "e", "\x1b", "y", "\x1b", "r", "\x1b",
                     "h", "\x1b", "3", "\r", "\x1b", "4", "\r", "\x1b", "5", "\r", "\x1b", "6",
                     "\r", "\x1b", "7", "\r", "\x1b", "f", "8", "9", "?", "\x1b", "/[/", "\x1b",
                     ):  # fmt: skip
            terminal.press(keys)
            terminal.settle()
        terminal.press("2")
        assert "READY" in terminal.wait("READY")
        sent = terminal.sent_bytes.decode("utf-8", "strict")
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.close()
    for what, attack in ATTACKS.items():
        if what in ("csi", "clipboard", "title", "link", "dcs", "c1", "return"):
            assert attack not in sent, what
    for piece in ("\x1b]52", "\x1b]0;PWNED", "pwned.invalid\x1b", "\x1bP+q", "\u202e", "\u2066",
                  "\u200b", "\ufeff", "\x9b", "\x9d", "\x08", "\x1b[31mPWNED"):  # fmt: skip
        assert piece not in sent, repr(piece)
    # Where the text itself is shown, its escape is a visible stand-in.
    assert "␛[31mPWNED" in sent
