"""The solar plants: power now, the last hours as a chart, inverters and batteries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from adapters.records import Battery, Inverter, Key, Plant, Trend
from console.feed.messages import Interest
from console.panels.base import Moment
from console.panels.listing import Listing
from console.panels.solar_chart import chart_rows
from console.panels.tables import TablesPanel
from console.rows import batteries, inverters, plants
from console.widgets.document import Document
from console.widgets.livetable import LiveTable

if TYPE_CHECKING:
    from console.session import Session

LEAST, MOST = 7, 17
"""Lines of the chart with its title: fewer cannot be read, more tell nothing more."""


class SolarPanel(TablesPanel):
    """Plants above, the chart of the chosen one, batteries and inverters below."""

    TITLE = "Solar"
    HELP = """\
PLANTS: POWER is what the inverters that answer feed now, TODAY the energy since the colony's
midnight, UP how many devices answer of how many there are. BATTERY: ▰ is charged, ↑ charging,
↓ discharging; LASTS is how long it lasts at the present discharge.

☾ night: the array is expected to be dark, nothing is wrong. ✖ offline: a device does not answer
though it should. ▲ "0 W, sun is up": it answers and feeds nothing. A — is a value that the device
does not have or nobody knows; it is never 0.

The chart has the last hours of the plant that the cursor stands on, in UTC: power as an area,
measured on the left, the charge of its batteries as a line, measured on the right; the dashed line
is where a charge is low. Where nothing was measured there is a gap, and the line below is dotted:
the right end is now, whenever something came last.

Enter opens a plant, an inverter with its strings, or a battery, with all that it says of itself."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(session, id=id)
        self._chart = Document(id="chart")
        self._chart.can_focus = False
        self._chosen: tuple[str, str] = ("", "")

    def listings(self) -> Sequence[Listing]:
        """Make the three tables."""
        session = self.session
        return [
            Listing(session, "Plant", plants, title="PLANTS", most=6, id="plants"),
            Listing(session, "Battery", batteries, title="BATTERIES", most=4, id="batteries"),
            Listing(session, "Inverter", inverters, title="INVERTERS", id="inverters"),
        ]

    def compose(self) -> ComposeResult:
        """Show the tables with the chart between."""
        above, *below = self._listings
        yield above
        yield self._chart
        yield from below

    def interests(self) -> Sequence[Interest]:
        """Return what the tables and the chart show."""
        return tuple(Interest(kind) for kind in ("Plant", "Inverter", "Battery", "Trend"))

    def paint(self, moment: Moment) -> None:
        """Show what changed, the chart too."""
        super().paint(moment)
        if moment.whole or moment.tick or {"Plant", "Trend"} & moment.dirty.keys():
            self._draw()

    def on_live_table_moved(self, message: LiveTable.Moved) -> None:
        """Draw the chart of the plant that the cursor went to."""
        self._draw()

    def next_table(self, step: int) -> None:
        """Put the cursor into the next listing, and draw the chart of what it stands on there."""
        super().next_table(step)
        self.call_after_refresh(self._draw)

    def chosen(self) -> Plant | None:
        """Return the plant that the cursor stands on, or on a device of which; the first else."""
        key = self.selected()
        record = self.session.store.get(key) if isinstance(key, Key) else None
        if isinstance(record, Plant):
            self._chosen = (record.source, record.name)
        elif isinstance(record, (Inverter, Battery)):
            self._chosen = (record.source, record.namespace)
        found = self.session.store.every(Plant)
        for plant in found:
            if (plant.source, plant.name) == self._chosen:
                return plant
        return min(found, key=plants.sort_key("mark"), default=None)

    def _draw(self) -> None:
        size = self.size or self.screen.size
        height = self._height(size.height)
        if self._chart.styles.height is None or self._chart.styles.height.value != height:
            self._chart.styles.height = height
        store, now = self.session.store, self.session.now()
        found, told = store.every(Plant), store.every(Trend)
        self._chart.show(chart_rows(self.chosen(), found, told, now, size.width, height))

    def _height(self, whole: int) -> int:
        """Return the lines for the chart: what the tables leave, within reason."""
        store = self.session.store
        tables = min(6, max(1, len(store.records("Plant")))) + 2
        tables += min(4, max(1, len(store.records("Battery")))) + 2
        tables += min(whole // 4, max(1, len(store.records("Inverter")))) + 2
        return max(LEAST, min(MOST, whole - tables))
