"""How the watches stand, and what that makes of the scopes that stand on them."""

from __future__ import annotations

from typing import NamedTuple

from adapters.kubernetes.resources import RESOURCES, ScopeOf
from adapters.records import ScopeState

_TITLES = {resource.name: resource.title for resource in RESOURCES}
_ORDER = (
    ScopeState.LIVE,
    ScopeState.STALE,
    ScopeState.ABSENT,
    ScopeState.DENIED,
    ScopeState.NEVER,
)
"""From what can be trusted most to what cannot be trusted at all."""
_ANSWERED = (ScopeState.DENIED, ScopeState.ABSENT)


class Standing(NamedTuple):
    """One watch: `listed` once it brought a whole list, `failed` once it could not."""

    state: ScopeState = ScopeState.NEVER
    detail: str = ""
    listed: bool = False
    failed: bool = False

    @property
    def settled(self) -> bool:
        """Whether the first attempt is over, one way or the other."""
        return self.listed or self.failed

    def now(self, state: ScopeState, detail: str) -> Standing:
        """Return how it stands once the reflector said *state*."""
        listed = self.listed or state in (ScopeState.LIVE, ScopeState.ABSENT)
        if state is ScopeState.STALE and not listed:
            state = ScopeState.NEVER
        return Standing(state, detail, listed, self.failed or state is not ScopeState.LIVE)


class Standings:
    """Every watch's standing, by resource and namespace."""

    def __init__(self, watches: list[tuple[str, str]]) -> None:
        self._watches = dict.fromkeys(watches, Standing())

    def set(self, resource: str, namespace: str, state: ScopeState, detail: str) -> bool:
        """Note how a watch stands; return whether that is new."""
        before = self._watches[resource, namespace]
        after = self._watches[resource, namespace] = before.now(state, detail)
        return after != before

    def of(self, resource: str) -> Standing:
        """Return how a resource stands: as the worst of its watches does."""
        found = [each for (name, _), each in self._watches.items() if name == resource]
        worst = max(found, key=lambda each: _ORDER.index(each.state))
        return Standing(
            worst.state,
            worst.detail,
            any(each.listed for each in found),
            all(each.settled for each in found) and any(each.failed for each in found),
        )

    def known(self, resource: str) -> bool:
        """Whether the objects of *resource* were ever listed and are there to be listed."""
        standing = self.of(resource)
        return standing.listed and standing.state in (ScopeState.LIVE, ScopeState.STALE)

    def hopeless(self) -> str:
        """Return why nothing at all was ever reached, "" where something was or still may be."""
        watches = self._watches.values()
        if all(each.failed and each.state is ScopeState.NEVER for each in watches):
            return next(each.detail for each in watches)
        return ""

    def primary_settled(self, scope: ScopeOf) -> bool:
        """Whether what decides the contents of *scope* was attempted."""
        return all(self.of(name).settled for name in scope.primary)

    def settled(self, scope: ScopeOf) -> bool:
        """Whether all that *scope* is made of was attempted."""
        return all(self.of(name).settled for name in (*scope.primary, *scope.joined))

    def listed(self, scope: ScopeOf) -> bool:
        """Whether anything of *scope* can be shown."""
        return any(self.of(name).listed for name in scope.primary)

    def scope(self, scope: ScopeOf) -> tuple[ScopeState, str]:
        """Return the state of *scope* and a line on the watches that are not live.

        It is the worst of the watches that decide what is in it. One that only adds to its
        records makes it stale while it is down, but not by being denied or absent: what it would
        have added is then None in the record, and the rest of the record is as good as ever.
        """
        primary = {name: self.of(name) for name in scope.primary}
        joined = {name: self.of(name) for name in scope.joined}
        states = [each.state for each in primary.values()]
        if any(each.listed for each in primary.values()):
            states = [ScopeState.STALE if each is ScopeState.NEVER else each for each in states]
        states += [
            ScopeState.STALE
            for each in joined.values()
            if each.failed and each.state in (ScopeState.STALE, ScopeState.NEVER)
        ]
        worst = max(states, key=_ORDER.index)
        if worst is ScopeState.STALE and not self.listed(scope):
            worst = ScopeState.NEVER
        said: dict[str, list[str]] = {}
        for name, each in (*primary.items(), *joined.items()):
            if each.settled and (each.state is not ScopeState.LIVE or each.detail):
                said.setdefault(each.detail or each.state.value, []).append(_TITLES[name])
        return worst, "; ".join(f"{', '.join(names)}: {line}" for line, names in said.items())
