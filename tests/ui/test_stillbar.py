"""A table's scroll bar: the lines are Textual's, and are drawn anew only where they change."""

from __future__ import annotations

from itertools import pairwise

import pytest
from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from tests.ui.shown_table import Shown, some

WHOLE = Region(0, 0, 1, 12)


def lines(app: Shown) -> tuple[list[Strip], list[Strip]]:
    """Return what stands beside the rows, and what Textual draws now."""
    bar = app.table.vertical_scrollbar
    return bar.render_lines(WHOLE), ScrollBar.render_lines(bar, WHOLE)


async def test_it_shows_what_textual_draws() -> None:
    app = Shown(some(100))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        seen = []
        for change in ("start", "key", "theme", "mouse", "fewer"):
            if change == "key":
                await pilot.press("end")
            elif change == "theme":
                app.theme = "textual-light"
            elif change == "mouse":
                app.table.vertical_scrollbar.mouse_over = True
            elif change == "fewer":
                app.table.set_rows(range(20))
            await pilot.pause()
            shown, drawn = lines(app)
            assert shown == drawn
            seen.append(shown)
        assert all(one != other for one, other in pairwise(seen))


async def test_rows_that_change_do_not_draw_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Shown(some(100))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        drawn: list[Region] = []
        draw = ScrollBar.render_lines

        def spy(self: ScrollBar, crop: Region) -> list[Strip]:
            drawn.append(crop)
            return draw(self, crop)

        monkeypatch.setattr(ScrollBar, "render_lines", spy)
        for key in range(11):
            app.put(key, why="changed")
        app.table.refresh_keys(range(11))
        await pilot.pause()
        assert app.lines()[4].split()[-1] == "changed"
        assert drawn == []
        await pilot.press("end")
        await pilot.pause()
        assert drawn == [WHOLE]
