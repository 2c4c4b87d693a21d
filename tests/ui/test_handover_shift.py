"""A handover goes a shift back where nobody says, from the console as from the command line."""

from __future__ import annotations

from console.headless.moments import SHIFT, moment
from console.rows.times import iso
from console.screens.handing import begins
from tests.ui.colony_data import NOW
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Open

TWELVE_HOURS = 12 * 3600.0


async def test_it_begins_twelve_hours_ago(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        assert moment(SHIFT, NOW) == NOW - TWELVE_HOURS
        assert begins(console.app.session) == console.clock.now() - TWELVE_HOURS
        await console.press("8", "H")
        assert (iso(console.clock.now() - TWELVE_HOURS) or "")[:16] + "Z" in console.lines[-1]
