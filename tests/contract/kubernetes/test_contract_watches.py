"""Watches: every change once and in order, bookmarks, clean ends, and 410."""

from __future__ import annotations

from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.objects import Object, collection, namespace, service
from tests.contract.kubernetes.watching import watching


async def _version(hand: Hand, path: str) -> str:
    listed = (await hand.client.get(path)).json()
    version: str = listed["metadata"]["resourceVersion"]
    return version


def _seen(events: list[Object]) -> list[tuple[str, str]]:
    return [(event["type"], event["object"]["metadata"]["name"]) for event in events]


async def test_changes_after_a_list_come_once_and_in_order(hand: Hand, space: str) -> None:
    path = collection("Service", space)
    relay, probe = service(space, "relay"), service(space, "probe")
    await hand.create(relay)
    version = await _version(hand, path)
    await hand.create(probe)  # before the watch began, after the list
    async with watching(hand.client, path, resourceVersion=version) as watch:
        assert watch.status == 200
        await hand.merge(relay, {"metadata": {"labels": {"deck": "3"}}})
        await hand.delete(relay)
        events = await watch.until("DELETED")
    assert _seen(events) == [("ADDED", "probe"), ("MODIFIED", "relay"), ("DELETED", "relay")]
    versions = [int(event["object"]["metadata"]["resourceVersion"]) for event in events]
    assert versions == sorted(set(versions))
    assert versions[0] > int(version)
    assert events[0]["object"]["kind"] == "Service"
    assert events[1]["object"]["metadata"]["labels"] == {"deck": "3"}


async def test_a_watch_goes_on_from_where_another_ended(hand: Hand, space: str) -> None:
    path = collection("Service", space)
    version = await _version(hand, path)
    await hand.create(service(space, "relay"))
    async with watching(hand.client, path, resourceVersion=version) as watch:
        (first,) = await watch.until("ADDED")
    await hand.create(service(space, "probe"))
    version = first["object"]["metadata"]["resourceVersion"]
    async with watching(hand.client, path, resourceVersion=version) as watch:
        assert _seen(await watch.until("ADDED")) == [("ADDED", "probe")]


async def test_a_selector_turns_changes_into_arrivals_and_departures(
    hand: Hand, space: str
) -> None:
    path = collection("Service", space)
    relay = service(space, "relay")
    await hand.create(relay)
    version = await _version(hand, path)
    query = {"resourceVersion": version, "labelSelector": "deck=3"}
    async with watching(hand.client, path, **query) as watch:
        await hand.merge(relay, {"metadata": {"labels": {"deck": "3"}}})
        await hand.merge(relay, {"metadata": {"labels": {"deck": "4"}}})
        assert _seen(await watch.until("DELETED")) == [("ADDED", "relay"), ("DELETED", "relay")]


async def test_a_bookmark_before_the_end_tells_what_a_watch_did_not_show(
    hand: Hand, space: str
) -> None:
    path = collection("Service", space)
    version = await _version(hand, path)
    elsewhere = f"{space}-elsewhere"
    await hand.create(namespace(elsewhere))
    query = {"resourceVersion": version, "allowWatchBookmarks": "true", "timeoutSeconds": "4"}
    async with watching(hand.client, path, **query) as watch:
        other = await hand.create(service(elsewhere, "relay"))
        events = await watch.rest()
    assert {event["type"] for event in events} == {"BOOKMARK"}
    thing = events[-1]["object"]
    assert (thing["kind"], thing["apiVersion"]) == ("Service", "v1")
    assert "name" not in thing["metadata"]
    reached = int(thing["metadata"]["resourceVersion"])
    assert reached >= int(other["metadata"]["resourceVersion"])


async def test_a_watch_that_asked_for_no_bookmarks_gets_none_and_ends_cleanly(
    hand: Hand, space: str
) -> None:
    path = collection("Service", space)
    query = {"resourceVersion": await _version(hand, path), "timeoutSeconds": "3"}
    async with watching(hand.client, path, **query) as watch:
        await hand.create(service(space, "relay"))
        assert _seen(await watch.until("ADDED")) == [("ADDED", "relay")]
        assert await watch.next() is None


async def test_a_version_that_was_forgotten_is_gone(
    backend: Backend, hand: Hand, space: str
) -> None:
    path = collection("Service", space)
    version = await _version(hand, path)
    await hand.create(service(space, "relay"))
    await hand.delete(service(space, "relay"))
    await backend.expire()
    async with watching(hand.client, path, resourceVersion=version) as watch:
        event = await watch.next()
    assert event is not None
    status = event if watch.status == 410 else event["object"]
    assert watch.status == 410 or (watch.status == 200 and event["type"] == "ERROR")
    assert (status["kind"], status["reason"], status["code"]) == ("Status", "Expired", 410)
    assert status["message"].startswith("too old resource version: ")


async def test_a_watch_without_a_version_begins_with_what_there_is(hand: Hand, space: str) -> None:
    path = collection("Service", space)
    await hand.create(service(space, "relay"))
    async with watching(hand.client, path) as watch:
        assert _seen(await watch.until("ADDED")) == [("ADDED", "relay")]
