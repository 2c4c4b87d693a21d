"""A station and a witness, each a process of its own: killed, told old things, lied to."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.headless.witness_files import make_keys
from console.ledger import checkpoint, note, proofs
from console.ledger.checkpoint import Checkpoint
from console.ledger.keys import Kind, SigningKey, VerifierKey
from console.ledger.merkle import Tree, leaf_hash
from console.ledger.witness import Request
from tests.real.processes import Deadline
from tests.real.transparency.running import OurWitness, Tools
from tests.ui.terminal import COLONY, ROOT, colony_environment

pytestmark = pytest.mark.real

ORIGIN = "colony.example/tycho"
AT = 1_800_000_000.0
KILLS = 12


class History:
    """A log of numbered entries, some of which may differ, and its signed checkpoints."""

    def __init__(self, key: SigningKey, size: int, mark: str) -> None:
        self._key = key
        self._nodes: dict[tuple[int, int], bytes] = {}
        self.roots = [Tree().root()]
        tree = Tree()
        for number in range(size):
            leaf = self._nodes[0, number] = leaf_hash(f"{mark} {number}".encode())
            for level, place, digest in tree.append(leaf):
                self._nodes[level, place] = digest
            self.roots.append(tree.root())

    def request(self, old: int, new: int) -> bytes:
        """Return what asks a witness to go on from *old* entries to *new*."""
        path = proofs.consistency(old, new, lambda level, place: self._nodes[level, place])
        signed = checkpoint.sign(Checkpoint(ORIGIN, new, self.roots[new]), [self._key], AT)
        return Request(old, tuple(path), signed).encode()


def post(witness: OurWitness, body: bytes) -> tuple[int, str]:
    """Return status and body of what a witness answers; raises `OSError`, `HTTPException`."""
    line = http.client.HTTPConnection("127.0.0.1", witness.port, timeout=30)
    try:
        line.request("POST", "/add-checkpoint", body)
        said = line.getresponse()
        return said.status, said.read().decode()
    finally:
        line.close()


class Growing(threading.Thread):
    """Asks *witness* to cosign ever more of *history*, until it does not answer any more."""

    def __init__(self, witness: OurWitness, history: History, size: int, enough: int) -> None:
        super().__init__()
        self.size = size
        """How much it has cosigned, as far as it has said."""
        self.enough = threading.Event()
        """Set once it has answered so often; the next request is on its way then."""
        self._witness = witness
        self._history = history
        self._left = enough

    def run(self) -> None:
        while True:
            try:
                status, _ = post(self._witness, self._history.request(self.size, self.size + 1))
            except (OSError, http.client.HTTPException):
                return
            assert status == 200
            self.size += 1
            self._left -= 1
            if self._left == 0:
                self.enough.set()


def test_a_witness_that_is_killed_again_and_again_signs_one_history(tmp_path: Path) -> None:
    """What was cosigned it knows after each kill, and another history it refuses."""
    key = SigningKey.generate(ORIGIN, Kind.ED25519)
    ours, other = History(key, 3_000, "ours"), History(key, 3_000, "other")
    make_keys(tmp_path / "witness.keys", "w.example")
    witness = OurWitness(tmp_path, [key.verifier.text])
    chance = random.Random(20)
    known = 0
    for _ in range(KILLS):
        witness.start()
        growing = Growing(witness, ours, known, chance.randint(1, 30))
        growing.start()
        assert growing.enough.wait(60)
        witness.kill()
        growing.join(60)
        witness.start()
        status, said = post(witness, other.request(0, 2_999))
        assert status == 409
        known = int(said)
        # It may have kept what it had no time to say, and nothing less than what it said.
        assert growing.size <= known <= growing.size + 1
        assert post(witness, other.request(known, 2_999))[0] == 422
        assert post(witness, other.request(known, known))[0] == 409
        assert post(witness, ours.request(known - 1, known)) == (409, f"{known}\n")
        assert post(witness, ours.request(known, known))[0] == 200
        witness.kill()
    assert known >= KILLS


class Tycho:
    """A colony whose chain does not answer; its log is all there is to it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.home = directory / "home"
        self.state = self.home / "state"
        self._config = directory / "colony.toml"

    def configure(self, witness: OurWitness, key: VerifierKey) -> None:
        self._config.write_text(
            f"""
            [colonies.tycho.log]
            origin = "{ORIGIN}"
            witnesses = [{{ url = "{witness.url}", key = "{key.text}" }}]
            [colonies.tycho.adapters.chain]
            adapter = "chain"
            url = "http://127.0.0.1:9"
            """
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*COLONY, "--config", str(self._config), *arguments], cwd=ROOT,
            env=colony_environment(self.home), stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done

    def good(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def note(self, *texts: str) -> None:
        for text in texts:
            self.good("ledger", "note", text)

    def stop(self) -> None:
        self.good("station", "stop", "--force")

    def witnessed(self) -> dict[str, Any]:
        """Return what `colony doctor` says of the witness."""
        findings = json.loads(self.run("doctor", "--json").stdout)["findings"]
        (found,) = [one for one in findings if one["check"].startswith("witness ")]
        return dict(found)

    def until(self, found: str, detail: str) -> None:
        """Wait until the doctor says so; the station asks every ten seconds."""
        deadline = Deadline(90, f"the witness is {found}: {detail}")
        while (said := self.witnessed())["found"] != found or detail not in said["detail"]:
            deadline.pause(seconds=0.5)


@pytest.fixture
def tycho() -> Iterator[Tycho]:
    # Sockets have short names: not below pytest's own directory.
    with tempfile.TemporaryDirectory(prefix="colony-") as name:
        colony = Tycho(Path(name))
        try:
            yield colony
        finally:
            colony.run("station", "stop", "--force")


def test_what_was_cosigned_cannot_be_taken_back(tycho: Tycho, tmp_path: Path) -> None:
    """The station's log grows, is read by others, is put back to a copy, and made again."""
    tools = Tools(tmp_path)
    mldsa, ed25519 = (
        key.verifier for key in make_keys(tycho.directory / "witness.keys", "w.example")
    )
    witness = OurWitness(tycho.directory, [])
    tycho.configure(witness, mldsa)
    tycho.note("one", "two")
    tycho.until("warning", "it does not answer")
    tycho.stop()
    tycho.good("ledger", "export", str(tycho.directory / "first"))
    vkeys = (tycho.directory / "first" / "keys").read_text().split()
    for vkey in vkeys:
        witness.command += ["--log", vkey]
    witness.start()
    tycho.stop()
    tycho.until("good", "it has cosigned 2 entries")
    told = json.loads(tycho.good("ledger", "verify", "--witness", mldsa.text, "--json"))
    assert (told["verdict"], told["size"]) == ("verified", 2)
    assert told["compared"] == ["the witness w.example at 2"]
    # The copy that somebody will put back.
    tycho.stop()
    shutil.copytree(tycho.state, tycho.directory / "copy")

    # It goes on; the witness is killed and comes back.
    tycho.note("three")
    witness.kill()
    witness.start()
    tycho.note("four")
    tycho.until("good", "it has cosigned 4 entries")
    exported = tycho.directory / "export"
    tycho.good("ledger", "export", str(exported))
    assert tools.fsck(exported, vkeys[0])
    assert tools.holds("checkpoint", exported / "checkpoint", *vkeys, mldsa.text)
    tycho.good("ledger", "verify", str(exported), "--witness", mldsa.text)

    # An older checkpoint, once more: the witness says where it is, and signs nothing.
    older = note.parse((tycho.directory / "first" / "checkpoint").read_bytes())
    for old in (0, 2):
        assert post(witness, Request(old, (), older).encode()) == (409, "4\n")

    # An export that comes by another road, to the same witness: it knows what it has seen.
    witness.end()
    by_hand = ("--key", str(witness.keys), "--state", str(witness.state))
    tycho.good("ledger", "witness", "check", str(exported), *by_hand)
    ed25519.check(note.parse((exported / "checkpoint").read_bytes()))
    refused = tycho.run("ledger", "witness", "check", str(tycho.directory / "first"), *by_hand)
    assert (refused.returncode, refused.stdout) == (31, "")
    assert "4 entries were cosigned, this has 2" in refused.stderr
    witness.start()

    # The log is put back: everything in it is its own, and still the witness knows better.
    tycho.stop()
    shutil.rmtree(tycho.state)
    shutil.copytree(tycho.directory / "copy", tycho.state)
    tycho.until("bad", "it has cosigned 4 entries and the log has 2")
    # And goes on in another way, under the same keys.
    tycho.note("another three", "another four", "another five")
    tycho.stop()
    tycho.until("bad", "it has seen another history of 4 entries")
    again = tycho.directory / "again"
    tycho.good("ledger", "export", str(again))
    assert tools.fsck(again, vkeys[0])
    fresh = tycho.run("ledger", "witness", "check", str(again), "--key", str(witness.keys),
                      "--state", str(tmp_path / "new"), "--log", vkeys[1])  # fmt: skip
    assert fresh.returncode == 0  # a witness that saw nothing has nothing to say
    kept = str(exported / "checkpoint")
    assert tycho.run("ledger", "verify", str(again), "--against", kept).returncode == 31
    assert tycho.witnessed()["found"] == "bad"
