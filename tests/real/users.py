"""Who may speak to the control plane of the tests, and what each of them may do there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml


class User(NamedTuple):
    """One person or program: a name, groups, and a bearer token ("" for a certificate's user)."""

    name: str
    token: str
    groups: tuple[str, ...] = ()


ADMIN = User("admin", "admin-token", ("system:masters",))
OPERATOR = User("operator", "operator-token", ("colony:operators",))
READER = User("reader", "reader-token", ("colony:readers",))
NOBODY = User("nobody", "nobody-token")
ENGINEER = User("engineer", "", ("colony:operators",))
"""Known by a client certificate only."""

_READ = ["get", "list", "watch"]
_SEEN = [
    {
        "apiGroups": [""],
        "resources": ["pods", "pods/log", "services", "events", "nodes", "namespaces"],
        "verbs": _READ,
    },
    {
        "apiGroups": ["apps"],
        "resources": ["deployments", "statefulsets", "replicasets", "controllerrevisions"],
        "verbs": _READ,
    },
    {"apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers"], "verbs": _READ},
    {"apiGroups": ["metallb.io"], "resources": ["*"], "verbs": _READ},
    {"apiGroups": ["apiextensions.k8s.io"], "resources": ["*"], "verbs": _READ},
]
_CHANGED = [
    {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets"], "verbs": ["patch"]},
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]},
]


def token_file(path: Path) -> Path:
    """Write the bearer tokens as kube-apiserver's --token-auth-file reads them."""
    lines = []
    for user in (ADMIN, OPERATOR, READER, NOBODY):
        groups = ",".join(user.groups)
        lines.append(f'{user.token},{user.name},{user.name}-id,"{groups}"\n')
    path.touch(mode=0o600)
    path.write_text("".join(lines))
    return path


def _role(name: str, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A cluster role and its binding to the group of the same name."""
    group = "rbac.authorization.k8s.io"
    return [
        {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRole",
            "metadata": {"name": name},
            "rules": rules,
        },
        {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": name},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name},
            "subjects": [{"apiGroup": group, "kind": "Group", "name": name}],
        },
    ]


def roles() -> list[dict[str, Any]]:
    """Return what gives readers and operators their rights."""
    return _role("colony:readers", _SEEN) + _role("colony:operators", _SEEN + _CHANGED)


def write_kubeconfig(
    path: Path, server: str, authority: Path | None, user: str, credentials: Mapping[str, str]
) -> Path:
    """Write a kubeconfig with one context, `tests`; *credentials* are its user's fields."""
    cluster = {"server": server}
    if authority is not None:
        cluster["certificate-authority"] = str(authority)
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "tests",
        "clusters": [{"name": "tests", "cluster": cluster}],
        "users": [{"name": user, "user": dict(credentials)}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": user}}],
    }
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path
