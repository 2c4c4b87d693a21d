"""Who else decides how many pods there are, and what a scaling says of it."""

from __future__ import annotations

import pytest
from fake_cluster import Cluster, patches, scale, scaling
from kubernetes_objects import meta, status

from adapters.contract import Draft, Refused

AUTOSCALER = {
    "metadata": meta("o2-auto"),
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "o2"},
        "minReplicas": 2,
        "maxReplicas": 5,
    },
}


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


async def test_an_autoscaler_would_undo_it() -> None:
    cluster = Cluster()
    cluster.lists["horizontalpodautoscalers"] = [AUTOSCALER]
    with pytest.raises(Refused, match="o2-auto keeps it between 2 and 5 pods and would undo this"):
        await scale(cluster).simulate(scaling("4"))
    assert not patches(cluster)


async def test_an_autoscaler_rests_at_zero_and_wakes_above() -> None:
    cluster = Cluster()
    cluster.lists["horizontalpodautoscalers"] = [AUTOSCALER]
    preview = await scale(cluster).simulate(scaling("0"))
    assert "the autoscaler o2-auto rests while it is at 0" in preview.warnings
    cluster.o2["spec"]["replicas"] = 0
    preview = await scale(cluster).simulate(scaling("1"))
    assert preview.warnings == ("the autoscaler o2-auto then keeps it between 2 and 5 pods",)


@pytest.mark.parametrize(
    "change", [{"kind": "StatefulSet"}, {"name": "other"}, {"apiVersion": "other/v1"}]
)
async def test_an_autoscaler_of_something_else_does_not_matter(change: dict[str, str]) -> None:
    cluster = Cluster()
    target = {**AUTOSCALER["spec"]["scaleTargetRef"], **change}  # type: ignore[dict-item]
    other = {**AUTOSCALER, "spec": {"scaleTargetRef": target, "maxReplicas": 5}}
    cluster.lists["horizontalpodautoscalers"] = [other]
    assert (await scale(cluster).simulate(scaling("4"))).warnings == ()


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
    assert (await scale(cluster).simulate(scaling("4"))).warnings == warnings
