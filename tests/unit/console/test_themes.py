"""Theme files: what is wrong in one is named, and never stops the console."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.themes import TOKENS, ThemeError, load_themes, parse_theme, token_defaults


def test_the_shipped_themes_are_whole() -> None:
    themes, problems = load_themes()
    assert problems == []
    assert {"dark", "light", "high-contrast"} <= {theme.name for theme in themes}
    for theme in themes:
        assert set(theme.variables) == set(TOKENS), theme.name


def test_unknown_keys_and_bad_colours_are_named_and_skipped() -> None:
    theme, problems = parse_theme(
        "mine",
        'primary = "#123456"\nsuccess = "greenish"\nsparkle = "#fff"\n[tokens]\nstale = 3\n'
        'demo = "red"\n',
    )
    assert theme.primary == "#123456"
    assert theme.success is None
    assert theme.variables == {"demo": "red"}
    assert [line.split(": ")[1] for line in problems] == ["success", "sparkle", "tokens.stale"]


@pytest.mark.parametrize(
    ("text", "said"), [("primary = ", "not TOML"), ("dark = true\n[tokens]\n", "primary")]
)
def test_a_file_that_cannot_be_used_says_why(text: str, said: str) -> None:
    with pytest.raises(ThemeError, match=said):
        parse_theme("mine", text)


def test_a_persons_own_theme_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "dark.toml").write_text('primary = "#abcdef"\n')
    (tmp_path / "broken.toml").write_text("[[")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    themes, problems = load_themes(tmp_path)
    assert next(one for one in themes if one.name == "dark").primary == "#abcdef"
    assert len(problems) == 2
    assert all(line.startswith(("theme broken", "theme bytes")) for line in problems)


def test_every_token_has_a_colour_without_one_in_the_theme() -> None:
    theme, _ = parse_theme("mine", 'primary = "#123456"')
    assert set(token_defaults(theme)) == set(TOKENS)
    assert all(token_defaults(theme).values())
