"""Comparisons in a filter: numbers, amounts, spans and moments; what is not known meets none."""

from __future__ import annotations

from types import SimpleNamespace as Record
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.rows.comparing import parse_comparison, seconds
from console.rows.filter import Filter, parse, searched
from console.rows.values import Value, measures, number, plain

NOW = 1_795_183_351.0
"""2026-11-20 14:02:31 UTC."""
HOUR = 3600.0
VALUES = (
    Value("name", lambda one: one.name),
    Value("restarts", lambda one: one.restarts, "number", also=("rst",)),
    Value("power", lambda one: one.power, "number", "W"),
    Value("created", lambda one: one.created, "time", also=("age",)),
    Value("every", lambda one: one.every, "seconds", "s"),
    Value("lasts", lambda one: one.lasts, "hours", "h"),
    Value("balance", lambda one: one.balance, "wei"),
)
FIELDS = ("name", "namespace")


def record(**more: Any) -> Any:
    values = {
        "name": "oxygen", "restarts": 4, "power": 2500.0, "created": NOW - 2 * HOUR,
        "every": 30.0, "lasts": 3.5, "balance": "1500000000000000000",
    }  # fmt: skip
    return Record(**(values | more))


NOTHING = record(restarts=None, power=None, created=None, every=None, lasts=None, balance="")


def matches(text: str, one: Any) -> bool:
    found = parse(text, FIELDS, VALUES)
    assert found.errors == (), found.errors
    haystack = {"name": one.name, "namespace": "life-support"}
    quick = found.finds(searched(haystack), lambda: haystack, one, NOW)
    assert quick is found.matches(haystack, one, NOW)
    return quick


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("restarts:>3", True),
        ("restarts:>4", False),
        ("restarts:>=4", True),
        ("restarts:<5", True),
        ("restarts:<=3", False),
        ("restarts:4", True),
        ("restarts:=4", True),
        ("restarts:3", False),
        ("rst:>3", True),
        ("-restarts:>3", False),
        ("-restarts:>4", True),
        ("RESTARTS:>3", True),
        ("power:>2kW", True),
        ("power:>2.6k", False),
        ("power:<3kw", True),
        ("power:>2500", False),
        ("age:>1h", True),
        ("age:<1h", False),
        ("age:<1d", True),
        ("age:>1h30m", True),
        ("age:>2h1m", False),
        ("created:>12:00", True),
        ("created:>13:00", False),
        ("created:<12:30:00Z", True),
        ("created:>2026-11-20", True),
        ("created:>2026-11-21", False),
        ("created:<2026-11-20T12:30Z", True),
        ("every:>10s", True),
        ("every:30", True),
        ("every:<1m", True),
        ("lasts:>3h", True),
        ("lasts:<3", False),
        ("lasts:>200min", True),
        ("balance:>1", True),
        ("balance:>1.5", False),
        ("balance:>=1.5ether", True),
        ("balance:>2000gwei", True),
        ("restarts:?", False),
        ("-restarts:?", True),
        ("oxy restarts:>3 age:>1h -namespace:ops", True),
    ],
)
def test_what_compares(text: str, found: bool) -> None:
    assert matches(text, record()) is found


def test_a_time_of_day_is_the_last_one() -> None:
    midnight = NOW // 86400 * 86400 + 600
    found = parse("created:>23:50", FIELDS, VALUES)
    assert found.matches({}, record(created=midnight - 900), midnight)
    assert not found.matches({}, record(created=midnight - 2000), midnight)


@pytest.mark.parametrize("name", ["restarts", "power", "age", "every", "lasts", "balance"])
def test_what_is_not_known_is_neither_more_nor_less(name: str) -> None:
    than = {"age": "1h", "every": "1s", "lasts": "1h"}.get(name, "0")
    assert not matches(f"{name}:>={than}", NOTHING)
    assert not matches(f"{name}:<={than}", NOTHING)
    assert matches(f"-{name}:>{than}", NOTHING)
    assert matches(f"{name}:?", NOTHING)


def test_no_number_is_not_known() -> None:
    assert matches("power:?", record(power=float("nan")))
    assert not matches("power:<5", record(power=float("nan")))
    assert matches("power:?", record(power=10**400))
    assert not matches("restarts:>0", record(restarts="many"))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("restarts:>", "restarts: wants a number, as in restarts:>3"),
        ("restarts:many", "restarts: wants a number, as in restarts:>3"),
        ("age:>soon", "created: wants how long ago, or a moment: created:>1h, created:>14:00"),
        ("age:1h", "created: wants how long ago, or a moment: created:>1h, created:>14:00"),
        ("lasts:>x", "lasts: wants a span, as in lasts:>1h"),
        (
            "name:>x",
            "name is text: name:word finds it; compared can be restarts, rst, power, created, age,"
            " every, lasts, balance",
        ),
        (
            "colour:>3",
            "no field colour; there are name, namespace, restarts, rst, power, created,"
            " age, every, lasts, balance",
        ),
    ],
)
def test_what_makes_no_sense_says_what_does(text: str, error: str) -> None:
    assert parse(text, FIELDS, VALUES).errors == (error,)


def test_an_unfinished_comparison_hides_nothing() -> None:
    for text in ("oxy restarts:", "oxy restarts:>", "oxy age:>", "oxy age:>1"):
        found = parse(text, FIELDS, VALUES)
        assert found.matches({"name": "oxygen", "namespace": ""}, NOTHING, NOW), text


def test_a_field_that_is_text_too_is_searched_unless_it_is_compared() -> None:
    values = (Value("entry", lambda one: one.entry, "number"),)
    one = Record(entry=120)
    assert parse("entry:12", ("entry",), values).matches({"entry": "120"}, one, NOW)
    assert parse("entry:>119", ("entry",), values).matches({"entry": "120"}, one, NOW)
    assert not parse("entry:>120", ("entry",), values).matches({"entry": "120"}, one, NOW)


def test_an_age_changes_with_the_time_a_number_does_not() -> None:
    assert parse("age:>1h", FIELDS, VALUES).ages
    assert parse("created:>14:00", FIELDS, VALUES).ages
    assert not parse("created:>2026-11-20 restarts:>3", FIELDS, VALUES).ages


@pytest.mark.parametrize(
    ("new", "old", "within"),
    [
        ("oxyg", "oxy", True),
        ("oxy gen", "oxy", True),
        ("oxy", "oxyg", False),
        ("name:oxyg", "name:oxy", True),
        ("name:oxyg", "oxy", False),
        ("-oxyg", "-oxy", False),
        ("-oxy a", "-oxy", True),
        ("name:oxy,water", "name:oxy", False),
        ("name:oxyg", "name:oxy,gen", False),
        ("restarts:>3 a", "restarts:>3", True),
        ("restarts:>34", "restarts:>3", False),
        ("age:>1h a", "age:>1h", False),
    ],
)
def test_a_letter_more_looks_only_at_what_was_found(new: str, old: str, within: bool) -> None:
    assert parse(new, FIELDS, VALUES).within(parse(old, FIELDS, VALUES)) is within


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_within_another_finds_no_more(before: str, more: str) -> None:
    old, new = parse(before, FIELDS, VALUES), parse(before + more, FIELDS, VALUES)
    haystack = {"name": before, "namespace": more}
    if new.within(old) and new.matches(haystack, record(), NOW):
        assert old.matches(haystack, record(), NOW)


@given(st.text(max_size=30))
def test_nothing_that_is_typed_after_a_colon_raises(text: str) -> None:
    for value in VALUES:
        found = parse_comparison(text, value)
        if not isinstance(found, str):
            assert isinstance(found.matches(record(), NOW), bool)
        assert isinstance(parse(f"{value.name}:{text}", FIELDS, VALUES), Filter)


def test_spans() -> None:
    assert seconds("90s") == 90
    assert seconds("1h30m") == 5400
    assert seconds("1.5h") == 5400
    assert seconds("5min") == 300
    assert seconds("2d") == 172_800
    assert [seconds(text) for text in ("", "5", "h", "1x", "-5m")] == [None] * 5


def test_values_for_a_file_are_what_the_record_has() -> None:
    by_name = {one.name: one for one in VALUES}
    assert plain(by_name["created"], record()) == "2026-11-20T12:02:31.000Z"
    assert plain(by_name["restarts"], record()) == 4
    assert plain(by_name["balance"], record()) == "1500000000000000000"
    assert [plain(one, NOTHING) for one in VALUES[1:]] == [None] * 6
    assert plain(by_name["power"], record(power=float("inf"))) is None
    assert plain(Value("many", lambda one: ("a", "b")), None) == ["a", "b"]
    assert plain(Value("yes", lambda one: True), None) is True


def test_measures_are_found_by_every_name() -> None:
    assert set(measures(VALUES)) == {
        "restarts", "rst", "power", "created", "age", "every", "lasts", "balance",
    }  # fmt: skip
    assert number(VALUES[5], record()) == 3.5 * HOUR
