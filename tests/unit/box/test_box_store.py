"""The store: one counter, snapshots of the past, and what compaction takes."""

from __future__ import annotations

from fixtures.kubernetes.kinds import POD, SERVICE, Object
from fixtures.kubernetes.store import Change, Store


def _thing(name: str, **more: object) -> Object:
    return {"metadata": {"name": name, "namespace": "bay", "uid": f"uid-{name}", **more}}


def test_one_counter_numbers_every_write() -> None:
    store = Store()
    first = store.put(POD, _thing("a"))
    second = store.put(SERVICE, _thing("a"))
    assert (first.revision, second.revision) == (2, 3)
    assert first.object["metadata"]["resourceVersion"] == "2"


def test_the_past_can_be_listed_until_it_is_compacted() -> None:
    store = Store()
    store.put(POD, _thing("a"))
    then = store.put(POD, _thing("b")).revision
    store.put(POD, _thing("c"))
    store.put(POD, _thing("a", labels={"x": "y"}))
    store.remove(POD, "bay", "b")
    names = [item.key[1] for item in store.items_at(POD, then)]
    assert names == ["a", "b"]
    assert "labels" not in store.items_at(POD, then)[0].object["metadata"]
    store.compact(then)
    assert store.compacted == then
    assert [change.type for change in store.since(POD, then)] == ["ADDED", "MODIFIED", "DELETED"]


def test_a_deleted_object_is_told_with_the_number_of_its_deletion() -> None:
    store = Store()
    told: list[Change] = []
    store.listen(POD, told.append)
    store.put(POD, _thing("a"))
    store.remove(POD, "bay", "a")
    assert [change.type for change in told] == ["ADDED", "DELETED"]
    assert told[1].item.object["metadata"]["resourceVersion"] == "3"
    assert told[1].before is not None
    assert told[1].before.object["metadata"]["resourceVersion"] == "2"


def test_a_controllers_objects_are_found_by_its_uid() -> None:
    store = Store()
    owner = {"uid": "boss", "controller": True}
    store.put(POD, _thing("a", ownerReferences=[owner]))
    store.put(POD, _thing("b", ownerReferences=[{"uid": "boss"}]))
    assert [item.key[1] for item in store.owned("boss", POD)] == ["a"]
    store.put(POD, _thing("a"))
    assert not store.dependents("boss")
