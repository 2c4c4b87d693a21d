"""The console within real tmux, GNU Screen and mosh: drawn right, copied, left and come back to."""

from __future__ import annotations

import base64
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.installed import required
from tests.ui.terminal import COLONY, Terminal, colony, colony_environment, shows_apps

pytestmark = [pytest.mark.pty, pytest.mark.real]

DEMO = ("--demo", "--seed", "33")
COMMAND = shlex.join(["env", "-u", "LD_LIBRARY_PATH", *COLONY, *DEMO])
SIZE = (100, 30)


class Place:
    """Where the programs are, what they run in, and how they are called."""

    def __init__(self, programs: Path, home: Path) -> None:
        self.programs = programs
        self.home = home
        self.environment = {**colony_environment(home), "TMUX_TMPDIR": str(home / "run")}
        # A server whose client is gone goes too.
        self.environment["MOSH_SERVER_NETWORK_TMOUT"] = "30"
        self.environment["SCREENDIR"] = str(home / "run/screens")
        (home / "run/screens").mkdir(mode=0o700, exist_ok=True)

    def command(self, program: str, *arguments: str) -> list[str]:
        """Return the command line of *program*."""
        return [str(self.programs / program), *arguments]

    def run(self, program: str, *arguments: str) -> str:
        """Run *program* to its end and return what it said."""
        done = subprocess.run(
            self.command(program, *arguments), env=self.environment, cwd=COLONY_ROOT,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def terminal(self, *command: str, size: tuple[int, int] = SIZE, **more: str) -> Terminal:
        """Open *command* in a terminal."""
        return Terminal(command, {**self.environment, **more}, *size)


COLONY_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place() -> Iterator[Place]:
    programs = required("multiplexers") / "bin"
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        home = Path(directory)
        colony_environment(home)
        yield Place(programs, home)
        colony(home, *DEMO, "station", "stop", "--force")


def _lines(text: str) -> list[str]:
    return [one.rstrip() for one in text.splitlines()]


def _drawn(terminal: Terminal, columns: int) -> None:
    """See that the overview is there, in a frame whose right side stands in one column."""

    def framed(text: str) -> bool:
        return any(len(line.rstrip()) == columns for line in text.splitlines() if line[0] == "╭")

    terminal.wait(framed)
    terminal.settle()
    for line in terminal.wait("oxygen-generator").splitlines():
        if line[0] in "╭│╰":
            assert line.rstrip()[-1] in "╮│╯", line
            assert len(line.rstrip()) == columns, line


def _copied(terminal: Terminal) -> str:
    """Copy the YAML of the first app and return what the outer terminal was told to keep."""
    terminal.press("2")
    terminal.wait(shows_apps)
    terminal.press("y")
    terminal.wait("kind: Deployment")
    terminal.press("C")
    terminal.wait("lines on screen")
    terminal.press("\r")
    terminal.wait("copied ")
    terminal.settle()
    sent = terminal.sent_bytes.decode()
    found = re.findall(r"\x1b\]52;c?;([A-Za-z0-9+/=]{40,})(?:\x07|\x1b\\)", sent)
    assert found, sent[-2_000:]
    terminal.press("\x1b")
    terminal.settle()  # else it is alt and the next key
    return base64.b64decode(found[-1]).decode()


def _leaves(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.end() == 0


@pytest.mark.parametrize(
    "copying",
    [
        ("set-clipboard on", "allow-passthrough off"),
        ("set-clipboard off", "allow-passthrough on"),
        ("set-clipboard on", "allow-passthrough on"),
    ],
)
def test_tmux(place: Place, copying: tuple[str, str]) -> None:
    settings = place.home / "tmux.conf"
    lines = ["status off", "escape-time 20", 'default-terminal "tmux-256color"', *copying]
    settings.write_text("".join(f"set -g {line}\n" for line in lines))
    tmux = ("-u", "-L", "colony", "-f", str(settings))
    first = place.terminal(*place.command("tmux", *tmux, "new-session", COMMAND))
    try:
        first.wait("oxygen-generator")

        def held(text: str) -> bool:
            pane = place.run("tmux", *tmux, "capture-pane", "-p")
            # The clock goes on between the two.
            return _lines(text)[1:-1] == _lines(pane)[1:-1]

        # Panels go on being filled: at some moment both are of one.
        first.wait(held)
        _drawn(first, SIZE[0])
        assert "kind: Deployment" in _copied(first)
        place.run("tmux", *tmux, "detach-client")
        first.end()
    finally:
        first.close()
    again = place.terminal(*place.command("tmux", *tmux, "attach"), size=(120, 40))
    try:
        again.wait("TYCHO")
        again.press("1")
        _drawn(again, 120)
        again.resize(100, 30)
        _drawn(again, 100)
        _leaves(again)
    finally:
        again.close()


def test_screen(place: Place) -> None:
    settings = place.home / "screenrc"
    settings.write_text("startup_message off\ndefutf8 on\nmaptimeout 20\n")
    screen = ("-U", "-c", str(settings))
    first = place.terminal(
        *place.command("screen", *screen, "-S", "colony", "sh", "-c", COMMAND),
        COLORTERM="truecolor",
    )
    try:
        _drawn(first, SIZE[0])
        # What Screen does not know of colours would come out as underlined and blinking.
        assert not any(
            cell.underscore or cell.blink
            for row in first.screen.buffer.values()
            for cell in row.values()
        )
        assert "kind: Deployment" in _copied(first)
        place.run("screen", "-S", "colony", "-d")
        first.end()
    finally:
        first.close()
    again = place.terminal(*place.command("screen", *screen, "-r", "colony"), size=(120, 40))
    try:
        again.wait("TYCHO")
        again.press("1")
        _drawn(again, 120)
        again.resize(100, 30)
        _drawn(again, 100)
        _leaves(again)
    finally:
        again.close()


def test_mosh(place: Place) -> None:
    server = place.run(
        "mosh-server", "new", "-i", "127.0.0.1", "-p", "60900:60999", "--", "sh", "-c", COMMAND
    )
    connect = re.search(r"MOSH CONNECT (\d+) (\S+)", server)
    assert connect, server
    client = place.terminal(
        *place.command("mosh-client", "127.0.0.1", connect[1]), MOSH_KEY=connect[2],
        MOSH_PREDICTION_DISPLAY="never",
    )  # fmt: skip
    try:
        _drawn(client, SIZE[0])
        assert "kind: Deployment" in _copied(client)
        client.press("1")
        client.resize(120, 40)
        _drawn(client, 120)
        _leaves(client)
    finally:
        client.close()
