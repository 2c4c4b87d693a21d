"""What a rollback says is to be recorded of it."""

from __future__ import annotations

import pytest
from fake_cluster import GOOD, Cluster, draft, rollback
from kubernetes_objects import pod, running

ONE, TWO = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"


def old_pod(name: str, image_id: str, owner: str = "o2-good", container: str = "main") -> object:
    """Return a pod of the revision to go back to, as its kubelet tells of it."""
    return pod(name, owner, containerStatuses=[running(container) | {"imageID": image_id}])


async def recorded(cluster: Cluster) -> dict[str, str]:
    return dict((await rollback(cluster).simulate(draft())).record)


async def test_the_revision_is_the_one_whose_template_comes_back() -> None:
    expected = {"app": "life-support/o2", "revision": "11", "image": GOOD, "digest": ""}
    assert await recorded(Cluster()) == expected


@pytest.mark.parametrize(
    ("told", "digest"),
    [
        ([f"docker.io/colony/o2-gen@{ONE}"], ONE),
        ([f"docker.io/colony/o2-gen@{ONE}"] * 2, ONE),
        ([f"docker.io/colony/o2-gen@{ONE}", f"docker.io/colony/o2-gen@{TWO}"], ""),
        ([""], ""),
        ([ONE], ""),
        ([f"docker.io/colony/o2-gen@{ONE[:-1]}"], ""),
    ],
)
async def test_the_digest_is_what_its_pods_run(told: list[str], digest: str) -> None:
    cluster = Cluster()
    cluster.lists["pods"] += [old_pod(f"p{n}", each) for n, each in enumerate(told)]
    assert (await recorded(cluster))["digest"] == digest


async def test_other_pods_and_other_containers_say_nothing() -> None:
    cluster = Cluster()
    cluster.lists["pods"] += [
        old_pod("p1", f"docker.io/colony/o2-gen@{ONE}", owner="o2-bad"),
        old_pod("p2", f"docker.io/side@{TWO}", container="side"),
    ]
    assert (await recorded(cluster))["digest"] == ""


async def test_an_image_that_is_pinned_tells_its_own() -> None:
    cluster = Cluster()
    spec = cluster.lists["replicasets"][1]["spec"]["template"]["spec"]
    spec["containers"][0]["image"] = f"colony/o2-gen@{TWO}"
    assert (await recorded(cluster))["digest"] == TWO


async def test_pods_that_may_not_be_read_tell_nothing() -> None:
    from kubernetes_objects import status

    cluster = Cluster()
    cluster.deny["GET pods"] = status(403, "Forbidden", "no")
    assert (await recorded(cluster))["digest"] == ""
