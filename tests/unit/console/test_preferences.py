"""A person's preferences: what is said, what is skipped, and that nothing keeps it from opening."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.preferences import SIZE, Preferences, load, parse


def test_what_is_said_is_taken() -> None:
    found, problems = parse(
        "console.toml",
        b'theme = "light"\nfps = 2\nbell = "all"\nnotify = "critical"\ndiffer = false\n'
        b'ascii = true\n[keys]\nhelp = "f1"\nwhy = ""\n',
    )
    assert problems == []
    assert found == Preferences(
        "light", 2.0, "all", "critical", False, True, {"help": "f1", "why": ""}
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("them = 'x'", "them: there is no such preference; one of theme, fps"),
        ("fps = 0", "fps: paints a second, 0.1 to 60, not 0"),
        ("fps = true", "fps: paints a second"),
        ("fps = nan", "fps: paints a second"),
        ("bell = 'loud'", 'bell: "off", "critical" or "all", not \'loud\''),
        ("differ = 1", "differ: true or false, not 1"),
        ("[keys]\nhelp = 3", "keys: a table of texts"),
        ("theme = 3", "theme: a text, not 3"),
        ("theme =", "not TOML"),
        ("bell = '\\u001b[31m'", "bell"),
    ],
)
def test_what_is_wrong_is_named_and_skipped(text: str, says: str) -> None:
    found, problems = parse("console.toml", text.encode())
    assert found == Preferences()
    assert len(problems) == 1
    assert problems[0].startswith("console.toml: ")
    assert says in problems[0]
    assert problems[0].isprintable()


def test_the_rest_of_a_file_holds_where_one_line_is_wrong() -> None:
    found, problems = parse("console.toml", b'theme = "mono"\nfps = "fast"\n')
    assert found.theme == "mono"
    assert len(problems) == 1


def test_no_file_is_no_problem_but_a_named_one_is(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    found, problems = load(environ)
    assert (found.theme, problems) == ("", [])
    assert found.themes == tmp_path / "colony" / "themes"
    _, problems = load({**environ, "COLONY_CONSOLE": str(tmp_path / "none.toml")})
    assert len(problems) == 1
    assert "there is no such file" in problems[0]


def test_a_file_is_read_and_a_huge_or_unreadable_one_is_not(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    (tmp_path / "colony").mkdir()
    file = tmp_path / "colony" / "console.toml"
    file.write_text('theme = "light"\n')
    assert load(environ)[0].theme == "light"
    file.write_text("#" * (SIZE + 1))
    assert "longer than" in load(environ)[1][0]
    file.unlink()
    file.mkdir()
    assert "cannot be read" in load(environ)[1][0]


@pytest.mark.parametrize(
    "text",
    ["fps = " + "9" * 5000, "fps = 0x" + "f" * 9000, "fps = " + "[" * 20_000, "fps = 1e400",
     "[keys]\nwhy = 1979-05-27", "theme = '" + "x" * 60_000 + "'"],
)  # fmt: skip
def test_no_value_keeps_it_from_opening(text: str) -> None:
    found, problems = parse("console.toml", text.encode())
    assert found.fps is None
    assert all(len(one) < 1_000 and "\n" not in one for one in problems)
    assert problems or text.startswith("theme")


def test_neither_a_pipe_nor_a_device_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "directory").mkdir()
    for path in (tmp_path / "pipe", tmp_path / "directory", "/dev/zero", "/dev/tty"):
        found, problems = load({"COLONY_CONSOLE": str(path), "HOME": str(tmp_path)})
        assert found.fps is None
        assert len(problems) == 1


def test_a_home_of_nobody_is_a_problem_like_any_other() -> None:
    _, problems = load({"COLONY_CONSOLE": "~nobody-of-that-name/x\x1b[31m"})
    assert problems == ["~nobody-of-that-name/x␛[31m: there is no such file ($COLONY_CONSOLE)"]
