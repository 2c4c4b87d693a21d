"""Two people, two uids, one shared station: real processes of several users, on a real chain.

One colony for the file: what is done to it stays, so each test has a token of its own.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.anvil import Anvil
from tests.real.colony import Json
from tests.real.installed import required
from tests.real.several import UIDS, SharedColony
from tests.real.sshd.running import allowed

pytestmark = pytest.mark.real
USAGE, REFUSED = 64, 21


@pytest.fixture(scope="module")
def tycho() -> Iterator[SharedColony]:
    """The colony, its station running as a service user."""
    allowed()
    # Sockets have short names: not below pytest's own directory.
    with tempfile.TemporaryDirectory(prefix="colony-") as name:
        node = Anvil(required("anvil"), Path(name))
        colony = SharedColony(node, Path(name))
        try:
            node.start()
            colony.found()
            for token in range(10, 20):
                colony.mint(token, "ops", f"life/app-{token}")
            colony.serve()
            yield colony
        finally:
            colony.crash()
            node.stop()


class Asked:
    """A token that *who* wants to give away: critical here, so that it needs two people."""

    def __init__(self, tycho: SharedColony, token: int, who: str = "ana") -> None:
        self.tycho = tycho
        self.token = token
        arguments = f'args=["ops","power","{token}"]'
        self.process = tycho.begin(
            who, "act", "contract.call", "contract=Identity", "function=transferFrom", arguments,
            "--yes", "--confirm", "Identity", "--reason", f"token {token} moves on", "--json",
        )  # fmt: skip

    def seen(self, who: str = "ben", state: str = "requested") -> Json:
        """Return the request as *who* sees it."""
        return self.tycho.action(who, lambda one: self._is(one) and one["state"] == state)

    def ended(self) -> tuple[int, Json]:
        """Return how the command of who asked ended."""
        done = self.tycho.end(self.process)
        assert done.stdout, done.stderr
        acted: Json = json.loads(done.stdout)
        return done.returncode, acted

    def _is(self, one: Json) -> bool:
        return any(f'"{self.token}"' in value for _, value in one["arguments"])


def approve(tycho: SharedColony, who: str, seen: Json, *more: str) -> tuple[int, str]:
    """Have *who* approve what was seen; return the exit status and what was said."""
    given = more or ("--code", seen["code"])
    done = tycho.by(who, "approve", seen["name"], *given, "--confirm", "Identity")
    return done.returncode, done.stderr


def decided(tycho: SharedColony, intent: str) -> list[Json]:
    """Return the entries of what people decided of *intent*, as a viewer reads the log."""
    entries = tycho.entries("cy")
    return [each for each in entries if each["intent"] == intent and "decision" in each]


def decisions(tycho: SharedColony, intent: str) -> list[tuple[int, str]]:
    """Return who decided what, by the log."""
    return [(entry["uid"], entry["decision"]) for entry in decided(tycho, intent)]


def test_the_second_person_sees_it_at_once_and_approves(tycho: SharedColony) -> None:
    asked = Asked(tycho, 10)
    seen = asked.seen()
    assert (seen["needs"], seen["actor"], seen["actor_uid"]) == (2, "ana", UIDS["ana"])
    assert seen["significance"] == "critical"
    assert [one["who"] for one in seen["approvals"]] == ["ana"]
    assert tycho.owner_now(10) == tycho.address("ops"), "nothing is sent before the second word"
    status, said = approve(tycho, "ben", seen)
    assert status == 0, said
    status, acted = asked.ended()
    assert (status, acted["state"]) == (0, "verified")
    assert (acted["digest"], acted["code"]) == (seen["digest"], seen["code"])
    assert [(one["who"], one["uid"]) for one in acted["approvals"]] == [
        ("ana", UIDS["ana"]), ("ben", UIDS["ben"]),
    ]  # fmt: skip
    assert tycho.owner_now(10) == tycho.address("power")
    logged = decided(tycho, seen["name"])
    assert [(one["actor"], one["uid"], one["state"], one["digest"]) for one in logged] == [
        ("ana", UIDS["ana"], "requested", seen["digest"]),
        ("ben", UIDS["ben"], "approved", seen["digest"]),
    ]
    replayed, said = approve(tycho, "ben", seen)
    assert (replayed, "cannot be approved: it is verified already" in said) == (REFUSED, True)


def test_who_asked_and_who_may_not_are_no_second_person(tycho: SharedColony) -> None:
    asked = Asked(tycho, 11)
    seen = asked.seen()
    for who, why in (
        ("ana", "needs a second person: who asked for it cannot be that"),
        ("olu", "needs a commander as its second person; you are an operator"),
        ("cy", "you are a viewer here"),
    ):
        status, said = approve(tycho, who, seen)
        assert (status, why in said) == (REFUSED, True), said
    status, said = approve(tycho, "eve", seen)
    assert status == 69
    assert "Traceback" not in said
    done = tycho.by("ben", "decline", seen["name"], "--reason", "not while the ferry docks")
    assert done.returncode == 0, done.stderr
    status, acted = asked.ended()
    assert (status, acted["state"]) == (REFUSED, "refused")
    assert acted["outcome"] == "declined by ben: not while the ferry docks"
    assert decisions(tycho, seen["name"]) == [
        (UIDS["ana"], "approved"), (UIDS["ana"], "refused"), (UIDS["olu"], "refused"),
        (UIDS["ben"], "declined"),
    ]  # fmt: skip
    assert decided(tycho, seen["name"])[-1]["reason"] == "not while the ferry docks"
    assert tycho.owner_now(11) == tycho.address("ops")


def test_one_approval_is_for_one_call(tycho: SharedColony) -> None:
    one, other = Asked(tycho, 12), Asked(tycho, 13)
    first, second = one.seen(), other.seen()
    assert first["digest"] != second["digest"]
    status, said = approve(tycho, "ben", second, "--digest", first["digest"])
    assert (status, "what you saw is not what would be sent" in said) == (REFUSED, True)
    status, said = approve(tycho, "ben", second, "--code", first["code"])
    assert (status, "nothing was approved: the code of this action is" in said) == (REFUSED, True)
    for seen in (first, second):
        assert tycho.by("ben", "decline", seen["name"], "--reason", "a test").returncode == 0
    assert [one.ended()[0], other.ended()[0]] == [REFUSED, REFUSED]
    assert tycho.owner_now(13) == tycho.address("ops")


def test_a_target_that_changed_meanwhile_is_not_touched(tycho: SharedColony) -> None:
    asked = Asked(tycho, 14)
    seen = asked.seen()
    tycho.give(14, "ops", "agri")
    status, said = approve(tycho, "ben", seen)
    assert (status, "it changed since it was asked for" in said) == (REFUSED, True), said
    assert asked.ended()[1]["state"] == "refused"
    assert tycho.owner_now(14) == tycho.address("agri")


def test_a_request_outlives_a_station_that_is_killed(tycho: SharedColony) -> None:
    asked = Asked(tycho, 15)
    seen = asked.seen()
    tycho.crash()
    assert tycho.end(asked.process).returncode == 69
    tycho.serve()
    again = asked.seen()
    assert {name: again[name] for name in ("digest", "code", "stages", "needs")} == {
        name: seen[name] for name in ("digest", "code", "stages", "needs")
    }
    status, said = approve(tycho, "ana", again)
    assert (status, "who asked for it cannot be that" in said) == (REFUSED, True)
    assert approve(tycho, "ben", again)[0] == 0
    assert tycho.owner_now(15) == tycho.address("power")


def test_an_operator_asks_for_what_a_commander_approves(tycho: SharedColony) -> None:
    asked = Asked(tycho, 16, "olu")
    seen = asked.seen("ana")
    assert approve(tycho, "ana", seen)[0] == 0
    assert asked.ended()[1]["state"] == "verified"


def test_a_broken_glass_stands_in_and_the_log_says_so(tycho: SharedColony) -> None:
    breaks = ("glass", "break", "--reason", "the ring is dark and nobody answers")
    refused = tycho.by("olu", *breaks, "--minutes", "5")
    assert (refused.returncode, "you are an operator here" in refused.stderr) == (REFUSED, True)
    for minutes, status, why in (
        ("11", REFUSED, "a glass stays broken for 10 minutes at most, and not 11"),
        ("31", USAGE, "'31' is not a number of minutes from 1 to 30"),
    ):
        refused = tycho.by("ana", *breaks, "--minutes", minutes)
        assert (refused.returncode, why in refused.stderr) == (status, True), refused.stderr
    done = tycho.by("ana", *breaks, "--minutes", "5", "--json")
    (glass,) = json.loads(done.stdout)["broken"]
    assert (glass["who"], glass["uid"]) == ("ana", UIDS["ana"])
    bens = Asked(tycho, 17, "ben")
    waits = bens.seen("ana")
    status, acted = Asked(tycho, 18).ended()
    assert (status, acted["state"]) == (0, "verified")
    assert [(one["who"], one["glass"]) for one in acted["approvals"]] == [("ana", True)]
    mended = tycho.by("ana", "glass", "mend", "--json")
    assert json.loads(mended.stdout) == {"broken": []}
    assert tycho.by("ana", "decline", waits["name"], "--reason", "a test").returncode == 0
    assert bens.ended()[0] == REFUSED, "the glass was ana's alone"
    entries = tycho.entries("cy")
    assert [entry["event"] for entry in entries].count("break-glass") == 2
    (alone,) = [entry for entry in entries if "glass" in entry]
    assert (alone["intent"], alone["state"]) == (acted["id"], "approved")
    assert alone["glass"]["reason"] == "the ring is dark and nobody answers"
