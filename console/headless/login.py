"""`colony login`: what sshd runs for a person, whatever that person asked it to run.

sshd hands over what was asked in SSH_ORIGINAL_COMMAND, and no shell reads it: it is split into
words, and they are one of colony's own commands or nothing happens. Nothing in them can say which
colony, which configuration or which role, nor name a file of this host: who looks on through a
shared user could write that user's authorized_keys with `--out`.
"""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from adapters.text import clean

USAGE, FORBIDDEN = 64, 77
"""Exit statuses: a command that is none, and one that a login does not run (EX_NOPERM)."""
ORIGINAL = "SSH_ORIGINAL_COMMAND"
LIMIT = 16_384
"""Characters of a command at most."""

_OURS = ("COLONY_", "TEXTUAL_")
"""What variables that steer this program begin with."""
_NOT_HERE = frozenset({"station", "login"})
_FIXED = ("config", "colony", "demo", "scenario", "seed")


class BadCommand(Exception):
    """A line for a person, and the exit status that goes with it."""

    def __init__(self, message: str, status: int = FORBIDDEN) -> None:
        super().__init__(message)
        self.status = status


def asked(
    login: argparse.Namespace,
    grammar: argparse.ArgumentParser,
    environ: MutableMapping[str, str] = os.environ,
) -> argparse.Namespace:
    """Return the options of what was asked for, in the colony and the role of *login*.

    Takes out of *environ* what steers this program: that is the client's word, not the operator's.
    Raises `BadCommand`, and exits as *grammar* does for words that it does not know.
    """
    words = split(environ.pop(ORIGINAL, ""))
    for name in [name for name in environ if name.startswith(_OURS)]:
        del environ[name]
    options = grammar.parse_args(words)
    _check(options)
    for name in _FIXED:
        setattr(options, name, getattr(login, name))
    options.read_only = options.read_only or login.read_only
    options.role, options.person = login.role, login.person or ""
    return options


def split(command: str) -> list[str]:
    """Return the words of *command*, without the name of this program; raises `BadCommand`."""
    if len(command) > LIMIT:
        raise BadCommand(f"a command has {LIMIT} characters at most", USAGE)
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise BadCommand(f"{clean(command, 80)}: {str(error).lower()}", USAGE) from error
    return words[1:] if words[:1] == ["colony"] else words


def _check(options: argparse.Namespace) -> None:
    if options.command in _NOT_HERE:
        raise BadCommand(f"`colony {options.command}` is not for a login over SSH")
    if (options.command, getattr(options, "what", "")) == ("ledger", "witness"):
        raise BadCommand("`colony ledger witness` is not for a login over SSH")
    for name in _FIXED:
        if getattr(options, name) not in (None, False):
            raise BadCommand(f"--{name} is fixed for this login: leave it out")
    for name, value in vars(options).items():
        if _names_a_file(value):
            shown = "DIR" if name in ("path", "directory") else f"--{name.replace('_', '-')}"
            raise BadCommand(
                f"{shown} names a file of this host, which a login over SSH may not; "
                "what is written to standard output can be kept where you are"
            )


def _names_a_file(value: Any) -> bool:
    return isinstance(value, Path) or (
        isinstance(value, (list, tuple)) and any(isinstance(item, Path) for item in value)
    )
