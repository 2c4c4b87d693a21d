"""The colony's policy: what costs more than an action itself says, and what needs two people."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

import msgspec

from adapters.contract import Preview, Significance
from console.station.intent import Intent

_ORDER = (Significance.ROUTINE, Significance.CAUTION, Significance.CRITICAL)
UNENFORCEABLE = (
    "the policy asks for a second person, and a station of one user's own cannot tell two people "
    'apart: run a shared station (shared = "/run/colony/NAME.sock")'
)


class Rule(NamedTuple):
    """What the calls that it fits cost at least. Names and values are shell patterns."""

    action: str = "*"
    target: str = "*"
    arguments: Mapping[str, str] = {}
    significance: Significance | None = None
    second_person: bool = False

    def fits(self, intent: Intent) -> bool:
        """Return whether *intent* is such a call."""
        return (
            fnmatchcase(intent.action, self.action)
            and fnmatchcase(intent.target, self.target)
            and all(
                fnmatchcase(intent.arguments.get(name, ""), pattern)
                for name, pattern in self.arguments.items()
            )
        )

    @property
    def said(self) -> str:
        """It in words."""
        given = [f"{name}={pattern}" for name, pattern in self.arguments.items()]
        if self.target != "*":
            given.insert(0, f"on {self.target}")
        return " ".join([self.action, *given])


class Policy(NamedTuple):
    """What the configuration asks for. A rule raises what an action says, and never lowers it."""

    second_person: frozenset[Significance] = frozenset()
    rules: tuple[Rule, ...] = ()
    break_glass: bool = True
    break_glass_minutes: float = 30.0
    shared: bool = False
    """Whether the station is one that several users share: only there are two people told apart."""

    def raised(self, intent: Intent, preview: Preview) -> Preview:
        """Return *preview* with the significance that the rules give it, and why."""
        for rule in self.rules:
            wanted = rule.significance
            if wanted is None or not rule.fits(intent):
                continue
            if _ORDER.index(wanted) > _ORDER.index(preview.significance):
                preview = msgspec.structs.replace(
                    preview, significance=wanted, because=f"the colony's policy: {rule.said}"
                )
        return preview

    def needs(self, intent: Intent, preview: Preview) -> int:
        """Return how many people have to approve: one, or two."""
        ruled = any(rule.second_person and rule.fits(intent) for rule in self.rules)
        return 2 if ruled or preview.significance in self.second_person else 1
