"""From settings to an `Access`: settings, a kubeconfig or the pod that we run in, in that order."""

from __future__ import annotations

import os
from pathlib import Path

from adapters.clock import Clock
from adapters.contract import ConfigurationError
from adapters.kubernetes import kubeconfig
from adapters.kubernetes.access import (
    Access,
    Credentials,
    Fixed,
    Identity,
    TokenFile,
    checked_server,
    checked_token,
    read,
)
from adapters.kubernetes.settings import Settings

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def resolve(settings: Settings, secrets: Path | None, clock: Clock) -> Access:
    """Return how to reach the cluster; raises `ConfigurationError` with the field's name."""
    _check(settings)
    if settings.server:
        return _direct(settings, secrets)
    if settings.in_cluster:
        return _in_cluster(settings)
    paths = _kubeconfigs(settings)
    if paths:
        access = kubeconfig.load(paths).access(settings.context, clock)
        return _overridden(access, settings, secrets)
    if "KUBERNETES_SERVICE_HOST" in os.environ and SERVICE_ACCOUNT.is_dir():
        return _in_cluster(settings)
    raise ConfigurationError(
        "kubeconfig",
        "nothing says which cluster: set server, kubeconfig or in_cluster, "
        "or have a kubeconfig at ~/.kube/config",
    )


def _check(settings: Settings) -> None:
    for field, lowest, highest in (
        ("page_size", 1, 100_000),
        ("watch_seconds", 1, 3600),
        ("timeout", 0.1, 600),
    ):
        if not lowest <= getattr(settings, field) <= highest:
            raise ConfigurationError(field, f"must be between {lowest} and {highest}")
    given = [
        name
        for name, set_ in (
            ("server", settings.server),
            ("kubeconfig", settings.kubeconfig),
            ("in_cluster", settings.in_cluster),
        )
        if set_
    ]
    if len(given) > 1:
        raise ConfigurationError(given[1], f"cannot be set beside {given[0]}")
    if bool(settings.client_certificate) != bool(settings.client_key):
        missing = "client_key" if settings.client_certificate else "client_certificate"
        raise ConfigurationError(missing, "is missing: a client certificate needs both")


def _kubeconfigs(settings: Settings) -> list[Path]:
    """Return the kubeconfigs to read: set, from the environment, or the one in the home."""
    named = settings.kubeconfig or os.environ.get("KUBECONFIG", "")
    if named:
        return [Path(part).expanduser() for part in named.split(os.pathsep) if part]
    home = Path("~/.kube/config").expanduser()
    return [home] if home.exists() else []


def _direct(settings: Settings, secrets: Path | None) -> Access:
    return Access(
        checked_server(settings.server, "server"),
        _credentials(settings, secrets) or Fixed(Identity()),
        ca=_ca(settings),
        insecure=settings.insecure,
        server_name=settings.tls_server_name,
        proxy=settings.proxy,
        origin="server",
    )


def _overridden(access: Access, settings: Settings, secrets: Path | None) -> Access:
    """Let settings beside a kubeconfig win over what it says."""
    access.credentials = _credentials(settings, secrets) or access.credentials
    access.ca = _ca(settings) or access.ca
    access.insecure = settings.insecure or access.insecure
    access.server_name = settings.tls_server_name or access.server_name
    access.proxy = settings.proxy or access.proxy
    return access


def _ca(settings: Settings) -> str:
    if not settings.ca_file:
        return ""
    try:
        return read(Path(settings.ca_file).expanduser(), "ca_file").decode("ascii")
    except UnicodeDecodeError:
        raise ConfigurationError("ca_file", f"{settings.ca_file} is not PEM") from None


def _credentials(settings: Settings, secrets: Path | None) -> Credentials | None:
    """Return what the settings give themselves, None where they leave it to a kubeconfig."""
    if settings.token:
        return Fixed(Identity(checked_token(settings.token, "token")))
    if settings.token_file:
        path = Path(settings.token_file).expanduser()
        return TokenFile((secrets / path) if secrets else path, "token_file")
    if settings.client_certificate:
        certificate = read(Path(settings.client_certificate).expanduser(), "client_certificate")
        key = read(Path(settings.client_key).expanduser(), "client_key")
        return Fixed(Identity(certificate=certificate, key=key))
    return None


def _in_cluster(settings: Settings) -> Access:
    host = os.environ.get("KUBERNETES_SERVICE_HOST", "")
    port = os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise ConfigurationError(
            "in_cluster", "KUBERNETES_SERVICE_HOST is not set: this is not a pod"
        )
    authority = read(SERVICE_ACCOUNT / "ca.crt", "in_cluster").decode("ascii", "replace")
    return Access(
        checked_server(f"https://{f'[{host}]' if ':' in host else host}:{port}", "in_cluster"),
        TokenFile(SERVICE_ACCOUNT / "token", "in_cluster"),
        ca=authority,
        insecure=settings.insecure,
        server_name=settings.tls_server_name,
        proxy=settings.proxy,
        origin="in-cluster service account",
    )
