"""The box as a process: its ready line, and every way in which it ends."""

from __future__ import annotations

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

COMMAND = [sys.executable, "-m", "fixtures.box", "--seed", "4", "--scenario", "calm"]
PATIENCE = 60.0
"""Seconds after which a test gives up; nothing is measured."""


@pytest.fixture
def box() -> Iterator[subprocess.Popen[bytes]]:
    """A running box, with its stdin held open."""
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


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


def test_it_ends_when_its_stdin_closes(box: subprocess.Popen[bytes]) -> None:
    _ready(box)
    assert box.stdin is not None
    box.stdin.close()
    assert box.wait(PATIENCE) == 0


def test_it_ends_in_peace_on_sigterm(box: subprocess.Popen[bytes]) -> None:
    settings = _ready(box)["adapters"]["tycho"]
    headers = {"authorization": f"Bearer {settings['token']}"}
    path = f"{settings['server']}/api/v1/pods?watch=1"
    with httpx.stream("GET", path, headers=headers, timeout=PATIENCE) as response:
        assert response.status_code == 200
        box.send_signal(signal.SIGTERM)
        assert box.wait(PATIENCE) == 0


def test_it_dies_with_its_parent() -> None:
    """The parent is killed without a chance to tell; stdin is held open by this test."""
    kept, given = os.pipe()
    program = textwrap.dedent(
        """
        import os, subprocess, sys, time
        command = [sys.executable, "-m", "fixtures.box", "--scenario", "calm"]
        subprocess.Popen(command, stdin=int(sys.argv[1]))
        time.sleep(600)
        """
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(kept)], stdout=subprocess.PIPE, pass_fds=[kept]
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scenario", "sunny"], "no scenario 'sunny': there are bad-rollout, calm, brownout"),
        (["--seed", "x"], "argument --seed: invalid int value: 'x'"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str) -> None:
    command = [sys.executable, "-m", "fixtures.box", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 64
    assert ended.stdout == ""
    assert ended.stderr == f"fixtures.box: {said}\n"
