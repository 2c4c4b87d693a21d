"""Keys that a person binds otherwise: what is taken, what is skipped and why, what texts say."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.screen import ModalScreen

import console.panels
import console.screens
import console.widgets
from console.binding import rebind
from console.bound import USUAL, Bound, table
from console.keys import PLACES, hints
from console.pagekeys import EVERY
from console.rebinding import read


def test_keys_are_read_as_a_person_writes_them() -> None:
    bound, problems = read({"logs": "L", "help": "?,F1", "changes": "ctrl+g", "sort": ",PgUp"})
    assert bound.keys("logs") == ("L",)
    assert bound.shown("logs") == "L"
    assert bound.keys("help") == ("question_mark", "f1")
    assert bound.shown("help") == "?"
    assert bound.shown("changes") == "ctrl+g"
    assert problems == ["keys: sort: PgUp is already page-up: it stays as it was"]
    assert bound.keys("sort") == ("s",)


def test_a_key_can_be_taken_away() -> None:
    bound, problems = read({"handover": ""})
    assert not problems
    assert bound.keys("handover") == ()
    assert bound.key("handover") == ":handover"
    assert bound.hints(hints(*(key for key in EVERY if key.id == "handover"))) == []


@pytest.mark.parametrize(
    ("id", "keys", "says"),
    [
        ("lgos", "x", "there is no such command; logs?"),
        ("\x1b[2J", "x", "there is no such command"),
        ("rollback", "ctrl+r", "no key with Ctrl"),
        ("quit", "", "needs a key"),
        ("back", "x", "cannot be changed"),
        ("logs", "hyper+x", "there is no key 'hyper+x'"),
        ("logs", "nonsense", "there is no key 'nonsense'"),
        ("logs", "3", "3 is taken"),
        ("logs", "enter", "enter is taken"),
        ("logs", "ctrl+c", "ctrl+c is taken"),
        ("logs", "q", "q is already quit"),
        ("logs", "e", "e is already events"),
    ],
)
def test_what_is_wrong_is_one_line_and_stays_as_it_was(id: str, keys: str, says: str) -> None:
    bound, problems = read({id: keys, "note": "I"})
    assert len(problems) == 1
    assert says in problems[0]
    assert "\x1b" not in problems[0]
    assert "\n" not in problems[0]
    assert bound.keys("note") == ("I",)
    assert id not in bound.changed


def test_two_can_change_places() -> None:
    bound, problems = read({"logs": "e", "events": "l"})
    assert not problems
    assert (bound.shown("logs"), bound.shown("events")) == ("e", "l")


def test_of_two_with_one_key_the_later_gives_way() -> None:
    bound, problems = read({"logs": "g", "first": "home", "note": "g"})
    assert problems == ["keys: note: g is already logs: it stays as it was"]
    assert bound.shown("logs") == "g"


def test_what_is_never_in_one_place_may_share_a_key() -> None:
    bound, problems = read({"next-match": "d", "prove": "d"})
    assert not problems
    assert bound.shown("prove") == "d"


def test_the_usual_table_has_no_clash_that_is_not_meant() -> None:
    """Two that share a key are never both what it does: one is told apart by where one is."""
    meant = {("call", "copy-text"), ("yaml", "copy-value"), ("note", "next-match"),
             ("hold", "freeze"), ("columns", "listed"), ("rollback", "retry"),
             ("history", "transaction"), ("approve-routine", "open"),
             ("open", "approve-routine")}  # fmt: skip
    keys = list(EVERY)
    for at, one in enumerate(keys):
        for other in keys[at + 1 :]:
            shared = set(filter(None, one.keys.split(","))) & set(other.keys.split(","))
            meet = "*" in (one.where, other.where) or set(one.where.split()) & set(
                other.where.split()
            )
            if shared and meet:
                pair = {(one.id, other.id), (other.id, one.id)}
                assert pair & meant, (one.id, other.id, shared)


def test_every_key_has_a_name_and_places_of_its_own() -> None:
    assert len(table()) == len(EVERY)
    for key in EVERY:
        assert set(key.where.split()) <= PLACES, key
        assert not (key.acts and "ctrl" in key.keys), key


def test_a_text_says_the_keys_that_there_are() -> None:
    bound, _ = read({"logs": "L", "handover": ""})
    assert bound.fill("{logs} logs, {handover} writes, {nothing} {e}") == (
        "L logs, :handover writes, {nothing} {e}"
    )


def test_what_shares_a_key_stays_where_one_of_them_goes() -> None:
    """Textual's own keymap would drop both."""
    here = BindingsMap([Binding("y", "yaml", id="yaml")])
    here.key_to_bindings["y"].append(Binding("y", "approve", id="approve"))
    rebind(here, Bound({"yaml": (("Y",), "Y")}))
    assert [one.id for one in here.key_to_bindings["y"]] == ["approve"]
    assert [one.id for one in here.key_to_bindings["Y"]] == ["yaml"]


def _classes() -> list[type[DOMNode]]:
    found = []
    for package in (console.screens, console.panels, console.widgets):
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            found += [
                one
                for one in vars(module).values()
                if isinstance(one, type)
                and issubclass(one, DOMNode)
                and one.__module__ == module.__name__
            ]
    return found


MOVING = {"tab", "shift+tab", "enter", "escape", "up", "down", "space", "pageup", "pagedown"}


def test_no_key_is_bound_that_the_table_does_not_know() -> None:
    for one in _classes():
        for binding in one.__dict__.get("BINDINGS", ()):
            made = list(Binding.make_bindings([binding]))
            for each in made:
                known = each.id in table() or each.key in MOVING or each.key.isdigit()
                # A box asks and takes an answer: its keys are no commands.
                assert known or issubclass(one, ModalScreen), (one.__name__, each.key, each.action)


def test_no_help_text_names_a_key_that_is_not_filled_in() -> None:
    for one in _classes():
        for name in ("HELP", "HELP_TEXT"):
            text = str(one.__dict__.get(name, ""))
            for id in re.findall(r"\{([a-z-]+)\}", text):
                assert id in table(), (one.__name__, id)
            # A single letter as a word of its own, where a verb follows, is a key.
            bare = re.findall(r"(?:^|[;.,] )([b-zB-HJ-MO-Z/]) [a-z]+s\b", text)
            assert not bare, (one.__name__, bare)


def test_usual_keys_are_those_of_the_table() -> None:
    assert USUAL.shown("logs") == "l"
    assert USUAL.keys("command") == ("colon",)
    assert USUAL.shown("nothing") == ""
