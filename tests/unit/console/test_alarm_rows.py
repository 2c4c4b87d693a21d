"""Alarms as rows: marks that differ without colour, the count, the order, what is of a thing."""

from __future__ import annotations

from typing import Any

import pytest
from colony_records import context

from adapters.records import Alarm, AlarmChange, AlarmSeverity, AlarmState, Key
from console.rows import alarms
from console.rows.cells import place
from console.screens.alarm_page import alarm_rows
from console.screens.alarming import minutes_of
from console.widgets.header import Facts, header_line
from console.widgets.spans import Line

NOW = 1_795_010_551.0
OXYGEN = Key("tycho", "App", "life-support", "oxygen-generator")


def line_text(line: Line) -> str:
    """Return what a line says."""
    return "".join(text for text, _ in line)


def alarm(name: str = "a", **more: Any) -> Alarm:
    given: dict[str, Any] = {
        "rule": "app-failed", "thing": "life-support/oxygen-generator", "about": OXYGEN,
        "severity": AlarmSeverity.CRITICAL, "value": "failed · 0 of 3 ready",
        "limit": "failed for 30 s", "since": NOW - 60,
    }  # fmt: skip
    return Alarm(source="station", name=name, **(given | more))


def every() -> list[Alarm]:
    return [
        alarm(f"{severity}-{state}", severity=severity, state=state, acked_by="ana@relay",
              acked_at=NOW - 5, shelved_by="ben", shelved_until=NOW + 600)
        for severity in AlarmSeverity for state in AlarmState
    ]  # fmt: skip


def test_each_mark_is_told_apart_without_colour() -> None:
    marks = [alarms.mark(one).text for one in every()]
    assert len(set(marks)) == len(marks) == 12
    assert all(len(mark) == 2 for mark in marks)
    assert alarms.mark(alarm()).text == "✖!"
    seen = alarm(state=AlarmState.ACKNOWLEDGED)
    assert alarms.mark(seen) == ("✖ ", "dim")


def test_what_calls_is_first_and_the_worst_of_it() -> None:
    found = sorted(reversed(every()), key=alarms.sort_key("mark"))
    assert [one.name for one in found[:4]] == [
        "critical-unacknowledged", "warning-unacknowledged", "advisory-unacknowledged",
        "critical-cleared unseen",
    ]  # fmt: skip
    assert found[-1].name == "advisory-shelved"


@pytest.mark.parametrize("column", [column.key for column in alarms.COLUMNS])
def test_every_column_sorts(column: str) -> None:
    assert len(sorted([*every(), alarm(since=None)], key=alarms.sort_key(column))) == 13


@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (78, ["mark", "thing", "value", "since", "state"]),
        (118, ["mark", "thing", "value", "limit", "since", "state", "by"]),
    ],
)
def test_what_stays_on_a_narrow_screen(width: int, kept: list[str]) -> None:
    shown = [one.column.key for one in place(alarms.COLUMNS, width)]
    assert [key for key in shown if key != "times"] == kept


def test_the_count_leaves_what_is_shelved_out() -> None:
    assert alarms.counted([]) == (0, 0, None, 0)
    assert alarms.counted(every()) == (6, 9, AlarmSeverity.CRITICAL, 2)
    calm = [alarm(state=AlarmState.ACKNOWLEDGED)]
    assert alarms.counted(calm) == (0, 1, None, 1)


def test_cells() -> None:
    here = context()
    row = dict(zip([c.key for c in alarms.COLUMNS], alarms.cells(alarm(), here), strict=True))
    assert row["thing"].text == "life-support/oxygen-generator"
    assert row["state"].text == "unacknowledged"
    assert row["by"].text == ""
    seen = alarm(state=AlarmState.ACKNOWLEDGED, acked_by="ana@relay", acked_at=NOW)
    row = dict(zip([c.key for c in alarms.COLUMNS], alarms.cells(seen, here), strict=True))
    assert row["state"].text == "seen by ana"
    assert row["by"].text.startswith("ana at ")


def test_a_value_says_how_far_it_can_be_trusted_and_what_follows() -> None:
    assert alarms.value_text(alarm(quality="stale")) == "◔ stale · failed · 0 of 3 ready"
    assert alarms.value_text(alarm(value="down", follows=1)) == "down · and 1 that follows from it"
    assert alarms.value_text(alarm(value="down", follows=4)) == "down · and 4 that follow from it"


def test_the_alarms_of_a_thing() -> None:
    here = context(alarm("a"), alarm("b", severity=AlarmSeverity.WARNING),
                   alarm("c", about=None))  # fmt: skip
    assert [one.name for one in alarms.of(OXYGEN, here)] == ["a", "b"]
    assert [one.name for one in alarms.of(alarm("c").key, here)] == ["c"]
    assert alarms.of(None, here) == []
    assert alarms.of(Key("station", "Alarm", "", "gone"), here) == []


def test_the_line_of_the_overview() -> None:
    assert [cell.text for cell in alarms.summary(context()).counts] == ["none"]
    here = context(alarm("a"), alarm("b", state=AlarmState.ACKNOWLEDGED),
                   alarm("c", state=AlarmState.SHELVED))  # fmt: skip
    one = alarms.summary(here)
    assert [cell.text for cell in one.counts] == ["1 new of 2", "1 shelved"]
    assert [cell.text for cell in one.words] == [
        "✖! life-support/oxygen-generator", "✖ life-support/oxygen-generator",
    ]  # fmt: skip


def test_the_page_has_its_history_the_newest_first() -> None:
    one = alarm(
        state=AlarmState.SHELVED, times=3, returned=NOW - 10, acked_by="ana", acked_at=NOW - 20,
        shelved_by="ben", shelved_until=NOW + 60, shelved_reason="being mended",
        history=(AlarmChange(NOW - 60, "raised", "", "failed"),
                 AlarmChange(NOW - 20, "acknowledged", "ana")),
    )  # fmt: skip
    text = [line_text(row.line) for row in alarm_rows(one, context(), 78)]
    assert any("being mended" in row for row in text)
    assert any("3 times so far" in row for row in text)
    first = next(n for n, row in enumerate(text) if "acknowledged   by ana" in row)
    assert "raised   failed" in text[first + 1]
    assert all(len(row) <= 78 for row in text)


def facts(**more: Any) -> Facts:
    given: dict[str, Any] = {
        "colony": "tycho", "mode": "LIVE", "production": False, "read_only": False, "who": "ana",
        "role": "operator", "bad": 1, "warnings": 2, "age": "data live", "stale": False, "lost": 0,
        "told": "",
    }  # fmt: skip
    return Facts(**(given | more))


def test_the_header_has_one_count() -> None:
    said = line_text(header_line(facts(alarms=(2, 5, "✖", "bad")), 110))
    assert "✖ 2 new of 5 alarms" in said
    assert "▲" not in said
    assert "✖ 2 new" in line_text(header_line(facts(alarms=(2, 5, "✖", "bad")), 50))
    assert "5 alarms, all seen" in line_text(header_line(facts(alarms=(0, 5, "", "")), 110))
    said = line_text(header_line(facts(), 110))
    assert "✖ 1  ▲ 2" in said, "what is wrong and no alarm yet"
    assert "✔ nothing wrong" in line_text(header_line(facts(bad=0, warnings=0), 110))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45", 45), ("90m", 90), (" 8h ", 480), ("24 h", 1440), ("25h", None), ("0", None),
     ("", None), ("soon", None), ("-5", None), ("1.5h", None), ("٣", None)],
)  # fmt: skip
def test_how_long(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes
