"""Why a table is empty: only those that may bring what belongs into it are a reason."""

from __future__ import annotations

from typing import Any

import pytest
from colony_records import adapter, context, scope

from adapters.records import AdapterState, ScopeState
from adapters.registry import installed, load
from console.panels.overview_parts import Parts
from console.rows import chains, overview
from console.rows.context import Context

BRINGS = {
    "kubernetes": ("App", "Pool", "Address"),
    "chain": ("Chain", "Token", "Contract", "LedgerEntry"),
    "sunspec": ("Plant",),
}
REFUSED = {"detail": "refused", "records": 0}


def of(kind: str, name: str, state: AdapterState = AdapterState.DOWN, **more: Any) -> Any:
    return adapter(name, state, adapter=kind, brings=BRINGS.get(kind, ()), **more)


def text_of(parts: Parts, panel: str, width: int) -> str:
    return "".join(text for text, _ in parts.summary_row(panel, width).line)


def never(name: str, source: str) -> Any:
    return scope(name, ScopeState.NEVER, source=source, heard=None)


@pytest.fixture
def dead() -> Context:
    """A cluster and a plant that were never reached, and no chain."""
    return context(
        of("kubernetes", "main", **REFUSED), of("sunspec", "rim", detail="no answer", records=4),
        never("apps", "main"), never("pools", "main"), never("unit 1", "rim"),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["App", "Pool", "Address"])
def test_what_a_cluster_brings_waits_for_it_alone(dead: Context, kind: str) -> None:
    assert overview.waiting_for(dead, kind) == "kubernetes main is down: refused"


def test_a_plant_waits_for_its_own(dead: Context) -> None:
    assert overview.waiting_for(dead, "Plant") == "sunspec rim is down: no answer"


def test_the_scope_that_is_named_after_it_is_the_reason() -> None:
    some = context(
        of("kubernetes", "main", AdapterState.DEGRADED), never("apps", "main"),
        scope("pools", ScopeState.DENIED, source="main"), never("unit 1", "rim"),
    )  # fmt: skip
    assert overview.waiting_for(some, "App") == "main apps never received"
    assert overview.waiting_for(some, "Pool") == "main pools denied"
    assert overview.waiting_for(some, "Token") == ""


def test_without_a_chain_adapter_none_is_down(dead: Context) -> None:
    assert chains.why_none("none", dead) == chains.NO_CHAIN
    parts = Parts(dead, 10)
    for panel in ("tokens", "contracts", "ledger"):
        assert "no chain is configured" in text_of(parts, panel, 100)
    assert "kubernetes main is down" in text_of(parts, "apps", 140)


def test_a_chain_that_is_down_is_said_with_the_reason(dead: Context) -> None:
    down = of("chain", "eth", detail="no answer", records=0)
    more = context(down, of("kubernetes", "main", **REFUSED))
    assert chains.why_none("none", more) == "waiting: chain eth is down: no answer"


def test_an_adapter_that_does_not_say_may_bring_anything() -> None:
    other = context(of("other", "x", **REFUSED), never("things", "x"))
    assert chains.why_none("none", other) == "waiting: other x is down: refused"
    assert overview.waiting_for(other, "App") in (
        "nothing received yet",
        "other x is down: refused",
    )


def test_what_is_shipped_says_what_it_brings() -> None:
    for kind in installed():
        if kind in BRINGS:
            assert set(BRINGS[kind]) <= set(load(kind).brings)
