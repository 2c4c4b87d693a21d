"""What is acted on is said to be another than it looks like, and is confirmed as it is alone."""

from __future__ import annotations

from adapters.contract import Preview
from console.station.shown import shown

ALIKE = "оxygen"  # with a Cyrillic о


def _preview(title: str, confirm: str) -> Preview:
    return Preview(title=title, simulated_by="", binds={}, outcome="", confirm=confirm,
                   warnings=("another",))  # fmt: skip


def test_the_characters_are_named_before_all_other_warnings() -> None:
    told = shown(_preview(f"Scale life-support/{ALIKE}", ALIKE))
    assert told.warnings == (
        "a name here is not what it looks like: о is U+043E CYRILLIC SMALL LETTER O",
        "another",
    )
    assert told.title == f"Scale ≈life-support/{ALIKE}"


def test_what_is_typed_is_not_the_name_that_it_looks_like() -> None:
    told = shown(_preview("Scale", ALIKE))
    assert told.confirm == f"≈{ALIKE}" != "oxygen"


def test_an_honest_name_has_no_warning() -> None:
    assert shown(_preview("Scale насос", "насос")).warnings == ("another",)
