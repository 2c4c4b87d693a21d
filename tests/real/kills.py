"""Kills the program for real, at every stage of an action, and asks what came of it.

A colony on a real chain and a real control plane; `kill -9` for its station, for the command that
asked, or for both, in the moment when a stage is seen in the log. By hand, any number of them:

    python -m tests.real.kills --runs 200 --seed 7
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from adapters.records import ActionState
from console.ledger.merkle import Tree, leaf_hash
from console.station.lifecycle import FOLLOWS
from tests.contract.kubernetes.objects import collection, deployment, namespace, path
from tests.real.anvil import Anvil
from tests.real.colony import RealColony
from tests.real.controlplane import ControlPlane
from tests.real.installed import required
from tests.real.processes import Deadline

SPACE = "kills"
VICTIMS = ("station", "console", "both")
STAGES = ("asked", "draft", "simulated", "approved", "submitted", "included", "final")
"""The stage in which the axe falls; `asked` is before the first entry."""
_LAST = "SELECT intent, state FROM stages ORDER BY leaf DESC LIMIT 1"
LATER = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1)
"""Seconds from the sight of the stage to the kill."""


class Kill(NamedTuple):
    """One run, all of it from its seed."""

    kind: str
    victim: str
    stage: str
    later: float


class Came(NamedTuple):
    """What came of it: how the action ended ("" where nothing was logged), and its effects."""

    state: str
    effects: int


def plan(seed: int) -> Kill:
    """Return the kill of *seed*: kinds, victims and stages come round, the moment is by chance."""
    chance = random.Random(seed)
    kind = ("call", "rollback")[seed % 2]
    turn = seed // 2
    stage = STAGES[turn % len(STAGES)]
    return Kill(kind, VICTIMS[turn % len(VICTIMS)], stage, chance.choice(LATER))


class Doomed:
    """The colony that it is done to: tokens to give away, and apps that can be rolled back."""

    def __init__(self, chain: Anvil, plane: ControlPlane, directory: Path) -> None:
        self.colony = RealColony(chain, directory)
        self.plane = plane
        self.log = directory / "home" / "state" / "colony" / "tycho" / "log.sqlite"
        self._numbers = itertools.count(100)

    def found(self) -> None:
        """Found the colony on both systems."""
        self.colony.found()
        with self.colony.config.open("a") as file:
            file.write(
                f'[colonies.tycho.adapters.main]\nadapter = "kubernetes"\n'
                f'kubeconfig = "{self.plane.kubeconfig}"\nnamespaces = ["{SPACE}"]\n'
            )
        self.plane.client.post("/api/v1/namespaces", json=namespace(SPACE)).raise_for_status()

    # What is to be done, and whether it was

    def target(self, kind: str) -> tuple[str, tuple[str, ...]]:
        """Make a target of *kind*; return its name and the action on it."""
        number = next(self._numbers)
        if kind == "call":
            self.colony.mint(number, "ops", f"kills/app-{number}")
            arguments = f'args=["ops","power","{number}"]'
            call = ("contract.call", "contract=Identity", "function=transferFrom", arguments)
            return str(number), call
        name = f"app-{number}"
        thing = deployment(SPACE, name, "registry.example/app:1", replicas=1)
        answer = self.plane.client.post(collection("Deployment", SPACE), json=thing)
        answer.raise_for_status()
        self._rolled_out(name, 1)
        self.plane.client.patch(
            path(thing),
            json={"spec": {"template": {"spec": {"containers": [
                {"name": "main", "image": "registry.example/app:2"}]}}}},
            headers={"content-type": "application/strategic-merge-patch+json"},
        ).raise_for_status()  # fmt: skip
        self._rolled_out(name, 2)
        return name, ("app.rollback", f"app={SPACE}/{name}", "to=1")

    def effects(self, kind: str, target: str) -> int:
        """Return how often the action on *target* took effect, as the real system has it."""
        if kind == "call":
            return self.colony.nonce("ops")
        return int(self._deployment(target)["metadata"]["generation"])

    def _rolled_out(self, name: str, revision: int) -> None:
        def done() -> bool:
            thing = self._deployment(name)
            status, notes = thing.get("status", {}), thing["metadata"].get("annotations", {})
            return bool(
                status.get("observedGeneration") == thing["metadata"]["generation"]
                and notes.get("deployment.kubernetes.io/revision") == str(revision)
                and status.get("readyReplicas") == status.get("replicas") == 1
            )

        self.colony.until(f"revision {revision} of {name}", done)

    def _deployment(self, name: str) -> Any:
        found = self.plane.client.get(f"{collection('Deployment', SPACE)}/{name}")
        found.raise_for_status()
        return found.json()

    # The axe

    def run(self, kill: Kill) -> Came:
        """Take an action, kill, come back, and hold what is said against the real system."""
        target, action = self.target(kill.kind)
        before = self.effects(kill.kind, target)
        logged = self._intents()
        acting = self.colony.start("act", *action, "--yes", "--json", "--reason", "a kill")
        self._wait_for(kill.stage, logged, acting)
        time.sleep(kill.later)
        if kill.victim != "console":
            self._kill_station()
        if kill.victim != "station":
            acting.kill()
        acting.communicate(timeout=90)
        return self._judge(kill, target, before, logged)

    def _judge(self, kill: Kill, target: str, before: int, logged: set[str]) -> Came:
        deadline = Deadline(90.0, f"{kill}: the end of the action")
        before_that: dict[str, str] | None = None
        while True:
            said = self.colony.status()
            new = self._intents() - logged
            states = {each["id"]: each["state"] for each in said["actions"] if each["id"] in new}
            rests = len(states) == len(new) and all(_rests(one, kill) for one in states.values())
            # Twice the same: what a console sent before it was killed may still be on its way.
            if rests and states == before_that:
                break
            before_that = states if rests else None
            deadline.pause()
        self._check_log()
        assert len(new) <= 1, f"{kill}: one intent became {new}"
        effects = self.effects(kill.kind, target) - before
        assert effects in (0, 1), f"{kill}: {effects} effects of one intent"
        if not new:
            assert effects == 0, f"{kill}: an effect that no entry tells of"
            return Came("", 0)
        (name,) = new
        state = states[name]
        path, outcome = self._path(name)
        assert all(b in FOLLOWS[a] for a, b in itertools.pairwise([None, *path])), f"{kill}: {path}"
        assert path[-1] == state
        assert outcome, f"{kill}: {name} ended without a word"
        good = ("verified",) if effects else ("simulated", "cancelled", "failed", "refused")
        assert state in good, f"{kill}: {effects} effects, and it is said to be {state}: {outcome}"
        return Came(state, effects)

    def _wait_for(self, stage: str, logged: set[str], acting: subprocess.Popen[str]) -> None:
        wanted = STAGES.index(stage)
        ends = time.monotonic() + 60.0
        while acting.poll() is None and time.monotonic() < ends:
            if wanted == 0 or self._reached(logged) >= wanted:
                return

    def _reached(self, logged: set[str]) -> int:
        with self._reading() as db:
            rows = db.execute(_LAST).fetchall() if db else []
        state = rows[0][1] if rows and rows[0][0] not in logged else "asked"
        return STAGES.index(state) if state in STAGES else len(STAGES)

    def _kill_station(self) -> None:
        with contextlib.suppress(OSError, ValueError, ProcessLookupError):
            pid = int(self.log.with_name("log.sqlite.lock").read_text().split()[0])
            os.kill(pid, signal.SIGKILL)

    # The log, as it lies on the disk

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        if not self.log.exists():
            yield None
            return
        db = sqlite3.connect(f"file:{self.log}?mode=ro", uri=True, timeout=5.0)
        try:
            db.execute("SELECT 1 FROM intents LIMIT 1")
            yield db
        except sqlite3.OperationalError:
            yield None  # its tables are being made
        finally:
            db.close()

    def _intents(self) -> set[str]:
        with self._reading() as db:
            return {name for (name,) in db.execute("SELECT id FROM intents")} if db else set()

    def _path(self, name: str) -> tuple[list[ActionState], str]:
        with self._reading() as db:
            assert db is not None
            rows = db.execute(
                "SELECT state, detail FROM stages WHERE intent = ? ORDER BY seq", (name,)
            ).fetchall()
        return [ActionState(state) for state, _ in rows], rows[-1][1]

    def _check_log(self) -> None:
        """Hash every entry again: none is torn, and the head is over all of them."""
        tree = Tree()
        with self._reading() as db:
            assert db is not None
            db.execute("BEGIN")
            for index, digest, data in db.execute("SELECT idx, hash, data FROM leaves ORDER BY 1"):
                assert index == tree.size
                assert leaf_hash(data) == digest
                json.loads(data)
                tree.append(digest)
            assert db.execute("SELECT size, root FROM head").fetchone() == (tree.size, tree.root())


def _rests(state: str, kill: Kill) -> bool:
    """Whether nothing more happens: it ended, or waits for an approval that nobody gives."""
    ended = ActionState(state).ended
    return ended or (kill.victim == "console" and state == ActionState.SIMULATED)


@contextlib.contextmanager
def doomed(plane: ControlPlane) -> Iterator[Doomed]:
    """A colony to be killed, on *plane*, which runs, and a chain of its own."""
    # Sockets have short names: not below pytest's own directory.
    with tempfile.TemporaryDirectory(prefix="colony-") as name:
        chain = Anvil(required("anvil"), Path(name))
        colony = Doomed(chain, plane, Path(name))
        try:
            chain.start()
            colony.found()
            yield colony
        finally:
            colony.colony.run("station", "stop", "--force")
            chain.stop()


def table(runs: list[tuple[Kill, Came]]) -> list[str]:
    """Return what came of *runs* by stage and victim, a line each."""
    found: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(
        collections.Counter
    )
    for kill, came in runs:
        found[kill.stage, kill.victim][came.state or "nothing"] += 1
    lines = [f"{'killed in':12}{'victim':10}what came of it"]
    for stage in STAGES:
        for victim in VICTIMS:
            if came_of := found.get((stage, victim)):
                said = ", ".join(f"{count} {state}" for state, count in sorted(came_of.items()))
                lines.append(f"{stage:12}{victim:10}{said}")
    effects = sum(came.effects for _, came in runs)
    return [*lines, f"{len(runs)} kills, {effects} effects, at most one each"]


def main() -> int:
    """Kill as often as the command line says, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.real.kills")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    runs = []
    with tempfile.TemporaryDirectory() as name:
        plane = ControlPlane(required("controlplane"), Path(name))
        plane.start()
        try:
            with doomed(plane) as colony:
                for seed in range(options.seed, options.seed + options.runs):
                    kill = plan(seed)
                    runs.append((kill, colony.run(kill)))
                    print(f"{seed}: {kill}: {runs[-1][1]}", flush=True)
        finally:
            plane.stop()
    print("\n".join(table(runs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
