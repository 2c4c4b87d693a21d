"""Who else writes a workload: a controller that would undo a change made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_MANAGERS = (
    ("argocd-controller", "Argo CD"),
    ("argocd-application-controller", "Argo CD"),
    ("kustomize-controller", "Flux"),
    ("helm-controller", "Flux"),
    ("fleetagent", "Rancher Fleet"),
    ("fleet-agent", "Rancher Fleet"),
    ("helm", "Helm"),
)
"""Names in managedFields, the strongest claim first."""

CONTINUOUS = ("Argo CD", "Flux", "Rancher Fleet")
"""These undo a change by themselves, within minutes; Helm does at its next upgrade."""


def managed_by(
    labels: Mapping[str, str], annotations: Mapping[str, str], managers: Iterable[str]
) -> str:
    """Return who manages a workload, with what it calls it, "" where nobody is known to."""
    tracking = annotations.get("argocd.argoproj.io/tracking-id", "").partition(":")[0]
    application = tracking or labels.get("argocd.argoproj.io/instance", "")
    if application:
        return f"Argo CD (application {application})"
    for kind, title in (("kustomize", "kustomization"), ("helm", "release")):
        name = labels.get(f"{kind}.toolkit.fluxcd.io/name", "")
        if name:
            return f"Flux ({title} {name})"
    bundle = annotations.get("objectset.rio.cattle.io/id", "")
    if bundle:
        return f"Rancher Fleet ({bundle})"
    release = annotations.get("meta.helm.sh/release-name", "")
    if release:
        return f"Helm (release {release})"
    known = set(managers)
    return next((title for name, title in _MANAGERS if name in known), "")


def warning(manager: str) -> str:
    """Return what a manager means for a change made by hand, "" where there is none."""
    if not manager:
        return ""
    if manager.startswith(CONTINUOUS):
        return f"{manager} manages this: it will undo this unless its source changes too"
    return f"{manager} manages this: its next upgrade will undo this"
