"""Tycho: what stands there at the opening, that it is always the same, and that it lives."""

from __future__ import annotations

import pytest

from fixtures import colony
from fixtures.colony.data import seconds, tycho
from fixtures.colony.life import next_patch
from fixtures.kubernetes import EPOCH, Cluster
from fixtures.kubernetes.controllers.conditions import condition_of
from fixtures.kubernetes.controllers.deployments import REVISION
from fixtures.kubernetes.kinds import (
    BGP_STATUS,
    DEPLOYMENT,
    EVENT,
    L2_STATUS,
    NODE,
    POD,
    POOL,
    REPLICA_SET,
    SERVICE,
    STATEFUL_SET,
    Object,
)
from fixtures.kubernetes.simulation import seconds_of

SPACE, NAME = "life-support", "oxygen-generator"


@pytest.fixture(scope="module")
def opening() -> Cluster:
    """The colony at its opening, to look at only."""
    return colony.make(seed=3)


def _revision(value: Object) -> str:
    return str(value["metadata"]["annotations"][REVISION])


def test_the_bad_rollout(opening: Cluster) -> None:
    found = opening.api.find(DEPLOYMENT, SPACE, NAME).object
    assert _revision(found) == "12"
    container = found["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "colony/o2-gen:2.4.1"
    assert {"name": "PRESSURE_UNIT", "value": "kPa"} in container["env"]
    assert found["status"]["readyReplicas"] == 2
    assert condition_of(found["status"], "Progressing")["reason"] == "ProgressDeadlineExceeded"
    states = [
        item.object["status"]["containerStatuses"][0]["state"].get("waiting", {}).get("reason")
        for item in opening.store.items(POD, SPACE)
        if item.key[1].startswith(NAME)
    ]
    assert sorted(map(str, states)) == ["ImagePullBackOff", "None", "None"]
    revisions = {
        int(_revision(item.object)): item.object
        for item in opening.store.items(REPLICA_SET, SPACE)
        if item.key[1].startswith(NAME)
    }
    assert sorted(revisions) == [8, 9, 10, 11, 12]
    good = revisions[11]
    assert good["spec"]["template"]["spec"]["containers"][0]["image"] == "colony/o2-gen:2.3.9"
    begun = seconds_of(revisions[12]["metadata"]["creationTimestamp"])
    assert EPOCH - begun == pytest.approx(360, abs=2)
    said = {item.object["reason"] for item in opening.store.items(EVENT, SPACE)}
    assert {"ScalingReplicaSet", "Failed", "BackOff", "Pulling", "Scheduled"} <= said


def test_everything_else_is_well(opening: Cluster) -> None:
    for kind in (DEPLOYMENT, STATEFUL_SET):
        for item in opening.store.items(kind):
            if item.key[1] != NAME:
                assert item.object["status"]["readyReplicas"] == item.object["spec"]["replicas"]
    assert opening.store.count(DEPLOYMENT) + opening.store.count(STATEFUL_SET) >= 10
    assert opening.store.count(NODE) == 5


def test_the_pools_and_who_announces(opening: Cluster) -> None:
    counts = {
        item.key[1]: (item.object["status"]["assignedIPv4"], item.object["status"]["availableIPv4"])
        for item in opening.store.items(POOL)
    }
    assert counts == {"edge-udp": (15, 1), "core-tcp": (7, 25)}
    oxygen = opening.api.find(SERVICE, SPACE, NAME).object
    assert oxygen["status"]["loadBalancer"]["ingress"][0]["ip"] == "10.40.1.7"
    assert (
        oxygen["spec"]["ports"][0] | {"port": 5004, "protocol": "UDP"}
        == (oxygen["spec"]["ports"][0])
    )
    assert opening.store.count(L2_STATUS) == 15
    assert opening.store.count(BGP_STATUS) == 7 * 5


def test_every_app_names_its_site_its_priority_and_its_token_if_it_has_one(
    opening: Cluster,
) -> None:
    numbers = {app.name: app.token for app in tycho().app}
    tokens = set()
    for kind in (DEPLOYMENT, STATEFUL_SET):
        for item in opening.store.items(kind):
            notes = item.object["metadata"]["annotations"]
            assert notes["colony/site"] in ("north-rim", "south-rim")
            assert notes["colony/priority"] in ("critical", "essential", "deferrable")
            if not numbers[item.key[1]]:
                assert "colony/token" not in notes
                continue
            assert notes["colony/token"].startswith("eip155:31337/erc721:0x")
            tokens.add(notes["colony/token"])
    assert len(tokens) == len(tycho().app) - 1


def test_one_seed_is_one_colony() -> None:
    def names(cluster: Cluster) -> list[tuple[str, str]]:
        return [(item.key[1], item.object["metadata"]["uid"]) for item in cluster.store.items(POD)]

    one, same, other = colony.make(seed=1), colony.make(seed=1), colony.make(seed=2)
    for cluster in (one, same):
        cluster.advance(1800)
    assert names(one) == names(same)
    assert one.store.revision == same.store.revision
    assert names(other) != names(colony.make(seed=1))


def test_a_rollback_heals_it_within_seconds() -> None:
    cluster = colony.make(seed=5)
    sets = {
        _revision(item.object): item.object["spec"]["template"]
        for item in cluster.store.items(REPLICA_SET, SPACE)
        if item.key[1].startswith(NAME)
    }

    def back(value: Object) -> None:
        containers = sets["11"]["spec"]["containers"]
        value["spec"]["template"]["spec"]["containers"] = containers

    cluster.api.update(DEPLOYMENT, SPACE, NAME, back, "colony-1")
    cluster.advance(12)
    found = cluster.api.find(DEPLOYMENT, SPACE, NAME).object
    assert _revision(found) == "13"
    assert found["status"]["readyReplicas"] == 3
    assert condition_of(found["status"], "Progressing")["reason"] == "NewReplicaSetAvailable"


def test_calm_is_calm() -> None:
    cluster = colony.make(seed=1, scenario="calm")
    found = cluster.api.find(DEPLOYMENT, SPACE, NAME).object
    assert _revision(found) == "11"
    assert found["status"]["readyReplicas"] == 3


def test_an_unknown_scenario() -> None:
    with pytest.raises(colony.UnknownScenario, match="there are bad-rollout, calm"):
        colony.make(scenario="sunny")


def test_it_lives() -> None:
    cluster = colony.make(seed=1)
    before = {
        item.key[1]: _revision(item.object)
        for item in cluster.store.items(DEPLOYMENT)
        if item.key[1] != NAME
    }
    cluster.advance(3600)
    after = {
        item.key[1]: _revision(item.object)
        for item in cluster.store.items(DEPLOYMENT)
        if item.key[1] != NAME
    }
    moved = [name for name in before if before[name] != after[name]]
    assert 1 <= len(moved) <= 5
    restarts = sum(
        row["restartCount"]
        for item in cluster.store.items(POD)
        for row in item.object["status"]["containerStatuses"]
    )
    assert restarts > 0
    assert cluster.store.compacted > 0


def test_every_app_logs_in_its_own_manner(opening: Cluster) -> None:
    for item in opening.store.items(POD):
        app = item.object["metadata"]["labels"]["app.kubernetes.io/name"]
        run = opening.logs.run(item.object, app, previous=False)
        if run is None:
            assert app == NAME
            continue
        count = run.count(opening.now)
        lines = list(run.lines(count - 5, count, opening.now))
        assert len(lines) == 5
        for line in lines:
            assert opening.now - 60 < line.at <= opening.now
            assert "{" not in line.text


def test_small_things() -> None:
    assert seconds("6m") == 360.0
    assert next_patch("colony/o2-gen:2.3.9") == "colony/o2-gen:2.3.10"
    assert next_patch("colony/o2-gen:edge") == "colony/o2-gen:edge"
