"""What was skipped of a person's own files is one note at the start, and whole in the doctor."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.headless.doctor import skipped as skipped_headless
from console.preferences import Preferences, load
from console.rows.doctor import OWN
from console.theming import skipped
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Open

WRONG = """\
theme = "nosuch"
fpss = 4
bell = "loud"
differ = "yes"
[keys]
rollback = "ctrl+r"
logz = "L"
"""
REACH = {"source": "tycho", "check": "reach", "found": "good", "detail": "", "advice": ""}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Preferences, list[str]]:
    """Return the preferences of somebody who wrote much that is wrong, and what was skipped."""
    directory = tmp_path / "colony"
    (directory / "themes").mkdir(parents=True)
    (directory / "console.toml").write_text(WRONG, encoding="utf-8")
    (directory / "themes" / "mine.toml").write_text("dark = true\n", encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("COLONY_CONSOLE", raising=False)
    return load()


async def test_the_doctor_inside_lists_what_the_start_skipped(
    own: tuple[Preferences, list[str]], open_console: Open, station: FakeStation
) -> None:
    preferences, problems = own
    station.answers["doctor"] = lambda arguments: [REACH]
    more = {"preferences": preferences, "theme": "nosuch", "themes": preferences.themes}
    async with open_console(settle=False, size=(120, 40), **more) as console:
        console.app.problems += problems
        console.app.theming.complete()
        await console.settle()
        assert console.lines[-1].startswith(" theme mine: primary: a theme needs one and 6 more")
        await console.press("colon")
        await console.type("doctor")
        await console.press("enter")
        assert "7 to look at · 8 checks" in console.lines[1]
        assert OWN in console.text
        for one in (
            "theme nosuch: there is none", "theme mine: primary", "keys: rollback", "keys: logz",
            "console.toml: fpss", "console.toml: bell", "console.toml: differ",
        ):  # fmt: skip
            assert f"▲ skipped: {one}" in console.text
        assert console.text.count("open the console again") == 1
        assert "✔ reach" in console.text


async def test_a_theme_that_is_mended_is_wrong_no_more(
    own: tuple[Preferences, list[str]], open_console: Open
) -> None:
    themes = own[0].themes
    assert themes is not None
    async with open_console(themes=themes) as console:
        console.app.theming.complete()
        assert console.app.problems == ["theme mine: primary: a theme needs one"]
        (themes / "mine.toml").write_text('primary = "#aabbcc"\n', encoding="utf-8")
        console.app.theming.look()
        assert console.app.problems == []


def test_the_doctor_of_the_command_line_finds_the_same(
    own: tuple[Preferences, list[str]],
) -> None:
    found = skipped_headless()
    assert len(found) == 7
    assert set(own[1]) < set(found)
    assert "theme nosuch: there is none of that name" in found
    assert any(one.startswith("keys: rollback") for one in found)


def test_who_prefers_nothing_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("COLONY_CONSOLE", raising=False)
    assert skipped_headless() == []


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        (["keys: short"], "keys: short"),
        (["keys: " + "x" * 60], "keys: " + "x" * 24 + "… :doctor"),
        (["keys: short", "b", "c"], "keys: short and 2 more: :doctor"),
        (["keys: " + "x" * 60, "b"], "keys: " + "x" * 12 + "… and 1 more: :doctor"),
    ],
)
def test_where_the_rest_is_told_is_never_cut(problems: list[str], said: str) -> None:
    assert skipped(problems, 40) == said
    assert len(said) < 40
