"""Who is what in a colony: roles by user, uid and group, as the configuration names them."""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from console.roles import Role


class Person(NamedTuple):
    """A user as the machine knows them: their uid, their name, the names of their groups."""

    uid: int
    name: str
    groups: frozenset[str]


def person(uid: int) -> Person:
    """Return who *uid* is now; of one that the machine does not know, the number alone."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Person(uid, "", frozenset())
    groups = set()
    for gid in os.getgrouplist(entry.pw_name, entry.pw_gid):
        try:
            groups.add(grp.getgrgid(gid).gr_name)
        except KeyError:
            groups.add(str(gid))
    return Person(uid, entry.pw_name, frozenset(groups))


class Members:
    """The configured roles: by each, users ("ana"), uids ("1001") and groups ("@ops").

    Without any, whoever may connect is commander; with some, who is not named is viewer. The
    highest that names somebody counts. Who somebody is, is asked at each connection: a user who
    was put into a group need only come again.
    """

    def __init__(
        self,
        roles: Mapping[Role, Collection[str]] | None = None,
        who: Callable[[int], Person] = person,
    ) -> None:
        self._roles = {role: frozenset(named) for role, named in (roles or {}).items() if named}
        self._who = who

    def __bool__(self) -> bool:
        return bool(self._roles)

    def role(self, uid: int) -> Role:
        """Return the role of the user *uid*."""
        if not self._roles:
            return Role.COMMANDER
        one = self._who(uid)
        names = {one.name, str(uid), *(f"@{group}" for group in one.groups)} - {""}
        found = [role for role, named in self._roles.items() if named & names]
        return max(found, key=lambda role: role.rank, default=Role.VIEWER)
