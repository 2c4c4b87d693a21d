"""Themes from TOML files: the shipped ones, and a person's own beside their configuration."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from textual.color import Color, ColorParseError
from textual.theme import Theme

DEFAULT: Final = "dark"

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

TOKENS: Final = ("dim", "stale", "frame", "cursor", "live", "demo", "read-only", "on-mode")
"""The console's own tokens; `token_defaults` says what each is where a theme does not set it."""


def token_defaults(theme: Theme) -> dict[str, str]:
    """Return a colour for each of `TOKENS`, made of the colours that *theme* has."""
    foreground = theme.foreground or ("#e0e0e0" if theme.dark else "#1a1a1a")
    background = theme.background or ("#121212" if theme.dark else "#f5f5f5")
    quiet = Color.parse(foreground).blend(Color.parse(background), 0.35).hex
    return {
        "dim": quiet,
        "stale": theme.secondary or quiet,
        "frame": Color.parse(foreground).blend(Color.parse(background), 0.7).hex,
        "cursor": Color.parse(theme.primary).blend(Color.parse(background), 0.6).hex,
        "live": theme.success or theme.primary,
        "demo": theme.accent or theme.primary,
        "read-only": theme.primary,
        "on-mode": background,
    }


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
    tokens = table.pop("tokens", {})
    dark = table.pop("dark", True)
    if not isinstance(dark, bool):
        problems.append(f"theme {name}: dark: true or false, not {dark!r}")
        dark = True
    if not isinstance(tokens, dict):
        problems.append(f"theme {name}: tokens: a table, not {tokens!r}")
        tokens = {}
    colours = dict(_colours(name, "", table, COLOURS, problems))
    own = dict(_colours(name, "tokens.", tokens, TOKENS, problems))
    if "primary" not in colours:
        raise ThemeError("; ".join([f"theme {name}: primary: a theme needs one", *problems]))
    theme = Theme(name=name, dark=dark, variables=own, primary=colours.pop("primary"))
    more: dict[str, Any] = dict(colours)
    return dataclasses.replace(theme, **more), problems


def load_themes(directory: Path | None = None) -> tuple[list[Theme], list[str]]:
    """Return the shipped themes and those in *directory*, and a line for each thing skipped.

    A person's own theme takes the place of a shipped one of its name.
    """
    themes: dict[str, Theme] = {}
    problems: list[str] = []
    for name, file in _files(directory):
        try:
            theme, skipped = parse_theme(name, file.read_text(encoding="utf-8"))
        except ThemeError as error:
            problems.append(str(error))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"theme {name}: cannot be read: {error}")
        else:
            themes[name] = theme
            problems += skipped
    return list(themes.values()), problems


def _files(directory: Path | None) -> Iterator[tuple[str, Traversable | Path]]:
    shipped = [f for f in resources.files("themes").iterdir() if f.name.endswith(".toml")]
    yield from ((Path(file.name).stem, file) for file in sorted(shipped, key=lambda f: f.name))
    if directory is not None and directory.is_dir():
        yield from ((file.stem, file) for file in sorted(directory.glob("*.toml")))


def _colours(
    name: str, prefix: str, table: Mapping[str, Any], known: tuple[str, ...], problems: list[str]
) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if key not in known:
            problems.append(f"theme {name}: {prefix}{key}: no such key; one of {', '.join(known)}")
        elif not isinstance(value, str) or not _is_colour(value):
            problems.append(f"theme {name}: {prefix}{key}: not a colour: {value!r}")
        else:
            yield key, value


def _is_colour(value: str) -> bool:
    try:
        Color.parse(value)
    except ColorParseError:
        return False
    return True
