"""Times as people write them."""

from __future__ import annotations

import pytest

from console.headless.moments import NoMoment, moment, span

NOW = 1_931_234_400.0  # 2031-03-14 06:00 UTC


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2h", NOW - 7200), ("30m", NOW - 1800), ("45s", NOW - 45), ("1d", NOW - 86_400),
        ("2031-03-14T06:00Z", NOW), ("2031-03-14 06:00", NOW), ("2031-03-14T08:00+02:00", NOW),
        ("2031-03-14", NOW - 21_600),
    ],
)  # fmt: skip
def test_a_time_is_so_long_ago_or_iso(text: str, at: float) -> None:
    assert moment(text, NOW) == at


@pytest.mark.parametrize("text", ["", "soon", "2 h ago", "-2h", "2031-13-01", "9999999d"])
def test_anything_else_is_no_time(text: str) -> None:
    with pytest.raises(NoMoment, match="is not a time"):
        moment(text, NOW)


def test_a_span_has_its_ends_in_order() -> None:
    assert span(None, None, NOW) == (None, None)
    assert span("2h", "1h", NOW) == (NOW - 7200, NOW - 3600)
    with pytest.raises(NoMoment, match="is after"):
        span("1h", "2h", NOW)
