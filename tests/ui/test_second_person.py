"""A second person: what waits is told at once, decided on its page, and what breaks the glass."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from adapters.records import ActionState, Approval
from tests.ui.colony_data import NOW
from tests.ui.fakes import FakeStation
from tests.ui.log_data import DIGEST, ENDED, OWN, REQUESTED, LogStation
from tests.ui.opened import opened
from tests.ui.pilot import Open


@pytest.fixture
def station() -> FakeStation:
    return LogStation()


async def test_a_request_is_told_at_once_and_once(open_console: Open, station: LogStation) -> None:
    station = _without_requests(station)
    async with open_console() as console:
        assert "waits for you" not in console.text
        station.requested()
        await console.settle()
        assert "⚑ 1: W" in console.lines[0]
        assert "ops-1@relay-2 · commander" in console.lines[0]
        assert "ops-2 asks you to approve" in console.lines[-1]
        assert "7F-C2-9D oxygen-generator → 11: W" in console.lines[-1]
        assert "waits for you: a81" in console.text
        await console.tick(7.0)
        station.requested(progress="still waiting")
        await console.settle()
        assert "asks you to approve" not in console.lines[-1]
        await console.press("2", "W")
        assert "Actions › " in console.lines[1]
        assert "compare 7F-C2-9D aloud" in console.text


async def test_who_asked_is_not_asked_and_a_viewer_neither() -> None:
    for made, said in (
        (LogStation("commander", OWN), "for another commander"),
        (LogStation("operator"), "for another commander"),
        (LogStation("viewer"), "for another commander"),
    ):
        async with opened(made, (120, 30)) as console:
            assert "waits for you" not in console.lines[0]
            await console.press("8")
            assert said in console.text
            assert "none for you" in console.text


async def test_three_parts_and_the_cursor_goes_along(
    open_console: Open, station: LogStation
) -> None:
    async with open_console() as console:
        await console.press("8")
        text = console.text
        assert text.index("WAITING  1  1 for you") < text.index("IN FLIGHT") < text.index("HISTORY")
        assert "nothing is under way" in text
        assert console.app.screen.panel.selected() == REQUESTED.key
        station.requested(state=ActionState.SUBMITTED)
        await console.settle()
        assert "nothing waits for anybody" in console.text
        assert console.app.screen.panel.selected() == REQUESTED.key
        await console.press("tab")
        assert console.app.screen.panel.selected() == ENDED.key
        await console.press("tab")
        assert console.app.screen.panel.selected() == REQUESTED.key


@pytest.mark.parametrize(
    ("filtered", "count"),
    [("who:ops-2", 1), ("target:greenhouse", 1), ("state:requested", 1), ("state:verified", 1),
     ("significance:critical", 1), ("who:ops", 2), ("reason:flicker", 1)],
)  # fmt: skip
async def test_actions_are_filtered_over_all_parts(
    open_console: Open, filtered: str, count: int
) -> None:
    async with open_console() as console:
        await console.press("8", "slash")
        await console.type(filtered)
        assert f"{count} of 2" in console.lines[-1]


async def test_the_second_person_approves_what_the_first_one_saw(
    open_console: Open, station: LogStation
) -> None:
    async with open_console(size=(120, 60)) as console:
        await console.press("W")
        for said in ("✔ requested", "14 min left", "critical: it is of critical priority",
                     "2  oxygen-generator-5b8c-k2x9p", "sites     ? not known", "1 of 2 people",
                     "✔ approved  ops-2 uid 1002", "LOG", "approval approved"):  # fmt: skip
            assert said in console.text, said
        await console.press("y")
        assert "type oxygen-generator to approve" in console.lines[-1]
        await console.type("oxygen-generator")
        await console.press("enter")
        (asked,) = station.of("action.approve")
        assert (asked["id"], asked["digest"], asked["confirm"]) == (
            "a81", DIGEST, "oxygen-generator",
        )  # fmt: skip
        await console.press("y")
        assert len(station.of("action.approve")) == 1


async def test_declining_needs_a_reason(open_console: Open, station: LogStation) -> None:
    async with open_console() as console:
        await console.press("W", "x")
        assert "not yours: d declines it" in console.lines[-1]
        await console.press("d", "enter")
        assert station.of("action.decline") == []
        assert "that needs a reason" in console.lines[-1]
        await console.type("wrong revision")
        await console.press("enter")
        assert station.of("action.decline") == [{"id": "a81", "reason": "wrong revision"}]
        assert "declined: wrong revision" in console.text


async def test_a_refused_second_approval_says_why(open_console: Open, station: LogStation) -> None:
    station.refuses("action.approve", "a81: its target changed since it was asked for")
    async with open_console() as console:
        await console.press("W", "y")
        await console.type("oxygen-generator")
        await console.press("enter")
        assert "✖ a81: its target changed since it was asked for" in console.text


async def test_breaking_the_glass_asks_why_and_for_how_long() -> None:
    station = LogStation("commander", OWN)
    async with opened(station, (120, 40)) as console:
        await console.press("8", "enter")
        assert "waits for another commander" in console.text
        assert "B BREAK GLASS" in console.lines[-1]
        await console.press("y")
        assert station.of("action.approve") == []
        await console.press("B")
        assert "BREAK-GLASS: your approval alone counts while it lasts" in console.text
        # Typed ahead, as over a slow line: digits are minutes and not panels.
        await console.pilot.press(*"no air", "enter", "backspace", "backspace", "1", "2", "enter")
        await console.settle()
        assert station.of("glass.break") == [{"reason": "no air", "minutes": 12}]
        assert "BREAK-GLASS 12 min" in console.lines[0]
        await console.press("y")
        await console.type("oxygen-generator")
        await console.press("enter")
        assert len(station.of("action.approve")) == 1
        await console.press("B")
        assert len(station.of("glass.mend")) == 1
        assert "BREAK-GLASS" not in console.lines[0]


async def test_the_reason_for_a_glass_that_stays_whole_is_kept() -> None:
    station = LogStation("commander", OWN)
    station.refuses("glass.break", "the log cannot be written: the disk is full")
    async with opened(station, (120, 40)) as console:
        await console.press("8", "enter", "B")
        await console.type("no air")
        await console.press("enter", "enter")
        assert "the glass is whole, ↑ has the reason: the log" in console.lines[-1]
        await console.press("B", "up")
        assert "no air" in console.lines[-1]


@pytest.mark.parametrize(("reason", "minutes"), [("", "5"), ("no air", "31"), ("no air", "0")])
async def test_a_glass_is_not_broken_for_nothing_or_too_long(reason: str, minutes: str) -> None:
    station = LogStation("commander", OWN)
    async with opened(station, (80, 24)) as console:
        await console.press("8", "enter", "B")
        await console.type(reason)
        await console.press("enter")
        if reason:
            await console.press("backspace", "backspace")
            await console.type(minutes)
            await console.press("enter")
        assert station.of("glass.break") == []
        wrong = "no number of minutes from 1 to 30" if reason else "it is not broken"
        assert wrong in console.lines[-1]
        assert "BREAK-GLASS: your approval alone counts" in console.text


async def test_only_a_commander_breaks_it_and_only_for_an_own_request(
    open_console: Open, station: LogStation
) -> None:
    async with open_console() as console:
        await console.press("W", "B")
        assert "only a commander breaks the glass" in console.lines[-1]
    operator = LogStation("operator", OWN)
    async with opened(operator, (80, 24)) as console:
        await console.press("8", "enter", "B")
        assert "only a commander breaks the glass" in console.lines[-1]


async def test_what_was_approved_by_a_broken_glass_is_marked() -> None:
    by_glass = Approval("ops-1", 1001, "approved", NOW - 40, "no air", glass=True)
    done = replace(OWN, state=ActionState.VERIFIED, approvals=(*OWN.approvals, by_glass))
    async with opened(LogStation("commander", done), (120, 60)) as console:
        await console.press("8")
        assert "by break-glass" in console.text
        await console.press("enter")
        assert " BREAK-GLASS" in console.text
        assert "“no air”" in console.text


async def test_a_viewer_looks_on_and_is_told_so() -> None:
    async with opened(LogStation("viewer"), (120, 40)) as console:
        assert "· viewer" in console.lines[0]
        assert "READ-ONLY" in console.lines[0]
        await console.press("8", "enter", "y", "d", "x")
        assert "you are a viewer here" in console.text
        await console.press("n")
        assert "a note needs the operator role" in console.lines[-1]


def _without_requests(station: LogStation) -> LogStation:
    first = station.parcels[0]
    kept = tuple(one for one in first.upserts if one != REQUESTED)
    station.parcels = (replace(first, upserts=kept), *station.parcels[1:])
    return station
