"""The command line's grammar, its errors, and what it costs to import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console import cli

ROOT = Path(__file__).resolve().parents[3]


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "console", *arguments],
        env={**os.environ, **environment}, cwd=ROOT, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bogus"], "bogus"),
        (["status", "--wait", "soon"], "'soon' is not a number of seconds"),
        (["act", "app.rollback", "life-support/x"], "is not key=value"),
        (["status", "--seed", "1"], "go with --demo"),
        (["--demo", "--colony", "x", "status"], "--demo has a colony of its own"),
        (["--fps", "0"], "not a rate"),
    ],
)
def test_a_usage_error_is_one_line_and_64(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == cli.USAGE
    error = capsys.readouterr().err
    assert says in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--demo", "--json", "--seed", "7", "status", "--wait", "2"],
        ["status", "--wait", "2", "--demo", "--json", "--seed", "7"],
        ["--demo", "status", "--json", "--wait", "2", "--seed", "7"],
    ],
)
def test_global_options_stand_before_or_after_the_command(arguments: list[str]) -> None:
    options = cli.parser().parse_args(arguments)
    assert (options.demo, options.json, options.seed, options.wait) == (True, True, 7, 2.0)
    assert (options.read_only, options.config) == (False, None)


def test_without_a_terminal_the_console_says_what_to_use() -> None:
    result = _run()
    assert result.returncode == cli.USAGE
    assert result.stderr == "colony: the console needs a terminal; `colony status` does not\n"
    assert result.stdout == ""


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from console.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'textual', 'msgspec', 'httpx', 'asyncio', 'pydantic', 'yaml', 'rich'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "loaded: []"


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for name in cli._COMMANDS:
        assert f"colony {name}" in readme
