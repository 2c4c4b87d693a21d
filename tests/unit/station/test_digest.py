"""Digests: the canonical form, what is approved, and what is sent."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import AdapterError, Envelope
from console.station.digest import authorisation, canonical, code, instant, send_digest

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_canonical_is_the_same_json(value: object) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


def test_order_and_blanks_do_not_matter() -> None:
    assert canonical({"b": 1, "a": ["ü", None]}) == '{"a":["ü",null],"b":1}'.encode()


@pytest.mark.parametrize("value", [1.5, {"a": [1.0]}, ({"b": float("nan")},)])
def test_a_float_has_no_canonical_form(value: object) -> None:
    with pytest.raises(TypeError, match="float"):
        canonical(value)


def test_every_part_decides_the_authorisation() -> None:
    base = ("app.rollback", "tycho", "k8s", {"uid": "1", "template": "a"}, "caution")
    digests = {
        authorisation(*base),
        authorisation("app.scale", *base[1:]),
        authorisation(base[0], "luna", *base[2:]),
        authorisation(*base[:2], "other", *base[3:]),
        authorisation(*base[:3], {"uid": "2", "template": "a"}, base[4]),
        authorisation(*base[:3], {"uid": "1"}, base[4]),
        authorisation(*base[:3], {"uid": "1", "template": "a", "x": ""}, base[4]),
        authorisation(*base[:4], "critical"),
    }
    assert len(digests) == 8
    assert authorisation(*base) == authorisation(*base[:3], {"template": "a", "uid": "1"}, base[4])


def test_what_the_station_says_is_not_bound_by_an_adapter() -> None:
    with pytest.raises(AdapterError, match=r"app\.rollback binds action, source"):
        authorisation("app.rollback", "tycho", "k8s", {"source": "x", "action": "y"}, "caution")


def test_code() -> None:
    assert code("7fc29d" + "0" * 58) == "7F-C2-9D"
    assert code("") == ""


def test_the_send_digest_is_of_where_and_what() -> None:
    base = Envelope("PATCH /a", b"x", {"note": "1"})
    assert send_digest(base) == send_digest(Envelope("PATCH /a", b"x"))
    assert send_digest(base) != send_digest(Envelope("PATCH /b", b"x"))
    assert send_digest(base) != send_digest(Envelope("PATCH /a", b"y"))


def test_instant() -> None:
    assert instant(0) == "1970-01-01T00:00:00.000Z"
    assert instant(1_800_000_000.1239) == "2027-01-15T08:00:00.123Z"
