"""The state machine as a table, and that there is one gate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import console
from adapters.records import ActionState, Stage
from console.station.lifecycle import FOLLOWS, OPEN, WrongStep, step

ROOT = Path(console.__file__).parent
GATED = {"send": "flight.py", "prepare": "flight.py", "reconcile": "flight.py"}


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


def walk(node: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield every node with the name of the function that it is in."""
    for child in ast.iter_child_nodes(node):
        yield function, child
        inside = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
        yield from walk(child, child.name if inside else function)


def test_nothing_else_sends() -> None:
    """Only a flight calls an action's `send`, `prepare` and `reconcile`, each in one place.

    `isolated.py` hands each call of an action on to the same one in another thread, and makes
    none of its own. A name in a string would get around this, so that is looked for too.
    """
    calls: dict[str, list[str]] = {name: [] for name in GATED}
    for file in sorted(ROOT.rglob("*.py")):
        where = file.relative_to(ROOT).as_posix()
        for function, node in walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in GATED:
                if where == "station/isolated.py" and function == node.attr:
                    continue
                calls[node.attr].append(where)
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("getattr"):
                names = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                assert not set(names) & set(GATED), f"{file}:{node.lineno}"
    assert calls == {name: [f"station/{file}"] for name, file in GATED.items()}
