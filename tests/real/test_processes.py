"""No program of the real systems outlives the process that started it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.real.processes import Deadline, DidNotStart, Program, free_port

PARENT = """
import pathlib, sys, time
from tests.real.processes import Program
program = Program("sleeper", ["sleep", "600"], pathlib.Path(sys.argv[1]))
program.start()
print(program.pid, flush=True)
time.sleep(600)
"""


def _ended(pid: int) -> bool:
    """Whether a process is gone, or a zombie that only waits to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_program_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not _ended(pid)
        parent.kill()
        parent.wait()
    deadline = Deadline(10.0, "the sleeper outlived its parent")
    while not _ended(pid):
        deadline.pause()


def test_killing_a_program_takes_what_it_started(tmp_path: Path) -> None:
    script = "sleep 600 & echo $!; wait"
    program = Program("shell", ["sh", "-c", script], tmp_path)
    program.start()
    deadline = Deadline(10.0, "the shell said nothing")
    while not program.tail():
        deadline.pause(program)
    child = int(program.tail())
    program.kill()
    assert not program.running
    deadline = Deadline(10.0, "the shell's child outlived it")
    while not _ended(child):
        deadline.pause()
    program.kill()  # twice does no harm


def test_a_program_that_ends_early_shows_the_end_of_its_log(tmp_path: Path) -> None:
    program = Program("broken", ["sh", "-c", "echo no such flag >&2; exit 3"], tmp_path)
    program.start()
    deadline = Deadline(10.0, "it did not end")
    while program.running:
        deadline.pause()
    with pytest.raises(DidNotStart, match=r"broken ended with 3.*\n.*no such flag"):
        deadline.pause(program)
    program.kill()


def test_a_deadline_says_what_did_not_come() -> None:
    deadline = Deadline(-1.0, "the sun did not rise")
    with pytest.raises(DidNotStart, match="the sun did not rise: not within -1 s"):
        deadline.pause()


def test_only_the_main_thread_starts_programs(tmp_path: Path) -> None:
    raised: list[BaseException] = []

    def start() -> None:
        try:
            Program("sleeper", ["sleep", "600"], tmp_path).start()
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "must be started from the main thread" in str(raised[0])


def test_a_free_port_can_be_bound() -> None:
    assert 1024 <= free_port() <= 65535
