"""The theme in use: chosen by name, kept, and read again when its file changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from adapters.text import clean
from console.themes import MOST, ThemeError, load_themes, read_theme
from console.widgets.spans import fit

if TYPE_CHECKING:
    from textual.app import App
    from textual.theme import Theme

    from console.session import Session

SECTION: Final = "theme"
"""Where the choice is remembered."""


class Changed(NamedTuple):
    """Themes whose files changed and can be used, and a line for each thing that was skipped.

    `names` are those of all that changed, whether they can be used or not.
    """

    themes: Sequence[Theme]
    problems: Sequence[str]
    names: Sequence[str] = ()


def skipped(problems: Sequence[str], width: int) -> str:
    """Return the first of *problems* in *width* cells, and where the doctor tells the rest."""
    first, more = problems[0], len(problems) - 1
    if not more and cell_len(first) + 1 <= width:
        return first
    rest = f" and {more} more: :doctor" if more else " :doctor"
    return fit(first, min(cell_len(first), max(8, width - 1 - cell_len(rest)))) + rest


class ThemeFiles:
    """A person's own theme files, looked at for changes. `look` costs a stat a file."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._stamps = self._look()

    def look(self) -> Changed | None:
        """Return what changed since the last look, None where nothing did.

        Of a file that cannot be used, or is gone, the theme that it was stays.
        """
        before, self._stamps = self._stamps, self._look()
        if before == self._stamps:
            return None
        themes: list[Theme] = []
        problems: list[str] = []
        names: list[str] = []
        for path, stamp in self._stamps.items():
            if before.get(path) == stamp:
                continue
            names.append(clean(path.stem))
            try:
                theme, passed = read_theme(clean(path.stem), path)
            except ThemeError as error:
                problems.append(f"{error}; it stays as it was")
            else:
                themes.append(theme)
                problems += passed
        return Changed(themes, problems, names)

    def _look(self) -> dict[Path, tuple[int, int]]:
        if self._directory is None:
            return {}
        found: dict[Path, tuple[int, int]] = {}
        try:
            paths = sorted(self._directory.glob("*.toml"))[:MOST]
        except OSError:
            return found  # it comes and goes
        for path in paths:
            try:
                status = path.stat()
            except OSError:
                continue  # one that leads nowhere hides no other; the next look may see more
            found[path] = (status.st_mtime_ns, status.st_size)
        return found


class Theming:
    """What the app has of themes: `look` each second, `choose` when a person does."""

    def __init__(
        self,
        app: App[int],
        session: Session,
        directory: Path | None,
        colours: int,
        problems: list[str],
        say: Callable[[str, str], None],
    ) -> None:
        self._app = app
        self._session = session
        self._directory = directory
        self._files = ThemeFiles(directory)
        self._colours = colours
        self._problems = problems
        self._say = say
        self._recalled = ""
        self._complete = False

    @property
    def names(self) -> list[str]:
        """The themes that there are: Textual's own are not measured, and not offered."""
        self.complete()
        return self._there()

    def _there(self) -> list[str]:
        there = self._app.available_themes.items()
        return sorted(name for name, theme in there if not _textual(theme))

    def complete(self) -> None:
        """Take up all themes that are not there yet, and say what was skipped of them."""
        if self._complete:
            return
        self._complete = True
        there = set(self._there())
        more, problems = load_themes(self._directory, lambda name: name not in there)
        for theme in more:
            self._app.register_theme(theme)
        # One that could not be used at the start is read again here.
        fresh = [one for one in problems if one not in self._problems]
        if fresh:
            self._say(skipped([*fresh, *self._problems], self._app.size.width), "warn")
            self._problems += fresh

    def look(self) -> None:
        """Take up files that changed, and once the colony is known what was chosen there."""
        self._recall()
        changed = self._files.look()
        if changed is None:
            return
        for name in changed.names:
            # What was wrong with it before is told anew, or is mended.
            self._problems[:] = [
                one for one in self._problems if not one.startswith(f"theme {name}: ")
            ]
        self._problems += changed.problems
        for theme in changed.themes:
            self._app.register_theme(theme)
            if theme.name == self._app.theme:
                # Textual looks at a theme again only where its name changed.
                self._app._watch_theme(theme.name)
        if changed.problems:
            self._say(skipped(changed.problems, self._app.size.width), "warn")
        elif changed.themes:
            names = ", ".join(one.name for one in changed.themes)
            self._say(f"theme {names} read again", "info")

    def wrong(self, name: str) -> str:
        """Return why the theme called *name* cannot be had, "" where it can."""
        if name in self.names:
            return ""
        if any(one.startswith(f"theme {name}: ") for one in self._problems):
            return f"theme {name} was skipped: :doctor says why"
        return f"no theme {name}: tab after :theme goes through them"

    def choose(self, name: str) -> tuple[str, str]:
        """Change to the theme called *name* and keep that; return what to say, and its tone."""
        if not name:
            return f"themes: {', '.join(self.names)}", "info"
        if wrong := self.wrong(name):
            return wrong, "warn"
        self._app.theme = name
        session = self._session
        session.remembered.put(SECTION, name)
        if session.preferences.theme not in ("", name):
            return f"theme {name}, until you leave: console.toml says otherwise", "info"
        return f"theme {name}", "info"

    def _recall(self) -> None:
        """Take up the theme that was chosen in this colony, where no preference says which."""
        session = self._session
        if session.link.welcome is None or self._recalled == session.colony:
            return
        self._recalled = session.colony
        chosen = session.remembered.get(SECTION, "")
        if not chosen or session.preferences.theme or chosen not in self.names:
            return
        # It was chosen in a terminal that may have had more colours than this one has.
        if self._colours >= 256 or self._app.available_themes[chosen].ansi:
            self._app.theme = chosen


def _textual(theme: Theme) -> bool:
    """Whether *theme* is one that Textual brings."""
    from textual.theme import BUILTIN_THEMES

    return BUILTIN_THEMES.get(theme.name) is theme
