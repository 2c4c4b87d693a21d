"""The tour: each step is done by doing it, and who is further is past it."""

from __future__ import annotations

import pytest

from console.bound import USUAL
from console.tour import DONE, STEPS, Scene, Step, Tour

SICK = Scene("MainScreen", "overview", worst="oxygen-generator")


def test_it_goes_on_as_its_steps_are_done() -> None:
    tour = Tour()
    seen = []
    for scene in (
        SICK,
        SICK._replace(screen="WhyScreen"),
        SICK._replace(screen="FormScreen"),
        SICK._replace(screen="ActionScreen", acted=True),
        SICK._replace(screen="ActionScreen", acted=True, sent=True),
        Scene("ActionScreen", acted=True, sent=True, verified=True),
        Scene("MainScreen", "ledger", acted=True, verified=True),
        Scene("HelpScreen", acted=True, verified=True),
    ):
        tour.look(scene)
        seen.append(tour.remembered)
    assert seen == ["wrong", "why", "form", "approve", "watch", "log", "help", DONE]
    assert tour.step is None


def test_what_was_skipped_is_past() -> None:
    tour = Tour()
    assert tour.look(SICK._replace(screen="ActionScreen", acted=True, sent=True))
    assert tour.remembered == "watch"


def test_where_nothing_is_wrong_nothing_is_to_be_mended() -> None:
    tour = Tour()
    tour.look(Scene("MainScreen", "overview"))
    assert tour.remembered == "log"


def test_what_was_mended_on_an_earlier_visit_is_not_to_be_mended_again() -> None:
    tour = Tour()
    tour.look(Scene("MainScreen", "overview", acted=True, sent=True, verified=True))
    assert tour.remembered == "log"


def test_before_anything_is_known_it_waits() -> None:
    tour = Tour()
    assert not tour.look(Scene("MainScreen", "overview", known=False))
    assert tour.number == 1


def test_it_goes_on_where_it_was_left() -> None:
    assert Tour("form").number == 3
    assert Tour("nonsense").number == 1
    tour = Tour("form")
    tour.end()
    assert tour.remembered == DONE
    assert not tour.look(SICK)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_a_step_fits_a_line_of_eighty_cells(step: Step) -> None:
    for said in (step.text, step.away):
        text = USUAL.fill(said.replace("{app}", "oxygen-generator"))
        assert "{" not in text
        assert len(text) <= 80 - len(" TOUR 1/7  " + " esc ends ")


@pytest.mark.parametrize("id", ["why", "form", "approve"])
def test_a_step_of_one_screen_says_elsewhere_how_to_get_there(id: str) -> None:
    step = next(one for one in STEPS if one.id == id)
    assert step.line(SICK._replace(screen=step.on)) == step.text
    for panel in ("tokens", "solar"):
        told = step.line(SICK._replace(panel=panel))
        assert told == step.away != step.text
    assert step.line(SICK._replace(screen="HelpScreen")) == step.away


def test_a_step_of_no_screen_says_the_same_everywhere() -> None:
    assert all(step.line(SICK) == step.text for step in STEPS if not step.on)
