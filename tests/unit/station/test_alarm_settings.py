"""Rules of alarms as the configuration writes them; what is wrong is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.records import AlarmSeverity
from console.configuration import ConfigurationProblem
from console.settings import load
from console.settings_alarms import fields, resolve
from console.station.admission import KINDS
from console.station.alarms.limits import Limit
from console.station.alarms.rules import DEFAULTS, Rule
from console.station.alarms.values import DERIVED, value_of

COLONY = '[colonies.t.adapters.main]\nadapter = "toy"\n'


def rules(folder: Path, *tables: str) -> dict[str, Rule]:
    path = folder / "colony.toml"
    said = "".join(f"[[colonies.t.alarms]]\n{table}\n" for table in tables)
    path.write_text(COLONY + said)
    return {rule.name: rule for rule in resolve(load(path, "t", {}).table.alarms)}


def line(folder: Path, *tables: str) -> str:
    with pytest.raises(ConfigurationProblem) as caught:
        rules(folder, *tables)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_any_there_are_the_defaults(tmp_path: Path) -> None:
    assert tuple(rules(tmp_path).values()) == DEFAULTS


def test_a_default_is_changed_and_another_taken_off(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        'default = "pool-full"\nabove = 80\nclear = 75\nseverity = "critical"',
        'default = "app-unknown"\noff = true',
        'default = "app-failed"\nfor_seconds = 5\nwhere = { namespace = "life-*" }',
    )
    assert found["pool-full"].limit == Limit(above=80, clear=75)
    assert found["pool-full"].severity is AlarmSeverity.CRITICAL
    assert found["pool-full"].unit == "%"
    assert "app-unknown" not in found
    assert found["app-failed"].limit.seconds == 5
    assert found["app-failed"].limit.equals == ("failed",)
    assert found["app-failed"].where == (("namespace", "life-*"),)
    assert len(found) == len(DEFAULTS) - 1


def test_a_number_that_moves_clears_where_it_is_said_or_at_once(tmp_path: Path) -> None:
    assert rules(tmp_path, 'default = "pool-full"\nabove = 70')["pool-full"].limit.clear is None


def test_one_of_ones_own(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        'name = "hot"\nkind = "Inverter"\nfield = "temperature"\nabove = 70\nclear = 65\n'
        'for_seconds = 60\nsamples = 3\nunit = "°C"\nwhere = { namespace = "north-*" }',
        'name = "odd"\nkind = "App"\nfield = "workload"\nis = ["Pod", "Job"]',
        'name = "held"\nkind = "App"\nfield = "paused"\nis = true',
    )
    assert found["hot"] == Rule(
        "hot", "Inverter", "temperature", Limit(above=70, clear=65, seconds=60, samples=3),
        AlarmSeverity.WARNING, "°C", (("namespace", "north-*"),),
    )  # fmt: skip
    assert found["hot"].limit_text == "≥ 70 °C, clears < 65 °C, 3 times in a row for 1 min"
    assert found["odd"].limit.equals == ("Pod", "Job")
    assert found["held"].limit.equals == (True,)
    assert found["held"].limit_text == "yes"


OWN = 'name = "x"\nkind = "App"\nfield = "ready"\n'


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('default = "pool-ful"', "0.default: no default rule is called pool-ful; there are app-f"),
        (
            'default = "pool-full"\nname = "x"',
            "0: default changes a rule that is there: leave name",
        ),
        ('default = "pool-full"\nabove = 80\nclear = 90', "0: clear = 90 is not below above = 80"),
        ('default = "battery-low"\nbelow = 50', ""),
        (
            'default = "battery-low"\nbelow = 50\nclear = 40',
            "0: clear = 40 is not above below = 50",
        ),
        ('default = "app-failed"\nabove = 3', "0: app-failed is no number: give is"),
        ('default = "pool-full"\nis = "full"', "0: pool-full is a number: give above or below"),
        ('name = "x"\nkind = "App"', "0: field is missing"),
        ('kind = "App"', "0: name is missing (or name a rule to change"),
        (OWN, "0: give one of above, below and is"),
        (OWN + "above = 1\nbelow = 2", "0: give one of above, below and is"),
        (OWN + "above = 1\noff = true", "0: off is for a default rule"),
        (OWN + "above = inf", "0.above: must be a number"),
        (OWN + "above = 1\nfor_seconds = -1", "0.for_seconds: input should be greater"),
        (OWN + "above = 1\nsamples = 0", "0.samples: input should be greater"),
        (OWN + 'above = 1\nseverity = "bad"', "0.severity: input should be"),
        (OWN + 'above = 1\nwhere = { nmaespace = "x" }', "0.where: no field nmaespace in App"),
        (OWN + "abov = 1", "0.abov: no such setting; did you mean above?"),
        ('name = "X y"', "0.name: takes small letters"),
        ('name = "pool-full"', "0.name: pool-full is a default rule"),
        ('name = "x"\nkind = "Event"', "0.kind: no records of the kind Event can be watched"),
        ('name = "x"\nkind = "App"\nfield = "redy"', "0.field: no field redy in App; there are c"),
    ],
)
def test_what_is_wrong_in_a_rule_is_one_line(tmp_path: Path, table: str, said: str) -> None:
    if not said:
        assert rules(tmp_path, table)
        return
    assert line(tmp_path, table).startswith(f"colony.toml: colonies.t.alarms.{said}")


def test_two_of_one_name(tmp_path: Path) -> None:
    twice = 'default = "pool-full"\nabove = 80'
    assert line(tmp_path, twice, twice) == (
        "colony.toml: colonies.t.alarms: two are of pool-full: put them into one"
    )


@pytest.mark.parametrize("rule", DEFAULTS, ids=lambda rule: rule.name)
def test_each_default_watches_something_that_there_is(rule: Rule) -> None:
    assert rule.value in fields(rule.kind)
    assert rule.limit_text
    named = {one.name for one in DEFAULTS}
    assert set(rule.yields_to) <= named
    assert all(field in KINDS[rule.kind].__struct_fields__ for field, _ in rule.where)
    assert value_of(rule.kind, rule.value)
    assert (rule.limit.above is None) + (rule.limit.below is None) + (not rule.limit.equals) == 2


def test_derived_values_are_of_kinds_that_there_are() -> None:
    assert set(DERIVED) <= set(KINDS)
