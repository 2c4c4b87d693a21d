"""`app.scale` up to its approval: its form, its preview, and what is refused."""

from __future__ import annotations

import json

import httpx
import pytest
from fake_cluster import Cluster, patches, scale, scaling
from kubernetes_objects import pod, status, stuck_pod

from adapters.contract import Change, Draft, Refused, Significance
from adapters.kubernetes.scaling import MOST


async def test_the_form_has_the_number_that_there_is() -> None:
    form = await scale(Cluster()).form(Draft("i", "app.scale", {"app": "life-support/o2"}))
    assert form.title == "Scale life-support/o2"
    field = form.fields[1]
    assert (field.name, field.default, field.required) == ("replicas", "", True)
    assert field.help == "3 now, 3 of them ready; 0 stops it"
    assert form.notes == ()
    form = await scale(Cluster()).form(Draft("i", "app.scale", {}))
    assert [each.name for each in form.fields] == ["app"]


async def test_simulating_up_changes_nothing_and_says_everything() -> None:
    cluster = Cluster()
    preview = await scale(cluster).simulate(scaling("5"))
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
    (asked,) = patches(cluster)
    assert asked.url.params["dryRun"] == "All"
    assert cluster.o2["spec"]["replicas"] == 3


async def test_a_controller_chooses_which_pods_end() -> None:
    preview = await scale(Cluster()).simulate(scaling("2"))
    assert preview.touches[0] == "1 of its 3 pods: its controller chooses"
    assert preview.blast.pods == ("ending pod 1 of o2",)


async def test_scaling_to_zero_is_critical_and_names_all_that_ends() -> None:
    cluster = Cluster()
    cluster.o2["metadata"]["annotations"] |= {
        "colony/token": "eip155:1/erc721:0xabc/7",
        "colony/site": "mare-1",
    }
    preview = await scale(cluster).simulate(scaling("0"))
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
    preview = await scale(cluster).simulate(scaling(str(after)))
    assert because in preview.because
    assert bool(preview.because) is bool(because)
    critical = preview.significance is Significance.CRITICAL
    assert critical is bool(because)


async def test_a_paused_deployment_is_scaled_with_a_warning() -> None:
    cluster = Cluster()
    cluster.o2["spec"]["paused"] = True
    preview = await scale(cluster).simulate(scaling("4"))
    assert preview.warnings == (
        "it is paused: its pods are scaled as they are, and no rollout goes on",
    )


async def test_a_rollout_and_a_stuck_pod_are_warned_of() -> None:
    cluster = Cluster()
    cluster.o2["status"] |= {"replicas": 4, "updatedReplicas": 1}
    cluster.lists["pods"] = [stuck_pod("o2-bad-1")]
    preview = await scale(cluster).simulate(scaling("4"))
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
        await scale(Cluster()).simulate(scaling(replicas))
    assert line in str(caught.value)
    assert "\x1b" not in str(caught.value)


async def test_what_cannot_be_scaled() -> None:
    with pytest.raises(Refused, match="a DaemonSet cannot be scaled"):
        await scale(Cluster()).simulate(scaling("3", "life-support/DaemonSet/o2"))


async def test_the_number_that_there_is_is_nothing_to_do() -> None:
    cluster = Cluster()
    action = scale(cluster)
    preview = await action.simulate(scaling("3"))
    assert preview.nothing == "life-support/o2 is to have 3 pods already; 3 ready"
    with pytest.raises(Refused, match="already"):
        await action.prepare(scaling("3"), preview)
    assert not patches(cluster)


async def test_a_server_that_gives_another_number_is_refused() -> None:
    cluster = Cluster()
    other = json.loads(json.dumps(cluster.o2))
    other["spec"]["replicas"] = 4
    cluster.deny["DRY PATCH deployments/o2"] = httpx.Response(200, json=other)
    with pytest.raises(Refused, match="would give life-support/o2 4 pods, and not 5"):
        await scale(cluster).simulate(scaling("5"))


async def test_a_stateful_sets_pods_have_their_names_already() -> None:
    cluster = Cluster()
    cluster.add_stateful()
    cluster.lists["pods"] = [pod("store-0"), pod("store-1")]
    store = "life-support/StatefulSet/store"
    preview = await scale(cluster).simulate(scaling("4", store))
    assert preview.blast.pods == ("store-2", "store-3")
    preview = await scale(cluster).simulate(scaling("1", store))
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
    preview = await scale(cluster).simulate(scaling("1", store))
    assert preview.significance is Significance.CRITICAL
    assert preview.because == "the volumes of the pods that end are deleted with them"
    assert (await scale(cluster).simulate(scaling("3", store))).because == ""


async def test_what_may_not_be_read_is_not_known() -> None:
    cluster = Cluster()
    cluster.deny = {"GET pods": status(403, "Forbidden"), "GET services": status(403, "Forbidden")}
    preview = await scale(cluster).simulate(scaling("0"))
    assert (preview.blast.pods, preview.blast.addresses) == (None, None)
    assert preview.touches[:2] == (
        "pods: not known, they may not be read",
        "addresses: not known, Services may not be read",
    )
