"""A filter takes for a field what stands above a column, and finds there what the column shows."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.records import App, Health
from console.rows import apps
from console.rows.filter import Filter, parse
from console.rows.layout import titles
from console.rows.values import values_of

ASSET = "eip155:1/erc721:0x3333333333333333333333333333333333333333/"
APP = App(
    source="tycho", namespace="life-support", name="oxygen", workload="Deployment",
    health=Health.FAILED, reason="ImagePullBackOff", restarts=4, token=f"{ASSET}7",
)  # fmt: skip


def read(text: str, rows: Any = apps) -> Filter:
    return parse(text, rows.FIELDS, values_of(rows), titles(rows.COLUMNS))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("state:imagepull", True),
        ("state:healthy", False),
        ("reason:imagepull", True),
        ("app:oxygen", True),
        ("APP:water", False),
        ("rst:>3", True),
        ("-state:imagepull", False),
        ("token:7", True),
        ("token:#7", True),
        ("token:3", False),
        ("asset:0x3333", True),
        ("0x3333", True),
    ],
)
def test_what_is_above_a_column_is_a_field(text: str, found: bool) -> None:
    made = read(text)
    assert made.errors == ()
    assert made.matches(apps.haystack(APP), APP) is found


def test_a_healthy_app_is_found_by_its_state() -> None:
    app = App(source="tycho", namespace="a", name="b", health=Health.HEALTHY)
    assert read("state:healthy").matches(apps.haystack(app), app)


def test_what_names_nothing_is_said_before_what_there_is() -> None:
    assert read("foo:bar").errors[0].startswith("no field foo; there are name, ")
