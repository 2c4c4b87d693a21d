"""Roles: what a person may do in a colony. Standard library only: consoles ask at their start."""

from __future__ import annotations

import enum
from typing import Final


class Role(enum.StrEnum):
    """Viewer looks on. Operator acts, up to caution, and asks for what is critical.

    Commander approves what is critical, is the second person where the policy asks for one, may
    break the glass, and unlocks keys. Each may all that the one before may.
    """

    VIEWER = "viewer"
    OPERATOR = "operator"
    COMMANDER = "commander"

    @property
    def rank(self) -> int:
        """Its place in the order, 0 for the least."""
        return _ORDER.index(self)

    @property
    def called(self) -> str:
        """It with its article: "an operator"."""
        return f"{'an' if self is Role.OPERATOR else 'a'} {self.value}"

    def may(self, needed: Role) -> bool:
        """Return whether this role is enough for what needs *needed*."""
        return self.rank >= needed.rank


_ORDER: Final = tuple(Role)


def least(*roles: Role) -> Role:
    """Return the least of *roles*: what is passed on can only take away."""
    return min(roles, key=lambda role: role.rank)
