"""A colony as an operator has one: its configuration, keystores and a real chain, all on loopback.

Nothing of it is the box's: the console's own program runs on it as a user would start it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_utils.address import to_checksum_address

from tests.contract.chain import abi
from tests.real.anvil import CHAIN_ID, Anvil
from tests.real.processes import Deadline
from tests.ui.terminal import COLONY, ROOT, colony_environment

Json = dict[str, Any]
OWNERS = ("founder", "ops", "agri", "power")
"""The names of the node's first accounts. ops' passphrase is in a file, agri's is asked for."""
KEYS = {  # of the mnemonic that every such node has
    "ops": "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "agri": "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
}
PASSPHRASES = {"ops": "seven-lamps-on-the-north-rim", "agri": "four-rows-of-barley-and-one-of-flax"}
BLOCK_TIME = 1
SCRYPT = 4096
"""Rounds: what keystores have in use, 262144, takes 1.5 s each time."""


class RealColony:
    """A colony in *directory*, whose chain is *node*: started, with nothing on it yet.

    `said` is all that its commands printed.
    """

    def __init__(self, node: Anvil, directory: Path) -> None:
        self.node = node
        self.directory = directory
        self.config = directory / "colony.toml"
        self.secrets = directory / "secrets"
        self.home = directory / "home"
        self.said: list[str] = []
        self.accounts: tuple[str, ...] = ()
        self.places: dict[str, str] = {}
        """Where the contracts are, by name."""

    def found(self) -> None:
        """Deploy the contracts, mint #1 to #5 for ops and agri, and write the configuration."""
        self.accounts = tuple(map(to_checksum_address, self.node.rpc("eth_accounts")))
        self.places = {name: self._deploy(name) for name in ("Identity", "Deployments")}
        for token, owner in ((1, "ops"), (2, "ops"), (3, "agri"), (4, "ops"), (5, "agri")):
            self.mint(token, owner, f"life/app-{token}")
        self.secrets.mkdir(mode=0o700)
        for name, key in KEYS.items():
            store = Account.encrypt("0x" + key, PASSPHRASES[name], "scrypt", SCRYPT)
            self.secret(f"{name}.json", json.dumps(store))
        self.secret("ops.pass", PASSPHRASES["ops"] + "\n")
        self.configure(self.places)
        self.node.rpc("evm_setIntervalMining", BLOCK_TIME)

    def mint(self, token: int, owner: str, app: str) -> None:
        """Make a token for *owner*, which names *app*."""
        data = abi.calldata("Identity", "mint", self.address(owner), token, app)
        self._transact(to=self.places["Identity"], data=data)

    def address(self, owner: str) -> str:
        """Return the account called *owner*."""
        return self.accounts[OWNERS.index(owner)]

    def secret(self, name: str, text: str) -> None:
        """Put a file into the secrets directory that its owner alone can read."""
        path = self.secrets / name
        path.touch(mode=0o600)
        path.write_text(text)

    def configure(self, places: dict[str, str]) -> None:
        """Write the configuration, with the contracts at *places*."""
        table = "colonies.tycho.adapters.chain"
        lines = [
            'secrets = "secrets"',
            f"[{table}]",
            'adapter = "chain"',
            f'url = "{self.node.url}"',
            f'ws = "{self.node.ws}"',
            f"chain_id = {CHAIN_ID}",
            "node_accounts = false",
            *(f'contracts.{name} = {{address = "{at}"}}' for name, at in places.items()),
            *(f'names.{name} = "{self.address(name)}"' for name in OWNERS),
            'keys.ops = {keystore = "ops.json", passphrase_file = "ops.pass"}',
            'keys.agri = {keystore = "agri.json"}',
        ]
        self.config.write_text("\n".join(lines) + "\n")

    # The program

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start one headless command."""
        return subprocess.Popen(
            [*COLONY, "--config", str(self.config), *arguments], env=colony_environment(self.home),
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, **options,
        )  # fmt: skip

    def end(self, process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
        """Wait for a command and return how it ended; a traceback fails the test."""
        out, err = process.communicate(timeout=60)
        self.said += [out, err]
        assert "Traceback" not in out + err, out + err
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def run(self, *arguments: str, passphrase: str = "") -> subprocess.CompletedProcess[str]:
        """Run one headless command; a *passphrase* reaches it over a descriptor."""
        if not passphrase:
            return self.end(self.start(*arguments))
        reading, writing = os.pipe()
        try:
            os.write(writing, f"{passphrase}\n".encode())
            os.close(writing)
            given = (*arguments, f"--passphrase-fd={reading}")
            return self.end(self.start(*given, pass_fds=(reading,)))
        finally:
            os.close(reading)

    def status(self) -> Json:
        """Return what `colony status` says, once every adapter was reached."""
        found: Json = json.loads(self.run("status", "--wait", "20", "--json").stdout)
        return found

    def owner(self, token: int) -> str:
        """Return who has *token*, as `colony status` says."""
        (found,) = (t["owner_name"] for t in self.status()["tokens"] if t["token_id"] == f"{token}")
        return str(found)

    def kill_station(self) -> None:
        """End the station as a crash would: kill -9."""
        found = json.loads(self.run("station", "status", "--json").stdout)
        os.kill(found["pid"], signal.SIGKILL)

    # The chain, by the test's own hand

    def nonce(self, owner: str) -> int:
        """Return how many transactions of *owner* are in blocks."""
        return int(self.node.rpc("eth_getTransactionCount", self.address(owner), "latest"), 16)

    def waiting(self) -> int:
        """Return how many transactions wait for a block."""
        return int(self.node.rpc("txpool_status")["pending"], 16)

    def hold(self) -> None:
        """Make no block until `release`."""
        self.node.rpc("evm_setIntervalMining", 0)
        self.node.rpc("evm_setAutomine", False)

    def release(self) -> None:
        """Make a block every second again."""
        self.node.rpc("evm_setIntervalMining", BLOCK_TIME)

    def until(self, what: str, holds: Any) -> None:
        """Wait for what the real systems do; *what* is said where it does not come."""
        deadline = Deadline(30.0, what)
        while not holds():
            deadline.pause()

    def _deploy(self, contract: str) -> str:
        receipt = self._transact(data=abi.artifact(contract)["bytecode"])
        return str(to_checksum_address(receipt["contractAddress"]))

    def _transact(self, **fields: str) -> Json:
        hash = self.node.rpc("eth_sendTransaction", {"from": self.accounts[0], **fields})
        self.until("a receipt", lambda: self.node.rpc("eth_getTransactionReceipt", hash))
        receipt: Json = self.node.rpc("eth_getTransactionReceipt", hash)
        assert receipt["status"] == "0x1"
        return receipt
