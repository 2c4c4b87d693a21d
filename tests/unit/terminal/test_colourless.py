"""Without colours a cursor, a badge and a mark are still seen."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from console.terminal.colourless import Colourless

GROUND = Color.parse("#10141a")


def _styled(style: str) -> str:
    made = Colourless().apply([Segment("x", Style.parse(style))], GROUND)
    return str(made[0].style)


def test_colours_go_and_what_is_no_colour_stays() -> None:
    assert _styled("#ff0000 on #10141a") == "none"
    assert _styled("bold italic underline #ff0000 on #10141a") == "bold italic underline"
    assert _styled("red on default") == "none"


def test_a_ground_of_its_own_is_reversed() -> None:
    assert _styled("bold #000000 on #57c785") == "bold reverse"
    assert _styled("on blue") == "reverse"
    assert _styled("reverse on #57c785") == "reverse"


def test_a_segment_without_a_style_has_none() -> None:
    assert Colourless().apply([Segment("x")], GROUND)[0].style is None
