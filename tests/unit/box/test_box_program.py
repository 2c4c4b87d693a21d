"""The box's two processes: their ready lines, and every way in which they end."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

MODULES = ["fixtures.box", "fixtures.evm"]
PATIENCE = 60.0
"""Seconds after which a test gives up; nothing is measured."""


@contextlib.contextmanager
def running(module: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of the box's processes, with its stdin held open."""
    command = [sys.executable, "-m", module, "--seed", "4", "--scenario", "calm"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def box() -> Iterator[subprocess.Popen[bytes]]:
    """The running box, but for its chain."""
    with running("fixtures.box") as process:
        yield process


@pytest.fixture
def chain() -> Iterator[subprocess.Popen[bytes]]:
    """The running chain."""
    with running("fixtures.evm") as process:
        yield process


def _ready(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    said: dict[str, Any] = json.loads(process.stdout.readline())
    return said


def test_the_ready_line_is_a_configuration(box: subprocess.Popen[bytes]) -> None:
    said = _ready(box)
    assert said["colony"] == "tycho"
    settings = said["adapters"]["tycho"]
    assert settings["adapter"] == "kubernetes"
    headers = {"authorization": f"Bearer {settings['token']}"}
    path = f"{settings['server']}/apis/apps/v1/deployments"
    found = httpx.get(path, headers=headers).json()
    assert len(found["items"]) >= 10
    # The token is an operator's: it rolls back, and cannot make or break what runs.
    refused = httpx.delete(f"{path}/x".replace("v1/", "v1/namespaces/power/"), headers=headers)
    assert refused.status_code == 403


def test_the_chain_s_ready_line_is_a_configuration(chain: subprocess.Popen[bytes]) -> None:
    said = _ready(chain)
    assert said["colony"] == "tycho"
    settings = said["adapters"]["chain"]
    assert (settings["adapter"], settings["chain_id"]) == ("chain", 31337)
    assert settings["contracts"] == {
        "Identity": {"address": "0x5FbDB2315678afecb367f032d93F642f64180aa3", "from_block": 1},
        "Deployments": {"address": "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512", "from_block": 1},
        "Anchor": {"address": "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0", "from_block": 1},
    }

    def ask(method: str, *params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return httpx.post(settings["url"], json=body).json()["result"]

    assert ask("eth_chainId") == hex(settings["chain_id"])
    unlocked = [each.lower() for each in settings["names"].values()]
    assert ask("eth_accounts") == unlocked
    made = {receipt["contractAddress"] for receipt in ask("eth_getBlockReceipts", "0x1")}
    assert made == {each["address"].lower() for each in settings["contracts"].values()}


@pytest.mark.parametrize("module", MODULES)
def test_it_ends_when_its_stdin_closes(module: str) -> None:
    with running(module) as process:
        _ready(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


def test_the_chain_ends_in_peace_on_sigterm(chain: subprocess.Popen[bytes]) -> None:
    _ready(chain)
    chain.send_signal(signal.SIGTERM)
    assert chain.wait(PATIENCE) == 0


def test_it_ends_in_peace_on_sigterm(box: subprocess.Popen[bytes]) -> None:
    settings = _ready(box)["adapters"]["tycho"]
    headers = {"authorization": f"Bearer {settings['token']}"}
    path = f"{settings['server']}/api/v1/pods?watch=1"
    with httpx.stream("GET", path, headers=headers, timeout=PATIENCE) as response:
        assert response.status_code == 200
        box.send_signal(signal.SIGTERM)
        assert box.wait(PATIENCE) == 0


@pytest.mark.parametrize("module", MODULES)
def test_it_dies_with_its_parent(module: str) -> None:
    """The parent is killed without a chance to tell; stdin is held open by this test."""
    kept, given = os.pipe()
    program = textwrap.dedent(
        """
        import os, subprocess, sys, time
        command = [sys.executable, "-m", sys.argv[2], "--scenario", "calm"]
        subprocess.Popen(command, stdin=int(sys.argv[1]))
        time.sleep(600)
        """
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(kept), module],
        stdout=subprocess.PIPE,
        pass_fds=[kept],
    )
    try:
        _ready(parent)
        parent.kill()
        assert parent.stdout is not None
        # Its stdout is the box's too: at the end of both, and not before, nothing can come.
        readable, _, _ = select.select([parent.stdout], [], [], PATIENCE)
        assert readable
        assert parent.stdout.read() == b""
    finally:
        parent.kill()
        parent.communicate()
        os.close(kept)
        os.close(given)


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scenario", "sunny"], "no scenario 'sunny': there are bad-rollout, calm, brownout"),
        (["--seed", "x"], "argument --seed: invalid int value: 'x'"),
    ],
)
def test_a_mistake_is_one_line(module: str, arguments: list[str], said: str) -> None:
    command = [sys.executable, "-m", module, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 64
    assert ended.stdout == ""
    assert ended.stderr == f"{module}: {said}\n"
