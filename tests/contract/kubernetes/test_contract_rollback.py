"""`app.rollback` through its lifecycle: form, simulate, prepare, send, verify, reconcile."""

from __future__ import annotations

import pytest

from adapters.contract import Fate, Reached, Refused
from tests.contract.kubernetes.acting import BAD, GOOD, degraded, rolling_back
from tests.contract.kubernetes.backend import Backend, Can, RealBackend
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.objects import Object, deployment, namespace, stateful_set

REVISION = "deployment.kubernetes.io/revision"


async def test_a_rollback_from_form_to_verified(backend: Backend, hand: Hand, space: str) -> None:
    thing = await degraded(hand, space)
    app = f"{space}/o2-gen"
    async with rolling_back(backend) as rollback:
        draft = rollback.draft("intent-1", app)
        form = await rollback.action.form(draft)
        (to,) = (field for field in form.fields if field.name == "to")
        assert to.default == "1"
        assert [(option.value, option.current) for option in to.options] == [
            ("2", True),
            ("1", False),
        ]
        assert GOOD in to.options[1].label
        assert "first" in to.options[1].detail

        preview = await rollback.simulated(draft)
        assert preview.nothing == ""
        assert preview.simulated_by == "server dry run"
        changes = {change.path: change for change in preview.changes}
        (image,) = (change for path, change in changes.items() if "image" in path)
        assert (image.before, image.after) == (BAD, GOOD)
        env = [change for path, change in changes.items() if "env" in path]
        assert {(change.before, change.after) for change in env} == {(None, "bar"), ("kPa", None)}
        assert preview.undo == {"app": f"{space}/Deployment/o2-gen", "to": "2"}
        assert "rollout undo" in preview.command
        assert "--to-revision=1" in preview.command
        assert "generation" in preview.binds
        assert "resourceVersion" not in preview.binds

        envelope = await rollback.action.prepare(draft, preview)
        receipt = await rollback.action.send(envelope)
        looks = await rollback.verified(envelope, receipt)
        assert Reached.FINAL in {look.reached for look in looks}
        assert looks[-1].reached is Reached.VERIFIED
        now = await hand.rolled_out(thing)
        assert now["metadata"]["annotations"][REVISION] == "3"
        (container,) = now["spec"]["template"]["spec"]["containers"]
        assert container["image"] == GOOD
        assert container["env"] == [{"name": "UNIT", "value": "bar"}]
        managers = {entry["manager"] for entry in now["metadata"]["managedFields"]}
        assert "colony-intent-1" in managers


async def test_simulating_changes_nothing(backend: Backend, hand: Hand, space: str) -> None:
    thing = await degraded(hand, space)
    before = await hand.get(thing)
    sets = await hand.listed("ReplicaSet", space)
    async with rolling_back(backend) as rollback:
        draft = rollback.draft("intent-1", f"{space}/o2-gen", "1")
        first = await rollback.simulated(draft)
        second = await rollback.simulated(draft)
    assert (first.binds, first.outcome) == (second.binds, second.outcome)
    assert await hand.get(thing) == before
    assert await hand.listed("ReplicaSet", space) == sets


async def test_what_was_changed_since_it_was_approved_is_refused(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = await degraded(hand, space)
    async with rolling_back(backend) as rollback:
        draft = rollback.draft("intent-1", f"{space}/o2-gen", "1")
        preview = await rollback.simulated(draft)
        await hand.merge(thing, {"spec": {"replicas": 4}})
        with pytest.raises(Refused, match="since it was approved"):
            await rollback.action.prepare(draft, preview)
    assert (await hand.get(thing))["spec"]["template"]["spec"]["containers"][0]["image"] == BAD


async def test_what_is_changed_in_the_moment_of_sending_is_refused(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = await degraded(hand, space)
    async with rolling_back(backend) as rollback:
        draft = rollback.draft("intent-1", f"{space}/o2-gen", "1")
        preview = await rollback.simulated(draft)
        envelope = await rollback.action.prepare(draft, preview)
        await hand.merge(thing, {"metadata": {"labels": {"deck": "3"}}})
        with pytest.raises(Refused, match="409 Conflict"):
            await rollback.action.send(envelope)
        found = await rollback.action.reconcile(envelope)
        assert found.fate is Fate.NOT_SENT
    assert (await hand.get(thing))["spec"]["template"]["spec"]["containers"][0]["image"] == BAD


async def test_sending_twice_has_one_effect(backend: Backend, hand: Hand, space: str) -> None:
    thing = await degraded(hand, space)
    async with rolling_back(backend) as rollback:
        draft = rollback.draft("intent-1", f"{space}/o2-gen", "1")
        _, envelope, _ = await rollback.sent(draft)
        with pytest.raises(Refused):
            await rollback.action.send(envelope)
    now = await hand.rolled_out(thing)
    assert now["metadata"]["annotations"][REVISION] == "3"


async def test_reconciling_tells_what_was_sent_from_what_was_not(
    backend: Backend, hand: Hand, space: str
) -> None:
    await degraded(hand, space)
    async with rolling_back(backend) as rollback:
        draft = rollback.draft("intent-1", f"{space}/o2-gen", "1")
        preview = await rollback.simulated(draft)
        envelope = await rollback.action.prepare(draft, preview)
        before = await rollback.action.reconcile(envelope)
        assert (before.fate, before.receipt) == (Fate.NOT_SENT, None)
        await rollback.action.send(envelope)
    async with rolling_back(backend) as restarted:
        after = await restarted.action.reconcile(envelope)
        assert after.fate is Fate.SENT
        assert after.receipt is not None
        looks = await restarted.verified(envelope, after.receipt)
        assert looks[-1].reached is Reached.VERIFIED


async def test_an_undo_that_does_not_get_well_is_not_verified(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = await degraded(hand, space)
    async with rolling_back(backend) as rollback:
        preview, _, _ = await rollback.sent(rollback.draft("intent-1", f"{space}/o2-gen"))
        await hand.rolled_out(thing)
        undo = rollback.draft("intent-2", preview.undo["app"], preview.undo["to"])
        _, envelope, receipt = await rollback.sent(undo)
        looks = await rollback.verified(envelope, receipt)
        assert looks[-1].reached is Reached.NOT_VERIFIED
        assert "ImagePull" in looks[-1].detail
        assert BAD in looks[-1].detail


async def test_going_back_to_what_it_is_already_is_nothing(
    backend: Backend, hand: Hand, space: str
) -> None:
    await degraded(hand, space)
    async with rolling_back(backend) as rollback:
        preview = await rollback.simulated(rollback.draft("intent-1", f"{space}/o2-gen", "2"))
        assert preview.nothing
        assert preview.changes == ()


@pytest.mark.parametrize(
    ("app", "to", "line"),
    [
        ("{}/o2-gen", "7", "no revision '7'; it has: 2, 1"),
        ("{}/o2-gen", "one", "no revision 'one'"),
        ("{}/nobody", "1", "there is no Deployment or StatefulSet"),
        ("o2-gen", "1", "NAMESPACE/NAME"),
    ],
)
async def test_what_cannot_be_is_refused(
    backend: Backend, hand: Hand, space: str, app: str, to: str, line: str
) -> None:
    if app.endswith("o2-gen") and to != "1":
        await degraded(hand, space)
    async with rolling_back(backend) as rollback:
        with pytest.raises(Refused) as raised:
            await rollback.simulated(rollback.draft("intent-1", app.format(space), to))
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)


async def test_a_paused_deployment_is_refused(backend: Backend, hand: Hand, space: str) -> None:
    thing = await degraded(hand, space)
    await hand.merge(thing, {"spec": {"paused": True}})
    async with rolling_back(backend) as rollback:
        with pytest.raises(Refused, match="is paused"):
            await rollback.simulated(rollback.draft("intent-1", f"{space}/o2-gen", "1"))


async def test_who_may_only_read_is_refused_before_anything_is_asked_of_people(
    backend: Backend, hand: Hand, space: str
) -> None:
    await degraded(hand, space)
    async with rolling_back(backend, "reader") as rollback:
        draft = rollback.draft("intent-1", f"{space}/o2-gen", "1")
        assert (await rollback.action.form(draft)).fields
        with pytest.raises(Refused) as raised:
            await rollback.simulated(draft)
    assert 'User "reader" cannot patch resource "deployments"' in str(raised.value)
    assert "\n" not in str(raised.value)


async def test_a_stateful_set_goes_back_and_says_which_pod_stands_in_the_way(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = stateful_set(space, "tank", "colony/tank:1", replicas=2)
    await hand.create(thing)
    await hand.rolled_out(thing)
    await hand.set_image(thing, "colony/tank:missing-2")
    await hand.stuck(thing, "ImagePullBackOff")
    async with rolling_back(backend) as rollback:
        draft = rollback.draft("intent-1", f"{space}/StatefulSet/tank", "1")
        preview = await rollback.simulated(draft)
        (change,) = preview.changes
        assert (change.before, change.after) == ("colony/tank:missing-2", "colony/tank:1")
        (warning,) = (line for line in preview.warnings if "delete pod" in line)
        assert "tank-1" in warning
        envelope = await rollback.action.prepare(draft, preview)
        receipt = await rollback.action.send(envelope)
        looks = await rollback.verified(envelope, receipt)
        assert looks[-1].reached is Reached.NOT_VERIFIED
        assert "tank-1 of the bad revision must be deleted first" in looks[-1].detail
        await hand.delete({"kind": "Pod", "metadata": {"name": "tank-1", "namespace": space}})
        looks = await rollback.verified(envelope, receipt)
        assert looks[-1].reached is Reached.VERIFIED
    now = await hand.rolled_out(thing)
    assert now["spec"]["template"]["spec"]["containers"][0]["image"] == "colony/tank:1"
    managers = {entry["manager"] for entry in now["metadata"]["managedFields"]}
    assert "colony-intent-1" in managers


async def test_the_result_is_what_kubectl_makes_of_its_twin(
    backend: Backend, hand: Hand, space: str
) -> None:
    """One Deployment is rolled back by us, its twin by `kubectl rollout undo`."""
    theirs = f"{space}-twin"
    await hand.create(namespace(theirs))
    ours_thing, their_thing = await _annotated(hand, space), await _annotated(hand, theirs)
    async with rolling_back(backend) as rollback:
        preview, _, _ = await rollback.sent(rollback.draft("intent-1", f"{space}/o2-gen", "1"))
    if Can.KUBECTL in backend.can:
        assert isinstance(backend, RealBackend)
        undo = ["rollout", "undo", "deployment/o2-gen", "--to-revision=1", "-n", theirs]
        assert backend.plane.kubectl(*undo) == "deployment.apps/o2-gen rolled back\n"
        assert preview.command.split()[1:] == ["--namespace", space, *undo[:-2]]
    else:  # what kubectl is known to send, sent by hand
        await hand.merge(their_thing, _as_kubectl(await hand.listed("ReplicaSet", theirs)))
    ours, twin = await hand.rolled_out(ours_thing), await hand.rolled_out(their_thing)
    assert ours["spec"] == twin["spec"]
    assert ours["metadata"]["annotations"] == twin["metadata"]["annotations"]
    assert ours["metadata"]["generation"] == twin["metadata"]["generation"]


async def _annotated(hand: Hand, space: str) -> Object:
    """Make a Deployment whose annotations kubectl treats in each of its ways."""
    thing = deployment(space, "o2-gen", GOOD, replicas=1, cause="first", UNIT="bar")
    kept = {"kubectl.kubernetes.io/last-applied-configuration": '{"of":"the second"}\n'}
    thing["metadata"]["annotations"] |= {"colony/site": "mare-1", "colony/first": "yes"}
    await hand.create(thing)
    await hand.rolled_out(thing)
    notes = {**kept, "colony/first": None, "colony/second": "yes"}
    await hand.merge(thing, {"metadata": {"annotations": notes}})
    await hand.set_image(thing, BAD, cause="second", PRESSURE_UNIT="kPa")
    await hand.stuck(thing, "ImagePullBackOff")
    return thing


def _as_kubectl(sets: list[Object]) -> Object:
    """The change that brings back the first of *sets*: its template, and its own annotations."""
    (first,) = (each for each in sets if each["metadata"]["annotations"][REVISION] == "1")
    template = first["spec"]["template"]
    labels = {k: v for k, v in template["metadata"]["labels"].items() if k != "pod-template-hash"}
    return {
        "metadata": {
            "annotations": {
                "kubernetes.io/change-cause": "first",
                "colony/first": "yes",
                "colony/second": None,
            }
        },
        "spec": {"template": {**template, "metadata": {"labels": labels}}},
    }
