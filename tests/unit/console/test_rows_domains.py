"""What the rows of each domain say, value by value."""

from __future__ import annotations

from typing import Any

import colony_records as colony
import pytest

from adapters.records import (
    ActionState,
    Announcer,
    App,
    Health,
    Pod,
    Port,
    Record,
    Scope,
    ScopeState,
    Stage,
    StageTime,
)
from console.rows import actions, addresses, apps, pods, pools, revisions, scopes, severity
from console.rows.cells import Cell
from console.rows.severity import Severity


def row(module: Any, record: Record, **more: Any) -> dict[str, Cell]:
    """Return the cells of *record* by their column's key."""
    cells = module.cells(record, colony.context(record, **more))
    return dict(zip((column.key for column in module.COLUMNS), cells, strict=True))


def test_a_degraded_app() -> None:
    cells = row(apps, colony.degraded())
    assert cells["mark"] == Cell("▲ ", "warn")
    assert cells["name"].text == "oxygen-generator"
    assert cells["ready"] == Cell("2/3", "warn")
    assert cells["revision"].text == "12"
    assert cells["why"] == Cell("pull fails: o2-gen:2.4.1", "warn")
    assert cells["since"].text == "13:56:12Z"


def test_a_degraded_app_of_critical_priority_has_the_worst_mark() -> None:
    cells = row(apps, colony.degraded(priority="Critical"))
    assert cells["mark"] == Cell("✖ ", "bad")
    assert cells["ready"].tone == "bad"


def test_what_a_source_did_not_say_is_a_dash_and_never_zero() -> None:
    bare = App(source="tycho", namespace="n", name="a", received=colony.NOW)
    cells = row(apps, bare)
    assert cells["mark"] == Cell("? ", "unknown")
    assert cells["ready"].text == "—/—"
    assert cells["why"].text == "unknown"
    assert {cells[key].text for key in ("revision", "version", "since", "age", "restarts")} == {"—"}


def test_a_paused_app_says_so() -> None:
    assert row(apps, colony.app(paused=True))["why"].text == "healthy · paused"


def test_a_stale_app_keeps_its_last_mark_beside_the_doubt() -> None:
    cells = row(apps, colony.degraded(), live=False)
    assert cells["mark"] == Cell("▲◔", "stale")
    assert cells["why"].text == "stale since 14:02:01Z · pull fails: o2-gen:2.4.1"


@pytest.mark.parametrize(
    ("app", "grade"),
    [
        (colony.app(), Severity.NONE),
        (colony.app(health=Health.PROGRESSING), Severity.MOVING),
        (colony.degraded(), Severity.DEGRADED),
        (colony.degraded(priority="critical"), Severity.CRITICAL),
        (colony.degraded(ready=0), Severity.CRITICAL),
        (colony.app(health=Health.FAILED), Severity.CRITICAL),
        (colony.app(health=Health.IDLE, desired=0, ready=0), Severity.NONE),
        (colony.app(health=Health.UNKNOWN, desired=None, ready=None), Severity.UNKNOWN),
        (colony.app(health=Health.UNKNOWN, desired=None, ready=0), Severity.UNKNOWN),
    ],
)
def test_how_bad_an_app_is(app: App, grade: Severity) -> None:
    assert severity.of_app(app) is grade


def test_apps_sort_the_worst_to_the_top_then_by_name() -> None:
    found = [colony.app("b-10"), colony.app("b-9"), colony.degraded(name="z")]
    assert [one.name for one in sorted(found, key=apps.sort_key("mark"))] == ["z", "b-9", "b-10"]


@pytest.mark.parametrize(
    ("state", "ready", "mark"),
    [
        ("Running", 1, "✔"), ("Running", 0, "▲"), ("Pending", 0, "●"), ("Init:0/2", 0, "●"),
        ("Init:CrashLoopBackOff", 0, "✖"), ("ImagePullBackOff", 0, "✖"), ("Completed", 0, "◌"),
        ("Terminating", 1, "●"), ("Unknown", 0, "?"), ("SomethingNew", 0, "✖"),
    ],
)  # fmt: skip
def test_pods_are_marked_by_what_kubectl_would_say(state: str, ready: int, mark: str) -> None:
    found: Pod = colony.pod(state=state, ready=ready)
    assert pods.of_pod(found).text == mark


def test_an_address_with_ports_of_both_protocols_and_two_announcers() -> None:
    found = colony.address(
        ports=(Port(5004, "UDP"), Port(443, "TCP"), Port(5005, "UDP")),
        announced_by=(Announcer("relay-1", "L2", ("eth0",)), Announcer("relay-2", "BGP")),
    )
    cells = row(addresses, found)
    assert cells["mark"].text == "✔ "
    assert cells["ports"].text == "UDP 5004, 5005; TCP 443"
    assert cells["announced"].text == "L2 relay-1 (eth0), BGP relay-2"
    assert cells["apps"].text == "oxygen-generator"


def test_unknown_unannounced_and_pending_addresses_differ() -> None:
    unknown = row(addresses, colony.address(announced_by=None))
    assert (unknown["mark"].text, unknown["announced"].text) == ("? ", "not known")
    silent = row(addresses, colony.address(announced_by=()))
    assert (silent["mark"].text, silent["announced"].text) == ("▲ ", "nobody")
    assert silent["why"].text == "nobody announces it"
    pending = row(addresses, colony.address("", requested="10.40.1.9", reason="pool is full"))
    assert (pending["ip"].text, pending["announced"].text) == ("pending", "—")
    assert pending["why"].text == "wants 10.40.1.9 · pool is full"


@pytest.mark.parametrize(
    ("assigned", "available", "mark", "used", "why"),
    [
        (7, 25, "✔", "7/32", ""),
        (15, 1, "▲", "15/16", "nearly full: 1 left"),
        (4, 0, "▲", "4/4", "full: the next Service will wait"),
        (0, 0, "▲", "0/0", "full: the next Service will wait"),
        (None, None, "?", "—/—", "use not known: its status does not say"),
    ],
)
def test_pools(assigned: int | None, available: int | None, mark: str, used: str, why: str) -> None:
    cells = row(pools, colony.pool("p", assigned, available))
    assert cells["mark"].text == mark + " "
    assert cells["used"].text == used
    assert cells["why"].text == why


def test_the_current_revision_is_marked() -> None:
    cells = row(revisions, colony.revision(12, current=True, change_cause="o2 2.4.1"))
    assert cells["mark"] == Cell("● ", "accent")
    assert cells["cause"].text == "o2 2.4.1"
    assert row(revisions, colony.revision(11))["mark"].text == "  "


def test_an_action_says_what_it_would_make_of_its_target() -> None:
    cells = row(actions, colony.action())
    assert cells["target"].text == "life-support/oxygen-generator → 11"
    assert cells["state"] == Cell("simulated", "accent")
    assert cells["why"].text == "for ops-1 to confirm"


def test_the_stages_of_an_action_under_way() -> None:
    reached = tuple(
        StageTime(state, colony.NOW - 9 + n)
        for n, state in enumerate([ActionState.DRAFT, ActionState.SIMULATED, ActionState.APPROVED])
    )
    found = actions.stages(colony.action(state=ActionState.APPROVED, stages=reached))
    assert [(name, mark.text) for name, mark, _, _ in found] == [
        ("draft", "✔"), ("simulated", "✔"), ("approved", "✔"), ("submitted", "⋯"),
        ("included", " "), ("final", " "), ("verified", " "),
    ]  # fmt: skip


def test_an_action_that_ended_otherwise_shows_its_end_after_the_last_stage() -> None:
    reached = (
        StageTime(ActionState.DRAFT, 1.0), StageTime(ActionState.SIMULATED, 2.0),
        StageTime(ActionState.REFUSED, 3.0, "paused"),
    )  # fmt: skip
    found = actions.stages(colony.action(state=ActionState.REFUSED, stages=reached))
    assert [(name, mark.text, at) for name, mark, at, _ in found][:4] == [
        ("draft", "✔", 1.0), ("simulated", "✔", 2.0), ("refused", "✖", 3.0),
        ("approved", " ", None),
    ]  # fmt: skip


def test_a_verified_action_has_every_stage_ticked() -> None:
    states = [ActionState(stage.value) for stage in Stage]
    reached = tuple(StageTime(state, float(n)) for n, state in enumerate(states))
    found = actions.stages(colony.action(state=ActionState.VERIFIED, stages=reached))
    assert [mark.text for _, mark, _, _ in found] == ["✔"] * 7


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (ScopeState.LIVE, ""),
        (ScopeState.STALE, "last heard 14:02:26Z"),
        (ScopeState.DENIED, "the credentials do not allow it"),
        (ScopeState.ABSENT, "the server has no such resource"),
    ],
)
def test_scopes(state: ScopeState, why: str) -> None:
    found: Scope = colony.scope("pods", state)
    assert row(scopes, found)["why"].text == why
