"""`app.scale` through its lifecycle: form, simulate, prepare, send, verify, reconcile."""

from __future__ import annotations

import pytest

from adapters.contract import Draft, Fate, Reached, Refused, Significance
from tests.contract.kubernetes.acting import acting
from tests.contract.kubernetes.backend import Backend, Can, RealBackend
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.objects import Object, autoscaler, deployment, stateful_set


def _draft(space: str, replicas: int, name: str = "o2-gen", intent: str = "intent-1") -> Draft:
    arguments = {"app": f"{space}/{name}", "replicas": str(replicas)}
    return Draft(intent, "app.scale", arguments, actor="ada")


async def _three(hand: Hand, space: str) -> Object:
    thing = deployment(space, "o2-gen", "colony/o2-gen:2.3.9", replicas=3)
    await hand.create(thing)
    await hand.rolled_out(thing)
    return thing


async def _pods(hand: Hand, space: str, app: str = "o2-gen") -> set[str]:
    listed = await hand.listed("Pod", space, labelSelector=f"app={app}")
    return {each["metadata"]["name"] for each in listed}


async def test_a_scaling_up_from_form_to_verified(backend: Backend, hand: Hand, space: str) -> None:
    thing = await _three(hand, space)
    before = await _pods(hand, space)
    async with acting(backend, "app.scale") as scale:
        draft = _draft(space, 5)
        form = await scale.action.form(draft)
        (field,) = (each for each in form.fields if each.name == "replicas")
        assert field.help == "3 now, 3 of them ready; 0 stops it"
        preview = await scale.simulated(draft)
        assert [(each.before, each.after) for each in preview.changes] == [("3", "5")]
        assert preview.significance is Significance.CAUTION
        assert preview.undo == {"app": f"{space}/Deployment/o2-gen", "replicas": "3"}
        assert preview.blast.pods is not None
        assert len(preview.blast.pods) == 2
        assert (await hand.get(thing))["spec"]["replicas"] == 3
        envelope = await scale.action.prepare(draft, preview)
        receipt = await scale.action.send(envelope)
        looks = await scale.verified(envelope, receipt)
        assert looks[-1].reached is Reached.VERIFIED
        assert looks[-1].detail == "5 of 5 ready"
    now = await hand.rolled_out(thing)
    assert now["spec"]["replicas"] == 5
    assert before < await _pods(hand, space)
    managers = {entry["manager"] for entry in now["metadata"]["managedFields"]}
    assert "colony-intent-1" in managers


async def test_a_scaling_down_undoes_it(backend: Backend, hand: Hand, space: str) -> None:
    thing = await _three(hand, space)
    async with acting(backend, "app.scale") as scale:
        preview, envelope, receipt = await scale.sent(_draft(space, 1))
        assert preview.blast.pods is not None
        assert len(preview.blast.pods) == 2
        assert (await scale.verified(envelope, receipt))[-1].reached is Reached.VERIFIED
        assert len(await _pods(hand, space)) == 1
        undo = Draft("intent-2", "app.scale", preview.undo, actor="ada")
        _, envelope, receipt = await scale.sent(undo)
        assert (await scale.verified(envelope, receipt))[-1].reached is Reached.VERIFIED
    assert (await hand.rolled_out(thing))["spec"]["replicas"] == 3


async def test_scaling_to_zero_stops_it_and_is_critical(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = await _three(hand, space)
    async with acting(backend, "app.scale") as scale:
        before = await _pods(hand, space)
        preview, envelope, receipt = await scale.sent(_draft(space, 0))
        assert preview.significance is Significance.CRITICAL
        assert preview.because == "scaling to zero stops it"
        assert set(preview.blast.pods or ()) == before
        looks = await scale.verified(envelope, receipt)
        assert (looks[-1].reached, looks[-1].detail) == (Reached.VERIFIED, "no pod left")
        assert await _pods(hand, space) == set()
        back = await scale.simulated(_draft(space, 2, intent="intent-2"))
        assert (back.significance, back.because) == (Significance.CAUTION, "")
    assert (await hand.get(thing))["spec"]["replicas"] == 0


async def test_simulating_changes_nothing(backend: Backend, hand: Hand, space: str) -> None:
    thing = await _three(hand, space)
    before = await hand.get(thing)
    async with acting(backend, "app.scale") as scale:
        first = await scale.simulated(_draft(space, 7))
        second = await scale.simulated(_draft(space, 7))
    assert (first.binds, first.outcome) == (second.binds, second.outcome)
    assert await hand.get(thing) == before


async def test_what_was_scaled_since_it_was_approved_is_refused(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = await _three(hand, space)
    async with acting(backend, "app.scale") as scale:
        preview = await scale.simulated(_draft(space, 5))
        await hand.merge(thing, {"spec": {"replicas": 4}})
        with pytest.raises(Refused, match=r"it was scaled since it was approved \(3 → 4\)"):
            await scale.action.prepare(_draft(space, 5), preview)
    assert (await hand.get(thing))["spec"]["replicas"] == 4


async def test_what_is_changed_in_the_moment_of_sending_is_refused(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = await _three(hand, space)
    async with acting(backend, "app.scale") as scale:
        preview = await scale.simulated(_draft(space, 5))
        envelope = await scale.action.prepare(_draft(space, 5), preview)
        await hand.merge(thing, {"metadata": {"labels": {"deck": "3"}}})
        with pytest.raises(Refused, match="409 Conflict"):
            await scale.action.send(envelope)
        assert (await scale.action.reconcile(envelope)).fate is Fate.NOT_SENT
    assert (await hand.get(thing))["spec"]["replicas"] == 3


async def test_what_was_made_again_is_not_scaled(backend: Backend, hand: Hand, space: str) -> None:
    thing = await _three(hand, space)
    async with acting(backend, "app.scale") as scale:
        preview = await scale.simulated(_draft(space, 5))
        envelope = await scale.action.prepare(_draft(space, 5), preview)
        await hand.delete(thing)

        async def gone() -> bool:
            return not await hand.listed("ReplicaSet", space)

        await backend.settle(gone, "the end of the old ReplicaSet")
        await _three(hand, space)
        with pytest.raises(Refused):
            await scale.action.send(envelope)
        assert (await scale.action.reconcile(envelope)).fate is Fate.UNKNOWN
    assert (await hand.get(thing))["spec"]["replicas"] == 3


async def test_sending_twice_has_one_effect(backend: Backend, hand: Hand, space: str) -> None:
    thing = await _three(hand, space)
    async with acting(backend, "app.scale") as scale:
        _, envelope, _ = await scale.sent(_draft(space, 5))
        generation = (await hand.get(thing))["metadata"]["generation"]
        with pytest.raises(Refused):
            await scale.action.send(envelope)
        assert (await hand.get(thing))["metadata"]["generation"] == generation
    async with acting(backend, "app.scale") as restarted:
        found = await restarted.action.reconcile(envelope)
        assert found.fate is Fate.SENT
        assert found.receipt is not None
        looks = await restarted.verified(envelope, found.receipt)
        assert looks[-1].reached is Reached.VERIFIED


async def test_who_may_only_read_is_refused(backend: Backend, hand: Hand, space: str) -> None:
    await _three(hand, space)
    async with acting(backend, "app.scale", "reader") as scale:
        assert (await scale.action.form(_draft(space, 5))).fields
        with pytest.raises(Refused) as raised:
            await scale.simulated(_draft(space, 5))
    assert 'User "reader" cannot patch resource "deployments"' in str(raised.value)


async def test_an_autoscaler_would_undo_it(backend: Backend, hand: Hand, space: str) -> None:
    await _three(hand, space)
    await hand.create(autoscaler(space, "o2-auto", "o2-gen", 2, 5))
    async with acting(backend, "app.scale") as scale:
        with pytest.raises(Refused, match="o2-auto keeps it between 2 and 5 pods"):
            await scale.simulated(_draft(space, 4))
        preview = await scale.simulated(_draft(space, 0))
    assert "the autoscaler o2-auto rests while it is at 0" in preview.warnings


async def test_a_paused_deployment_is_scaled(backend: Backend, hand: Hand, space: str) -> None:
    thing = await _three(hand, space)
    await hand.merge(thing, {"spec": {"paused": True}})
    async with acting(backend, "app.scale") as scale:
        preview, envelope, receipt = await scale.sent(_draft(space, 4))
        assert any("it is paused" in each for each in preview.warnings)
        assert (await scale.verified(envelope, receipt))[-1].reached is Reached.VERIFIED
    assert len(await _pods(hand, space)) == 4


async def test_pods_that_cannot_start_are_not_verified(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = deployment(space, "o2-gen", "colony/o2-gen:missing-2.4.1", replicas=0)
    await hand.create(thing)
    async with acting(backend, "app.scale") as scale:
        _, envelope, receipt = await scale.sent(_draft(space, 2))
        looks = await scale.verified(envelope, receipt)
    assert looks[-1].reached is Reached.NOT_VERIFIED
    assert "0 of 2 ready; pod o2-gen-" in looks[-1].detail
    assert "ImagePull" in looks[-1].detail


async def test_a_stateful_set_gains_and_loses_its_last_pods(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = stateful_set(space, "tank", "colony/tank:1", replicas=2)
    await hand.create(thing)
    await hand.rolled_out(thing)
    async with acting(backend, "app.scale") as scale:
        preview, envelope, receipt = await scale.sent(_draft(space, 3, "tank"))
        assert preview.blast.pods == ("tank-2",)
        assert (await scale.verified(envelope, receipt))[-1].reached is Reached.VERIFIED
        assert await _pods(hand, space, "tank") == {"tank-0", "tank-1", "tank-2"}
        down = _draft(space, 1, "tank", intent="intent-2")
        preview, envelope, receipt = await scale.sent(down)
        assert preview.blast.pods == ("tank-1", "tank-2")
        assert (await scale.verified(envelope, receipt))[-1].reached is Reached.VERIFIED
    assert await _pods(hand, space, "tank") == {"tank-0"}


async def test_the_command_that_is_shown_does_the_same(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = await _three(hand, space)
    async with acting(backend, "app.scale") as scale:
        preview = await scale.simulated(_draft(space, 4))
    words = preview.command.split()
    assert words[0] == "kubectl"
    assert words[-4:] == ["scale", "deployment/o2-gen", "--current-replicas=3", "--replicas=4"]
    if Can.KUBECTL in backend.can:
        assert isinstance(backend, RealBackend)
        assert backend.plane.kubectl(*words[-4:], "-n", space) == "deployment.apps/o2-gen scaled\n"
        assert (await hand.get(thing))["spec"]["replicas"] == 4
