"""When a station ends by itself."""

from __future__ import annotations

import asyncio

import pytest
from station_helpers import TurnedClock, settle

from console.station.ending import ATTENDED, COMMAND, Ending, Starter


class Turn:
    """An ending, its clock, and a number of actions in flight."""

    def __init__(self, starter: Starter) -> None:
        self.clock = TurnedClock()
        self.flying = 0
        self.ending = Ending(self.clock, starter, lambda: self.flying)

    def after(self, seconds: float) -> bool:
        self.clock._elapsed += seconds
        return self.ending.due


def test_quitting_the_console_that_started_it_ends_it() -> None:
    turn = Turn(Starter.CONSOLE)
    turn.ending.joined()
    assert not turn.after(10_000)
    turn.ending.left(attended=True, end=True)
    assert turn.ending.due


def test_quitting_with_something_in_flight_waits_for_that() -> None:
    turn = Turn(Starter.CONSOLE)
    turn.ending.joined()
    turn.flying = 1
    turn.ending.left(attended=True, end=True)
    assert not turn.after(10_000)
    turn.flying = 0
    assert turn.ending.due


def test_a_hang_up_leaves_a_quarter_of_an_hour() -> None:
    turn = Turn(Starter.CONSOLE)
    turn.ending.joined()
    turn.ending.left(attended=True, end=False)
    assert turn.ending.linger == ATTENDED
    assert not turn.after(ATTENDED - 1)
    turn.ending.joined()
    assert turn.ending.linger is None
    turn.ending.left(attended=False, end=False)
    assert not turn.after(COMMAND - 1)
    assert turn.after(1)


def test_a_command_after_a_hang_up_takes_nothing_from_it() -> None:
    turn = Turn(Starter.CONSOLE)
    turn.ending.joined()
    turn.ending.left(attended=True, end=False)
    turn.after(10)
    turn.ending.joined()
    turn.ending.left(attended=False, end=False)
    assert not turn.after(ATTENDED - 11)
    assert turn.after(1)


def test_a_command_leaves_a_minute() -> None:
    turn = Turn(Starter.COMMAND)
    turn.ending.joined()
    turn.ending.left(attended=False, end=False)
    assert not turn.after(COMMAND - 1)
    assert turn.after(1)


def test_quitting_does_not_end_what_others_use_or_started() -> None:
    turn = Turn(Starter.CONSOLE)
    turn.ending.joined()
    turn.ending.joined()
    turn.ending.left(attended=True, end=True)
    assert not turn.after(10_000)

    turn = Turn(Starter.COMMAND)
    turn.ending.joined()
    turn.ending.left(attended=True, end=True)
    assert not turn.ending.due


def test_one_to_which_nobody_comes_goes() -> None:
    assert not Turn(Starter.COMMAND).after(COMMAND - 1)
    assert Turn(Starter.COMMAND).after(COMMAND)


def test_an_operators_own_stays() -> None:
    turn = Turn(Starter.OPERATOR)
    turn.ending.joined()
    turn.ending.left(attended=True, end=True)
    assert not turn.after(1_000_000)
    assert turn.ending.linger is None
    turn.ending.ask()
    assert turn.ending.due


@pytest.mark.parametrize("how", ["asked", "late"])
async def test_it_is_waited_for(how: str) -> None:
    turn = Turn(Starter.COMMAND)
    waiting = asyncio.ensure_future(turn.ending.wait())
    await settle()
    assert not waiting.done()
    if how == "asked":
        turn.ending.ask()
        await settle()
    else:
        await turn.clock.turn(COMMAND + 2)
    assert waiting.done()
