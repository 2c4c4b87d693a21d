"""`python -m console.station`: the station as a process of its own.

Started by a console it says on standard output how its start goes, one line each: "starting WHAT",
then "ready", or "error STATUS LINE". It answers to its socket from then on.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from adapters.text import clean
from console.choice import Choice
from console.configuration import ConfigurationProblem
from console.launch import CONFIGURATION
from console.paths import PathError
from console.station.ending import Starter


def main() -> int:
    """Run a station until it ends, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m console.station")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--colony")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--scenario", default="")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--started-by", type=Starter, default=Starter.OPERATOR)
    options = parser.parse_args()
    choice = Choice(
        options.config,
        options.colony,
        options.demo,
        options.scenario,
        options.seed,
        options.read_only,
    )
    told = Told(options.started_by)
    if told.detached:
        # Its own session has no terminal, but a hang-up can still reach it through a wrapper.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    from console.station.running import StartError, run

    try:
        asyncio.run(run(choice, told.starter, told))
    except (ConfigurationProblem, PathError) as error:
        told.error(CONFIGURATION, str(error))
        return CONFIGURATION
    except StartError as error:
        told.error(error.status, str(error))
        return error.status
    except KeyboardInterrupt:
        return 130
    return 0


class Told:
    """Says how the start goes: to the console that waits for it, or to the person there."""

    def __init__(self, starter: Starter) -> None:
        self.starter = starter
        self.detached = starter is not Starter.OPERATOR

    def starting(self, line: str) -> None:
        """Say what is being done."""
        self._say(f"starting {line}")

    def ready(self, line: str) -> None:
        """Say that the socket answers, and let go of standard output."""
        if not self.detached:
            print(line, file=sys.stderr)  # noqa: T201
            return
        self._say("ready")
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)

    def error(self, status: int, line: str) -> None:
        """Say why there is no station."""
        line = clean(" ".join(line.split()), 2_000)
        if self.detached:
            self._say(f"error {status} {line}")
        print(f"colony: {line}", file=sys.stderr)  # noqa: T201

    def _say(self, line: str) -> None:
        if self.detached:
            try:
                os.write(1, (line + "\n").encode("utf-8", "replace"))
            except OSError:
                pass  # who waited is gone; the station is wanted by the next one


if __name__ == "__main__":
    sys.exit(main())
