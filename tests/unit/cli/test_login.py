"""What a login over SSH runs of what was asked, and what it does not."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from console.cli import USAGE, parser
from console.headless.login import FORBIDDEN, ORIGINAL, BadCommand, asked, split

CONFIG = Path("/etc/colony/colony.toml")


def _asked(command: str | None, **environment: str) -> argparse.Namespace:
    login = parser().parse_args(
        ["login", "--role", "viewer", "--person", "ana", "--config", str(CONFIG)]
    )
    environ = {**environment} if command is None else {**environment, ORIGINAL: command}
    options = asked(login, parser(), environ)
    assert not [name for name in environ if name.startswith(("COLONY_", "TEXTUAL_", "SSH_O"))]
    return options


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        (None, None), ("", None), ("colony", None), ("colony status --json", "status"),
        ("status --json", "status"), ("colony ledger log --since 2h", "ledger"),
        ("--json status", "status"), ("actions --read-only", "actions"),
        ("act contract.call contract=Water 'args=[\"a b\"]'", "act"),
    ],
)  # fmt: skip
def test_what_is_colonys_own_runs_as_the_login_says(command: str | None, runs: str | None) -> None:
    options = _asked(command, COLONY_COLONY="other", TEXTUAL_LOG="/tmp/x", TERM="xterm")
    assert (options.command, options.role, options.person) == (runs, "viewer", "ana")
    assert (options.config, options.colony, options.demo) == (CONFIG, None, False)


@pytest.mark.parametrize(
    "command",
    [
        "colony station stop", "station", "login --role commander", "colony login --role viewer",
        "status --config /tmp/x", "--config=/tmp/x status", "--conf /tmp/x status",
        "status --colony other", "--demo status", "status --demo", "--demo --seed 4 status",
        "ledger export /tmp/x", "ledger prove 1 --out .ssh/authorized_keys",
        "ledger handover --out x", "ledger verify /etc/shadow", "ledger verify --against /etc/x",
    ],
)  # fmt: skip
def test_what_would_widen_it_is_refused(command: str) -> None:
    with pytest.raises(BadCommand) as refused:
        _asked(command)
    assert refused.value.status == FORBIDDEN


@pytest.mark.parametrize(
    "command",
    [
        "sh -c id", "colony; id", "status; id", "colony status && id", "$(id)", "`id`", "status|sh",
        "/bin/sh", "act x --role commander", "status --role commander", "--person bo status",
        "internal-sftp", "scp -t /tmp", "colony colony status", "status\nid",
    ],
)  # fmt: skip
def test_what_is_no_command_of_colonys_is_a_usage_error(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        _asked(command)
    assert stopped.value.code == USAGE
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("command", ["status 'open", "x" * 20_000])
def test_what_cannot_be_split_is_a_usage_error(command: str) -> None:
    with pytest.raises(BadCommand) as refused:
        split(command)
    assert refused.value.status == USAGE


@pytest.mark.parametrize("name", ["", "  ", "a" * 65, "a\nb"])
def test_a_person_has_a_name(name: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["login", "--role", "viewer", "--person", name])


def test_every_option_that_names_a_file_says_so() -> None:
    """The login refuses them by their type: one that is a text would slip through."""
    for action in _every(parser()):
        if action.metavar in ("FILE", "DIR", "DIR|FILE"):
            assert action.type is Path, action.dest


def _every(grammar: argparse.ArgumentParser) -> list[argparse.Action]:
    found: list[argparse.Action] = []
    grammar.format_usage()  # what a command takes is made when somebody asks
    for action in grammar._actions:
        found.append(action)
        if isinstance(action, argparse._SubParsersAction):
            found += [one for sub in action.choices.values() for one in _every(sub)]
    return found
