"""Several people of one machine at a shared station: each a user of their own, as real processes.

Each process runs in a mount namespace where /etc/passwd and /etc/group have the people of the
tests, and then as the user that it is of: the machine's own files stay as they are. They may read
what the tests' Python is made of (CAP_DAC_READ_SEARCH: it may be in root's home); that opens no
socket and writes nothing, so who may connect is up to the socket's mode all the same.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address

from tests.contract.chain import abi
from tests.real.anvil import Anvil
from tests.real.colony import Json, RealColony
from tests.real.processes import Deadline, Program
from tests.ui.terminal import COLONY, ROOT, colony_environment

SERVICE = "colony-station"
"""Who runs the station."""
UIDS = {SERVICE: 64200, "ana": 64201, "ben": 64202, "olu": 64203, "cy": 64204, "eve": 64205}
GROUPS = {
    "colony": (64210, (SERVICE, "ana", "ben", "olu", "cy")),
    "colony-commanders": (64211, ("ben",)),
}
"""Groups with their ids and members: eve is not let in at all."""
_ENTER = """mount --bind {directory}/passwd /etc/passwd && mount --bind {directory}/group /etc/group
exec setpriv --reuid {uid} --regid {uid} --init-groups --pdeathsig KILL \
  --inh-caps +dac_read_search --ambient-caps +dac_read_search -- "$@"
"""
_RULES = """shared = "{socket}"
[colonies.tycho.roles]
commander = ["ana", "@colony-commanders"]
operator = [{operator}]
[colonies.tycho.policy]
second_person = ["critical"]
break_glass_minutes = 10
[[colonies.tycho.policy.rules]]
action = "contract.call"
arguments = {{function = "transferFrom*"}}
significance = "critical"
"""


class SharedColony(RealColony):
    """A colony whose station is a service, and whose people are users of the machine."""

    def __init__(self, node: Anvil, directory: Path) -> None:
        super().__init__(node, directory)
        self.socket = directory / "run" / "tycho.sock"
        self.station: Program | None = None

    def found(self) -> None:
        """Found it, give the service what is its own, and make the people's homes."""
        self.directory.chmod(0o755)
        self.socket.parent.mkdir(mode=0o755)
        self._accounts()
        super().found()
        for who, uid in UIDS.items():
            home = self.home_of(who)
            colony_environment(home)
            for path in (home, home / "run"):
                os.chown(path, uid, uid)
        for path in (self.secrets, *self.secrets.iterdir(), self.socket.parent):
            os.chown(path, UIDS[SERVICE], UIDS[SERVICE])
        (self.directory / "people.toml").write_text(f'[colonies.tycho]\nshared = "{self.socket}"\n')

    def configure(self, places: dict[str, str]) -> None:
        """Write the service's configuration: the colony's, with roles and a policy."""
        super().configure(places)
        top, table, rest = self.config.read_text().partition("[")
        rules = _RULES.format(socket=self.socket, operator=UIDS["olu"])
        self.config.write_text(f"{top}[colonies.tycho]\n{rules}{table}{rest}")

    def home_of(self, who: str) -> Path:
        """Return the home of *who*."""
        return self.directory / "homes" / who

    # The service

    def serve(self) -> None:
        """Start the station, and wait until it answers."""
        command = [*COLONY, "--config", str(self.config), "station"]
        self.station = Program(
            "station", self._as(SERVICE, command), self.directory, self._environment(SERVICE)
        )
        self.station.start()
        deadline = Deadline(60.0, "the station answers")
        while self.by("ana", "status", "--json").returncode == 69:
            deadline.pause(self.station)
        self.by("ana", "status", "--json", "--wait", "30")

    def crash(self) -> None:
        """End the station as a crash would: kill -9."""
        if self.station is not None:
            self.station.kill()

    # People

    def begin(self, who: str, *arguments: str) -> subprocess.Popen[str]:
        """Start one headless command of *who*."""
        config = self.config if who == SERVICE else self.directory / "people.toml"
        command = [*COLONY, "--config", str(config), *arguments]
        return subprocess.Popen(
            self._as(who, command), env=self._environment(who), cwd=ROOT,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def by(self, who: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one headless command of *who* to its end."""
        return self.end(self.begin(who, *arguments))

    def action(self, who: str, holds: Callable[[Json], bool]) -> Json:
        """Return the action for which *holds*, as soon as *who* sees it among the records."""
        watching = self.begin(who, "watch", "--kind", "ActionStatus")
        try:
            for record in _lines(watching):
                if record.get("kind") == "ActionStatus" and holds(record):
                    return record
            raise AssertionError(f"{who} saw no such action: {watching.stderr}")
        finally:
            watching.kill()
            watching.communicate()

    def entries(self, who: str) -> list[Json]:
        """Return the entries of the log, as *who* reads them."""
        told = self.by(who, "ledger", "log", "--json").stdout
        return [json.loads(line)["entry"] for line in told.splitlines()]

    # The chain, by the test's own hand

    def owner_now(self, token: int) -> str:
        """Return the address that has *token*, as the chain says."""
        call = {"to": self.places["Identity"], "data": abi.calldata("Identity", "ownerOf", token)}
        return str(to_checksum_address("0x" + self.node.rpc("eth_call", call, "latest")[-40:]))

    def give(self, token: int, sender: str, to: str) -> None:
        """Give *token* away behind the console's back."""
        one, other = self.address(sender), self.address(to)
        self._transact(
            **{"from": one, "to": self.places["Identity"],
               "data": abi.calldata("Identity", "transferFrom", one, other, token)}
        )  # fmt: skip

    # Inside

    def _accounts(self) -> None:
        passwd, group = Path("/etc/passwd").read_text(), Path("/etc/group").read_text()
        for who, uid in UIDS.items():
            passwd += f"{who}:x:{uid}:{uid}::{self.home_of(who)}:/bin/sh\n"
            group += f"{who}:x:{uid}:\n"
        for name, (number, members) in GROUPS.items():
            kept = [line for line in group.splitlines() if not line.startswith(f"{name}:")]
            group = "\n".join([*kept, f"{name}:x:{number}:{','.join(members)}"]) + "\n"
        (self.directory / "passwd").write_text(passwd)
        (self.directory / "group").write_text(group)

    def _as(self, who: str, command: list[str]) -> list[str]:
        script = _ENTER.format(directory=self.directory, uid=UIDS[who])
        return [
            "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", *command,
        ]  # fmt: skip

    def _environment(self, who: str) -> dict[str, str]:
        return colony_environment(self.home_of(who))


def _lines(process: subprocess.Popen[Any]) -> Iterator[Json]:
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)
