"""Tones to styles: the one place where the name of a tone meets the theme's colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.color import Color as RichColour
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Colour
from textual.color import ColorParseError
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.spans import Span
from console.widgets.wholestrip import WholeStrip


class Look(NamedTuple):
    """A tone's look: names of theme colours, "" for the widget's own, and how it is set."""

    colour: str = ""
    ground: str = ""
    bold: bool = False
    italic: bool = False


LOOKS: Final[Mapping[str, Look]] = {
    "good": Look("success"),
    "warn": Look("warning"),
    "bad": Look("error", bold=True),
    "info": Look("primary"),
    "dim": Look("dim"),
    "stale": Look("stale", italic=True),
    "unknown": Look("stale"),
    "accent": Look("accent"),
    "title": Look(bold=True),
    "key": Look("primary", bold=True),
    "frame": Look("frame"),
    "added": Look("success"),
    "removed": Look("error"),
    "found": Look("on-mode", "warning"),
    "cursor": Look("", "cursor", bold=True),
    "tab": Look("on-mode", "primary", bold=True),
    "live": Look("on-mode", "live", bold=True),
    "demo": Look("on-mode", "demo", bold=True),
    "read-only": Look("on-mode", "read-only", bold=True),
    "lost": Look("on-mode", "error", bold=True),
    "production": Look("on-mode", "production", bold=True),
}
"""Every tone there is; a widget paints one that is not here as plain text."""
STYLES: Final = ("bold", "dim", "italic", "underline", "reverse")
"""How text can be set beside its colour; a theme names some for a tone, "not-" before one takes
it away."""


def tone_style(tone: str, variables: Mapping[str, str]) -> Style:
    """Return the Rich style of *tone* in a theme's *variables*, plain where there is no such tone.

    Where the theme says how the tone is set ("style-warn": "bold"), that takes the place of what
    is usual: themes without colours tell tones apart so.

    Not component classes: the stylesheet resolves each of those for each widget each time, and
    twenty of them on a dozen widgets were a third of the time to the first paint.
    """
    look = LOOKS.get(tone)
    if look is None:
        return Style.null()
    said = variables.get(f"style-{tone}", "")
    told: dict[str, bool] = {}
    for word in said.split():
        name = word.removeprefix("not-")
        if name in STYLES:
            told[name] = name == word
    if not said:
        told = {name: True for name in ("bold", "italic") if getattr(look, name)}
    return Style(
        color=_colour(look.colour, variables),
        bgcolor=_colour(look.ground, variables),
        bold=told.get("bold"),
        dim=told.get("dim"),
        italic=told.get("italic"),
        underline=told.get("underline"),
        reverse=told.get("reverse"),
    )


def _colour(name: str, variables: Mapping[str, str]) -> RichColour | None:
    value = variables.get(name, "")
    if not value:
        return None
    try:
        return Colour.parse(value).rich_color
    except ColorParseError:
        return None


def _alike(one: Style, other: Style) -> bool:
    """Whether blanks in the two styles look the same."""
    return (
        one.bgcolor == other.bgcolor
        and bool(one.reverse) == bool(other.reverse)
        and bool(one.underline) == bool(other.underline)
    )


class Palette:
    """The styles of one widget's tones, kept until the theme changes (`clear`)."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[str, Style] = {}

    def clear(self) -> None:
        """Forget the styles: a theme or a class changed."""
        self._styles.clear()

    def style(self, tone: str) -> Style:
        """Return the Rich style of *tone* over the widget's own."""
        style = self._styles.get(tone)
        if style is None:
            style = self._widget.rich_style
            if tone in LOOKS:
                style += tone_style(tone, self._widget.app.theme_variables)
            self._styles[tone] = style
        return style

    def lit(self, style: Style) -> Style:
        """Return *style* under the cursor: its own colours on the cursor's ground."""
        cursor = tone_style("cursor", self._widget.app.theme_variables)
        # Without colours the cursor is what is reversed, so what was that already stands out not.
        reverse = cursor.reverse and not style.reverse if cursor.reverse else style.reverse
        return style + Style(
            bgcolor=cursor.bgcolor, bold=cursor.bold or style.bold, reverse=reverse
        )

    def strip(self, spans: Iterable[Span], width: int) -> Strip:
        """Return *spans* as a strip of exactly *width* cells, in as few segments as it can be.

        Each segment costs some 40 bytes on the wire. Blanks take on the style before them where
        only a background could tell.
        """
        texts: list[str] = []
        styles: list[Style] = []
        size = 0
        for text, tone in spans:
            size += cell_len(text)
            style = self.style(tone)
            last = styles[-1] if styles else None
            if last is not None and (style is last or (text.isspace() and _alike(style, last))):
                texts[-1] += text
            else:
                texts.append(text)
                styles.append(style)
        if size < width:
            base = self.style("")
            if styles and _alike(base, styles[-1]):
                texts[-1] += " " * (width - size)
            else:
                texts.append(" " * (width - size))
                styles.append(base)
            size = width
        strip = WholeStrip(map(Segment, texts, styles), size)
        return strip if size == width else strip.crop(0, width)
