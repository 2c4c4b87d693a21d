"""The demo's child process, played by a line of Python."""

from __future__ import annotations

import os
import signal
import sys

import pytest
from station_helpers import until

from console.station import box
from console.station.box import BoxError, command, start

READY = 'print(\'{"colony": "tycho", "adapters": {"tycho": {"adapter": "toy", "n": 1}}}\')'
STAYS = "import sys; sys.stdout.flush(); sys.stdin.read()"


def python(*lines: str) -> list[str]:
    return [sys.executable, "-c", "\n".join(lines)]


async def test_it_is_started_and_ends_with_its_standard_input() -> None:
    found = await start(python(READY, STAYS))
    assert found.colony == "tycho"
    assert found.adapters == {"tycho": {"adapter": "toy", "n": 1}}
    told: list[str] = []
    found.died = told.append
    await found.close()
    assert told == []
    with pytest.raises(ProcessLookupError):
        os.kill(found.pid, 0)


async def test_its_death_is_told() -> None:
    found = await start(python(READY, STAYS))
    told: list[str] = []
    found.died = told.append
    os.kill(found.pid, signal.SIGKILL)
    await until(lambda: told)
    assert told == [
        "the colony in a box has ended (status -9): `colony --demo station restart`",
    ]
    await found.close()


async def test_one_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "END", 0.05)
    found = await start(python(READY, "import sys, time; sys.stdout.flush(); time.sleep(60)"))
    await found.close()
    with pytest.raises(ProcessLookupError):
        os.kill(found.pid, 0)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["import nothing_like_it"], "needs what is not installed .*nothing_like_it.*extra `demo`"),
        (["import sys; sys.exit('port in use \\x1b')"], r"\(status 1\): port in use ␛"),
        (["pass"], r"\(status 0\): it said nothing"),
        (["print('hello')", STAYS], "said what is no ready line"),
        (['print(\'{"colony": 3, "adapters": {}}\')', STAYS], "said what is no ready line"),
    ],
)
async def test_one_that_does_not_start_says_why(lines: list[str], said: str) -> None:
    with pytest.raises(BoxError, match=said):
        await start(python(*lines))


async def test_one_that_is_not_ready_is_not_waited_for() -> None:
    with pytest.raises(BoxError, match="was not ready within 0 s"):
        await start(python("import time; time.sleep(60)"), ready=0.05)


def test_the_command_tells_it_the_clock() -> None:
    told = command(4, "calm", 1.5e9, 12.25)
    assert told[1:4] == ["-P", "-m", "fixtures.box"]
    assert told[4:] == [
        "--seed", "4", "--scenario", "calm", "--epoch", "1500000000.0", "--zero", "12.25",
    ]  # fmt: skip
