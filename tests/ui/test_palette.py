"""The palette: anything by a few letters, with its key, however many apps there are."""

from __future__ import annotations

from adapters.records import App
from console.preferences import Preferences
from console.screens.detail import DetailScreen
from console.screens.finding import CHUNK, Names, search
from console.screens.main import MainScreen
from console.screens.palette import PaletteScreen
from tests.ui.fakes import FakeStation
from tests.ui.opened import opened
from tests.ui.pilot import Open


async def test_it_goes_to_a_panel(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("ctrl+p")
        assert isinstance(console.app.screen, PaletteScreen)
        await console.type("addr")
        await console.press("enter")
        screen = console.app.screen
        assert isinstance(screen, MainScreen)
        assert screen.current.name == "addresses"


async def test_it_opens_what_the_colony_has(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("ctrl+p")
        await console.type("oxgen")
        assert "oxygen-generator" in console.lines[3]
        await console.press("enter")
        assert isinstance(console.app.screen, DetailScreen)
        assert console.app.screen.key.name.endswith("oxygen-generator")
        await console.press("escape")
        assert isinstance(console.app.screen, MainScreen)


async def test_it_shows_the_key_that_does_the_same() -> None:
    keys = Preferences(keys={"changes": "M"})
    async with opened(FakeStation(), preferences=keys) as console:
        await console.press("ctrl+p")
        await console.type("changes")
        assert console.lines[3].rstrip().endswith("M")


async def test_a_command_runs_on_the_screen_below(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "ctrl+p")
        await console.type("reverse")
        await console.press("enter")
        assert isinstance(console.app.screen, MainScreen)
        assert "the other way round" in console.lines[-1]


async def test_a_theme_is_found_by_its_name(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("ctrl+p")
        await console.type("theme light")
        await console.press("enter")
        assert console.app.theme == "light"


async def test_arrows_choose_and_esc_goes_back(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("ctrl+p", "down")
        assert console.lines[4].startswith(" ❯")
        await console.press("up", "escape")
        assert isinstance(console.app.screen, MainScreen)


async def test_what_is_called_by_nothing_says_so(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("ctrl+p")
        await console.type("zzzqq")
        assert "nothing is called so" in console.text
        await console.press("enter")
        assert isinstance(console.app.screen, MainScreen)


async def test_read_only_there_is_nothing_that_acts() -> None:
    async with opened(FakeStation(mode="READ-ONLY")) as console:
        await console.press("ctrl+p")
        await console.type("rollback")
        assert "Roll the app back" not in console.text


async def test_of_fifty_thousand_names_it_lets_go_between_chunks() -> None:
    key = App(source="tycho", namespace="ns", name="one").key
    every = [(f"ns-{n % 50}/app-{n:05}", key) for n in range(50_000)]
    names = Names(iter(every))
    steps = [(found, looked) async for found, looked in search("app-31337", [], names)]
    assert len(steps) == 1 + 50_000 // CHUNK
    assert [one.name for one in steps[-1][0]][:1] == ["ns-37/app-31337"]
    assert steps[-1][1] == 50_000
    assert [found async for found, _ in search("app-31337", [], names)][-1] == steps[-1][0]
    # A search that was given up half way goes on with what was not looked at.
    names = Names(iter(every))
    async for _, looked in search("app", [], names):
        if looked >= 10 * CHUNK:
            break
    last = [found async for found, _ in search("app-49999", [], names)][-1]
    assert last[0].name == "ns-49/app-49999"
    assert len(last) <= 100
