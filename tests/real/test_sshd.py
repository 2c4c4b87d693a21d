"""Roles over SSH, with the README's configuration in a real sshd: what each may, and no more."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.choice import Choice
from console.feed.client import Feed, FeedClosed
from console.identity import identify
from tests.real.installed import required
from tests.real.processes import Deadline, Program
from tests.real.sshd.running import COLONY, DEMO, Sshd, allowed
from tests.ui.terminal import Terminal, colony, colony_environment

ROLLBACK = "colony act app.rollback app=life-support/oxygen-generator --yes --reason 'pull fails'"
USAGE, REFUSED, FORBIDDEN = 64, 21, 77


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)


@pytest.fixture(scope="module")
def station(home: Path) -> Iterator[Program]:
    command = [str(COLONY), *DEMO, "station"]
    program = Program("station", command, home, colony_environment(home))
    program.start()
    deadline = Deadline(60, "the station answers")
    while colony(home, *DEMO, "station", "status").returncode:
        deadline.pause(program)
    yield program
    program.end()


@pytest.fixture(scope="module")
def sshd(home: Path, station: Program) -> Iterator[Sshd]:
    installed = required("sshd")
    allowed()
    directory = home / "sshd"
    directory.mkdir()
    server = Sshd(installed, directory, home)
    server.start()
    yield server
    server.program.end()


def _json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert len(done.stdout.splitlines()) == 1, done.stdout + done.stderr
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def test_each_looks_on_and_what_is_written_is_json_alone(sshd: Sshd) -> None:
    for who in ("ana", "olu", "cy", "shared-ana", "shared-cy"):
        taken = _json(sshd.run(who, "colony status --json --wait 30"))
        assert taken["colony"] == "tycho"


@pytest.mark.parametrize("who", ["cy", "shared-cy"])
def test_a_viewer_does_not_act_however_it_is_asked(sshd: Sshd, home: Path, who: str) -> None:
    before = _json(colony(home, *DEMO, "status", "--json"))["actions"]
    for asked, status in (
        (ROLLBACK, REFUSED),
        (f"{ROLLBACK} --role commander", USAGE),
        (f"colony login --role commander {ROLLBACK}", USAGE),
        ("colony login --role commander", FORBIDDEN),
        ("colony station stop --force", FORBIDDEN),
        (f"sh -c '{ROLLBACK}'", USAGE),
        (f"colony status; {ROLLBACK}", USAGE),
        (f"colony actions && {COLONY} {' '.join(DEMO)} act x", USAGE),
        (f"{COLONY} {' '.join(DEMO)} actions", USAGE),
        ("$(touch owned)", USAGE),
        ("colony ledger handover --out owned", FORBIDDEN),
        (f"{ROLLBACK} --demo", FORBIDDEN),
        (f"{ROLLBACK} --config /dev/null", FORBIDDEN),
    ):
        done = sshd.run(who, asked)
        assert done.returncode == status, (asked, done.stdout, done.stderr)
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "Traceback" not in done.stderr
    assert not (home / "owned").exists()
    assert _json(colony(home, *DEMO, "status", "--json"))["actions"] == before


def test_no_variable_of_the_clients_counts(sshd: Sshd) -> None:
    sent = {
        "COLONY_ROLE": "commander", "COLONY_CONFIG": "/dev/null", "COLONY_COLONY": "other",
        "SSH_ORIGINAL_COMMAND": "colony station stop",
    }  # fmt: skip
    options = tuple(part for name in sent for part in ("-o", f"SendEnv={name}"))
    assert sshd.run("cy", ROLLBACK, options=options, **sent).returncode == REFUSED
    done = sshd.run("cy", "colony status --json", options=options, **sent)
    assert _json(done)["colony"] == "tycho"


@pytest.mark.parametrize("who", ["cy", "shared-cy"])
def test_nothing_is_forwarded_and_no_file_is_moved(sshd: Sshd, home: Path, who: str) -> None:
    through = sshd.run(who, options=("-W", f"127.0.0.1:{sshd.port}"))
    assert through.returncode
    assert "forwarding failed" in through.stderr
    assert sshd.run(who, "sftp", options=("-s",)).returncode == USAGE
    assert sshd.run(who, "scp -t /tmp").returncode == USAGE
    there = identify(Choice(demo=True, seed=12), colony_environment(home)).socket
    here = home / f"{who}.sock"
    command = sshd.command(
        who, options=("-N", "-L", f"{here}:{there}", "-o", "ExitOnForwardFailure=no")
    )
    tunnel = Program(f"tunnel-{who}", command, home)
    tunnel.start()
    try:
        deadline = Deadline(20, "the client listens")
        while not here.exists():
            deadline.pause(tunnel)
        with pytest.raises(FeedClosed):
            asyncio.run(Feed.connect(here))
    finally:
        tunnel.end()


def test_an_operator_acts_up_to_caution_and_a_commander_further(sshd: Sshd) -> None:
    scale = (
        "colony act app.scale app=agriculture/hydroponics-lights replicas=0 "
        "--yes --confirm hydroponics-lights --json"
    )
    assert _json(sshd.run("olu", f"{scale} --reason dry"))["state"] == "refused"
    handed = (
        "colony act contract.call contract=Identity function=transferFrom "
        """args='["ops","agri","5"]' --yes --json --reason handed"""
    )
    done = sshd.run("olu", handed)
    acted = _json(done)
    assert (done.returncode, acted["state"]) == (0, "verified"), done.stderr
    done = sshd.run("ana", f"{scale} --reason drought")
    acted = _json(done)
    assert (done.returncode, acted["state"]) == (0, "verified"), done.stderr


def test_the_log_says_which_person_it_was(sshd: Sshd) -> None:
    noted = sshd.run("shared-ana", "colony ledger note 'the night shift; $(id) begins'")
    assert noted.returncode == 0, noted.stderr
    assert sshd.run("shared-cy", "colony ledger note 'not mine to write'").returncode == REFUSED
    told = sshd.run("shared-cy", "colony ledger log --event note --json")
    entry = _json(told)
    assert entry["actor"].startswith("ana (")
    assert entry["entry"]["text"] == "the night shift; $(id) begins"


def test_the_console_opens_in_the_role_of_the_login(sshd: Sshd, home: Path) -> None:
    terminal = Terminal(sshd.command("shared-cy", options=("-tt",)), colony_environment(home), 120)
    try:
        terminal.wait("DEMO")
        terminal.wait("viewer")
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.close()
    refused = sshd.run("cy")
    assert (refused.returncode, "needs a terminal" in refused.stderr) == (USAGE, True)


def test_a_hang_up_in_the_middle_leaves_the_action_going(sshd: Sshd, home: Path) -> None:
    terminal = Terminal(
        sshd.command("shared-ana", ROLLBACK, options=("-tt",)), colony_environment(home), 120
    )
    try:
        terminal.wait("submitted")
        os.kill(terminal.process.pid, 9)
    finally:
        terminal.close()
    deadline = time.monotonic() + 60
    state = ""
    while state != "verified":
        assert time.monotonic() < deadline, state
        actions = _json(colony(home, *DEMO, "status", "--json"))["actions"]
        state = next(one["state"] for one in actions if one["name"] == "app.rollback")
