"""How names are found by a few letters, and in which order."""

from __future__ import annotations

import pytest

from console.rows.fuzzy import fitting

NAMES = [
    "apps", "life-support/oxygen-generator", "life-support/oxygen", "habitat/co2-scrubber",
    "power/battery-monitor", "oxygen-store", "adapters", "theme dark", "habitat/thermal-loop",
]  # fmt: skip


def found(typed: str) -> list[str]:
    fit = fitting(typed)
    fits = [(how, name) for name in NAMES if (how := fit(name)) is not None]
    return [name for _, name in sorted(fits)]


def test_what_is_called_so_comes_first_then_what_begins_so_then_words_that_do() -> None:
    assert found("oxygen") == [
        "life-support/oxygen", "oxygen-store", "life-support/oxygen-generator",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("og", "life-support/oxygen-generator"),
        ("oxgen", "life-support/oxygen-generator"),
        ("scrub", "habitat/co2-scrubber"),
        ("bmon", "power/battery-monitor"),
        ("THEME DARK", "theme dark"),
        ("dark theme", "theme dark"),
        ("loop hab", "habitat/thermal-loop"),
        ("ada", "adapters"),
        ("dptrs", "adapters"),
    ],
)
def test_a_few_letters_are_enough(typed: str, first: str) -> None:
    assert found(typed)[0] == first


def test_letters_in_another_order_find_nothing() -> None:
    assert found("zppa") == []
    assert found("oxygen nothing") == []


def test_nothing_typed_fits_everything_alike() -> None:
    assert len(found("")) == len(NAMES)


def test_of_those_that_fit_alike_the_shorter_comes_first() -> None:
    fit = fitting("hab")
    assert sorted(["habitat-long", "habitat"], key=fit) == ["habitat", "habitat-long"]  # type: ignore[arg-type]
