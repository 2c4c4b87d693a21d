"""Themes from TOML files: the shipped ones, and a person's own beside their configuration."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from textual.color import Color, ColorParseError
from textual.theme import Theme

import themes
from adapters.text import clean
from console.plainfile import read
from console.widgets.tones import LOOKS, STYLES

DEFAULT: Final = "dark"
SIZE: Final = 65_536
"""Bytes of a theme file at most."""

MOST: Final = 100
"""Themes of a person's own at most."""

COLOURS: Final = (
    "primary",
    "secondary",
    "accent",
    "success",
    "warning",
    "error",
    "foreground",
    "background",
    "surface",
    "panel",
    "boost",
)
"""What a theme may colour, in Textual's terms; only `primary` is required."""

TOKENS: Final = (
    "dim", "stale", "frame", "cursor", "live", "demo", "read-only", "on-mode", "production",
    "production-bar",
)  # fmt: skip
"""The console's own tokens; `token_defaults` says what each is where a theme does not set it."""
BAR: Final = "production-bar"
"""The style of the first and the last line of a production colony; all else are tones."""


def default_theme(colours: int) -> str:
    """Return the theme for a terminal of so many *colours*: 0, 16, 256 or 2**24."""
    if colours < 8:
        return "mono"
    return "ansi-16" if colours < 256 else DEFAULT


def token_defaults(theme: Theme) -> dict[str, str]:
    """Return a colour for each of `TOKENS`, made of the colours that *theme* has."""
    if theme.ansi:
        # Nothing can be mixed of a terminal's own colours: nobody knows what they are.
        plain = theme.foreground or "ansi_default"
        quiet, frame, cursor, bar = plain, plain, "ansi_default", "ansi_default"
        ground, reverse = "ansi_black", "reverse"
    else:
        foreground = theme.foreground or ("#e0e0e0" if theme.dark else "#1a1a1a")
        ground = theme.background or ("#121212" if theme.dark else "#f5f5f5")
        below, reverse = Color.parse(ground), "none"
        quiet = Color.parse(foreground).blend(below, 0.35).hex
        frame = Color.parse(foreground).blend(below, 0.6).hex
        cursor = Color.parse(theme.primary).blend(below, 0.75).hex
        bar = Color.parse(theme.error or "#b00020").blend(below, 0.75).hex
    return {
        "dim": quiet,
        "stale": theme.secondary or quiet,
        "frame": frame,
        "cursor": cursor,
        "live": theme.success or theme.primary,
        "demo": theme.accent or theme.primary,
        "read-only": theme.primary,
        "on-mode": ground,
        "production": theme.error or theme.primary,
        "production-bar": bar,
        "style-production-bar": reverse,
    }


def _of_the_terminal(theme: Theme) -> dict[str, str]:
    """Return what Textual's stylesheets want of a theme of the terminal's own colours.

    Its own such themes set the first two, and nothing works without; the rest is magenta and blue
    to it, whatever the theme says.
    """
    primary = theme.primary
    return {
        "ansi-background": theme.background or "ansi_default",
        "ansi-foreground": theme.foreground or "ansi_default",
        "style-cursor": "bold reverse",
        **dict.fromkeys(("border", "scrollbar", "scrollbar-hover", "scrollbar-active",
                         "footer-key-foreground", "link-color", "link-color-hover"), primary),
        **dict.fromkeys(("border-blurred", "scrollbar-background", "scrollbar-background-hover",
                         "scrollbar-background-active", "block-cursor-background",
                         "input-selection-foreground", "link-background-hover"), "ansi_default"),
        "input-selection-background": primary,
        "block-cursor-text-style": "bold reverse",
    }  # fmt: skip


class ThemeError(Exception):
    """A theme file that cannot be used at all; the line names it and says why."""


def parse_theme(name: str, text: str) -> tuple[Theme, list[str]]:
    """Return the theme in the TOML *text*, and a line for each key that was skipped.

    Raises `ThemeError` where nothing can be made of it.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"theme {name}: not TOML: {error}") from error
    problems: list[str] = []
    flags = {}
    for key, usual in (("dark", True), ("ansi", False)):
        value = table.pop(key, usual)
        if not isinstance(value, bool):
            problems.append(f"theme {name}: {key}: true or false, not {value!r}")
        flags[key] = value if isinstance(value, bool) else usual
    ansi = flags["ansi"]
    tokens = _table(name, "tokens", table, problems)
    styles = _table(name, "styles", table, problems)
    colours = dict(_colours(name, "", table, COLOURS, ansi, problems))
    own = dict(_colours(name, "tokens.", tokens, TOKENS, ansi, problems))
    own |= _styles(name, styles, problems)
    if "primary" not in colours:
        raise ThemeError("; ".join([f"theme {name}: primary: a theme needs one", *problems]))
    primary = colours.pop("primary")
    theme = Theme(name=name, dark=flags["dark"], ansi=ansi, variables=own, primary=primary)
    more: dict[str, Any] = dict(colours)
    made = dataclasses.replace(theme, **more)
    if ansi:
        # Among its own variables: what Textual makes of a theme stands above defaults.
        made.variables = _of_the_terminal(made) | own
    return made, problems


def load_themes(
    directory: Path | None = None, wanted: Callable[[str], bool] = lambda name: True
) -> tuple[list[Theme], list[str]]:
    """Return the shipped themes and those in *directory*, and a line for each thing skipped.

    A person's own theme takes the place of a shipped one of its name. Only those whose name is
    *wanted* are read: one of them before the first paint.
    """
    found: dict[str, Theme] = {}
    problems: list[str] = []
    for name, file in _files(directory):
        if not wanted(name):
            continue
        try:
            found[name], skipped = read_theme(name, file)
        except ThemeError as error:
            problems.append(str(error))
        else:
            problems += skipped
    return list(found.values()), problems


def read_theme(name: str, file: Path) -> tuple[Theme, list[str]]:
    """Return what `parse_theme` makes of *file*; raises `ThemeError`, unreadable or not."""
    try:
        data = read(file, SIZE)
        if len(data) > SIZE:
            raise ThemeError(f"theme {name}: longer than {SIZE} bytes")
        theme, problems = parse_theme(name, data.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ThemeError(clean(f"theme {name}: cannot be read: {error}")) from error
    return theme, [clean(one) for one in problems]


def _files(directory: Path | None) -> Iterator[tuple[str, Path]]:
    # By the package's path: importlib.resources would bring zipfile and more before a paint.
    for one in (*map(Path, themes.__path__), *([directory] if directory is not None else [])):
        try:
            files = sorted(one.glob("*.toml"))[:MOST]
        except OSError:
            files = []  # what may not be looked at has none
        yield from ((clean(file.stem), file) for file in files)


def _table(name: str, key: str, table: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    found = table.pop(key, {})
    if isinstance(found, dict):
        return found
    problems.append(f"theme {name}: {key}: a table, not {found!r}")
    return {}


def _colours(
    name: str,
    prefix: str,
    table: Mapping[str, Any],
    known: tuple[str, ...],
    ansi: bool,
    problems: list[str],
) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if key not in known:
            problems.append(f"theme {name}: {prefix}{key}: no such key; one of {', '.join(known)}")
        elif not isinstance(value, str) or not _is_colour(value):
            problems.append(f"theme {name}: {prefix}{key}: not a colour: {value!r}")
        elif ansi and not value.startswith("ansi_"):
            problems.append(f"theme {name}: {prefix}{key}: not one of the terminal's: {value!r}")
        else:
            yield key, value


def _styles(name: str, table: Mapping[str, Any], problems: list[str]) -> dict[str, str]:
    """Return the variables that say how tones are set: "style-warn" is "bold"."""
    made = {}
    words = {"none", *STYLES, *(f"not-{one}" for one in STYLES)}
    for tone, value in table.items():
        if tone not in LOOKS and tone != BAR:
            problems.append(f"theme {name}: styles.{tone}: no such tone; one of {', '.join(LOOKS)}")
        elif (
            not isinstance(value, str)
            or not value
            or set(value.split()) - words
            or (tone == BAR and "not-" in value)
        ):
            problems.append(f"theme {name}: styles.{tone}: words of {', '.join(sorted(words))}, "
                            f"not {value!r}")  # fmt: skip
        else:
            made[f"style-{tone}"] = value
    return made


def _is_colour(value: str) -> bool:
    try:
        Color.parse(value)
    except ColorParseError:
        return False
    return True
