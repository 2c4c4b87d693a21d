"""A person's own preferences: how the console looks and which keys it has.

They are in `console.toml` beside the configuration, or in the file that $COLONY_CONSOLE names,
and are none of the station's business: a colony's configuration may be a service's. Standard
library only: they are read before the first paint.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.text import clean
from console.paths import config_home
from console.plainfile import named, read

SIZE: Final = 65_536
"""Bytes of the file at most."""
FASTEST: Final = 60.0
"""Paints a second that may be asked for at most."""


class Preferences(NamedTuple):
    """What a person prefers; each field has what is usual where nothing is said.

    `theme` is "" where the terminal decides. `fps` bounds the painter, None: by what the terminal
    is. `bell` and `notify` are "off", "critical" or "all" alarms. `differ` is whether only changed
    cells are written, `ascii` whether only ASCII is: None where the locale decides. `keys` are keys
    by the id of what they do, "" for none.
    """

    theme: str = ""
    fps: float | None = None
    bell: str = "critical"
    notify: str = "off"
    differ: bool = True
    ascii: bool | None = None
    keys: Mapping[str, str] = {}
    themes: Path | None = None
    """The directory of a person's own themes."""


def load(environ: Mapping[str, str] = os.environ) -> tuple[Preferences, list[str]]:
    """Return the preferences, and a line for each thing in them that was skipped.

    A file that is not there says nothing; one that somebody named and that is not there is a
    problem like any other: no preference keeps a console from opening.
    """
    told = environ.get("COLONY_CONSOLE", "")
    home = config_home(environ)
    path = named(told) if told else home / "console.toml"
    themes = home / "themes"
    try:
        data = read(path, SIZE)
    except FileNotFoundError:
        problems = [clean(f"{path}: there is no such file ($COLONY_CONSOLE)")] if told else []
        return Preferences(themes=themes), problems
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        return Preferences(themes=themes), [clean(f"{path}: cannot be read: {why}")]
    if len(data) > SIZE:
        return Preferences(themes=themes), [clean(f"{path}: longer than {SIZE} bytes")]
    found, problems = parse(path.name, data)
    return found._replace(themes=themes), problems


def parse(name: str, data: bytes) -> tuple[Preferences, list[str]]:
    """Return the preferences in the TOML *data* of the file called *name*, and what was skipped."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        return Preferences(), [clean(f"{name}: not TOML: {error}")]
    problems: list[str] = []
    good: dict[str, Any] = {}
    for field, value in table.items():
        check = _CHECKS.get(field)
        if check is None:
            known = ", ".join(_CHECKS)
            problems.append(clean(f"{name}: {field}: there is no such preference; one of {known}"))
            continue
        try:
            good[field] = check(value)
        except ValueError as error:
            problems.append(clean(f"{name}: {field}: {error}"))
    return Preferences(**good), problems


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text, not {value!r}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false, not {value!r}")
    return value


def _rate(value: object) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not 0.1 <= value <= FASTEST
    ):
        raise ValueError(f"paints a second, 0.1 to {FASTEST:.0f}, not {value!r}")
    return float(value)


def _which(value: object) -> str:
    if value not in ("off", "critical", "all"):
        raise ValueError(f'"off", "critical" or "all", not {value!r}')
    return str(value)


def _keys(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ValueError('a table of texts, as in help = "f1,question_mark"')
    return value


_CHECKS: Final[Mapping[str, Callable[[object], Any]]] = {
    "theme": _text,
    "fps": _rate,
    "bell": _which,
    "notify": _which,
    "differ": _flag,
    "ascii": _flag,
    "keys": _keys,
}
