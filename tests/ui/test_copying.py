"""Copying: what there is to choose, a preview of it, and what then reaches the terminal."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from console.feed.messages import Parcel
from tests.ui.colony_data import APPS, SOURCE
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open


def box(console: Console) -> list[str]:
    """Return what can be chosen, by name."""
    return [one.what for one in console.app.screen.found]


async def choose(console: Console, what: str) -> None:
    await console.press("C")
    number = box(console).index(what)
    await console.press(*(["down"] * number), "enter")


async def test_a_row_is_copied_with_tabs_or_line_by_line(open_console: Open) -> None:
    async with open_console(size=(200, 30)) as console:
        await console.press("2", "C")
        assert box(console)[:3] == ["row, with tabs", "row, line by line", "APP"]
        assert "▲→oxygen-generator→life-support→2/3" in console.text
        await console.press("enter")
        assert console.app.clipboard.split("\t")[1:3] == ["oxygen-generator", "life-support"]
        await choose(console, "row, line by line")
        assert "app: oxygen-generator\nnamespace: life-support\nready: 2/3" in console.app.clipboard
        assert "copied row, line by line: 12 lines" in console.lines[-1]


async def test_a_cell_is_copied_whole_however_narrow_its_column(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        await choose(console, "STATE")
        assert console.app.clipboard == APPS[0].reason
        assert "copied STATE: rollout stuck" in console.lines[-1]


async def test_esc_copies_nothing(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "C", "escape")
        assert console.app.clipboard == ""
        assert "VERSION" in console.text


async def test_the_yaml_is_asked_for_from_the_table(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2")
        await choose(console, "YAML")
        await console.settle()
        assert console.app.clipboard.startswith("kind: Deployment\n")
        assert "copied the YAML of oxygen-generator: 3 lines" in console.lines[-1]


async def test_a_page_its_line_and_its_value_are_copied(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "enter", "C")
        assert {"line", "page"} <= set(box(console))
        await console.press("escape")
        await choose(console, "page")
        assert "REVISIONS" in console.app.clipboard
        assert not any(one.endswith(" ") for one in console.app.clipboard.split("\n"))


async def test_long_texts_are_copied_by_their_key_and_from_the_box(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2", "y")
        await console.press("c")
        assert console.app.clipboard.startswith("kind: Deployment")
        assert "copied the YAML: 3 lines" in console.lines[-1]
        await console.press("slash")
        await console.type("oxygen")
        await console.press("enter", "C")
        assert box(console) == ["the YAML", "lines with “oxygen”"]
        await console.press("down", "enter")
        assert console.app.clipboard == "  name: oxygen-generator"


async def test_what_is_cut_is_said(open_console: Open, station: FakeStation) -> None:
    station.texts["yaml"] = "\n".join(f"line: {n:08}" for n in range(4900))
    async with open_console(size=(120, 24)) as console:
        await console.press("2", "y", "c")
        assert "of 4,900 lines, a terminal takes no more than 55 KB" in console.lines[-1]
        assert console.app.clipboard.startswith("line: 00000000\n")
        assert len(console.app.clipboard.encode()) <= 55_500


async def test_what_reaches_the_terminal_is_harmless(
    open_console: Open, station: FakeStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_console() as console:
        bad = replace(APPS[0], reason="x\x1b]52;c;eA==\x07\ry")
        station.feed.deliver(Parcel(source=SOURCE, scope="apps", upserts=(bad,)))
        await console.settle()
        written: list[str] = []
        monkeypatch.setattr(console.app._driver, "write", written.append)
        await console.press("2")
        await choose(console, "STATE")
        assert "\x1b" not in console.app.clipboard
        assert "\r" not in console.app.clipboard
        assert sum(one.count("\x1b]52;") for one in written) == 1


async def test_where_there_is_nothing_that_is_said(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("zzz")
        await console.press("enter", "C")
        assert "nothing to copy here" in console.lines[-1]


async def test_by_name_after_a_colon(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "colon")
        await console.type("copy app")
        await console.press("enter")
        assert console.app.clipboard == "oxygen-generator"
