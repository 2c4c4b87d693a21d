"""The pictures of the README, of the real program on the demo: python -m tests.pictures [NAME …]

Each is what a real console in a real pseudo-terminal drew, with a fixed seed, as an SVG beside
this file that needs no font and no host. `python -m tests.pictures` makes them all anew.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from console.themes import load_themes
from tests.pictures.scenes import SCENES, SEED, Scene
from tests.pictures.screens import cells
from tests.pictures.svg import svg
from tests.ui.terminal import COLONY, Terminal, colony, colony_environment

HERE = Path(__file__).resolve().parent
READY = "4 of 4 up"
"""What the overview says when every adapter of the demo has brought something."""


def take(scene: Scene, home: Path) -> str:
    """Return the picture of *scene*, taken of a demo that lives under *home*."""
    arguments = ("--demo", "--seed", SEED, *scene.demo)
    terminal = Terminal([*COLONY, *arguments], colony_environment(home), scene.columns, scene.lines)
    try:
        terminal.wait(lambda text: READY in text and "kW" in text)
        terminal.press(":tour\r")
        terminal.wait(lambda text: "TOUR" not in text)
        for keys, seen in scene.steps:
            terminal.press(keys)
            terminal.wait(seen)
        terminal.settle(1.5, patience=6)
        # Not while the note of a new alarm covers the keys.
        terminal.wait(lambda text: text.rstrip().endswith("help"))
        light = any(keys.startswith(":theme light") for keys, _ in scene.steps)
        colour, ground = _colours("light" if light else "dark")
        return svg(cells(terminal.screen, colour, ground), colour, ground, scene.title)
    finally:
        terminal.close()
        colony(home, *arguments, "station", "stop", "--force")


def _colours(name: str) -> tuple[str, str]:
    """Return the text and the ground of the theme called *name*."""
    theme = next(one for one in load_themes()[0] if one.name == name)
    return theme.foreground or "#d8dee9", theme.background or "#10141a"


def main(names: Sequence[str]) -> int:
    """Make the pictures called *names*, or all; return the exit status."""
    known = {scene.name: scene for scene in SCENES}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no picture is called {unknown[0]!r}; there are {', '.join(known)}")
        return 64
    for name in names or known:
        # Near the root: a socket's path has 108 bytes at most. What ends writes a while yet.
        with tempfile.TemporaryDirectory(prefix="colony-", ignore_cleanup_errors=True) as home:
            path = HERE / f"{name}.svg"
            path.write_text(take(known[name], Path(home)), encoding="utf-8")
            print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
