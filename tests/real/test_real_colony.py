"""The whole program on a real chain, as an operator of a colony uses it: keystores, a crash, words.

One colony for the file: what is done to it stays, so each test has a token of its own.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.anvil import Anvil
from tests.real.colony import KEYS, PASSPHRASES, Json, RealColony
from tests.real.installed import required
from tests.ui.terminal import COLONY, Terminal, colony_environment

pytestmark = pytest.mark.real
STAGES = ["draft", "simulated", "approved", "submitted", "included", "final", "verified"]


@pytest.fixture(scope="module")
def tycho() -> Iterator[RealColony]:
    """A colony on anvil. Not installed, its tests fail in CI and are skipped elsewhere."""
    # Sockets have short names: not below pytest's own directory.
    with tempfile.TemporaryDirectory(prefix="colony-") as name:
        directory = Path(name)
        node = Anvil(required("anvil"), directory)
        colony = RealColony(node, directory)
        try:
            node.start()
            colony.found()
            yield colony
        finally:
            colony.run("station", "stop", "--force")
            node.stop()


def transfer(token: int, sender: str, to: str) -> tuple[str, ...]:
    """Return the command that gives *token* away."""
    arguments = f'args=["{sender}","{to}","{token}"]'
    return ("act", "contract.call", "contract=Identity", "function=transferFrom", arguments)


def stages(acted: Json) -> list[str]:
    """Return the stages that an action went through."""
    return [stage["stage"] for stage in acted["stages"]]


def test_everything_is_reached(tycho: RealColony) -> None:
    found = tycho.status()
    assert [(each["name"], each["state"]) for each in found["adapters"]] == [("chain", "live")]
    owners = {each["token_id"]: each["owner_name"] for each in found["tokens"]}
    assert owners == {"1": "ops", "2": "ops", "3": "agri", "4": "ops", "5": "agri"}
    checked = tycho.run("doctor")
    assert "told by a subscription" in checked.stdout
    assert "locked until a passphrase is given" in checked.stdout


def test_a_key_whose_passphrase_is_in_a_file_signs(tycho: RealColony) -> None:
    before = tycho.nonce("ops")
    done = tycho.run(*transfer(1, "ops", "power"), "--yes", "--json", "--reason", "handed over")
    acted = json.loads(done.stdout)
    assert (done.returncode, stages(acted), done.stderr) == (0, STAGES, "")
    assert (tycho.owner(1), tycho.nonce("ops")) == ("power", before + 1)


def test_a_locked_key_signs_with_a_passphrase_by_descriptor(tycho: RealColony) -> None:
    before = tycho.nonce("agri")
    command = (*transfer(3, "agri", "power"), "--yes", "--json")
    none = tycho.run(*command)
    assert (none.returncode, len(none.stderr.splitlines())) == (64, 1)
    assert "the key agri is locked and needs --passphrase-fd N" in none.stderr
    wrong = tycho.run(*command, passphrase="not-the-passphrase")
    assert wrong.returncode == 21
    assert wrong.stderr == "colony: nothing was sent: the passphrase of agri is wrong\n"
    assert tycho.nonce("agri") == before
    done = tycho.run(*command, passphrase=PASSPHRASES["agri"])
    assert (done.returncode, stages(json.loads(done.stdout))) == (0, STAGES), done.stderr
    assert (tycho.owner(3), tycho.nonce("agri")) == ("power", before + 1)


def test_a_station_killed_while_a_call_waits_for_its_block_ends_it_verified_once(
    tycho: RealColony,
) -> None:
    before = tycho.nonce("ops")
    tycho.hold()
    acting = tycho.start(*transfer(2, "ops", "power"), "--yes", "--json")
    tycho.until("the call waits for a block", tycho.waiting)
    tycho.kill_station()
    lost = tycho.end(acting)
    assert lost.returncode == 69
    assert "is reconciled when it starts again" in lost.stderr
    # The node has it: so it is submitted still, and not unknown.
    (action,) = (each for each in tycho.status()["actions"] if each["state"] == "submitted")
    assert tycho.waiting() == 1
    tycho.release()
    tycho.until("it is verified", lambda: _state(tycho, action["id"]) == "verified")
    assert (tycho.owner(2), tycho.nonce("ops"), tycho.waiting()) == ("power", before + 1, 0)


@pytest.mark.parametrize(
    ("right", "wrong", "status", "says"),
    [
        ("chain_id = 31337", "chain_id = 5", 21, "is on chain 31337, not on 5: nothing is read"),
        ('"ops.json"', '"none.json"', 21, "keys.ops.keystore: {secrets}/none.json cannot be read"),
        ('"ops.pass"', '"agri.json"', 21, "the passphrase of ops is wrong"),
        ('"ops.pass"', '"none.pass"', 21, "keys.ops.passphrase_file: {secrets}/none.pass cannot"),
        ("keystore =", "secret =", 78, "keys[...].secret: no such setting"),
    ],
)
def test_what_is_wrong_is_one_line_and_the_doctor_knows_it(
    tycho: RealColony, right: str, wrong: str, status: int, says: str
) -> None:
    good = tycho.config.read_text()
    before = tycho.nonce("ops")
    says = says.format(secrets=tycho.secrets)
    try:
        tycho.config.write_text(good.replace(right, wrong))
        done = tycho.run(*transfer(4, "ops", "agri"), "--yes")
        assert (done.returncode, done.stdout) == (status, "")
        assert says in done.stderr
        assert len(done.stderr.splitlines()) == 1
        checked = tycho.run("doctor")
        assert says in checked.stdout + checked.stderr
        assert checked.returncode != 0
    finally:
        tycho.config.write_text(good)
    assert tycho.nonce("ops") == before


@pytest.mark.pty
def test_from_the_keyboard_a_locked_key_asks_for_its_passphrase(tycho: RealColony) -> None:
    command = [*COLONY, "--config", str(tycho.config)]
    console = Terminal(command, colony_environment(tycho.home), columns=120, lines=40)
    try:
        console.wait("nothing that is watched is wrong")
        console.press("4")
        console.wait("#5")
        console.press("/#5\r")
        console.wait(lambda text: "#5 " in text and "#4 " not in text)
        console.press("c")
        console.wait("Call Identity.transferFrom")
        console.press("power")
        console.wait("= 0x90F79bf6")
        console.press("\r")
        console.wait("y approve ")
        console.press("y")
        console.wait("passphrase of the key agri")
        console.press("not-the-passphrase\r")
        console.wait("the passphrase of agri is wrong")
        # The line stays, empty again.
        console.press(PASSPHRASES["agri"] + "\r")
        console.wait("the effect was verified")
        console.press("1")
        console.wait("#5 agri → power")
        console.press("q")
        assert console.end() == 0
    finally:
        console.close()
        tycho.said.append(console.sent_bytes.decode(errors="replace"))
    assert tycho.owner(5) == "power"


def _state(colony: RealColony, id: str) -> str:
    return str(next(each["state"] for each in colony.status()["actions"] if each["id"] == id))


def test_no_secret_is_anywhere_but_in_its_file(tycho: RealColony) -> None:
    """Last: it looks through all that the tests before left."""
    secrets = [text.encode() for text in PASSPHRASES.values()]
    for key in KEYS.values():
        secrets += [key.encode(), key.upper().encode(), bytes.fromhex(key)]
    kept = [path for path in tycho.home.rglob("*") if path.is_file()]
    assert "log.sqlite" in {path.name for path in kept}
    for path in (*kept, tycho.config):
        found = path.read_bytes()
        assert not any(secret in found for secret in secrets), path
    said = "".join(tycho.said).encode()
    assert not any(secret in said for secret in secrets)
