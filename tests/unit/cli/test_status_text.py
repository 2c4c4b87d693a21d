"""`colony status` for a person: what is wrong first, apps too."""

from __future__ import annotations

from adapters.records import AdapterState, Health
from console.headless.status import told
from console.rows.status import snapshot
from tests.unit.console import colony_records as colony


def lines(*records: object) -> list[str]:
    store = colony.context(*records).store
    return told(snapshot(store, "tycho"), store)


def test_the_app_that_makes_it_critical_is_the_first_of_what_is_wrong() -> None:
    broken = colony.degraded(priority="critical")
    said = lines(colony.app("a-well"), broken, colony.pool(), colony.adapter())
    assert said[0].startswith("tycho  critical  ")
    wrong = [line for line in said if line.startswith("wrong")]
    assert wrong[0] == (
        "wrong    ✖ life-support/oxygen-generator  2 of 3 ready · pull fails: o2-gen:2.4.1"
    )
    assert "▲ pool edge-udp" in wrong[1]
    well, ill = [line for line in said if line.startswith("app ")]
    assert well.startswith("app    ✔ life-support/a-well ")
    assert well.endswith("healthy      2.4.1")
    assert ill.startswith("app    ✖ life-support/oxygen-generator ")
    assert ill.endswith("degraded     2.4.1  pull fails: o2-gen:2.4.1")


def test_an_adapter_that_is_down_is_wrong_too() -> None:
    said = lines(colony.adapter(state=AdapterState.DOWN, detail="connection refused"))
    assert "wrong    ✖ adapter tycho  connection refused" in said


def test_an_app_of_which_nothing_is_known_is_marked_so() -> None:
    said = lines(colony.app(health=Health.UNKNOWN, reason="no answer"), colony.adapter())
    assert "wrong    ? life-support/oxygen-generator  unknown · no answer" in said
    assert any(line.startswith("app    ? ") for line in said)
