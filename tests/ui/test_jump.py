"""Jump mode: letters on what is in sight, and one or two of them go there."""

from __future__ import annotations

import pytest

from console.widgets.labels import LETTERS, _beside, letters
from tests.ui.pilot import Open


@pytest.mark.parametrize("count", [0, 1, 26, 27, 60, 300, 676, 700])
def test_no_label_begins_another(count: int) -> None:
    made = letters(count)
    assert len(made) == min(count, 676)
    assert len(set(made)) == len(made)
    whole = set(made)
    assert not any(one[:1] in whole for one in made if len(one) > 1)
    assert all(set(one) <= set(LETTERS) for one in made)


async def test_a_letter_goes_to_its_row(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        plain = console.text
        table = console.app.focused
        third = table.visible_keys[2]  # type: ignore[union-attr]
        await console.press("semicolon")
        assert console.text != plain
        assert console.lines[5][0] == LETTERS[2] or LETTERS[2] in console.lines[5][:3]
        await console.press(LETTERS[2])
        assert table.cursor_key == third  # type: ignore[union-attr]
        assert console.app.jump is None
        assert console.text == plain or LETTERS[2] not in console.lines[5][:2]


async def test_esc_leaves_all_as_it_was(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        plain, before = console.text, console.app.focused.cursor_key  # type: ignore[union-attr]
        await console.press("semicolon", "escape")
        assert console.text == plain
        assert console.app.focused.cursor_key == before  # type: ignore[union-attr]


async def test_links_of_a_page_have_letters(open_console: Open) -> None:
    async with open_console(size=(120, 40)) as console:
        page = console.app.focused
        goal = page.in_sight()[1]  # type: ignore[union-attr]
        await console.press("semicolon", LETTERS[1])
        assert page._cursor == goal[0]  # type: ignore[union-attr]


async def test_while_letters_are_shown_rows_do_not_move_under_them(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "semicolon")
        before = console.lines[1:-1]
        await console.tick(3)
        assert console.lines[1:-1] == before


async def test_another_key_leaves_too(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "semicolon", "f5")
        assert console.app.jump is None


@pytest.mark.parametrize(
    ("shown", "at", "label", "said"),
    [
        ("│ edge-udp ▮▮", 2, "h", "│hedge-udp ▮▮"),
        ("│ agri   3", 2, "md", "mdagri   3"),
        ("│ ✔  10.40.1.0", 2, "t", "│ t  10.40.1.0"),
        ("│ ✔  10.40.1.0", 2, "ms", "│ ms 10.40.1.0"),
        ("  edge-udp 15/16   core-tcp", 19, "d", "  edge-udp 15/16  dcore-tcp"),
        ("live: chain north-rim", 12, "d", "live: chaindnorth-rim"),
        ("deployed", 0, "a", "aeployed"),
        ("a:ops", 2, "d", "a:dps"),
    ],
)
def test_a_letter_hides_no_name_where_there_is_room(
    shown: str, at: int, label: str, said: str
) -> None:
    start = _beside(shown, at, len(label))
    assert shown[:start] + label + shown[start + len(label) :] == said


def test_a_wide_character_takes_two_cells() -> None:
    assert _beside("日本 ops", 5, 1) == 4
    assert _beside("日本 ops", 5, 2) == 5


async def test_the_names_of_the_overview_can_be_read_under_letters(open_console: Open) -> None:
    async with open_console(size=(120, 40)) as console:
        assert " edge-udp ▮" in console.text
        await console.press("semicolon")
        assert any(f"{letter}edge-udp ▮" in console.text for letter in LETTERS)
        await console.press("escape")
        assert " edge-udp ▮" in console.text
