"""The command line `colony`: which command runs, and what its exit status is.

Without a command it opens the console. Every command's work is in `console.headless`, imported
when it is the one that runs.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence

from console.choice import Choice
from console.grammar import USAGE, parser


def _console(options: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("colony: the console needs a terminal; `colony status` does not", file=sys.stderr)
        return USAGE
    import os

    _without_tls()
    from console.terminal.capabilities import capabilities, started_with
    from console.terminal.signals import in_foreground, wait_for_foreground

    can = capabilities(started_with())
    if not can.drawable:
        term = ascii(os.environ.get("TERM", ""))
        print(f"colony: this terminal cannot be drawn on (TERM is {term}); "
              "use `colony status --watch` instead", file=sys.stderr)  # fmt: skip
        return USAGE
    if not in_foreground(0):
        print("colony: in the background, and the console needs the terminal: `fg` opens it; "
              "`colony status --watch` needs none", file=sys.stderr, flush=True)  # fmt: skip
        if not wait_for_foreground(0):
            return USAGE
    # What a start makes stays: looking for rubbish among it takes a twentieth of the start. The
    # console looks again once it stands (console/app.py).
    gc.disable()
    # Textual reads it when it is imported, and else guesses true colours for GNU Screen.
    os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", can.color_system)
    from console.opening import run

    return run(_choice(options), can, fps=options.fps, plain=options.plain)


def _without_tls() -> None:
    """Load asyncio as where Python has no TLS.

    OpenSSL is 4 ms of each start, and the console speaks to its station alone, over a socket file.
    """
    if "asyncio" not in sys.modules and "ssl" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment]
        try:
            import asyncio  # noqa: F401
        finally:
            del sys.modules["ssl"]


def _headless(module: str) -> Callable[[argparse.Namespace], int]:
    def call(options: argparse.Namespace) -> int:
        import importlib

        loaded = importlib.import_module(f"console.headless.{module}")
        return int(loaded.run(_choice(options), options))

    return call


_COMMANDS = {
    name: _headless(name)
    for name in (
        "status", "why", "watch", "actions", "act", "approve", "decline", "glass", "alarms",
        "ledger", "doctor", "bundle", "adapters", "station",
    )
}  # fmt: skip
_COMMANDS["login"] = lambda options: _login(options)


def _login(options: argparse.Namespace) -> int:
    """Run what somebody asked for over SSH, as far as their login allows it."""
    from console.headless.login import BadCommand, asked

    try:
        given = asked(options, parser())
    except BadCommand as error:
        from adapters.text import clean

        print(f"colony: {clean(str(error), 400)}", file=sys.stderr)
        return error.status
    return _dispatch(given)


def _dispatch(options: argparse.Namespace) -> int:
    if options.version:
        from importlib.metadata import version

        print(f"colony {version('colony-console')}")
        return 0
    return _COMMANDS.get(options.command, _console)(options)


def _choice(options: argparse.Namespace) -> Choice:
    return Choice(
        config=options.config,
        colony=options.colony,
        demo=options.demo,
        scenario=options.scenario or "",
        seed=options.seed if options.seed is not None else 0,
        read_only=options.read_only,
        role=getattr(options, "role", ""),
        person=getattr(options, "person", ""),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    grammar = parser()
    options = grammar.parse_args(arguments)
    if (options.scenario is not None or options.seed is not None) and not options.demo:
        grammar.error("--scenario and --seed go with --demo")
    if options.demo and (options.config or options.colony):
        grammar.error("--demo has a colony of its own: leave --config and --colony out")
    try:
        return _dispatch(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `colony watch | head`: the reader left. Python flushes at exit and would complain.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


if __name__ == "__main__":
    sys.exit(main())
