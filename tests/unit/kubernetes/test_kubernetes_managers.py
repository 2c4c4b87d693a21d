"""Who else writes a workload."""

from __future__ import annotations

import pytest

from adapters.kubernetes.managers import managed_by, warning


@pytest.mark.parametrize(
    ("labels", "annotations", "managers", "expected"),
    [
        ({}, {}, [], ""),
        ({}, {}, ["kubectl-client-side-apply", "kube-controller-manager"], ""),
        ({"argocd.argoproj.io/instance": "oxygen"}, {}, [], "Argo CD (application oxygen)"),
        ({}, {"argocd.argoproj.io/tracking-id": "o2:apps/x"}, [], "Argo CD (application o2)"),
        ({}, {}, ["helm", "argocd-controller"], "Argo CD"),
        ({"kustomize.toolkit.fluxcd.io/name": "apps"}, {}, [], "Flux (kustomization apps)"),
        ({"helm.toolkit.fluxcd.io/name": "o2"}, {}, ["helm-controller"], "Flux (release o2)"),
        ({}, {"meta.helm.sh/release-name": "o2"}, ["helm"], "Helm (release o2)"),
        ({}, {"objectset.rio.cattle.io/id": "fleet-x"}, [], "Rancher Fleet (fleet-x)"),
    ],
)
def test_managed_by(
    labels: dict[str, str], annotations: dict[str, str], managers: list[str], expected: str
) -> None:
    assert managed_by(labels, annotations, managers) == expected


def test_warning_tells_a_controller_from_a_tool() -> None:
    assert warning("") == ""
    assert "will undo this unless its source changes" in warning("Flux (release o2)")
    assert "next upgrade" in warning("Helm (release o2)")
