"""Whether tokens and the apps that they name agree, for the rules on tokens.

The console has the same join with its reasons (`console.rows.identity`); an alarm needs the word.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any, Final

from adapters.records import App, Key, ScopeState, Token
from console.joins import asset_of, parse_asset, plain_name
from console.station.hub import Hub

JOINED: Final = frozenset({"App", "Token"})
SURVEY: Final = 10.0
"""Seconds between two looks at all of them."""


class Identities:
    """How each token stands. All are looked at again where a name changed, at most so often."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._states: dict[Key, str] | None = None
        self._claims: dict[Key, str] = {}
        self._at = float("-inf")
        self._changed = True

    def of(self, token: Token) -> str | None:
        """Return match, mismatch, orphan or unclaimed; None where that is not known."""
        return None if self._states is None else self._states.get(token.key)

    def note(self, key: Key, token: str) -> None:
        """The app *key* names *token*, "" for none."""
        if self._claims.get(key) != token:
            self._claims[key], self._changed = token, True

    def forget(self, key: Key) -> None:
        """The record *key* is gone."""
        if key.kind in JOINED:
            self._claims.pop(key, None)
            self._changed = True

    def look(self, dirty: Set[Key], now: float) -> set[Key]:
        """Look again if there is a reason and it is time; return which tokens stand otherwise."""
        self._changed = self._changed or any(key.kind == "Token" for key in dirty)
        if now - self._at < SURVEY or not self._changed:
            return set()
        self._at = now
        sure = all(self._sure(kind) for kind in JOINED)
        before, self._states = self._states or {}, None
        if not sure:
            return set()  # it stays changed: a look is due as soon as all is known
        self._changed = False
        apps = [one for one in self._hub.of_kind("App") if isinstance(one, App)]
        tokens = [one for one in self._hub.of_kind("Token") if isinstance(one, Token)]
        self._states = identities(apps, tokens)
        return {key for key, state in self._states.items() if before.get(key) != state}

    def _sure(self, kind: str) -> bool:
        """Whether it is known which records of *kind* there are: who is not here is not there."""
        bringing = [one for one in self._hub.scopes() if kind in one.kinds]
        live = all(one.state is ScopeState.LIVE and one.complete for one in bringing)
        return bool(bringing) and live


def identities(apps: Iterable[App], tokens: Iterable[Token]) -> dict[Key, str]:
    """Return how each of *tokens* and the app that it names stand: match, mismatch, orphan, …"""
    called: dict[str, list[App]] = {}
    claiming: dict[Any, list[App]] = {}
    for app in apps:
        called.setdefault(plain_name(app), []).append(app)
        asset = parse_asset(app.token) if app.token else None
        if asset is not None:
            claiming.setdefault(asset, []).append(app)
    found: dict[Key, str] = {}
    for token in tokens:
        if token.app is None:
            continue
        claims = claiming.get(asset_of(token), [])
        names = called.get(token.app, []) if token.app else []
        if len(claims) > 1 or len(names) > 1:
            state = "mismatch"
        elif claims:
            state = "match" if claims == names else "mismatch"
        elif not token.app:
            state = "unclaimed"
        elif not names:
            state = "orphan"
        else:
            state = "mismatch" if names[0].token else "unclaimed"
        found[token.key] = state
    return found
