"""A page of rows in a headless app: what was changed while it was out of sight is there after."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Container

from console.themes import token_defaults
from console.widgets.document import Document
from console.widgets.spans import Row, Target, fit_line, joined, line, row


class Shown(App[None]):
    """An app with one page in a container that can be hidden, as a panel is."""

    ENABLE_COMMAND_PALETTE = False

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return token_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        with Container():
            yield Document()

    @property
    def page(self) -> Document:
        return self.query_one(Document)

    def lines(self, count: int) -> list[str]:
        strips = self.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips][:count]


def pair(left: str, right: str) -> list[Row]:
    return [row(f"{left} 1", "  ", f"{right} 1"), row(f"{left} 2", "  ", f"{right} 2")]


async def test_what_changed_out_of_sight_is_painted_when_it_is_back() -> None:
    app = Shown()
    async with app.run_test(size=(40, 6)) as pilot:
        app.page.show(pair("left", "ops  "))
        await pilot.pause()
        assert app.lines(2) == ["left 1  ops   1", "left 2  ops   2"]
        container = app.query_one(Container)
        container.display = False
        await pilot.pause()
        app.page.show(pair("left", "power"))
        container.display = True
        await pilot.pause()
        assert app.lines(2) == ["left 1  power 1", "left 2  power 2"]
        app.page.show(pair("lift", "power"))
        await pilot.pause()
        assert app.lines(2) == ["lift 1  power 1", "lift 2  power 2"]


async def test_a_cursor_beyond_the_edge_of_a_window_that_became_narrow_is_not_painted() -> None:
    app = Shown()
    wide = Row(line("pressure", "  ", "valve 3"), (Target(10, 7, "valve"),))
    async with app.run_test(size=(40, 6)) as pilot:
        app.page.show([wide])
        app.page.focus()
        await pilot.pause()
        for columns in (10, 9, 5, 1, 12, 40):
            # What is laid for another width comes before the page is laid out anew.
            await pilot.resize_terminal(columns, 6)
            await pilot.pause()
            assert app.lines(1)[0] == joined(fit_line(wide.line, columns)).rstrip()
