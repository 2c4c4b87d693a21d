"""The command line `colony`. It imports nothing heavy: a help text costs what Python costs.

Without a command it opens the console. Every command's work is in `console.headless`, imported
when it is the one that runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

USAGE = 64
"""Exit status of a usage error (sysexits.h, EX_USAGE)."""


class _Parser(argparse.ArgumentParser):
    """argparse with one line on stderr and exit status 64 for a usage error."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"colony: {message}; see {self.prog} --help\n")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 86400")
    return value


def _fps(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 60:
        raise argparse.ArgumentTypeError(f"{text!r} is not a rate from 0.1 to 60 a second")
    return value


def _descriptor(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of a file descriptor")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not key=value")
    return key, value


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
                     help="paints a second (else 10, over SSH 4)")  # fmt: skip
    _global_options(top, top=True)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        _global_options(sub, top=False)
        return sub

    status = command("status", "one snapshot of the colony; exit 0 healthy, 10, 11 or 12 not")
    status.add_argument("--watch", action="store_true", help="a line whenever something changes")
    status.add_argument("--wait", type=_seconds, default=10.0, metavar="S",
                        help="seconds to wait for the first answers (10)")  # fmt: skip

    watch = command("watch", "JSON lines of records as they come")
    watch.add_argument("--kind", action="append", default=[], metavar="K",
                       help="only this kind (App, Pod, Event, …); may be repeated")  # fmt: skip

    command("actions", "what can be done, with arguments and significance")

    act = command("act", "take an action, through simulation and approval")
    act.add_argument("action", metavar="NAME", help="as `colony actions` lists it")
    act.add_argument("arguments", metavar="key=value", nargs="*", type=_pair)
    act.add_argument("--dry-run", action="store_true", help="simulate, and stop there")
    act.add_argument("--reason", metavar="TEXT", default="", help="why; it goes into the log")
    act.add_argument("--yes", action="store_true", help="approve, up to caution")
    act.add_argument("--confirm", metavar="NAME", default="",
                     help="the target's name, which a critical action needs too")  # fmt: skip

    act.add_argument("--passphrase-fd", metavar="N", type=_descriptor, default=None,
                     help="read the passphrase of a locked key from file descriptor N")  # fmt: skip

    command("doctor", "check each adapter: configuration, reach, rights, clock; and what to do")
    command("adapters", "what is installed, with its settings")

    station = command("station", "run the station alone, or speak to the one that runs")
    station.add_argument("what", nargs="?", choices=["run", "status", "stop", "restart"],
                         default="run", metavar="status|stop|restart")  # fmt: skip
    station.add_argument("--force", action="store_true",
                         help="stop although actions are in flight")  # fmt: skip
    return top


def _console(options: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("colony: the console needs a terminal; `colony status` does not", file=sys.stderr)
        return USAGE
    import os

    if os.environ.get("TERM", "") in ("", "dumb"):
        print("colony: this terminal cannot be drawn on (TERM is dumb); "
              "use `colony status --watch`", file=sys.stderr)  # fmt: skip
        return USAGE
    from console.app import run

    return run(_choice(options), fps=options.fps)


def _headless(module: str) -> Callable[[argparse.Namespace], int]:
    def call(options: argparse.Namespace) -> int:
        import importlib

        loaded = importlib.import_module(f"console.headless.{module}")
        return int(loaded.run(_choice(options), options))

    return call


_COMMANDS = {
    name: _headless(name)
    for name in ("status", "watch", "actions", "act", "doctor", "adapters", "station")
}


def _choice(options: argparse.Namespace):  # type: ignore[no-untyped-def]  # console.launch is lazy
    from console.launch import Choice

    return Choice(
        config=options.config,
        colony=options.colony,
        demo=options.demo,
        scenario=options.scenario or "",
        seed=options.seed if options.seed is not None else 0,
        read_only=options.read_only,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    grammar = parser()
    options = grammar.parse_args(arguments)
    if options.version:
        from importlib.metadata import version

        print(f"colony {version('colony-console')}")
        return 0
    if (options.scenario is not None or options.seed is not None) and not options.demo:
        grammar.error("--scenario and --seed go with --demo")
    if options.demo and (options.config or options.colony):
        grammar.error("--demo has a colony of its own: leave --config and --colony out")
    try:
        return _COMMANDS.get(options.command, _console)(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `colony watch | head`: the reader left. Python flushes at exit and would complain.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


if __name__ == "__main__":
    sys.exit(main())
