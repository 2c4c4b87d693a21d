"""A login to the real sshd with a shell of its own, for what no role of the colony is about."""

from __future__ import annotations

from tests.real.relay import Line
from tests.real.sshd.running import Sshd
from tests.ui.terminal import ROOT

USER = "root"
"""Whom sshd runs as: not one of the people, and so without a forced command."""


class ShellSshd(Sshd):
    """The documented sshd, and one more login over a slow line."""

    def start(self) -> None:
        """Start it and let the one more in."""
        super().start()
        (self.directory / "keys" / USER).write_text(self._made(self._key(USER)) + "\n")

    def shell(self, line: Line, script: str) -> list[str]:
        """Return the client's command that runs *script* on a terminal at the end of *line*."""
        return [
            str(self._bin / "ssh"), "-F", "none", "-p", str(self.port), "-i", self._key(USER),
            "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR",
            "-o", f"UserKnownHostsFile={self.directory}/known",
            "-o", f"ProxyCommand={line.proxy()}", "-tt", f"{USER}@127.0.0.1",
            f"cd {ROOT} && {script}",
        ]  # fmt: skip


def over(line: Line) -> tuple[str, ...]:
    """Return the options for `Sshd.command` that put *line* between client and server."""
    return ("-o", f"ProxyCommand={line.proxy()}", "-tt")
