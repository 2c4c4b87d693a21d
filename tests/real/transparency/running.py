"""Runs the tools of transparency-dev that `tests/real/install` compiled, and a witness of ours."""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.real.installed import required
from tests.real.processes import Deadline, DidNotStart, Program, free_port

PATIENCE = 60


class Tools:
    """The tools; *directory* is for what they are handed."""

    def __init__(self, directory: Path) -> None:
        self._bin = required("transparency") / "bin"
        self._directory = directory
        self._files = 0

    def interop(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run the program on their libraries."""
        return self._run("interop", *arguments)

    def holds(self, *arguments: str | Path) -> bool:
        """Whether the program on their libraries finds all well; what it is must be said."""
        done = self.interop(*arguments)
        assert done.returncode in (0, 1), done.stderr
        assert "usage" not in done.stderr
        assert "no such file" not in done.stderr
        return done.returncode == 0

    def fsck(self, directory: Path, key: str) -> bool:
        """Whether Tessera's fsck finds the log in *directory* whole."""
        done = self._run(
            "fsck", "-storage_url", directory.as_uri(), "-public_key", self.file(key.encode()),
            "-ui=false", "-v=1", "-N=2",
        )  # fmt: skip
        good = "Successfully fsck'd log" in done.stderr
        assert good != ("fsck failed" in done.stderr), done.stderr
        return good

    def grow(self, directory: Path, skey: str, entries: Path, *more: str | Path) -> None:
        """Add the files in *entries* to a log that Tessera keeps in *directory*."""
        done = self._run(
            "posix-oneshot", "-storage_dir", directory, "-private_key", self.file(skey.encode()),
            "-entries", f"{entries}/*", *more,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def keygen(self, name: str) -> tuple[str, str, str, str]:
        """Return an Ed25519 key and its vkey, an ML-DSA-44 key and its vkey, that theirs made."""
        one, two, three, four = self.interop("keygen", name).stdout.split()
        return one, two, three, four

    def file(self, data: bytes) -> Path:
        """Return a new file that holds *data*."""
        self._files += 1
        path = self._directory / f"file-{self._files}"
        path.write_bytes(data)
        return path

    def hashes(self, hashes: Iterable[bytes]) -> Path:
        """Return a new file with *hashes*, one a line."""
        return self.file(b"".join(base64.b64encode(each) + b"\n" for each in hashes))

    def _run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._bin / program, *arguments], capture_output=True, text=True, check=False,
            timeout=PATIENCE,
        )  # fmt: skip

    def witness(self, vkey: str, skeys: Sequence[str]) -> Listening:
        """Return a witness of theirs, not started, that knows the log of *vkey*."""
        port = free_port()
        files = [str(self.file(each.encode())) for each in skeys]
        command = [str(self._bin / "interop"), "witness", f"127.0.0.1:{port}", vkey, *files]
        return Listening("their-witness", command, self._directory, port)


class Listening(Program):
    """A program that listens on loopback."""

    def __init__(self, name: str, command: Sequence[str], directory: Path, port: int) -> None:
        super().__init__(name, command, directory)
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        super().start()
        deadline = Deadline(PATIENCE, f"{self.name} listens")
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            except OSError:
                deadline.pause(self)


class OurWitness(Listening):
    """`colony ledger witness serve` in *directory*, which keeps keys and state; not started."""

    def __init__(self, directory: Path, logs: Iterable[str]) -> None:
        port = free_port()
        self.keys, self.state = directory / "witness.keys", directory / "witness.state"
        given = [word for vkey in logs for word in ("--log", vkey)]
        command = [
            sys.executable, "-m", "console", "ledger", "witness", "serve", "--key", str(self.keys),
            "--state", str(self.state), "--listen", f"127.0.0.1:{port}", *given,
        ]  # fmt: skip
        super().__init__("our-witness", command, directory, port)


def hashes_of(printed: str) -> list[bytes]:
    """Return the hashes that a program printed, one a line."""
    return [base64.b64decode(line) for line in printed.split()]


__all__ = ["DidNotStart", "Listening", "OurWitness", "Tools", "hashes_of"]
