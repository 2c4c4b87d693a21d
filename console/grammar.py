"""The grammar of the command line, down to the names of its commands.

What a command takes stands in console/grammar_commands.py, and is made when the command is given
or its help is asked for: most starts open the console and need none of it. Nothing heavy is
imported: a help text costs what Python costs.

What names a file or a directory of this host has the type Path, and nothing else has: a login
over SSH refuses those by it (console/headless/login.py).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

Fill: TypeAlias = Callable[[argparse.ArgumentParser], None]
"""Adds to a command's grammar what it takes."""

USAGE = 64
"""Exit status of a usage error (sysexits.h, EX_USAGE)."""
COMMANDS: Final = {
    "status": "one snapshot of the colony; exit 0 healthy, 10, 11 or 12 not",
    "why": "why an app is down: what it stands on, and what broke first",
    "watch": "JSON lines of records as they come",
    "actions": "what can be done, with arguments and significance",
    "act": "take an action, through simulation and approval",
    "doctor": "check each adapter: configuration, reach, rights, clock; and what to do",
    "bundle": "one file with what helps to see what is wrong, and no secret",
    "adapters": "what is installed, with its settings",
    "approve": "approve an action that somebody else asked for",
    "decline": "decline an action that somebody else asked for",
    "glass": "act alone where two are asked for, for a while and in the open",
    "alarms": "the alarms: list, acknowledge or shelve them",
    "ledger": "the station's log: read it, prove it, take it along",
    "login": "what sshd runs for a person: the console, or what they asked for",
    "station": "run the station alone, or speak to the one that runs",
}
"""The commands and what they do, as the help lists them."""


class _Parser(argparse.ArgumentParser):
    """argparse with one line on stderr and exit status 64 for a usage error."""

    def error(self, message: str) -> NoReturn:
        from adapters.text import clean

        # What was typed is in it, and over SSH somebody else may have written that.
        self.exit(USAGE, f"colony: {clean(message)}; see {self.prog} --help\n")


class _Command(_Parser):
    """A command's grammar: what it takes is added by *fill*, when somebody asks."""

    def __init__(self, *, fill: Fill | None = None, **given: Any) -> None:
        super().__init__(**given)
        self._fill = fill

    def _whole(self) -> None:
        fill, self._fill = self._fill, None
        if fill is not None:
            _global_options(self, top=False)
            fill(self)

    def parse_known_args(self, *args: Any, **given: Any) -> Any:
        """Parse, as argparse does."""
        self._whole()
        return super().parse_known_args(*args, **given)

    def format_usage(self) -> str:
        """Return how it is called."""
        self._whole()
        return super().format_usage()

    def format_help(self) -> str:
        """Return its help."""
        self._whole()
        return super().format_help()


def _fps(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 60:
        raise argparse.ArgumentTypeError(f"{text!r} is not a rate from 0.1 to 60 a second")
    return value


def _global_options(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Add what may stand before or after the command; below the top nothing has a default.

    A default in a subparser would overwrite what was given before the command.
    """

    def default(value: object) -> object:
        return value if top else argparse.SUPPRESS

    group = parser.add_argument_group("which colony")
    group.add_argument("--config", metavar="FILE", type=Path, default=default(None),
                       help="the configuration, instead of $COLONY_CONFIG or "
                            "~/.config/colony/colony.toml")  # fmt: skip
    group.add_argument("--colony", metavar="NAME", default=default(None),
                       help="which colony of the configuration")  # fmt: skip
    group.add_argument("--demo", action="store_true", default=default(False),
                       help="the colony in a box: real protocols, invented data")  # fmt: skip
    group.add_argument("--scenario", metavar="NAME", default=default(None),
                       help="in the demo: bad-rollout (as without), calm, brownout")  # fmt: skip
    group.add_argument("--seed", metavar="N", type=int, default=default(None),
                       help="makes another demo colony, the same for the same number")  # fmt: skip
    group.add_argument("--read-only", action="store_true", default=default(False),
                       help="bind no action at all")  # fmt: skip
    group.add_argument("--json", action="store_true", default=default(False),
                       help="JSON on standard output, and nothing else there")  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = _Parser(
        prog="colony",
        description="Mission control for a colony. Without a command: open the console.",
    )
    top.add_argument("--version", action="store_true", help="print the version and exit")
    top.add_argument("--fps", type=_fps, metavar="N", default=None,
                     help="paints a second (else 10, over SSH 4, slow lines fewer)")  # fmt: skip
    top.add_argument("--plain", action="store_true",
                     help="write whole regions as Textual does, not only what changed "
                          "(or COLONY_PLAIN=1)")  # fmt: skip
    _global_options(top, top=True)
    add_commands(top, COMMANDS, dest="command", metavar="COMMAND")
    return top


def add_commands(
    parser: argparse.ArgumentParser,
    commands: Mapping[str, str],
    *,
    dest: str,
    metavar: str,
    required: bool = False,
    under: str = "",
) -> None:
    """Add *commands*, names to what they do; what each takes is `grammar_commands`' to say.

    *under* is the command that they stand under, "" at the top.
    """
    adder = parser.add_subparsers(
        dest=dest, metavar=metavar, required=required, parser_class=_Command
    )

    def filling(name: str) -> Fill:
        def fill(command: argparse.ArgumentParser) -> None:
            from console.grammar_commands import FILL

            add = FILL.get(f"{under} {name}".lstrip())
            if add is not None:
                add(command)

        return fill

    for name, text in commands.items():
        about = text[0].upper() + text[1:] + "."
        adder.add_parser(name, help=text, description=about, fill=filling(name))
