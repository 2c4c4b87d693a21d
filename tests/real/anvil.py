"""anvil, a real Ethereum node on loopback: what the chain's contract tests run against.

As `tests/real/install` brought it. By hand, until Ctrl-C:

    python -m tests.real.anvil
"""

from __future__ import annotations

import datetime
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from tests.real.installed import NotInstalled, installed
from tests.real.processes import Deadline, Program, free_port

MNEMONIC = "test test test test test test test test test test test junk"
CHAIN_ID = 31337
GENESIS = int(datetime.datetime(2031, 3, 14, 6, tzinfo=datetime.UTC).timestamp())
"""The first block's time; the node's clock runs from there."""


class RpcError(RuntimeError):
    """The node's answer was an error: its code, its message, and the data beside them."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message
        self.data = data


def result(answer: dict[str, Any]) -> Any:
    """Return what a JSON-RPC answer holds; raises `RpcError`."""
    if "error" in answer:
        error = answer["error"]
        raise RpcError(error["code"], error["message"], error.get("data"))
    return answer["result"]


class Anvil:
    """One node and its state in *directory*; `start` it, then `stop` it.

    A block comes with every transaction, or, if *block_time* is given, every so many seconds. The
    last block but two is final. Its port stays its own through `kill` and `revive`.
    """

    def __init__(
        self, programs: Path, directory: Path, block_time: float | None = None, *options: str
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ws = f"ws://127.0.0.1:{self.port}"
        self._directory = directory
        self._program = programs / "bin/anvil"
        self._options = list(options)
        if block_time is not None:
            self._options.append(f"--block-time={block_time}")
        self._time = GENESIS
        self._running: Program | None = None

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self._running is not None and self._running.running

    def start(self) -> None:
        """Start it with the state that it was left in, and wait for it. Main thread only."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start it without waiting; then `wait_ready`. Main thread only."""
        command = [
            str(self._program),
            f"--port={self.port}",
            f"--chain-id={CHAIN_ID}",
            f"--mnemonic={MNEMONIC}",
            f"--timestamp={self._time}",
            f"--state={self._directory / 'state.json'}",
            "--preserve-historical-states",
            "--slots-in-an-epoch=1",
            "--hardfork=prague",
            "--quiet",
            *self._options,
        ]
        # What does not fit its memory it keeps in files, which would be at home otherwise.
        home = {"HOME": str(self._directory)}
        self._running = Program("anvil", command, self._directory, home)
        self._running.start()

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Return when it answers; may run in any thread."""
        assert self._running is not None
        deadline = Deadline(seconds, "anvil did not become ready")
        while True:
            try:
                self.rpc("eth_chainId")
                return
            except httpx.HTTPError:
                deadline.pause(self._running, seconds=0.01)

    def rpc(self, method: str, *params: Any) -> Any:
        """Ask the node; return the result. Raises `RpcError`, or httpx's errors without a node."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return result(httpx.post(self.url, json=body, timeout=30.0).json())

    def kill(self) -> None:
        """End it: every connection breaks. What it knew is kept for the next `start`."""
        if self._running is None:
            return
        if self.runs:
            # Its clock would start from the genesis again, before blocks that there are.
            self._time = int(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
        self._running.end()
        self._running = None

    def stop(self) -> None:
        """End it for good."""
        if self._running is not None:
            self._running.kill()
            self._running = None


def main() -> None:
    """Run a node until Ctrl-C; print its address."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        programs = installed("anvil")
    except NotInstalled as error:
        sys.exit(str(error))
    with tempfile.TemporaryDirectory(prefix="colony-anvil-") as directory:
        node = Anvil(programs, Path(directory))
        try:
            node.start()
            print(node.url, flush=True)
            signal.pause()
        except KeyboardInterrupt:
            pass
        finally:
            node.stop()


if __name__ == "__main__":
    main()
