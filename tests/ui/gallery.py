"""One screen with every tone, mark, badge, gauge and chart: what a theme looks like."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from console.panels.base import Moment
from console.rows import gauge, marks
from console.rows.cells import TONES
from console.rows.chart import Limit, Series, chart
from console.rows.severity import Severity, mark
from console.screens.base import ConsoleScreen
from console.widgets.document import Document
from console.widgets.spans import Row, beside, framed, line, row, rule
from console.widgets.tones import LOOKS
from tests.ui.colony_data import NOW

OTHERS = [tone for tone in LOOKS if tone not in TONES and not LOOKS[tone].ground]
BADGES = [tone for tone in LOOKS if LOOKS[tone].ground and tone != "cursor"]
SHAPES = (
    marks.GOOD, marks.WARN, marks.BAD, marks.BUSY, marks.IDLE, marks.UNKNOWN, marks.WAITS,
    marks.STALE, marks.INVALID, marks.DARK, marks.SUN, marks.NOTHING,
)  # fmt: skip


class Gallery(ConsoleScreen):
    """Shows what themes colour; the cursor stands on the first of the rows that it can."""

    def body(self) -> ComposeResult:
        yield Document(id="page")

    def focus_first(self) -> Widget | None:
        return self.query_one("#page")

    def paint_body(self, moment: Moment) -> None:
        self.query_one("#page", Document).show(gallery_rows(self.wide))


def gallery_rows(width: int) -> Sequence[Row]:
    """Return every tone by its name, each mark with its tone, each gauge, and a chart."""
    half = (width - 2) // 2
    tones = [
        row((f"{tone or 'plain':<10}", tone), ("  what is said in it, 12.3 kW", tone), target=tone)
        for tone in ("", *TONES, *OTHERS)
    ]
    severities = [
        row((f"{mark(grade).text} {grade.name.lower():<10}", mark(grade).tone))
        for grade in Severity
    ]
    gauges = [
        row("battery  ", (gauge.battery(81), "good"), " 81 %   ", (gauge.battery(24), "warn"),
            " 24 %   ", (gauge.battery(None), "dim")),
        row("pool     ", (gauge.pool(15, 16, 16), "warn"), " 15/16"),
        row("pods     ", (gauge.pods(2, 3, 6), "bad"), " 2/3"),
        row("spark    ", (gauge.spark([1, 2, 4, None, 8, 5, 3, 9], 8), "info")),
    ]  # fmt: skip
    day = [max(0.0, math.sin(n / 48 * math.pi)) * 12_000 for n in range(48)]
    charge = [80 - n * 1.2 if n not in range(20, 24) else None for n in range(48)]
    drawn = chart(
        [Series(day), Series(charge, "accent", filled=False, right=True)], half - 4, 10,
        until=NOW, step=900.0, now=NOW + 3600, limits=(Limit(25.0, right=True),),
    )  # fmt: skip
    left = framed(line(("TONES", "title")), line(("enter", "key"), (" open", "dim")), tones,
                  half, len(tones) + 2)  # fmt: skip
    right = [
        *framed(line(("MARKS", "title")), (), severities, half, len(severities) + 2, tone="bad"),
        *framed(line(("CHART", "title")), (), [Row(one) for one in drawn], half, 12),
    ]
    badges = [part for tone in BADGES for part in ((f" {tone} ", tone), " ")]
    return [
        *beside([left, right], [half, half], gap=2),
        rule(width, line(("BADGES", "title"))),
        row(" ", *badges),
        row(" ", " ".join(SHAPES)),
        rule(width, line(("GAUGES", "title"))),
        *gauges,
    ]
