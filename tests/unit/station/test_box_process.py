"""The demo's child processes, played by a line of Python each."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from station_helpers import until

from console.station import box
from console.station.box import BoxError, commands, start

READY = 'print(\'{"colony": "tycho", "adapters": {"tycho": {"adapter": "toy", "n": 1}}}\')'
CHAIN = 'print(\'{"colony": "tycho", "adapters": {"chain": {"adapter": "toy", "n": 2}}}\')'
STAYS = "import sys; sys.stdout.flush(); sys.stdin.read()"


def python(*lines: str) -> list[str]:
    return [sys.executable, "-c", "\n".join(lines)]


def two(first: list[str] | None = None, second: list[str] | None = None) -> dict[str, list[str]]:
    return {
        "the box": python(READY, STAYS) if first is None else first,
        "its chain": python(CHAIN, STAYS) if second is None else second,
    }


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_both_are_started_and_end_with_their_standard_input() -> None:
    found = await start(two())
    assert found.colony == "tycho"
    assert found.adapters == {
        "tycho": {"adapter": "toy", "n": 1},
        "chain": {"adapter": "toy", "n": 2},
    }
    told: list[str] = []
    found.died = lambda line, _: told.append(line)
    await found.close()
    assert told == []
    assert len(found.pids) == 2
    assert all(map(gone, found.pids))


async def test_they_are_started_at_once(tmp_path: Path) -> None:
    """Each is ready only when it has seen the other: one after the other they never would be."""

    def meeting(own: str, other: str, ready: str) -> list[str]:
        return python(
            "import os, time",
            f"open({str(tmp_path / own)!r}, 'w').close()",
            f"while not os.path.exists({str(tmp_path / other)!r}): time.sleep(0.01)",
            ready,
            STAYS,
        )

    found = await start(two(meeting("a", "b", READY), meeting("b", "a", CHAIN)))
    await found.close()


@pytest.mark.parametrize(
    ("number", "name", "adapter"), [(0, "the box", "tycho"), (1, "its chain", "chain")]
)
async def test_the_death_of_either_is_told(number: int, name: str, adapter: str) -> None:
    found = await start(two())
    told: list[str] = []
    found.died = lambda line, adapters: told.extend((line, *adapters))
    os.kill(found.pids[number], signal.SIGKILL)
    await until(lambda: told)
    assert told == [f"{name} has ended (status -9): `colony --demo station restart`", adapter]
    assert not gone(found.pids[1 - number])
    await found.close()
    assert gone(found.pids[1 - number])


async def test_one_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "END", 0.05)
    stubborn = python(CHAIN, "import sys, time; sys.stdout.flush(); time.sleep(60)")
    found = await start(two(second=stubborn))
    await found.close()
    assert all(map(gone, found.pids))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["import nothing_like_it"], "needs what is not installed .*nothing_like_it.*extra `demo`"),
        (["import sys; sys.exit('port in use \\x1b')"], r"its chain ended .*\(status 1\): port in"),
        (["pass"], r"its chain ended at its start \(status 0\): it said nothing"),
        (["print('hello')", STAYS], "its chain said what is no ready line"),
        (['print(\'{"colony": 3, "adapters": {}}\')', STAYS], "its chain said what is no ready"),
        (['print(\'{"colony": "x", "adapters": {}}\')', STAYS], "do not agree on what is in it"),
        ([READY, STAYS], "do not agree on what is in it"),
    ],
)
async def test_one_that_does_not_start_says_why_and_takes_the_other_along(
    lines: list[str], said: str, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    told = f"import os; open({str(pid)!r}, 'w').write(str(os.getpid()))"
    with pytest.raises(BoxError, match=said) as caught:
        await start(two(python(told, READY, STAYS), python(*lines)))
    assert "\x1b" not in str(caught.value)
    # It was killed before it could say who it is, or it ended.
    assert not pid.exists() or not pid.read_text() or gone(int(pid.read_text()))


async def test_a_start_that_is_given_up_leaves_nothing_behind(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    told = f"import os; open({str(pid)!r}, 'w').write(str(os.getpid()))"
    starting = asyncio.create_task(start(two(python(told, READY, STAYS), python(STAYS))))
    await until(lambda: pid.exists() and pid.read_text())
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert gone(int(pid.read_text()))


async def test_one_that_is_not_ready_is_not_waited_for() -> None:
    slow = python("import time; time.sleep(60)")
    with pytest.raises(BoxError, match="the box was not ready within 0 s"):
        await start({"the box": slow}, ready=0.05)


def test_the_commands_tell_both_the_clock() -> None:
    told = commands(4, "calm", 1.5e9, 12.25)
    assert [each[1:4] for each in told.values()] == [
        ["-P", "-m", "fixtures.box"],
        ["-P", "-m", "fixtures.evm"],
    ]
    for each in told.values():
        assert each[4:] == [
            "--seed", "4", "--scenario", "calm", "--epoch", "1500000000.0", "--zero", "12.25",
        ]  # fmt: skip
