"""`colony doctor` for one cluster: configuration, reach, clock skew, rights, MetalLB."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from adapters.clock import Clock
from adapters.contract import AdapterError, ConfigurationError, Finding, Found
from adapters.kubernetes.access import Access
from adapters.kubernetes.client import Client
from adapters.kubernetes.errors import ApiError
from adapters.kubernetes.resources import BGP, L2, METALLB, POOLS, RESOURCES, Resource
from adapters.kubernetes.settings import Settings
from adapters.kubernetes.workloads import Json

SKEW = 5.0
"""Seconds of difference between two clocks that are worth a word; the Date header has 1 s steps."""
SLOW = 0.5
"""Seconds for a small answer past which the network is worth a word."""
_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


async def diagnose(client: Client, settings: Settings, clock: Clock) -> Sequence[Finding]:
    """Return what was found; nothing is raised: what fails is a finding."""
    found = [configuration(client.access)]
    reached = await _reach(client, clock)
    found += reached
    if any(each.found is Found.BAD for each in reached):
        return found
    spaces = settings.namespaces or ("",)
    rights, pools = await asyncio.gather(
        _rights(client, spaces, settings.metallb_namespace),
        _metallb(client, settings.metallb_namespace),
    )
    return [*found, *rights, *pools]


def misconfigured(error: ConfigurationError) -> Finding:
    """Return the finding for settings that cannot even be read."""
    return Finding("configuration", Found.BAD, str(error), f"correct {error.field or 'it'}")


def configuration(access: Access) -> Finding:
    """Say what the configuration comes down to."""
    detail = f"{access.server} ({access.origin})"
    if access.insecure:
        advice = "set ca_file, or certificate-authority in the kubeconfig, and remove insecure"
        return Finding(
            "configuration",
            Found.WARNING,
            f"{detail}; the server's certificate is not verified",
            advice,
        )
    if access.server.startswith("http:") and "//127.0.0.1" not in access.server:
        return Finding(
            "configuration", Found.WARNING, f"{detail}; not encrypted", "use an https:// URL"
        )
    return Finding("configuration", Found.GOOD, detail)


async def _reach(client: Client, clock: Clock) -> list[Finding]:
    try:
        await client.get("/version", what="read its version")
        before = clock.monotonic()  # now that there is a connection
        answer = await client.get("/version", what="read its version")
    except ConfigurationError as error:
        return [misconfigured(error)]
    except ApiError as error:
        advice = "renew the credentials" if error.code == 401 else "check the server's URL"
        return [Finding("reach", Found.BAD, str(error), advice)]
    except AdapterError as error:
        return [Finding("reach", Found.BAD, str(error), "check network, URL and certificates")]
    took = clock.monotonic() - before
    try:
        version = str(answer.decoded(dict).get("gitVersion", "")) or "an unknown version"
    except AdapterError:
        return [
            Finding("reach", Found.BAD, "no Kubernetes API answers there", "check the server's URL")
        ]
    detail = f"Kubernetes {version}, answers in {took * 1000:.0f} ms"
    slow = took > SLOW
    return [
        Finding(
            "reach",
            Found.WARNING if slow else Found.GOOD,
            detail,
            "actions and logs will feel slow: run the station nearer" if slow else "",
        ),
        skew(answer.headers.get("date", ""), clock.now()),
    ]


def skew(date: str, now: float) -> Finding:
    """Compare the server's Date header with our clock."""
    try:
        theirs = parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return Finding("clock", Found.UNKNOWN, "the server did not tell the time")
    difference = now - theirs - 0.5  # the header is cut to the second
    if abs(difference) <= SKEW:
        return Finding("clock", Found.GOOD, "as the server's")
    word = "ahead of" if difference > 0 else "behind"
    return Finding(
        "clock",
        Found.WARNING,
        f"{abs(difference):.0f} s {word} the server's",
        "synchronise both clocks (NTP): ages and windows are wrong by this much",
    )


async def _rights(client: Client, spaces: Sequence[str], metallb: str) -> list[Finding]:
    """Ask, for each right that is used, whether we have it."""
    checks = [
        (resource, verb, namespace)
        for resource in RESOURCES
        for namespace in ((metallb,) if resource.group == METALLB else spaces)
        for verb in ("list", "watch")
    ]
    missing: dict[str, dict[str, None]] = {}
    found: list[Finding] = []
    try:
        answers = await asyncio.gather(
            *(allowed(client, resource.name, group(resource), verb, namespace)
              for resource, verb, namespace in checks),
            *(allowed(client, "deployments", "apps", "patch", space) for space in spaces),
            *(allowed(client, "pods", "", "get", space, "log") for space in spaces),
        )  # fmt: skip
    except AdapterError as error:
        return [Finding("rights", Found.UNKNOWN, str(error))]
    for (resource, verb, namespace), yes in zip(checks, answers, strict=False):
        if not yes:
            where = f" in {namespace}" if namespace else ""
            missing.setdefault(resource.name + where, {})[verb] = None
    if missing:
        said = [f"{' or '.join(verbs)} {what}" for what, verbs in missing.items()]
        found.append(
            Finding(
                "rights to watch",
                Found.WARNING,
                f"may not {', '.join(said)}",
                "bind a role with get, list and watch on these",
            )
        )
    else:
        found.append(Finding("rights to watch", Found.GOOD, f"all {len(RESOURCES)} kinds"))
    rest = answers[len(checks) :]
    patch, logs = rest[: len(spaces)], rest[len(spaces) :]
    found.append(_right("rights to act", "patch deployments", patch, spaces))
    found.append(_right("rights to logs", "get pods/log", logs, spaces))
    return found


def _right(check: str, what: str, answers: Sequence[bool], spaces: Sequence[str]) -> Finding:
    lacking = [space for space, yes in zip(spaces, answers, strict=True) if not yes]
    if not lacking:
        return Finding(check, Found.GOOD, f"may {what}")
    where = f" in {', '.join(lacking)}" if any(lacking) else " in all namespaces"
    return Finding(
        check, Found.WARNING, f"may not {what}{where}", f"bind a role that may {what}, if wanted"
    )


def group(resource: Resource) -> str:
    """Return the API group that a resource is in, "" for the core."""
    parts = resource.group.split("/")
    return parts[2] if resource.group.startswith("/apis/") else ""


async def allowed(
    client: Client, resource: str, group: str, verb: str, namespace: str, sub: str = ""
) -> bool:
    """Ask the server whether we may (SelfSubjectAccessReview)."""
    attributes = {"verb": verb, "group": group, "resource": resource}
    attributes |= {"namespace": namespace} if namespace else {}
    attributes |= {"subresource": sub} if sub else {}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    answer = await client.request(
        "POST", _REVIEWS, body=msgspec.json.encode(review), what="ask for our rights"
    )
    status = answer.decoded(dict).get("status")
    return isinstance(status, dict) and status.get("allowed") is True


async def _metallb(client: Client, namespace: str) -> list[Finding]:
    try:
        answer = await client.get(METALLB, what="look for MetalLB")
    except ApiError as error:
        if error.code == 404:
            return [
                Finding(
                    "MetalLB",
                    Found.UNKNOWN,
                    "not installed: no pools, and nobody says who announces an address",
                    "fine where another load balancer is used",
                )
            ]
        return [Finding("MetalLB", Found.UNKNOWN, str(error))]
    except AdapterError as error:
        return [Finding("MetalLB", Found.UNKNOWN, str(error))]
    names = {str(each.get("name")) for each in answer.decoded(dict).get("resources") or ()}
    counted = await _counted(client, namespace) if POOLS.name in names else None
    return [metallb(names, counted)]


async def _counted(client: Client, namespace: str) -> bool | None:
    """Whether the pools' statuses hold counts; None where there is no pool to tell."""
    try:
        answer = await client.get(POOLS.path(namespace), {"limit": 10}, what="list pools")
        items: list[Json] = answer.decoded(dict).get("items") or []
    except AdapterError:
        return None
    statuses: list[Any] = [item.get("status") for item in items]
    return any(bool(each) for each in statuses) if statuses else None


def metallb(names: set[str], counted: bool | None) -> Finding:
    """Say what this MetalLB can tell, by its resources and whether its pools are counted."""
    lacking = []
    if POOLS.name not in names:
        lacking.append("pools (before 0.13)")
    if L2.name not in names:
        lacking.append("who announces over L2 (since 0.14.4)")
    if BGP.name not in names:
        lacking.append("who announces over BGP (since 0.15.0)")
    if counted is False:
        lacking.append("how full pools are (since 0.15.0)")
    if lacking:
        return Finding(
            "MetalLB",
            Found.WARNING,
            f"does not tell {'; '.join(lacking)}",
            "upgrade MetalLB, or read these as unknown",
        )
    return Finding("MetalLB", Found.GOOD, "tells pools, their use, and who announces")
