"""Questions: YAML, logs where there is a kubelet to ask, and what the doctor finds."""

from __future__ import annotations

import pytest
import yaml

from adapters.contract import AdapterError, Found, Refused
from tests.contract.kubernetes.backend import Backend, Can
from tests.contract.kubernetes.connecting import adapter, direct
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.objects import deployment


async def test_yaml_is_the_object_without_who_manages_it(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = deployment(space, "relay", "colony/relay:1", replicas=0)
    await hand.create(thing)
    made = adapter(backend, direct(backend))
    answer = await made.query("yaml", {"kind": "Deployment", "namespace": space, "name": "relay"})
    await made.close()
    assert answer.syntax == "yaml"
    shown = yaml.safe_load(answer.text)
    assert (shown["kind"], shown["metadata"]["name"]) == ("Deployment", "relay")
    assert "managedFields" not in shown["metadata"]
    assert shown["spec"]["template"]["spec"]["containers"][0]["image"] == "colony/relay:1"


async def test_yaml_of_what_is_not_there_is_refused(backend: Backend, space: str) -> None:
    made = adapter(backend, direct(backend))
    with pytest.raises(Refused, match=f"there is no Deployment {space}/nobody"):
        await made.query("yaml", {"kind": "Deployment", "namespace": space, "name": "nobody"})
    await made.close()


async def test_logs(backend: Backend, hand: Hand, space: str) -> None:
    thing = deployment(space, "relay", "colony/relay:1", replicas=1)
    await hand.create(thing)
    await hand.rolled_out(thing)
    (pod,) = await hand.listed("Pod", space)
    made = adapter(backend, direct(backend))
    question = {"namespace": space, "pod": pod["metadata"]["name"], "tail": "3"}
    if Can.LOGS in backend.can:
        for _ in range(60):
            await backend.hasten()
        answer = await made.query("logs", question)
        lines = answer.text.splitlines()
        assert len(lines) == 3
        assert all(lines)
    else:  # nobody runs the container: the server's own words, in one line
        with pytest.raises(AdapterError) as raised:
            await made.query("logs", question)
        assert "\n" not in str(raised.value)
        assert str(raised.value)
    await made.close()


async def test_logs_of_a_container_that_never_started_say_so(
    backend: Backend, hand: Hand, space: str
) -> None:
    thing = deployment(space, "relay", "colony/relay:missing-1", replicas=1)
    await hand.create(thing)
    (pod,) = await hand.stuck(thing, "ImagePullBackOff")
    made = adapter(backend, direct(backend))
    with pytest.raises(AdapterError) as raised:
        await made.query("logs", {"namespace": space, "pod": pod["metadata"]["name"]})
    assert "\n" not in str(raised.value)
    if Can.LOGS in backend.can:
        assert "trying and failing to pull image" in str(raised.value)
    await made.close()


async def test_the_doctor_finds_an_operator_well(backend: Backend, space: str) -> None:
    made = adapter(backend, direct(backend, namespaces=(space,)))
    found = {finding.check: finding for finding in await made.diagnose()}
    await made.close()
    for check in ("configuration", "reach", "rights to watch", "rights to act", "rights to logs"):
        assert found[check].found is Found.GOOD, found[check]


async def test_the_doctor_tells_a_reader_what_is_lacking(backend: Backend, space: str) -> None:
    made = adapter(backend, direct(backend, "reader", namespaces=(space,)))
    found = {finding.check: finding for finding in await made.diagnose()}
    await made.close()
    assert found["rights to watch"].found is Found.GOOD
    assert found["rights to act"].found is Found.WARNING
    assert "patch deployments" in found["rights to act"].detail
    assert found["rights to act"].advice
