"""How the apps stand, counted as they change: of 50,000 nobody looks at those that did not."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest
from itertools import chain
from typing import Any, TypeAlias

from adapters.records import AnyRecord, App, Key
from console.rows import severity
from console.rows.best import KEPT, Best
from console.rows.severity import Severity
from console.store import Store

_GRADES = tuple(Severity)
_Graded: TypeAlias = tuple[Severity, App, Key]


class Standing:
    """Apps by how bad they are, the worst of them, and which became what they are lately.

    The store tells it of each change (`put`, `drop`). It says what looking at every app would.
    """

    def __init__(self) -> None:
        self.restarts = 0
        """Restarts of all apps that say how many they had."""
        self._apps: dict[Severity, dict[Key, App]] = {grade: {} for grade in _GRADES}
        self._grades: dict[Key, Severity] = {}
        self._by_name, self._by_time = Best(), Best()
        self._since: dict[Key, App] = {}
        self._from = float("-inf")

    def put(self, key: Key, before: AnyRecord | None, record: AnyRecord) -> None:
        """Take in that *key* is *record* now and was *before*."""
        if not isinstance(record, App):
            return
        was = before if isinstance(before, App) else None
        grade, had = severity.of_app(record), self._grades.get(key)
        if grade is not had:
            if had is not None:
                del self._apps[had][key]
            self._grades[key] = grade
        self._apps[grade][key] = record
        self.restarts += (record.restarts or 0) - ((was.restarts or 0) if was is not None else 0)
        same = was is not None and grade is had
        if not same:
            self._by_name.put(key, _by_name(grade, record, key))
        if grade > Severity.UNKNOWN:
            if not same:
                self._by_time.drop(key)
        elif was is None or not same or was.since != record.since:
            self._by_time.put(key, _by_time(grade, record, key))
        if _tells(record, self._from):
            self._since[key] = record
        elif was is not None and was.since is not None:
            self._since.pop(key, None)

    def drop(self, key: Key, record: AnyRecord) -> None:
        """Take in that *record*, which was *key*, is gone."""
        grade = self._grades.pop(key, None)
        if grade is None or not isinstance(record, App):
            return
        del self._apps[grade][key]
        self.restarts -= record.restarts or 0
        self._by_name.drop(key)
        self._by_time.drop(key)
        self._since.pop(key, None)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many apps there are of each grade."""
        return {grade: len(found) for grade, found in self._apps.items()}

    @property
    def wrong(self) -> int:
        """How many are not as they should be, or not known to be."""
        return sum(len(self._apps[grade]) for grade in _GRADES if grade <= Severity.UNKNOWN)

    def worst(self, most: int) -> list[App]:
        """Return the worst *most* apps, among equals by name; healthy ones come last."""
        if self._by_name.short(most):
            everything = ((_by_name(*one), one[2]) for one in self._enough(most))
            self._by_name.fill(everything, most)
        return [self._app(key) for key in self._by_name.first(most)]

    def newest_wrong(self, most: int | None = None) -> list[App]:
        """Return the worst *most* of what is wrong, or all, among equals the newest first."""
        if most is None:
            found = sorted(_by_time(*one) for one in self._enough(self.wrong) if _is_wrong(one))
            return [self._app(place[-1]) for place in found]
        if self._by_time.short(most):
            everything = ((_by_time(*one), one[2]) for one in self._enough(most) if _is_wrong(one))
            self._by_time.fill(everything, most)
        return [self._app(key) for key in self._by_time.first(most)]

    def since(self, start: float, most: int | None = None) -> list[App]:
        """Return the apps that became what they are at *start* or later: the newest *most*, or all.

        A new app is none: its first revision tells of it.
        """
        found: Iterator[tuple[Key, App]] = iter(self._since.items())
        if start < self._from:
            found = chain.from_iterable(apps.items() for apps in self._apps.values())
        self._from = start
        self._since = {key: app for key, app in found if _tells(app, start)}
        if most is None or len(self._since) <= most:
            return list(self._since.values())
        return nlargest(most, self._since.values(), key=lambda app: app.since or 0.0)

    def _app(self, key: Key) -> App:
        return self._apps[self._grades[key]][key]

    def _enough(self, most: int) -> Iterator[_Graded]:
        """Yield apps, the worst grades first, until there are enough for any first *most*."""
        seen = 0
        for grade in _GRADES:
            for key, app in self._apps[grade].items():
                yield grade, app, key
            seen += len(self._apps[grade])
            if seen > max(KEPT, 2 * most):
                return


def standing(store: Store) -> Standing:
    """Return how the apps of *store* stand. Made at the first call, kept from then on."""
    return store.following("App", Standing)


def _by_name(grade: Severity, app: App, key: Key) -> tuple[Any, ...]:
    return (grade, app.namespace, app.name, key)


def _by_time(grade: Severity, app: App, key: Key) -> tuple[Any, ...]:
    since = app.since
    # Only NaN differs from itself: it has no place among numbers.
    at = since if since is not None and since == since else 0.0
    return (grade, -at, f"{app.namespace}/{app.name}", key)


def _is_wrong(one: _Graded) -> bool:
    return one[0] <= Severity.UNKNOWN


def _tells(app: App, start: float) -> bool:
    since = app.since
    return since is not None and since != app.created and since >= start
