"""Hostile text through the whole path: adapter, station, feed, console, a real terminal."""

from __future__ import annotations

import base64
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.alignment import askew, cells_of
from tests.ui.controls import written
from tests.ui.hostile import ATTACKS, installed_in
from tests.ui.terminal import COLONY, ROOT, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Controls and what is not seen, whoever writes them."""


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


PANELS = "1234567890"
PAGES = (
    # What is pressed, and what it is about: each from the panel of apps, on a hostile one.
    ("\r",), ("l",), ("e",), ("y",), ("w",), ("h",), ("?",), ("C",), ("C", "\r"), ("o",), ("E",),
    ("n", "note\r"), ("a", ";"), ("a", "\t", "\r", "\r"), ("c",), (";",), ("b", "'"),
    ("\x10", "evil"), (":",), (":nonsense [/ [@click=app.bell]x\r",), ("/[bold [/ \r",),
    ("/health:fa [\r",), ("s", "S"), ("f", "f"), ("W",), ("H",), ("\x0c",), (":doctor\r",),
    (":theme light\r", ":theme dark\r"),
)  # fmt: skip
PASTED = (
    "\x1b[200~/"
    + "".join(
        one[:80] for what, one in ATTACKS.items() if what not in ("long", "surrogate")
    ).replace("\x1b[201~", "")
    + "\x1b[201~"
)


def _looked_at(terminal: Terminal, what: object) -> str:
    """Let it draw, and see that it lives and that all stands in its column."""
    terminal.settle(0.06, 5.0)
    assert terminal.process.poll() is None, (what, terminal.text())
    cells = cells_of(terminal.screen)
    assert askew(cells) == [], what
    return terminal.text()


def _escape(terminal: Terminal) -> None:
    """Go back; a key that came at once would be alt and that key."""
    terminal.press("\x1b")
    terminal.settle(0.2, 5.0)


def _own(terminal: Terminal) -> list[str]:
    """Return what a terminal would have taken for an order that is none of the program's."""
    assert b"PWNED\b" not in terminal.sent_bytes  # a step back of somebody else's
    found = written(terminal.sent_bytes, bells=True)
    for copied in found.copied:
        text = base64.b64decode(copied[7:-1]).decode()
        assert not BAD.search(text), text
    return found.foreign


def _walk(terminal: Terminal) -> None:
    terminal.wait("evil")
    for panel in PANELS:
        terminal.press(panel)
        _looked_at(terminal, panel)
        for table in range(2):
            terminal.press("\r")
            _looked_at(terminal, (panel, table, "its page"))
            terminal.press("G")
            _looked_at(terminal, (panel, table, "the end of its page"))
            _escape(terminal)
            terminal.press("\t")
            _looked_at(terminal, (panel, table))


def test_every_panel_and_the_pages_behind_it(home: Path) -> None:
    terminal = Terminal([*COLONY], colony_environment(home), columns=120, lines=40)
    try:
        _walk(terminal)
        terminal.press("2")
        seen = terminal.wait("READY")
        assert "␛[31mPWNED␛[2J␛[H" in seen
        assert _own(terminal) == []
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.close()


@pytest.mark.parametrize("plain", ["", "1"])
def test_every_key_for_an_app(home: Path, plain: str) -> None:
    environment = {**colony_environment(home), "COLONY_PLAIN": plain}
    terminal = Terminal([*COLONY], environment, columns=100, lines=30)
    try:
        terminal.wait("evil")
        for keys in PAGES[:: 3 if plain else 1]:
            terminal.press("2")
            terminal.settle(0.06, 5.0)
            for one in keys:
                terminal.press(one)
                _looked_at(terminal, keys)
            for _ in range(2):
                _escape(terminal)
            _looked_at(terminal, (keys, "left again"))
        terminal.press("2")
        terminal.wait("READY")
        for sign in ("/", ":"):
            terminal.press(sign)
            terminal.settle(0.06, 5.0)
            os.write(terminal._master, PASTED.encode("utf-8", "surrogatepass"))
            _looked_at(terminal, "what was pasted")
            _escape(terminal)
        # Bytes that are no text in any encoding.
        os.write(terminal._master, b"\xff\xfe\xe4\x80")
        _looked_at(terminal, "bytes that are no text")
        assert _own(terminal) == []
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.close()


def test_what_is_critical_is_not_confirmed_by_a_name_that_looks_the_same(home: Path) -> None:
    apps = json.loads(colony(home, "status", "--json").stdout)["apps"]
    name = next(one["name"] for one in apps if one["name"] == "≈" + ATTACKS["alike"])
    target = f"app=evil:{name}/{name}/{name}"
    done = colony(home, "act", "hostile.do", target, "which=3", "text=x", "--yes",
                  "--confirm", "oxygen-generator")  # fmt: skip
    assert done.returncode != 0
    assert "confirm by typing ≈оxygen-generatоr" in done.stderr + done.stdout
    assert "о is U+043E CYRILLIC SMALL LETTER O" in done.stderr + done.stdout
