"""How the apps stand: what is kept up with each change is what looking at every app says."""

from __future__ import annotations

import random
from typing import Any

import pytest

from adapters.records import App, Health
from console.feed.messages import Parcel
from console.rows import severity
from console.rows.best import KEPT, Best
from console.rows.severity import Severity
from console.rows.standing import Standing, standing
from console.store import Store
from tests.ui.fakes import FakeClock

GRADED = (Health.HEALTHY, Health.DEGRADED, Health.FAILED, Health.UNKNOWN, Health.PROGRESSING)


def an_app(choose: random.Random, names: int) -> App:
    return App(
        source=choose.choice(("tycho", "eros")),
        namespace=choose.choice(("a", "b")),
        name=f"app-{choose.randrange(names)}",
        workload=choose.choice(("Deployment", "StatefulSet")),
        health=choose.choice(GRADED),
        desired=3,
        ready=choose.choice((None, 0, 3)),
        priority=choose.choice(("", "critical")),
        restarts=choose.choice((None, 0, 5)),
        created=choose.choice((None, 100.0)),
        since=choose.choice((None, 100.0, 200.0, 300.0, float("nan"))),
    )


def check(store: Store, followed: Standing, most: int) -> None:
    """Compare what is kept up with what looking at every app says."""
    apps = store.every(App)
    grades = [severity.of_app(app) for app in apps]
    assert followed.counts == {grade: grades.count(grade) for grade in Severity}
    assert followed.wrong == sum(grade <= Severity.UNKNOWN for grade in grades)
    assert followed.restarts == sum(app.restarts or 0 for app in apps)

    def by_name(app: App) -> tuple[Any, ...]:
        return severity.of_app(app), app.namespace, app.name, app.key

    def by_time(app: App) -> tuple[Any, ...]:
        at = app.since if app.since is not None and app.since == app.since else 0.0
        return severity.of_app(app), -at, f"{app.namespace}/{app.name}", app.key

    assert followed.worst(most) == sorted(apps, key=by_name)[:most]
    wrong = [app for app in apps if severity.of_app(app) <= Severity.UNKNOWN]
    wrong.sort(key=by_time)
    assert followed.newest_wrong(most) == wrong[:most]
    assert followed.newest_wrong() == wrong


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("names", [3, 400])
def test_kept_up_is_from_scratch(seed: int, names: int) -> None:
    choose = random.Random(seed)
    store = Store(FakeClock())
    followed = standing(store)
    start = 0.0
    for _ in range(30):
        changes = tuple(an_app(choose, names) for _ in range(choose.choice((1, 5, names))))
        known = list(store.records("App"))
        gone = tuple(choose.sample(known, min(len(known), choose.choice((0, 1, names // 2)))))
        store.apply([Parcel("tycho", "apps", upserts=changes, gone=gone)])
        check(store, followed, choose.choice((0, 1, 10, 300)))
        start = choose.choice((0.0, 150.0, 250.0))
        told = {
            app.key
            for app in store.every(App)
            if app.since is not None and app.since != app.created and app.since >= start
        }
        assert {app.key for app in followed.since(start)} == told
        few = followed.since(start, 5)
        assert len(few) == min(5, len(told))
        assert {app.key for app in few} <= told
    assert standing(store) is followed


def test_it_begins_with_what_there_is() -> None:
    choose = random.Random(99)
    store = Store(FakeClock())
    store.apply([Parcel("tycho", "apps", upserts=tuple(an_app(choose, 900) for _ in range(3000)))])
    check(store, standing(store), 100)
    # What a snapshot does not have any more is gone from it too.
    rest = tuple(an_app(choose, 900) for _ in range(5))
    store.apply([Parcel("tycho", "apps", upserts=rest, begin=True, end=True)])
    check(store, standing(store), 100)


def test_the_best_look_again_only_where_too_many_went() -> None:
    places = {key: key for key in range(10 * KEPT)}
    best = Best()
    for key, place in places.items():
        best.put(key, place)
    assert not best.short(KEPT)
    assert best.first(3) == [0, 1, 2]
    for key in range(KEPT):
        best.drop(key)
        del places[key]
    left = best.first(KEPT)
    assert left == list(range(KEPT, KEPT + len(left)))
    for key in left:
        best.drop(key)
        del places[key]
    assert best.short(1)
    best.fill(((place, key) for key, place in places.items()), 1)
    assert best.first(2) == sorted(places)[:2]
