"""The filter's language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.rows.filter import Filter, parse

FIELDS = ("name", "namespace", "health", "image", "why")
OXYGEN = {
    "name": "oxygen-generator", "namespace": "life-support", "health": "degraded",
    "image": "colony/o2-gen:2.4.1", "why": "Pull fails for [red] o2",
}  # fmt: skip


def matches(text: str) -> bool:
    return parse(text, FIELDS).matches(OXYGEN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("   ", True),
        ("oxy", True),
        ("OXY", True),
        ("oxy gen", True),
        ("oxy water", False),
        ("-water", True),
        ("-oxy", False),
        ("oxy -calm", True),
        ("health:degraded", True),
        ("health:failed", False),
        ("health:failed,degraded", True),
        ("-health:failed", True),
        ("-health:failed,degraded", False),
        ("ns:life", True),
        ("ns:oxygen", False),
        ("name:life", False),
        ('"pull fails"', True),
        ('"fails pull"', False),
        ('why:"pull fails"', True),
        ("o2-gen:2.4.1", True),
        ("[red]", True),
        ("[/]", False),
        ("o2", True),
    ],
)
def test_what_matches(text: str, found: bool) -> None:
    assert matches(text) is found
    assert parse(text, FIELDS).errors == ()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("helth:x", "no field helth; there are name, namespace, health, image, why"),
        ("health:", "health: wants a value"),
        ("oxy -", "- wants a word"),
        ('why:"pull', "a quotation mark is not closed"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_beside_the_rest(text: str, error: str) -> None:
    assert parse(text, FIELDS).errors == (error,)


def test_while_it_is_typed_the_unfinished_term_hides_nothing() -> None:
    for text in ("oxy -", "oxy health:", 'oxy "', 'oxy "pull'):
        assert matches(text)


def test_an_unknown_field_is_looked_for_as_it_stands() -> None:
    assert parse("http://relay", FIELDS).errors == ()
    assert parse("http://relay", FIELDS).matches({"why": "GET http://relay/x"})


def test_the_words_to_highlight() -> None:
    assert parse("Oxy -calm ns:life", FIELDS).words == ("oxy", "life")


@given(st.text(max_size=60))
def test_nothing_that_is_typed_raises(text: str) -> None:
    found = parse(text, FIELDS)
    assert isinstance(found, Filter)
    assert isinstance(found.matches(OXYGEN), bool)
