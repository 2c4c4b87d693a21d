"""ASCII stand-ins: a cell for a cell, and marks that stay apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.terminal.ascii import MARKS, to_ascii

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("plain", "plain"),
        ("╭─ apps ──╮", "+- apps --+"),
        ("│ ✔ 3/3 │", "| v 3/3 |"),
        ("▲ 2 → 1 · 40 °C", "! 2 > 1 . 40 oC"),
        ("▁▂▃▄▅▆▇█", "__.-=+*#"),
        ("⣿⠤⠀", "#. "),
        ("x ⡇⠉", "x :'"),
        ("氧氣", "????"),
        ("e\u0301", "e"),
        ("é", "?"),
        ("👩‍🚀", "??"),
        ("\x1b[1;31m✖\x1b[0m", "\x1b[1;31mX\x1b[0m"),
    ],
)
def test_texts(text: str, made: str) -> None:
    assert to_ascii(text) == made


def test_no_two_marks_look_alike() -> None:
    assert len(set(MARKS.values())) == len(MARKS)
    assert all(len(one) == 1 and one.isascii() and one.isprintable() for one in MARKS.values())


def test_what_is_good_looks_like_no_joint_and_no_added_line() -> None:
    joints = set(to_ascii("├└┬┼╭╮╰╯")) | set("+-|")
    assert joints == set("+-|")
    assert not joints & (set(MARKS.values()) - {MARKS["⏸"]})
    assert to_ascii("draft ✔─ simulated ✔─") == "draft v- simulated v-"
    assert to_ascii("├─✔ node") == "+-v node"
    assert to_ascii("+ colony/o2-gen:2.3.9") == "+ colony/o2-gen:2.3.9"


def test_all_that_the_console_draws_has_a_stand_in() -> None:
    drawn = set()
    for path in (*ROOT.glob("console/**/*.py"), *ROOT.glob("adapters/**/*.py")):
        if path.name not in ("ascii.py", "lookalikes.py"):
            drawn |= set(re.findall(r"[^\x00-\x7f]", path.read_text(encoding="utf-8")))
    assert drawn
    assert {one for one in drawn if "?" in to_ascii(one)} == set()


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Mn", "Me", "Mc"))))
def test_it_is_ascii_and_as_wide_as_before(text: str) -> None:
    made = to_ascii(text)
    assert made.isascii()
    assert len(made) == cell_len(text)
