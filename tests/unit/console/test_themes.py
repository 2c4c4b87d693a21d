"""Theme files: what is wrong in one is named, and never stops the console."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from console.rows.cells import TONES
from console.themes import (
    BAR,
    TOKENS,
    ThemeError,
    default_theme,
    load_themes,
    parse_theme,
    token_defaults,
)
from console.theming import ThemeFiles
from console.widgets.tones import LOOKS, tone_style

SHIPPED = {"dark", "light", "high-contrast", "colour-blind", "ansi-16", "mono"}
COLOURED = ("dark", "light", "high-contrast", "colour-blind")
GROUNDS = ("background", "panel", "cursor", BAR)
"""What text stands on: the body, the first and last line, the cursor, and those of production."""
BADGES = [name for name, look in LOOKS.items() if look.ground and name != "cursor"]


def shipped(name: str) -> Theme:
    themes, problems = load_themes()
    assert problems == []
    return next(theme for theme in themes if theme.name == name)


def variables(theme: Theme) -> dict[str, str]:
    """Return what the app makes of *theme*: tones are looked up here."""
    return {
        **theme.to_color_system().generate(), **token_defaults(theme), **theme.variables,
        **{name: value for name in ("background", "panel") if (value := getattr(theme, name))},
    }  # fmt: skip


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _linear(colour: str) -> tuple[float, float, float]:
    made = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in Color.parse(colour).normalized
    ]
    return made[0], made[1], made[2]


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# What an eye without one kind of cones sees, as matrices on linear RGB (Viénot, Brettel and
# Mollon 1999).
SIMULATED = {
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def seen(colour: str, eye: str) -> tuple[float, float, float]:
    """Return *colour* as *eye* sees it, in CIE L*a*b* (D65): 2.3 apart is just noticeable."""
    linear = _linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True))))
        for row in SIMULATED[eye]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def apart(one: str, other: str, eye: str) -> float:
    """Return how far apart *eye* sees two colours (CIE76)."""
    pairs = zip(seen(one, eye), seen(other, eye), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def test_the_shipped_themes_are_whole() -> None:
    themes, problems = load_themes()
    assert problems == []
    assert {theme.name for theme in themes} == SHIPPED
    for theme in themes:
        assert set(TOKENS) <= set(theme.variables), theme.name


@pytest.mark.parametrize("name", COLOURED)
def test_every_text_stands_out_from_each_ground(name: str) -> None:
    theme = shipped(name)
    found, least = variables(theme), 7.0 if name == "high-contrast" else 4.5
    texts = {"": found["foreground"], "title": found["foreground"]}
    texts |= {tone: found[look.colour] for tone, look in LOOKS.items()
              if look.colour and not look.ground and tone != "frame"}  # fmt: skip
    assert set(TONES) <= set(texts)
    low = {
        (tone, ground): round(contrast(colour, found[ground]), 2)
        for tone, colour in texts.items()
        for ground in GROUNDS
        if contrast(colour, found[ground]) < least
    }
    assert low == {}
    assert contrast(found["frame"], found["background"]) >= 3.0
    for badge in BADGES:
        look = LOOKS[badge]
        assert contrast(found[look.colour], found[look.ground]) >= least, badge
    assert contrast(found["production"], found[BAR]) >= 3.0


@pytest.mark.parametrize("eye", SIMULATED)
def test_good_warn_and_bad_stay_apart_without_red_or_green(eye: str) -> None:
    found = variables(shipped("colour-blind"))
    three = [found[LOOKS[tone].colour] for tone in ("good", "warn", "bad")]
    for one, other in combinations(three, 2):
        assert apart(one, other, eye) > 30, (one, other)
    # And that is why there is such a theme: in the usual one, good and bad come nearer.
    usual = variables(shipped("dark"))
    near = apart(usual["success"], usual["error"], eye)
    assert near < min(apart(one, other, eye) for one, other in combinations(three, 2))


@pytest.mark.parametrize("name", ["ansi-16", "mono"])
def test_a_terminals_own_colours_are_all_that_is_asked_for(name: str) -> None:
    theme = shipped(name)
    found = variables(theme)
    for tone in LOOKS:
        style = tone_style(tone, found)
        for colour in (style.color, style.bgcolor):
            assert colour is None or colour.is_default or colour.is_system_defined, tone
            assert name != "mono" or colour is None or colour.is_default, tone


def test_without_colours_what_matters_is_set_otherwise() -> None:
    found = variables(shipped("mono"))
    plain = tone_style("", found)
    for tone in ("bad", "warn", "title", "key", "dim", "stale", "unknown", "tab", "live", "demo",
                 "read-only", "lost", "found", "production", "cursor"):  # fmt: skip
        assert tone_style(tone, found) != plain, tone
    for badge in BADGES:
        assert tone_style(badge, found).reverse is (badge != "production"), badge
    assert found["style-production-bar"] == "reverse"


def test_the_terminal_decides_where_nobody_does() -> None:
    assert [default_theme(colours) for colours in (0, 16, 256, 2**24)] == [
        "mono", "ansi-16", "dark", "dark",
    ]  # fmt: skip


def test_unknown_keys_and_bad_colours_are_named_and_skipped() -> None:
    theme, problems = parse_theme(
        "mine",
        'primary = "#123456"\nsuccess = "greenish"\nsparkle = "#fff"\nansi = 1\n'
        '[tokens]\nstale = 3\ndemo = "red"\n'
        '[styles]\nbad = "blinking"\nworse = "bold"\nwarn = "bold not-italic"\n'
        'production-bar = "not-reverse"\n',
    )
    assert theme.primary == "#123456"
    assert theme.success is None
    assert theme.variables == {"demo": "red", "style-warn": "bold not-italic"}
    assert [line.split(": ")[1] for line in problems] == [
        "ansi", "success", "sparkle", "tokens.stale", "styles.bad", "styles.worse",
        "styles.production-bar",
    ]  # fmt: skip


def test_a_theme_of_the_terminals_colours_takes_no_others() -> None:
    theme, problems = parse_theme(
        "mine", 'ansi = true\nprimary = "ansi_blue"\nerror = "#ff0000"\n[tokens]\ndim = "grey"\n'
    )
    assert theme.ansi
    assert theme.error is None
    assert [line.split(": ")[1] for line in problems] == ["error", "tokens.dim"]
    made = token_defaults(theme)
    assert all(value.startswith("ansi_") for name, value in made.items() if name in TOKENS)


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
    (tmp_path / "long.toml").write_text("#" * 70_000)
    themes, problems = load_themes(tmp_path)
    assert next(one for one in themes if one.name == "dark").primary == "#abcdef"
    assert len(problems) == 3
    assert all(line.startswith(("theme broken", "theme bytes", "theme long")) for line in problems)


def test_the_readmes_example_is_one_that_can_be_used() -> None:
    text = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")
    example = text.partition("themes/mine.toml\n")[2].partition("```")[0]
    theme, problems = parse_theme("mine", example)
    assert problems == []
    assert theme.variables == {
        "production": "#ff9d5c", "production-bar": "#471a26", "style-warn": "bold",
    }  # fmt: skip


def test_every_token_has_a_colour_without_one_in_the_theme() -> None:
    theme, _ = parse_theme("mine", 'primary = "#123456"')
    assert set(TOKENS) <= set(token_defaults(theme))
    assert all(token_defaults(theme).values())


def test_a_changed_file_is_seen_once_and_a_bad_one_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('primary = "#111111"\n')
    files = ThemeFiles(tmp_path)
    assert files.look() is None
    (tmp_path / "mine.toml").write_text('primary = "#2222222"\n')
    changed = files.look()
    assert changed is not None
    assert changed.themes == []
    assert changed.problems == [
        "theme mine: primary: a theme needs one; theme mine: primary: not a colour: '#2222222'; "
        "it stays as it was"
    ]
    assert files.look() is None
    (tmp_path / "mine.toml").write_text('primary = "#333"\nfoo = 1\n')
    changed = files.look()
    assert changed is not None
    assert [theme.primary for theme in changed.themes] == ["#333"]
    assert "foo: no such key" in changed.problems[0]
    (tmp_path / "mine.toml").unlink()
    changed = files.look()
    assert changed is not None
    assert (changed.themes, changed.problems) == ([], [])
    assert ThemeFiles(None).look() is None
    assert ThemeFiles(tmp_path / "nowhere").look() is None


def test_a_pipe_a_device_and_a_wild_number_are_named_and_skipped(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "directory.toml").mkdir()
    os.symlink("/dev/zero", tmp_path / "zero.toml")
    (tmp_path / "number.toml").write_text("primary = " + "9" * 5000)
    (tmp_path / "hex.toml").write_text("primary = 0x" + "f" * 9000)
    (tmp_path / "deep.toml").write_text("primary = " + "[" * 20_000)
    (tmp_path / "a\x1b]0;b.toml").write_text("")
    shipped, _ = load_themes()
    themes, problems = load_themes(tmp_path)
    assert len(themes) == len(shipped)
    assert len(problems) == 7
    assert not any("\x1b" in one for one in problems)


def test_a_directory_that_may_not_be_looked_at_has_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shipped, _ = load_themes()
    for wrong in (tmp_path / "file", tmp_path / "file" / "themes", tmp_path / ("x" * 300)):
        assert load_themes(wrong) == (shipped, [])
