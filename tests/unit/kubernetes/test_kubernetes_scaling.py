"""`app.scale` through its lifecycle, against a cluster of one workload."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fake_cluster import Cluster, scale
from kubernetes_objects import FakeClock, meta, pod, status, stuck_pod

from adapters.contract import Change, Draft, Fate, Progress, Reached, Refused, Significance
from adapters.kubernetes.scaling import MOST

AUTOSCALER = {
    "metadata": meta("o2-auto"),
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "o2"},
        "minReplicas": 2,
        "maxReplicas": 5,
    },
}


def _draft(replicas: str, app: str = "life-support/o2") -> Draft:
    return Draft("i-7", "app.scale", {"app": app, "replicas": replicas})


def _patches(cluster: Cluster) -> list[httpx.Request]:
    return [each for each in cluster.log if each.method == "PATCH"]


async def test_the_form_has_the_number_that_there_is() -> None:
    form = await scale(Cluster()).form(Draft("i", "app.scale", {"app": "life-support/o2"}))
    assert form.title == "Scale life-support/o2"
    field = form.fields[1]
    assert (field.name, field.default, field.required) == ("replicas", "", True)
    assert field.help == "3 now, 3 of them ready; 0 stops it"
    assert form.notes == ()
    form = await scale(Cluster()).form(Draft("i", "app.scale", {}))
    assert [each.name for each in form.fields] == ["app"]


async def test_the_form_says_who_else_decides() -> None:
    cluster = Cluster()
    cluster.lists["horizontalpodautoscalers"] = [AUTOSCALER]
    cluster.o2["metadata"]["labels"] = {"argocd.argoproj.io/instance": "oxygen"}
    form = await scale(cluster).form(Draft("i", "app.scale", {"app": "life-support/o2"}))
    assert form.notes == (
        "Argo CD (application oxygen) manages this: it will undo this unless its source changes "
        "too",
        "the autoscaler o2-auto keeps it between 2 and 5 pods; only a scaling to 0 stays",
    )


async def test_simulating_up_changes_nothing_and_says_everything() -> None:
    cluster = Cluster()
    preview = await scale(cluster).simulate(_draft("5"))
    assert preview.title == "Scale life-support/o2: 3 → 5 pods"
    assert preview.simulated_by == "server dry run"
    assert (preview.significance, preview.because) == (Significance.CAUTION, "")
    assert preview.changes == (Change("replicas", "3", "5"),)
    assert preview.touches == ("2 pods more", "address 10.9.0.5 of Service o2 (80/TCP)")
    assert preview.blast.pods == ("new pod 1 of o2", "new pod 2 of o2")
    assert preview.blast.addresses == ("10.9.0.5",)
    assert (preview.blast.tokens, preview.blast.sites) == ((), ())
    assert preview.blast.apps == ("life-support/o2",)
    assert preview.command == (
        "kubectl --namespace life-support scale deployment/o2 --current-replicas=3 --replicas=5"
    )
    assert preview.undo == {"app": "life-support/Deployment/o2", "replicas": "3"}
    assert preview.confirm == "o2"
    assert preview.warnings == ()
    (asked,) = _patches(cluster)
    assert asked.url.params["dryRun"] == "All"
    assert cluster.o2["spec"]["replicas"] == 3


async def test_a_controller_chooses_which_pods_end() -> None:
    preview = await scale(Cluster()).simulate(_draft("2"))
    assert preview.touches[0] == "1 of its 3 pods: its controller chooses"
    assert preview.blast.pods == ("ending pod 1 of o2",)


async def test_scaling_to_zero_is_critical_and_names_all_that_ends() -> None:
    cluster = Cluster()
    cluster.o2["metadata"]["annotations"] |= {
        "colony/token": "eip155:1/erc721:0xabc/7",
        "colony/site": "mare-1",
    }
    preview = await scale(cluster).simulate(_draft("0"))
    assert (preview.significance, preview.because) == (
        Significance.CRITICAL,
        "scaling to zero stops it",
    )
    assert preview.touches[0] == "pod o2-bad-1 on habitat-1 (Running)"
    assert preview.blast.pods == ("o2-bad-1",)
    assert preview.blast.tokens == ("eip155:1/erc721:0xabc/7",)
    assert preview.blast.sites == ("mare-1",)
    assert preview.warnings == ("nothing answers at 10.9.0.5 any more",)


@pytest.mark.parametrize(
    ("before", "after", "priority", "because"),
    [
        (4, 1, "critical", "less than half of its pods (1 of 4)"),
        (4, 2, "critical", ""),
        (4, 1, "essential", ""),
        (0, 40, "critical", ""),
        (3, 30, "", ""),
        (3, 31, "", "more than 10 times the pods"),
    ],
)
async def test_how_much_it_may_cost(before: int, after: int, priority: str, because: str) -> None:
    cluster = Cluster()
    cluster.o2["spec"]["replicas"] = before
    cluster.o2["metadata"]["annotations"]["colony/priority"] = priority
    preview = await scale(cluster).simulate(_draft(str(after)))
    assert because in preview.because
    assert bool(preview.because) is bool(because)
    critical = preview.significance is Significance.CRITICAL
    assert critical is bool(because)


async def test_an_autoscaler_would_undo_it() -> None:
    cluster = Cluster()
    cluster.lists["horizontalpodautoscalers"] = [AUTOSCALER]
    with pytest.raises(Refused, match="o2-auto keeps it between 2 and 5 pods and would undo this"):
        await scale(cluster).simulate(_draft("4"))
    assert not _patches(cluster)


async def test_an_autoscaler_rests_at_zero_and_wakes_above() -> None:
    cluster = Cluster()
    cluster.lists["horizontalpodautoscalers"] = [AUTOSCALER]
    preview = await scale(cluster).simulate(_draft("0"))
    assert "the autoscaler o2-auto rests while it is at 0" in preview.warnings
    cluster.o2["spec"]["replicas"] = 0
    preview = await scale(cluster).simulate(_draft("1"))
    assert preview.warnings == ("the autoscaler o2-auto then keeps it between 2 and 5 pods",)


@pytest.mark.parametrize(
    "change", [{"kind": "StatefulSet"}, {"name": "other"}, {"apiVersion": "other/v1"}]
)
async def test_an_autoscaler_of_something_else_does_not_matter(change: dict[str, str]) -> None:
    cluster = Cluster()
    target = {**AUTOSCALER["spec"]["scaleTargetRef"], **change}  # type: ignore[dict-item]
    other = {**AUTOSCALER, "spec": {"scaleTargetRef": target, "maxReplicas": 5}}
    cluster.lists["horizontalpodautoscalers"] = [other]
    assert (await scale(cluster).simulate(_draft("4"))).warnings == ()


@pytest.mark.parametrize(
    ("code", "warnings"),
    [
        (403, ("whether an autoscaler decides over it is not known: they may not be read",)),
        (404, ()),
    ],
)
async def test_autoscalers_that_nobody_tells_of(code: int, warnings: tuple[str, ...]) -> None:
    cluster = Cluster()
    cluster.deny["GET horizontalpodautoscalers"] = status(code, "Forbidden")
    assert (await scale(cluster).simulate(_draft("4"))).warnings == warnings


async def test_a_paused_deployment_is_scaled_with_a_warning() -> None:
    cluster = Cluster()
    cluster.o2["spec"]["paused"] = True
    preview = await scale(cluster).simulate(_draft("4"))
    assert preview.warnings == (
        "it is paused: its pods are scaled as they are, and no rollout goes on",
    )


async def test_a_rollout_and_a_stuck_pod_are_warned_of() -> None:
    cluster = Cluster()
    cluster.o2["status"] |= {"replicas": 4, "updatedReplicas": 1}
    cluster.lists["pods"] = [stuck_pod("o2-bad-1")]
    preview = await scale(cluster).simulate(_draft("4"))
    assert preview.warnings == (
        "a rollout is under way: the pods of both revisions are scaled",
        "o2-bad-1 does not get on already: more pods may not either",
    )


@pytest.mark.parametrize(
    ("replicas", "line"),
    [
        ("", "is not said"),
        ("-1", "'-1' is no number of pods"),
        ("three", "'three' is no number of pods; expected: 0 to"),
        ("3\x1b[2J", "is no number of pods"),
        ("٣", "is no number of pods"),
        (str(MOST + 1), f"more than the {MOST}"),
    ],
)
async def test_numbers_that_are_none(replicas: str, line: str) -> None:
    with pytest.raises(Refused) as caught:
        await scale(Cluster()).simulate(_draft(replicas))
    assert line in str(caught.value)
    assert "\x1b" not in str(caught.value)


async def test_what_cannot_be_scaled() -> None:
    with pytest.raises(Refused, match="a DaemonSet cannot be scaled"):
        await scale(Cluster()).simulate(_draft("3", "life-support/DaemonSet/o2"))


async def test_the_number_that_there_is_is_nothing_to_do() -> None:
    cluster = Cluster()
    action = scale(cluster)
    preview = await action.simulate(_draft("3"))
    assert preview.nothing == "life-support/o2 is to have 3 pods already; 3 ready"
    with pytest.raises(Refused, match="already"):
        await action.prepare(_draft("3"), preview)
    assert not _patches(cluster)


async def test_a_server_that_gives_another_number_is_refused() -> None:
    cluster = Cluster()
    other = json.loads(json.dumps(cluster.o2))
    other["spec"]["replicas"] = 4
    cluster.deny["DRY PATCH deployments/o2"] = httpx.Response(200, json=other)
    with pytest.raises(Refused, match="would give life-support/o2 4 pods, and not 5"):
        await scale(cluster).simulate(_draft("5"))


async def test_another_outcome_voids_the_approval() -> None:
    cluster = Cluster()
    action = scale(cluster)
    preview = await action.simulate(_draft("5"))
    other = json.loads(json.dumps(cluster.o2))
    other["spec"] |= {"replicas": 5, "minReadySeconds": 30}
    cluster.deny["DRY PATCH deployments/o2"] = httpx.Response(200, json=other)
    with pytest.raises(Refused, match="the server would make something else of it now"):
        await action.prepare(_draft("5"), preview)


async def test_a_scaling_by_somebody_else_voids_the_approval() -> None:
    cluster = Cluster()
    action = scale(cluster)
    preview = await action.simulate(_draft("5"))
    cluster.o2["spec"]["replicas"] = 4
    cluster.o2["metadata"]["generation"] = 3
    with pytest.raises(Refused, match=r"it was scaled since it was approved \(3 → 4\)"):
        await action.prepare(_draft("5"), preview)


async def _sent(cluster: Cluster, replicas: str, clock: FakeClock | None = None) -> Any:
    action = scale(cluster, clock)
    preview = await action.simulate(_draft(replicas))
    envelope = await action.prepare(_draft(replicas), preview)
    return action, envelope, await action.send(envelope)


async def test_what_is_sent() -> None:
    cluster = Cluster()
    action, envelope, receipt = await _sent(cluster, "5")
    assert envelope.target == (
        "PATCH /apis/apps/v1/namespaces/life-support/deployments/o2"
        "?fieldManager=colony-i-7&timeout=10s"
    )
    assert json.loads(envelope.body) == {
        "metadata": {"uid": "uid-life-support-o2", "resourceVersion": "70"},
        "spec": {"replicas": 5},
    }
    assert _patches(cluster)[-1].headers["content-type"] == "application/merge-patch+json"
    assert receipt.detail == "accepted as generation 3"
    with pytest.raises(Refused, match="409 Conflict"):
        await action.send(envelope)
    assert cluster.o2["metadata"]["generation"] == 3
    assert (await action.reconcile(envelope)).fate is Fate.SENT


@pytest.mark.parametrize(
    ("replicas", "detail"),
    [(5, "does not show who changed it"), (3, "has its old number of pods"), (4, "someone else")],
)
async def test_reconcile_does_not_guess(replicas: int, detail: str) -> None:
    cluster = Cluster()
    action = scale(cluster)
    envelope = await action.prepare(_draft("5"), await action.simulate(_draft("5")))
    assert (await action.reconcile(envelope)).fate is Fate.NOT_SENT
    cluster.o2["metadata"]["generation"] = 3
    cluster.o2["spec"]["replicas"] = replicas
    found = await action.reconcile(envelope)
    assert (found.fate, detail in found.detail) == (Fate.UNKNOWN, True)


async def _verified(
    cluster: Cluster, replicas: str, steps: list[Any], clock: FakeClock | None = None
) -> list[Progress]:
    """Send, then look while *steps* are done, one before each look; return what was said."""
    action, envelope, receipt = await _sent(cluster, replicas, clock)
    script = iter(steps)

    def mutate(item: dict[str, Any]) -> None:
        step = next(script, None)
        if step is not None:
            step(item)

    cluster.mutate = mutate
    return [each async for each in action.verify(envelope, receipt)]


def _status(**values: Any) -> Any:
    return lambda item: item["status"].update(values)


async def test_up_is_verified_when_all_are_ready() -> None:
    found = await _verified(
        Cluster(),
        "5",
        [
            _status(),
            _status(observedGeneration=3),
            _status(replicas=5),
            _status(readyReplicas=4),
            _status(readyReplicas=5),
        ],
    )
    assert [(each.reached, each.detail) for each in found] == [
        (Reached.WAITING, "waiting for its controller to see the change"),
        (Reached.FINAL, "its controller took up generation 3"),
        (Reached.FINAL, "3 of 5 ready"),
        (Reached.FINAL, "4 of 5 ready"),
        (Reached.VERIFIED, "5 of 5 ready"),
    ]


async def test_zero_is_verified_when_no_pod_is_left() -> None:
    cluster = Cluster()
    cluster.lists["pods"] = [
        pod("o2-bad-1", metadata={"deletionTimestamp": "2026-11-03T06:09:00Z"})
    ]

    def gone(item: dict[str, Any]) -> None:
        cluster.lists["pods"] = []

    found = await _verified(
        cluster,
        "0",
        [
            _status(observedGeneration=3),
            lambda item: item.update(status={"observedGeneration": 3}),
            gone,
        ],
    )
    assert [(each.reached, each.detail) for each in found] == [
        (Reached.FINAL, "its controller took up generation 3"),
        (Reached.FINAL, "3 pods still to go"),
        (Reached.FINAL, "1 pod still to end"),
        (Reached.VERIFIED, "no pod left"),
    ]


async def test_a_pod_that_stays_stuck_is_the_end_of_it() -> None:
    cluster, clock = Cluster(), FakeClock()
    cluster.lists["pods"] = [stuck_pod("o2-bad-9")]
    found = await _verified(cluster, "5", [_status(observedGeneration=3, replicas=5)], clock)
    assert found[-1].reached is Reached.NOT_VERIFIED
    assert found[-1].detail == (
        "3 of 5 ready; pod o2-bad-9 is in ImagePullBackOff: Back-off pulling image"
    )
    assert sum(clock.slept) >= 15


async def test_who_scales_it_again_is_named() -> None:
    def by_autoscaler(item: dict[str, Any]) -> None:
        item["spec"]["replicas"] = 2
        item["metadata"]["managedFields"] = [
            {"manager": "kube-controller-manager", "time": "t", "subresource": "scale"},
        ]

    found = await _verified(Cluster(), "5", [by_autoscaler])
    assert [(each.reached, each.detail) for each in found] == [
        (
            Reached.NOT_VERIFIED,
            "life-support/o2 was changed again by kube-controller-manager",
        )
    ]


async def test_a_stateful_sets_pods_have_their_names_already() -> None:
    cluster = Cluster()
    cluster.add_stateful()
    cluster.lists["pods"] = [pod("store-0"), pod("store-1")]
    store = "life-support/StatefulSet/store"
    preview = await scale(cluster).simulate(_draft("4", store))
    assert preview.blast.pods == ("store-2", "store-3")
    preview = await scale(cluster).simulate(_draft("1", store))
    assert preview.blast.pods == ("store-1",)
    assert preview.significance is Significance.CAUTION


async def test_volumes_that_go_with_their_pods_are_critical() -> None:
    cluster = Cluster()
    cluster.add_stateful()
    cluster.objects["statefulsets/store"]["spec"] |= {
        "volumeClaimTemplates": [{"metadata": {"name": "data"}}],
        "persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete"},
    }
    store = "life-support/StatefulSet/store"
    preview = await scale(cluster).simulate(_draft("1", store))
    assert preview.significance is Significance.CRITICAL
    assert preview.because == "the volumes of the pods that end are deleted with them"
    assert (await scale(cluster).simulate(_draft("3", store))).because == ""


async def test_what_may_not_be_read_is_not_known() -> None:
    cluster = Cluster()
    cluster.deny = {"GET pods": status(403, "Forbidden"), "GET services": status(403, "Forbidden")}
    preview = await scale(cluster).simulate(_draft("0"))
    assert (preview.blast.pods, preview.blast.addresses) == (None, None)
    assert preview.touches[:2] == (
        "pods: not known, they may not be read",
        "addresses: not known, Services may not be read",
    )
