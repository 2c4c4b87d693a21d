"""Who is what: roles by user, uid and group, and what a connection takes away of its own."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path

import pytest
from station_helpers import running

from adapters.clock import SystemClock
from console.feed.client import Feed
from console.roles import Role, least
from console.station.members import Members, Person, person
from console.station.server import name_of

PEOPLE = {
    1001: Person(1001, "ana", frozenset({"ana", "ops", "night"})),
    1002: Person(1002, "ben", frozenset({"ben", "ops"})),
    1003: Person(1003, "cy", frozenset({"cy"})),
    1004: Person(1004, "", frozenset()),
}


def members(**roles: set[str]) -> Members:
    return Members({Role(name): named for name, named in roles.items()}, PEOPLE.__getitem__)


def test_without_a_table_everybody_is_commander() -> None:
    assert not members()
    assert not members(operator=set())
    assert {members().role(uid) for uid in PEOPLE} == {Role.COMMANDER}


@pytest.mark.parametrize(
    ("named", "uids"),
    [
        ("ana", {1001}),
        ("1004", {1004}),
        ("@ops", {1001, 1002}),
        ("ops", set()),
        ("@ana", {1001}),
        ("@", set()),
        ("", set()),
        ("Ana", set()),
    ],
)
def test_users_uids_and_groups(named: str, uids: set[int]) -> None:
    roles = members(operator={named})
    assert {uid for uid in PEOPLE if roles.role(uid) is Role.OPERATOR} == uids
    assert {roles.role(uid) for uid in PEOPLE.keys() - uids} <= {Role.VIEWER}


def test_the_highest_counts() -> None:
    roles = members(viewer={"ana"}, operator={"@ops"}, commander={"@night", "1003"})
    assert [roles.role(uid) for uid in PEOPLE] == [
        Role.COMMANDER, Role.OPERATOR, Role.COMMANDER, Role.VIEWER,
    ]  # fmt: skip


def test_who_somebody_is_is_asked_each_time() -> None:
    groups = [frozenset[str](), frozenset({"ops"})]
    roles = Members({Role.OPERATOR: {"@ops"}}, lambda uid: Person(uid, "ana", groups.pop()))
    assert [roles.role(1), roles.role(1)] == [Role.OPERATOR, Role.VIEWER]


def test_the_machine_knows_us() -> None:
    own = person(os.geteuid())
    entry = pwd.getpwuid(os.geteuid())
    assert (own.uid, own.name) == (os.geteuid(), entry.pw_name)
    assert grp.getgrgid(entry.pw_gid).gr_name in own.groups
    assert person(4_000_000) == Person(4_000_000, "", frozenset())


def test_the_least_role_counts() -> None:
    assert least(Role.COMMANDER, Role.OPERATOR) is Role.OPERATOR
    assert least(Role.VIEWER, Role.COMMANDER) is Role.VIEWER
    for role in Role:
        assert [role.may(other) for other in Role] == [other.rank <= role.rank for other in Role]


@pytest.mark.parametrize(
    ("own", "asked", "got"),
    [
        ("commander", "", "commander"),
        ("commander", "operator", "operator"),
        ("commander", "viewer", "viewer"),
        ("operator", "commander", "operator"),
        ("viewer", "commander", "viewer"),
        ("commander", "admiral", "viewer"),
        ("commander", "Commander", "viewer"),
    ],
)
async def test_a_connection_only_takes_away(tmp_path: Path, own: str, asked: str, got: str) -> None:
    roles = Members({Role(own): {str(os.geteuid())}})
    async with running(tmp_path, clock=SystemClock(), members=roles) as (_, path):
        feed = await Feed.connect(path, role=asked)
        assert (feed.welcome.role, feed.welcome.uid) == (got, os.geteuid())
        await feed.close()


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("", "{me}"),
        ("ana", "ana ({me})"),
        (" ana\n\tdoe ", "ana doe ({me})"),
        ("ana\x1b[2J\u202e", "ana␛[2J� ({me})"),
        ("a" * 500, None),
    ],
)
async def test_a_person_is_named_beside_the_user(
    tmp_path: Path, person: str, said: str | None
) -> None:
    me = name_of(os.geteuid())
    async with running(tmp_path, clock=SystemClock()) as (_, path):
        feed = await Feed.connect(path, person=person)
        who = feed.welcome.who
        if said is None:
            assert who.endswith(f" ({me})")
            assert len(who) == 64 + len(f" ({me})")
        else:
            assert who == said.format(me=me)
        await feed.close()
