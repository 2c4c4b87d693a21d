"""The rollback through its lifecycle, against a cluster of one workload."""

from __future__ import annotations

from typing import Any

import pytest
from fake_cluster import BAD, GOOD, Cluster, draft, rollback
from kubernetes_objects import pod, status

from adapters.contract import (
    AdapterError,
    Change,
    Draft,
    Refused,
    Significance,
)
from adapters.kubernetes.previewing import age
from adapters.records import App


async def test_the_form_lists_revisions_with_the_previous_one_as_default() -> None:
    form = await rollback(Cluster()).form(draft())
    assert form.title == "Roll back life-support/o2"
    field = form.fields[1]
    assert (field.name, field.default, field.required) == ("to", "11", False)
    assert [(each.value, each.current) for each in field.options] == [("12", True), ("11", False)]
    assert field.options[1].label == f"11  {GOOD}"
    assert field.options[1].detail == "10 min ago · fix: stack 4"


async def test_the_form_without_an_app_asks_for_one() -> None:
    form = await rollback(Cluster()).form(Draft("i", "app.rollback", {}))
    assert [field.name for field in form.fields] == ["app"]


async def test_simulating_changes_nothing_and_says_everything() -> None:
    cluster = Cluster()
    preview = await rollback(cluster).simulate(draft())
    assert preview.title == "Roll back life-support/o2: revision 12 → 11"
    assert preview.simulated_by == "server dry run"
    assert preview.significance is Significance.CAUTION
    assert preview.changes[0] == Change("container main: image", BAD, GOOD)
    assert Change("annotation kubernetes.io/change-cause", None, "fix: stack 4") in preview.changes
    assert preview.touches == (
        "pod o2-bad-1 on habitat-1 (Running)",
        "address 10.9.0.5 of Service o2 (80/TCP)",
    )
    assert preview.command == (
        "kubectl --namespace life-support rollout undo deployment/o2 --to-revision=11"
    )
    assert preview.confirm == "o2"
    assert preview.window == 630.0
    assert preview.undo == {"app": "life-support/Deployment/o2", "to": "12"}
    assert preview.warnings == ()
    assert preview.nothing == ""
    assert set(preview.binds) == {
        "workload",
        "namespace",
        "name",
        "uid",
        "generation",
        "template",
        "to",
        "target",
    }
    patches = [request for request in cluster.log if request.method == "PATCH"]
    assert [request.url.params["dryRun"] for request in patches] == ["All"]
    assert cluster.o2["metadata"]["resourceVersion"] == "70"


async def test_what_the_world_changes_under_it_is_not_bound() -> None:
    cluster = Cluster()
    action = rollback(cluster)
    before = await action.simulate(draft())
    cluster.o2["metadata"]["resourceVersion"] = "71"
    cluster.o2["status"]["readyReplicas"] = 1
    after = await action.simulate(draft())
    assert (before.binds, before.outcome) == (after.binds, after.outcome)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"to": "7"}, "life-support/o2 has no revision '7'; it has: 12, 11"),
        ({"to": "x\x1b"}, "has no revision"),
        ({"app": "life-support/nope"}, "there is no Deployment or StatefulSet life-support/nope"),
        ({"app": "nonsense"}, "names no app: it is written NAMESPACE/NAME"),
        ({"app": "other:life-support/o2"}, "is not of tycho"),
        ({"app": "life-support/DaemonSet/o2"}, "a DaemonSet cannot be rolled back"),
        ({"app": "life-support/StatefulSet/o2"}, "there is no StatefulSet life-support/o2"),
    ],
)
async def test_refused(arguments: dict[str, str], line: str) -> None:
    with pytest.raises(Refused) as caught:
        await rollback(Cluster()).simulate(draft(**arguments))
    assert line in str(caught.value)


@pytest.mark.parametrize(
    "app", ["tycho:life-support/o2", "life-support/deployment/o2", "life-support/Deployment/o2"]
)
async def test_names_of_an_app(app: str) -> None:
    assert (await rollback(Cluster()).simulate(draft(app=app))).binds["name"] == "o2"


async def test_the_record_that_was_aimed_at_says_which_kind_it_is() -> None:
    cluster = Cluster()
    cluster.add_stateful()
    cluster.objects["statefulsets/o2"] = cluster.objects["statefulsets/store"]
    with pytest.raises(Refused, match="two workloads answer to that name: life-support/Deploy"):
        await rollback(cluster).simulate(draft())
    target = App(source="tycho", namespace="life-support", name="o2", workload="Deployment")
    aimed = Draft("i", "app.rollback", {"app": "life-support/o2"}, target)
    assert (await rollback(cluster).simulate(aimed)).binds["workload"] == "Deployment"


async def test_a_paused_deployment_is_refused_with_what_to_do() -> None:
    cluster = Cluster()
    cluster.o2["spec"]["paused"] = True
    with pytest.raises(Refused, match="kubectl --namespace life-support rollout resume"):
        await rollback(cluster).simulate(draft())
    assert "paused" in (await rollback(cluster).form(draft())).notes[0]


async def test_going_where_it_is_already_is_nothing_to_do() -> None:
    cluster = Cluster()
    action = rollback(cluster)
    preview = await action.simulate(draft(to="12"))
    assert preview.nothing == "life-support/o2 is what revision 12 is already"
    with pytest.raises(Refused, match="already"):
        await action.prepare(draft(to="12"), preview)
    assert not [request for request in cluster.log if request.method == "PATCH"]


async def test_no_history() -> None:
    cluster = Cluster()
    del cluster.lists["replicasets"][1]
    with pytest.raises(Refused, match="has no revision to go back to"):
        await rollback(cluster).simulate(draft())


async def test_the_previous_revision_is_not_guessed_while_the_controller_is_behind() -> None:
    cluster = Cluster()
    cluster.o2["status"]["observedGeneration"] = 1
    with pytest.raises(Refused, match="has not seen its last change yet"):
        await rollback(cluster).simulate(draft())
    preview = await rollback(cluster).simulate(draft(to="11"))
    assert "its controller has not seen its last change yet" in preview.warnings


async def test_warnings() -> None:
    cluster = Cluster()
    cluster.o2["metadata"]["annotations"]["colony/token"] = "eip155:1/erc721:0xabc/7"
    cluster.o2["metadata"]["labels"] = {"argocd.argoproj.io/instance": "oxygen"}
    cluster.o2["spec"]["strategy"] = {"type": "Recreate"}
    preview = await rollback(cluster).simulate(draft())
    assert preview.warnings == (
        "Argo CD (application oxygen) manages this: it will undo this unless its source changes "
        "too",
        "annotations become those of the old revision, as with kubectl: colony/token",
        "strategy Recreate: all pods end before new ones start",
    )
    assert "token eip155:1/erc721:0xabc/7" in preview.touches


async def test_what_may_not_be_read_is_said() -> None:
    cluster = Cluster()
    cluster.deny = {"GET pods": status(403, "Forbidden"), "GET services": status(403, "Forbidden")}
    preview = await rollback(cluster).simulate(draft())
    assert preview.touches == (
        "pods: not known, they may not be read",
        "addresses: not known, Services may not be read",
    )


@pytest.mark.parametrize("code", [403, 422])
async def test_a_dry_run_that_is_refused(code: int) -> None:
    cluster = Cluster()
    cluster.deny["DRY PATCH deployments/o2"] = status(code, "Forbidden", "denied by policy")
    with pytest.raises(Refused, match="denied by policy"):
        await rollback(cluster).simulate(draft())


async def test_a_dry_run_that_fails_is_no_refusal() -> None:
    cluster = Cluster()
    cluster.deny["DRY PATCH deployments/o2"] = status(500, "InternalError", "webhook is down")
    with pytest.raises(AdapterError, match="webhook is down") as caught:
        await rollback(cluster).simulate(draft())
    assert not isinstance(caught.value, Refused)


async def test_a_status_that_changes_under_the_simulation_is_met_with_another_try() -> None:
    cluster = Cluster()
    answers = iter([None, "x", None])

    def mutate(item: dict[str, Any]) -> None:
        if next(answers, None):
            item["metadata"]["resourceVersion"] = "71"

    cluster.mutate = mutate
    await rollback(cluster).simulate(draft())
    cluster.mutate = lambda item: item["metadata"].update(
        resourceVersion=str(int(item["metadata"]["resourceVersion"]) + 1)
    )
    with pytest.raises(Refused, match="modified"):
        await rollback(cluster).simulate(draft())


async def test_many_pods_are_counted_not_listed() -> None:
    cluster = Cluster()
    cluster.lists["pods"] = [pod(f"o2-bad-{number}", "o2-bad") for number in range(20)]
    preview = await rollback(cluster).simulate(draft())
    assert "and 12 more pods" in preview.touches


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0 s ago"), (59, "59 s ago"), (61, "1 min ago"), (7200, "2 h ago"), (90000, "1 d ago")],
)
def test_age(seconds: float, text: str) -> None:
    assert age(seconds) == text
