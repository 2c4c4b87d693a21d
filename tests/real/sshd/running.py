"""A real sshd on loopback, set up as the README says, with people who log in to it by key.

It runs as root in a mount namespace of its own: there /etc/passwd has the people of the tests, and
the machine's own files stay as they are. The people all have the tests' own uid: who may do what
among several uids is the station's to say and is tested where the station is.
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real.processes import Deadline, Program, free_port
from tests.ui.terminal import ROOT, colony_environment

PEOPLE = {"ana": "commander", "olu": "operator", "cy": "viewer"}
"""Users by name, and the role of the group that each is in."""
SHARED = "ops"
"""The user behind whom several stand, told apart by their keys."""
DEMO = ("--demo", "--seed", "12")
COLONY = Path(sys.executable).with_name("colony")

_MOUNTED = """set -e
for name in passwd group shadow; do
  if [ -e /etc/$name ]; then mount --bind {directory}/$name /etc/$name; fi
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -m 755 /run/sshd
exec {sshd} -D -e -f {directory}/sshd_config
"""
_GENERAL = """Port {port}
ListenAddress 127.0.0.1
HostKey {directory}/host
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
AuthorizedKeysFile {directory}/keys/%u
Subsystem sftp internal-sftp
AcceptEnv COLONY_* TEXTUAL_* SSH_ORIGINAL_COMMAND
SetEnv {environment}
"""


def allowed() -> None:
    """Fail in CI, and skip elsewhere, where this cannot have a mount namespace."""
    command = ["unshare", "--mount", "--propagation", "private", "true"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        why = done.stderr.strip()
    except OSError as error:
        why = str(error)
    if not why and os.geteuid() == 0:
        return
    said = f"sshd for several people needs root and a mount namespace: {why or 'not root'}"
    if os.environ.get("CI"):
        pytest.fail(said, pytrace=False)
    pytest.skip(said)


def documented() -> tuple[str, list[str]]:
    """Return what the README says: the blocks for sshd_config, and lines for authorized_keys."""
    readme = (ROOT / "README.md").read_text()
    blocks = re.findall(r"^```\n(Match Group.*?)^```$", readme, re.M | re.S)
    lines = re.findall(r"^restrict,pty,command=.*$", readme, re.M)
    assert len(blocks) == 1
    assert len(lines) == 2
    return blocks[0], lines


class Sshd:
    """The server, its people's keys, and the client that logs in with them."""

    def __init__(self, installed: Path, directory: Path, home: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self._bin = installed / "bin"
        self._home = home
        self.program = Program("sshd", self._command(), directory)

    def start(self) -> None:
        """Write its configuration, start it, and wait until it listens."""
        self._write()
        self.program.start()
        deadline = Deadline(20, "sshd listens")
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                deadline.pause(self.program)

    def command(self, who: str, *words: str, options: tuple[str, ...] = ()) -> list[str]:
        """Return the client's command for *who*: a user, or somebody behind the shared one."""
        user = who if who in PEOPLE else SHARED
        return [
            str(self._bin / "ssh"), "-F", "none", "-p", str(self.port), "-i", self._key(who),
            "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR",
            "-o", f"UserKnownHostsFile={self.directory}/known", *options,
            f"{user}@127.0.0.1", *words,
        ]  # fmt: skip

    def run(
        self, who: str, *words: str, options: tuple[str, ...] = (), **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Log in as *who*, have *words* run, and return how that went."""
        return subprocess.run(
            self.command(who, *words, options=options), env={**os.environ, **environment},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def _command(self) -> list[str]:
        script = _MOUNTED.format(directory=self.directory, sshd=self._bin / "sshd")
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]

    def _key(self, who: str) -> str:
        return str(self.directory / f"{who}.key")

    def _made(self, path: str) -> str:
        """Make a key pair and return its public line."""
        command = [str(self._bin / "ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", path]
        subprocess.run(command, check=True)
        return Path(f"{path}.pub").read_text().strip()

    def _write(self) -> None:
        blocks, lines = documented()
        keys = self.directory / "keys"
        keys.mkdir()
        for who in PEOPLE:
            (keys / who).write_text(self._made(self._key(who)) + "\n")
        shared = []
        for name, line in zip(("shared-ana", "shared-cy"), lines, strict=True):
            forced = line[: line.index(" ssh-ed25519 ")]
            shared.append(f"{self._ours(forced)} {self._made(self._key(name))}\n")
        (keys / SHARED).write_text("".join(shared))
        host = self._made(str(self.directory / "host"))
        (self.directory / "known").write_text(f"[127.0.0.1]:{self.port} {host}\n")
        self._accounts()
        environment = " ".join(
            f"{name}={value}"
            for name, value in colony_environment(self._home).items()
            if name.startswith("XDG_")
        )
        general = _GENERAL.format(port=self.port, directory=self.directory, environment=environment)
        (self.directory / "sshd_config").write_text(general + self._ours(blocks))

    def _ours(self, text: str) -> str:
        """Return a documented text with the tests' program and colony."""
        fixed = f"{shlex.quote(str(COLONY))} {' '.join(DEMO)}"
        text = text.replace(" --config /etc/colony/colony.toml", "")
        return text.replace("/usr/bin/colony", fixed)

    def _accounts(self) -> None:
        users, groups = [*PEOPLE, SHARED], []
        passwd = Path("/etc/passwd").read_text()
        if "\nsshd:" not in passwd:
            passwd += "sshd:x:64999:65534::/run/sshd:/usr/sbin/nologin\n"
        passwd += "".join(f"{user}:x:0:0::{self._home}:/bin/sh\n" for user in users)
        for number, (user, role) in enumerate(PEOPLE.items(), 64_000):
            groups.append(f"colony-{role}s:x:{number}:{user}\n")
        (self.directory / "passwd").write_text(passwd)
        (self.directory / "group").write_text(Path("/etc/group").read_text() + "".join(groups))
        shadow = self.directory / "shadow"
        shadow.touch(mode=0o600)
        shadow.write_text("".join(f"{user}:*:1::::::\n" for user in ["root", "sshd", *users]))
