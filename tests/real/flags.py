"""How the programs of the control plane are started: on loopback only, small, and at once."""

from __future__ import annotations

from pathlib import Path

from tests.real import users
from tests.real.certificates import Authority, write_key

Flags = dict[str, str]

_CONTROLLERS = (
    "deployment-controller",
    "replicaset-controller",
    "statefulset-controller",
    "daemonset-controller",
    "garbage-collector-controller",
    "namespace-controller",
)


def etcd(directory: Path, port: int, peer_port: int) -> Flags:
    """Return etcd's flags; its data goes under *directory*, and is not worth an fsync."""
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    return {
        "data-dir": str(directory / "etcd"),
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }


def apiserver(
    directory: Path, port: int, etcd_port: int, authority: Authority, client_authority: Path
) -> Flags:
    """Return kube-apiserver's flags, and write under *directory* the files that they name."""
    certificate, key = authority.server("apiserver")
    account_key = str(write_key(directory / "service-accounts.key"))
    return {
        "etcd-servers": f"http://127.0.0.1:{etcd_port}",
        "bind-address": "127.0.0.1",
        "secure-port": str(port),
        # A loopback address is refused; this one is for documentation, and reaches nothing.
        "advertise-address": "192.0.2.1",
        "endpoint-reconciler-type": "none",
        "tls-cert-file": str(certificate),
        "tls-private-key-file": str(key),
        "client-ca-file": str(client_authority),
        "token-auth-file": str(users.token_file(directory / "tokens.csv")),
        "authorization-mode": "RBAC",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": account_key,
        "service-account-signing-key-file": account_key,
        # No controller makes service accounts here, and without one no pod would be let in.
        "disable-admission-plugins": "ServiceAccount",
        # A /12 and a huge port range made etcd grow to 1.8 GB after 5,000 Services.
        "service-cluster-ip-range": "10.96.0.0/16",
        "service-node-port-range": "20000-32767",
        "etcd-compaction-interval": "0",
        "profiling": "false",
    }


def manager(kubeconfig: Path) -> Flags:
    """Return kube-controller-manager's flags: the workloads' controllers, and nothing listens."""
    return {
        "kubeconfig": str(kubeconfig),
        "controllers": ",".join(_CONTROLLERS),
        "leader-elect": "false",
        "secure-port": "0",
        "kube-api-qps": "500",
        "kube-api-burst": "1000",
        "profiling": "false",
    }
