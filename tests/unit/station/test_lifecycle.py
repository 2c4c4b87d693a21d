"""The state machine as a table."""

from __future__ import annotations

import pytest

from adapters.records import ActionState, Stage
from console.station import asking, flight
from console.station.lifecycle import FOLLOWS, OPEN, WINDOWS, WrongStep, step


def test_every_state_is_there_and_can_be_reached() -> None:
    assert set(FOLLOWS) == {None, *ActionState}
    assert set().union(*FOLLOWS.values()) == set(ActionState)


def test_the_stages_follow_each_other() -> None:
    before = None
    for stage in Stage:
        step(before, ActionState(stage.value))
        before = ActionState(stage.value)


def test_what_has_ended_stays_so_but_for_unknown() -> None:
    for state in ActionState:
        if state.ended and state is not ActionState.UNKNOWN:
            assert not FOLLOWS[state], state
    assert set(OPEN) == {state for state in ActionState if not state.ended} | {ActionState.UNKNOWN}


def test_no_way_leads_to_submitted_but_through_approval() -> None:
    assert [before for before, after in FOLLOWS.items() if ActionState.SUBMITTED in after] == [
        ActionState.APPROVED
    ]
    assert [before for before, after in FOLLOWS.items() if ActionState.APPROVED in after] == [
        ActionState.SIMULATED,
        ActionState.REQUESTED,
    ]
    assert [before for before, after in FOLLOWS.items() if ActionState.REQUESTED in after] == [
        ActionState.SIMULATED
    ]


def test_success_needs_an_acceptance() -> None:
    for before, after in FOLLOWS.items():
        if ActionState.VERIFIED in after:
            assert before in (ActionState.INCLUDED, ActionState.FINAL)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ActionState.APPROVED),
        (ActionState.DRAFT, ActionState.SUBMITTED),
        (ActionState.SUBMITTED, ActionState.VERIFIED),
        (ActionState.VERIFIED, ActionState.SUBMITTED),
        (ActionState.UNKNOWN, ActionState.SUBMITTED),
    ],
)
def test_a_wrong_step(before: ActionState | None, after: ActionState) -> None:
    with pytest.raises(WrongStep):
        step(before, after)


def test_every_stage_that_waits_has_its_window() -> None:
    """How long an effect may take is the action's own to say, and nobody waits for what is not."""
    own = {ActionState.INCLUDED, ActionState.FINAL}
    assert set(WINDOWS) | own | {ActionState.UNKNOWN} == set(OPEN)
    assert WINDOWS[ActionState.DRAFT] == asking.SIMULATE
    assert WINDOWS[ActionState.APPROVED] == flight.PREPARE
    assert WINDOWS[ActionState.SUBMITTED] == flight.SEND
