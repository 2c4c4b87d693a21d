"""One gate: that nothing but a flight sends, and none before its approval is on the disk."""

from __future__ import annotations

import ast
import gc
import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_colony import OXYGEN, PEOPLE, TWO, ManualClock, Note, Restart, Station, World, copy_log

import adapters
import console
from adapters.contract import AdapterError, Envelope, Receipt, Significance
from adapters.records import ActionState
from console.roles import Role
from console.station.policy import Policy

GATED = ("prepare", "send", "reconcile", "verify")
"""What only a flight calls of an action."""
ALLOWED = {
    "console/station/flight.py: action.prepare",
    "console/station/flight.py: action.send",
    "console/station/flight.py: action.reconcile",
    "console/station/flight.py: action.verify",
    # Hands each call of an action on to the same one in another thread, and makes none of its own.
    "console/station/isolated.py: self._inner.prepare",
    "console/station/isolated.py: self._inner.send",
    "console/station/isolated.py: self._inner.reconcile",
    "console/station/isolated.py: self._inner.verify",
    # Other things of these names: a signature, a socket, requests, the modules behind an action.
    "console/ledger/keys.py: self._key.verify",
    "adapters/chain/calls/call.py: sending.send",
    "adapters/chain/calls/call.py: verifying.verify",
    "adapters/chain/calls/previewing.py: cast.send",
    "adapters/chain/rpc.py: http.send",
    "adapters/chain/websocket.py: self._connection.send",
    "adapters/kubernetes/client.py: http.send",
}
"""Every place where one of these names is taken of anything. A new one is to be looked at."""
BY_NAME = {"getattr", "attrgetter", "methodcaller", "__getattribute__"}


def parsed(file: Path) -> ast.Module:
    """Return what *file* says, with no garbage collected meanwhile.

    CPython 3.11 counts the depth of a tree wrong where a collection ends a coroutine of an earlier
    test while it is made: "AST constructor recursion depth mismatch", once in thousands of tests.
    """
    gc.disable()
    try:
        return ast.parse(file.read_text())
    finally:
        gc.enable()


def places() -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the program with the file that it is in."""
    for package in (console, adapters):
        root = Path(package.__file__ or "").parent
        for file in sorted(root.rglob("*.py")):
            where = file.relative_to(root.parent).as_posix()
            for node in ast.walk(parsed(file)):
                yield where, node


def test_nothing_else_prepares_sends_reconciles_or_verifies() -> None:
    found: Counter[str] = Counter()
    for where, node in places():
        if isinstance(node, ast.Attribute) and node.attr in GATED:
            found[f"{where}: {ast.unparse(node)}"] += 1
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in BY_NAME:
            said = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
            assert not said & set(GATED), f"{where}:{node.lineno} gets around this by a name"
    assert set(found) == ALLOWED
    assert {place: count for place, count in found.items() if count > 1} == {}


def test_an_actions_other_calls_are_the_gates_too() -> None:
    """Forms, simulations and what is recorded are asked where roles and read-only are checked."""
    found = {
        where
        for where, node in places()
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("action.simulate", "action.form", "action.recording"))
    }
    assert {each for each in found if each.startswith("console/")} == {
        "console/station/commanding.py", "console/station/standing.py",
    }  # fmt: skip


# On the disk, at the moment of sending


class Watched(Restart):
    """Looks at the log with its own eyes, as another process would, before anything is sent."""

    path: Path
    needs = 1
    seen: list[list[tuple[Any, ...]]]

    async def send(self, envelope: Envelope) -> Receipt:
        self.seen.append(proven(self.path, envelope.notes["intent"], self.needs))
        return await super().send(envelope)


class WatchedNote(Note, Watched):
    """The same of a record that nobody was asked about."""


def proven(path: Path, intent: str, needs: int) -> list[tuple[Any, ...]]:
    """Return the approvals of *intent* that are on the disk; fails where they are not enough."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        (size,) = db.execute("SELECT size FROM head").fetchone()
        rows = db.execute(
            "SELECT actor, uid, break_glass, digest, leaf, data FROM approvals JOIN leaves "
            "ON idx = leaf WHERE intent = ? AND decision = 'approved' ORDER BY seq", (intent,),
        ).fetchall()  # fmt: skip
        states = [row[0] for row in db.execute(
            "SELECT state FROM stages WHERE intent = ? ORDER BY seq", (intent,)
        )]  # fmt: skip
        ((digest,),) = db.execute("SELECT digest FROM previews WHERE intent = ?", (intent,))
    finally:
        db.close()
    assert states[-2:] == ["approved", "submitted"]
    assert states[:2] == ["draft", "simulated"]
    for _, uid, _, approved, leaf, data in rows:
        said = json.loads(data)
        assert leaf < size
        assert (said["decision"], said["uid"], said["intent"]) == ("approved", uid, intent)
        assert said["digest"] == approved == digest
    people = {uid for _, uid, *_ in rows}
    assert len(people) >= needs or any(glass for _, _, glass, *_ in rows), rows
    assert rows
    return rows


def watch(station: Station, needs: int) -> list[list[tuple[Any, ...]]]:
    seen: list[list[tuple[Any, ...]]] = []
    for action in (station.action, station.note):
        if isinstance(action, Watched):
            action.path, action.needs, action.seen = station.path, needs, seen
    return seen


async def made(path: Path, policy: Policy, needs: int, **options: Any) -> tuple[Station, Any]:
    station = Station(path, kind=Watched, policy=policy, **options)
    seen = watch(station, needs)
    return await station.start(), seen


async def test_one_persons_word_is_on_the_disk_before_it_is_sent(tmp_path: Path) -> None:
    station, seen = await made(tmp_path / "log", Policy(), 1)
    await station.act()
    assert [[row[:2] for row in rows] for rows in seen] == [[("ana", PEOPLE["ana"])]]
    await station.stop()


async def test_two_peoples_words_are_on_the_disk_before_it_is_sent(tmp_path: Path) -> None:
    station, seen = await made(tmp_path / "log", TWO, 2)
    simulated = await station.simulate(uid=PEOPLE["ana"])
    await station.approve(simulated)
    assert not seen
    await station.approve(simulated, who="ben")
    await station.drain()
    assert [[row[0] for row in rows] for rows in seen] == [["ana", "ben"]]
    await station.stop()


async def test_a_record_is_approved_on_the_disk_too(tmp_path: Path) -> None:
    station = Station(tmp_path / "log", kind=Watched, record=True)
    station.note = WatchedNote(station.world)
    station.offers[-1] = ("tycho", station.note)
    seen = watch(station, 1)
    await station.start()
    await station.act()
    assert len(seen) == 2, "the action and its record"
    await station.stop()


async def test_the_next_station_asks_the_disk_as_well(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await Station(tmp_path / "log", world, clock, policy=TWO).start()
    simulated = await first.simulate(uid=PEOPLE["ana"])
    await first.approve(simulated)
    path = copy_log(first.path, tmp_path / "1")
    second, seen = await made(path, TWO, 2, world=world, clock=clock)
    await second.approve(simulated, who="ben")
    await second.drain()
    assert [[row[0] for row in rows] for rows in seen] == [["ana", "ben"]]
    for station in (first, second):
        await station.stop()


@pytest.mark.parametrize("seed", range(40))
async def test_whatever_people_say_nothing_is_sent_without_enough_of_them(
    tmp_path: Path, seed: int
) -> None:
    """People who say anything in any order: each send finds its approvals on the disk."""
    chance = random.Random(seed)
    policy = TWO._replace(shared=chance.random() < 0.9)
    station, seen = await made(tmp_path / "log", policy, 2)
    station.action.significance_now = chance.choice((Significance.CAUTION, Significance.CRITICAL))
    needs = 2 if station.action.significance_now is Significance.CAUTION else 1
    watch(station, needs)
    seen = station.action.seen  # type: ignore[attr-defined]
    known: list[Any] = []
    roles = {who: chance.choice(list(Role)) for who in PEOPLE}
    for _ in range(60):
        who = chance.choice(list(PEOPLE))
        voice = {"uid": PEOPLE[who], "role": roles[who]}
        commanding = station.commanding
        one = chance.choice(known) if known else None
        other = chance.choice(known) if known else None
        try:
            match chance.choice(("simulate", "approve", "approve", "approve", "decline", "cancel",
                                 "glass", "wait", "change")):  # fmt: skip
                case "simulate":
                    app = chance.choice((OXYGEN, "water/recycler"))
                    known.append(await station.simulate(app, uid=PEOPLE["ana"]))
                case "approve" if one and other:
                    digest = (one if chance.random() < 0.9 else other).digest
                    confirm = chance.choice(("y", "oxygen", "oxygen", ""))
                    work = commanding.approve(one.id, digest, confirm, "", who, **voice)
                    await station.wait(work)
                case "decline" if one and chance.random() < 0.2:
                    await station.wait(commanding.decline(one.id, "no", who, **voice))
                case "cancel" if one and chance.random() < 0.2:
                    await station.wait(commanding.cancel(one.id, who, **voice))
                case "glass" if roles[who] is Role.COMMANDER and chance.random() < 0.2:
                    await station.wait(commanding.glasses.smash(who, PEOPLE[who], "dark", 1))
                case "wait":
                    station.clock.turn()
                case "change" if chance.random() < 0.2:
                    station.action.preview["outcome"] = chance.choice(("abc", "abd"))
        except AdapterError:
            continue
    await station.drain()
    sent = [each for each in commanding.statuses() if each.state is ActionState.VERIFIED]
    assert station.world.sends == len(seen) == len(sent)
    assert set(station.world.effects.values()) <= {1}
    await station.stop()
