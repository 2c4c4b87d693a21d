"""Saving a table: where to, what is in it, what is in the way, and giving up."""

from __future__ import annotations

import asyncio
import csv
import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.feed.messages import Parcel
from console.screens import saving
from tests.ui.colony_data import APPS, SOURCE
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def text_of(name: str) -> str:
    """Return what the file *name* holds."""
    return Path(name).read_text()


def put(name: str, text: str) -> None:
    """Let the file *name* hold *text*."""
    Path(name).write_text(text)


async def save_as(console: Console, name: str) -> None:
    await console.press("colon")
    await console.type(f"save {name}")
    await console.press("enter")
    await console.finish("save")


async def test_the_name_offered_says_what_and_when(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "E")
        assert "▤ tycho-apps-20261120T140231Z.csv" in console.lines[-1]
        assert "10 rows" in console.lines[-1]
        await console.press("enter")
        await console.finish("save")
        assert "saved: tycho-apps-20261120T140231Z.csv, 10 rows" in console.lines[-1]
        assert os.stat("tycho-apps-20261120T140231Z.csv").st_mode & 0o777 == 0o600


async def test_what_the_filter_leaves_in_order_with_all_columns(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        lost = replace(APPS[1], restarts=None, since=None)
        station.feed.deliver(Parcel(source=SOURCE, scope="apps", upserts=(lost,)))
        await console.settle()
        await console.press("2", "slash")
        await console.type("ns:life-support")
        await console.press("enter")
        await save_as(console, "a.json")
        found = json.loads(text_of("a.json"))
        assert found["filter"] == "ns:life-support"
        assert [one["name"] for one in found["rows"]] == [
            "oxygen-generator", "co2-scrubber", "water-recycler",
        ]  # fmt: skip
        first, _, last = found["rows"]
        assert first["ready"] == 2
        assert first["since"] == "2026-11-20T13:56:12.000Z"
        assert first["images"] == ["colony/o2-gen:2.4.1"]
        assert first["quality"] == "fresh"
        assert last["restarts"] is last["since"] is None
        await save_as(console, "a.csv")
        rows = list(csv.DictReader(text_of("a.csv").splitlines()))
        assert rows[0]["desired"] == "3"
        assert rows[2]["restarts"] == rows[2]["since"] == ""


async def test_a_table_of_each_panel_can_be_saved(open_console: Open) -> None:
    async with open_console() as console:
        for number in "23456789":
            await console.press(number)
            await save_as(console, f"{number}.json")
            assert "saved:" in console.lines[-1], (number, console.lines[-1])
            found = json.loads(text_of(f"{number}.json"))
            names = [one["name"] for one in found["columns"]]
            assert len(names) == len(set(names))
            assert all(set(one) == set(names) for one in found["rows"])


async def test_nothing_is_written_over_unasked(open_console: Open) -> None:
    put("a.csv", "mine")
    async with open_console() as console:
        await console.press("2")
        await save_as(console, "a.csv")
        assert "a.csv is there already: y writes over it" in console.lines[-1]
        await console.press("n", "enter")
        assert text_of("a.csv") == "mine"
        assert "not saved: a.csv stays as it is" in console.lines[-1]
        await save_as(console, "a.csv")
        await console.press("escape")
        assert text_of("a.csv") == "mine"
        await save_as(console, "a.csv")
        await console.press("y", "enter")
        await console.finish("save")
        assert text_of("a.csv").startswith("name,")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.txt", "a.txt should end in .csv or .json"),
        (".bashrc", ".bashrc should end in .csv or .json"),
        ("gone/a.csv", "not saved: no directory gone is to be found"),
        ("link.csv", "link.csv is no plain file"),
    ],
)
async def test_what_cannot_be_is_said(open_console: Open, name: str, says: str) -> None:
    os.symlink("elsewhere", "link.csv")
    async with open_console() as console:
        await console.press("2")
        await save_as(console, name)
        assert says in console.lines[-1]
        assert os.listdir() == ["link.csv"]


async def test_esc_gives_it_up_and_leaves_nothing(
    open_console: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(saving, "SLICE", 2)

    async def to_thread(work, *arguments):  # type: ignore[no-untyped-def]
        if len(arguments) == 1 and isinstance(arguments[0], str):
            reached.set()
            await go_on.wait()
        return work(*arguments)

    monkeypatch.setattr(saving.asyncio, "to_thread", to_thread)
    async with open_console() as console:
        await console.press("2", "E", "enter")
        await reached.wait()
        assert len(os.listdir()) == 1
        await console.press("escape")
        assert "saving was cancelled; no file is left" in console.lines[-1]
        await console.settle()
        assert os.listdir() == []


async def test_many_rows_say_how_far_they_are(
    open_console: Open, station: FakeStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(replace(APPS[3], name=f"app-{n}", uid=f"u{n}") for n in range(4990))
    said: list[str] = []
    async with open_console() as console:
        station.feed.deliver(Parcel(source=SOURCE, scope="apps", upserts=many))
        await console.settle()
        await console.press("2")
        await console.finish("arrange")
        screen = console.app.screen
        monkeypatch.setattr(screen, "say", lambda text, tone="info": said.append(text))
        await save_as(console, "many.csv")
        assert said[0] == "saving: 250 of 5,000 rows   esc cancels"
        assert said[-1] == "saved: many.csv, 5,000 rows"
        assert len(text_of("many.csv").splitlines()) == 5001
