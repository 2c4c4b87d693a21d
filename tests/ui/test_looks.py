"""What a screen says without its colours, with the terminal's own, and where it is real."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console as RichConsole
from rich.segment import Segment

from adapters.records import ActionState, AdapterState, Health, Quality, ScopeState
from console.preferences import Preferences
from console.remembered import Remembered
from console.rows import marks
from console.rows.severity import Severity, mark
from console.terminal.capabilities import USUAL
from console.themes import load_themes
from tests.ui.colony_data import colony_parcels
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open
from tests.ui.solar_data import solar_parcels

THEMES = sorted(theme.name for theme in load_themes()[0])


def segments(console: Console, *lines: int) -> Iterator[Segment]:
    """Yield the segments of *lines* of the screen, of all of it where none is named."""
    strips = console.app.screen._compositor.render_strips()
    for number in lines or range(len(strips)):
        yield from strips[number]


def written(console: Console, *lines: int) -> str:
    """Return what a terminal of true colours would be sent for *lines*."""
    out = RichConsole(
        file=io.StringIO(), force_terminal=True, color_system="truecolor", width=500,
        _environ={"TERM": "xterm-256color"},
    )  # fmt: skip
    return "".join(
        one.style.render(one.text, color_system=out._color_system) if one.style else one.text
        for one in segments(console, *lines)
    )


# Never colour alone


@pytest.mark.parametrize(
    "states", [Severity, Health, AdapterState, ScopeState, Quality], ids=lambda one: one.__name__
)
def test_every_state_has_a_shape_of_its_own_beside_its_tone(states: Any) -> None:
    of: dict[Any, Any] = {
        Severity: mark, Health: marks.of_health, AdapterState: marks.of_adapter,
        ScopeState: marks.of_scope, Quality: marks.of_quality,
    }  # fmt: skip
    found = {state: of[states](state) for state in states}
    for one, other in combinations(found, 2):
        if found[one].tone != found[other].tone:
            assert found[one].text != found[other].text, (one, other)


def test_an_actions_states_that_are_alike_are_told_apart_by_their_word() -> None:
    ended = {state: marks.of_action(state) for state in ActionState}
    good = [state for state, cell in ended.items() if cell.text == marks.GOOD]
    assert good == [ActionState.VERIFIED]
    for state, cell in ended.items():
        if cell.tone == "bad":
            assert cell.text in (marks.BAD, marks.UNKNOWN), state


async def test_the_overview_reads_without_any_colour(
    open_console: Open, station: FakeStation
) -> None:
    station.parcels = (*colony_parcels(), *solar_parcels())
    async with open_console(size=(120, 40)) as console:
        text = console.text
    for said in (
        "▲ life-support/oxygen-generator", "▲ pool edge-udp", "since 13:56", "▮▮▮▮", "15/16 ▲",
        "▰▰▱▱▱╸", "31 %", "now", "kW", "WRONG NOW", "LAST 30 MIN",
    ):  # fmt: skip
        assert said in text, said


# The terminal's own colours, and none


@pytest.mark.parametrize("theme", ["ansi-16", "mono"])
@pytest.mark.parametrize(
    "keys",
    [
        ("1",),
        ("2",),
        ("6",),
        ("8", "enter"),
        ("2", "r"),
        ("2", "r", "enter"),
        ("2", "slash", "o"),
        ("ctrl+p", "t"),
        ("question_mark",),
    ],
    ids="-".join,
)
async def test_no_byte_asks_for_more_than_the_terminal_has(
    open_console: Open, theme: str, keys: tuple[str, ...]
) -> None:
    async with open_console(size=(120, 40), theme=theme) as console:
        await console.press(*keys)
        sent = written(console)
        colours = {
            colour.name
            for one in segments(console)
            if one.style is not None
            for colour in (one.style.color, one.style.bgcolor)
            if colour is not None
        }
    assert "TYCHO" in sent
    for wide in ("38;2", "38;5", "48;2", "48;5"):
        assert wide not in sent, wide
    assert (colours == {"default"}) is (theme == "mono")


@pytest.mark.parametrize("theme", ["ansi-16", "mono"])
async def test_the_cursor_is_seen_without_a_colour(open_console: Open, theme: str) -> None:
    async with open_console(theme=theme) as console:
        for key in ("1", "2"):
            await console.press(key)
            lit = [one.text for one in segments(console) if one.style and one.style.reverse]
            assert "oxygen-generator" in "".join(lit), key
        await console.press("slash", "o")
        typed = [one for one in segments(console, -1) if one.style and one.style.reverse]
        assert [one.text for one in typed] == [" "]
        assert typed[0].style is not None
        assert all(one is None or one.is_default for one in (typed[0].style.color,
                                                             typed[0].style.bgcolor))  # fmt: skip


# Production


def ground(console: Console, line: int) -> tuple[Any, bool]:
    """Return what the last cell of *line* stands on: none that is set otherwise reaches there."""
    style = [one.style for one in segments(console, line)][-1]
    assert style is not None
    return style.bgcolor, bool(style.reverse)


@pytest.mark.parametrize("theme", THEMES)
async def test_a_real_colony_looks_like_no_other_in_every_theme(
    open_console: Open, station: FakeStation, theme: str
) -> None:
    seen = []
    for mode, production in (("LIVE", True), ("LIVE", False), ("DEMO", False), ("READ-ONLY", True)):
        station.welcome = FakeStation(mode=mode, production=production).welcome
        async with open_console(theme=theme) as console:
            pages = []
            for keys in ((), ("8", "enter"), ("escape", "2", "r")) if mode == "LIVE" else ((),):
                await console.press(*keys)
                pages.append((ground(console, 0), ground(console, -1), console.lines[0]))
            seen.append(pages)
    real, test, demo, locked = seen
    assert all("LIVE PRODUCTION" in page[2] for page in real)
    for other in (test, demo, locked):
        for (first, last, words), like in zip(real, other, strict=False):
            assert "LIVE PRODUCTION" not in like[2]
            assert first != like[0], words
            assert last != like[1], words


# A person's own themes


async def test_a_changed_file_is_taken_up_and_a_bad_one_keeps_the_last_good(
    open_console: Open, tmp_path: Path
) -> None:
    own = tmp_path / "mine.toml"
    own.write_text('primary = "#010203"\n')
    async with open_console(theme="mine", themes=tmp_path) as console:
        assert console.app.theme_variables["primary"].lower() == "#010203"
        own.write_text('primary = "#0a0b0c0"\n')
        await console.tick()
        assert "theme mine: primary" in console.text
        assert console.app.theme_variables["primary"].lower() == "#010203"
        own.write_text('primary = "#a0b0c0"\nforeground = "#ffffff"\n')
        await console.tick()
        await console.tick()
        assert console.app.theme_variables["primary"].lower() == "#a0b0c0"


async def test_a_theme_that_was_chosen_is_kept_and_a_preference_stands_above_it(
    open_console: Open,
) -> None:
    kept = Remembered()
    remember = {"remember": lambda colony, demo: kept}
    async with open_console(**remember) as console:
        assert console.app.theming.choose("") == (
            "themes: ansi-16, colour-blind, dark, high-contrast, light, mono",
            "info",
        )
        assert console.app.theming.choose("nord")[1] == "warn"
        assert console.app.theming.choose("light") == ("theme light", "info")
    assert kept.get("theme", "") == "light"
    async with open_console(**remember) as console:
        await console.tick()
        assert console.app.theme == "light"
    poor = USUAL._replace(colours=16)
    async with open_console(theme="ansi-16", can=poor, **remember) as console:
        await console.tick()
        assert console.app.theme == "ansi-16"
    preferences = Preferences(theme="mono")
    async with open_console(theme="mono", preferences=preferences, **remember) as console:
        await console.tick()
        assert console.app.theme == "mono"
        assert "until you leave" in console.app.theming.choose("dark")[0]
