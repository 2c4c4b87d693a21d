"""The overview as rows: keys as they are bound, each thing once, and nothing well unheard of."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from adapters.records import Key, ScopeState
from console.bound import Bound
from console.feed.messages import Parcel
from console.panels.overview_changes import told
from console.panels.overview_page import overview
from console.rows.cells import Cell
from console.rows.changes import Change
from console.rows.context import Context
from console.store import Store
from console.widgets.spans import joined
from tests.ui import colony_data as colony
from tests.ui.colony_data import NOW, colony_parcels
from tests.ui.fakes import FakeClock
from tests.ui.solar_data import solar_parcels

SIZES = ((80, 21), (100, 27), (120, 37), (200, 57))


def seen(*parcels: Parcel, keys: Bound | None = None) -> Context:
    store = Store(FakeClock())
    store.connected()
    store.apply(parcels)
    return Context(store, NOW, keys=keys or Bound())


def text(context: Context, size: tuple[int, int]) -> list[str]:
    return [joined(one.line) for one in overview(context, *size)]


def whole(keys: Bound | None = None) -> Context:
    return seen(*colony_parcels(), *solar_parcels(), keys=keys)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_is_wrong_is_first_what_happened_is_there_and_nothing_sticks_out(
    size: tuple[int, int],
) -> None:
    lines = text(whole(), size)
    assert len(lines) == size[1] or size[0] == 80
    assert {cell_len(one) for one in lines if one.startswith(("╭", "│", "╰"))} <= {size[0]}
    said = "\n".join(lines)
    assert said.index("WRONG NOW") < said.index("oxygen-generator") < said.index("LAST 30 MIN")
    for title in ("Alarms", "kW", "15/16", "block 48,211", "in flight", "of 4 up", "31 %"):
        assert title in said, title


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_keys_are_shown_as_they_are_bound(size: tuple[int, int]) -> None:
    said = "\n".join(text(whole(), size))
    for shown in ("h all of it", "w why", "enter open", "r roll back"):
        assert shown in said, shown
    keys = Bound({"changes": (("f5",), "F5"), "why": ((), ""), "rollback": (("R",), "R")})
    said = "\n".join(text(whole(keys), size))
    assert "F5 all of it" in said
    assert "R roll back" in said
    assert "w why" not in said


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_comes_again_is_told_once(size: tuple[int, int]) -> None:
    lines = text(whole(), size)
    assert sum("Failed" in one and "oxygen-generator" in one for one in lines) <= 1
    assert not any("oxygen-generator-7d9f" in one for one in lines)


def test_adapters_that_came_up_share_a_line_and_an_action_is_its_last_stage() -> None:
    good, busy = Cell("✔", "good"), Cell("●", "info")
    came = [
        Change(NOW - n, good, "Adapter live", name, "", Key("station", "AdapterStatus", "", name))
        for n, name in enumerate(("chain", "north-rim", "tycho"))
    ]
    action = Key("station", "ActionStatus", "", "a81")
    stages = [Change(NOW - n, busy, f"Action {n}", "a81 ls/o2", "", action) for n in (3, 4)]
    assert [(one.what, one.thing) for one in told([*came, *stages], seen())] == [
        ("Adapter live", "chain and 2 more"), ("Action 3", "ls/o2"),
    ]  # fmt: skip
    assert told(came[:1], seen()) == came[:1]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_well_that_nobody_heard_of(size: tuple[int, int]) -> None:
    said = "\n".join(text(seen(), size))
    assert "✔" not in said
    assert "nothing is known to be wrong" in said
    assert "no adapter is known yet" in said or "none yet" in said
    assert "nothing is known yet" in said
    assert "0 of 0" not in said.replace("0 of 0 up", "")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_without_the_station_every_good_mark_has_a_doubt_beside_it(size: tuple[int, int]) -> None:
    context = whole()
    context.store.disconnected()
    lines = text(context, size)
    assert any("✖ the station" in one for one in lines)
    for line in lines:
        assert "✔ " not in line or "◔" in line, line


def test_a_watch_that_is_stale_or_denied_is_said_and_what_it_brought_is_marked() -> None:
    scopes = colony.scopes(deployments=ScopeState.STALE, pods=ScopeState.DENIED)
    said = "\n".join(
        text(
            seen(
                Parcel("station", "station", (*scopes, *colony.ADAPTERS), begin=True, end=True),
                Parcel(colony.SOURCE, "deployments", colony.APPS, begin=True, end=True),
            ),
            (120, 37),
        )
    )
    assert "◔ tycho deployments" in said
    assert "✖ tycho pods" in said
    assert "✔◔ water-recycler" in said
    assert "tycho pods denied" in said.replace("\n", " ").replace("│", "").replace("  ", "")
