"""Reads kubeconfigs: the files that kubectl reads, merged as kubectl merges them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.clock import Clock
from adapters.contract import ConfigurationError
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
from adapters.kubernetes.execplugin import ExecPlugin
from adapters.text import clean

SIZE_LIMIT = 8 * 1024 * 1024
"""Bytes of the largest kubeconfig that is read."""
_EXEC_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")


class Entry:
    """One named cluster, user or context: its fields, and the file that they stand in."""

    def __init__(self, path: Path, section: str, name: str, fields: Mapping[str, Any]) -> None:
        self.path = path
        self.fields = fields
        self._where = f"{section}[{clean(name, 80)}]"

    def field(self, name: str) -> str:
        """Return how an error names this field: file, entry and field."""
        return f"{self.path}: {self._where}.{name}" if name else f"{self.path}: {self._where}"

    def text(self, name: str) -> str:
        """Return a field's text, "" where there is none."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise ConfigurationError(self.field(name), "must be a text")
        return value

    def flag(self, name: str) -> bool:
        """Return a field that is true or false, false where there is none."""
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise ConfigurationError(self.field(name), "must be true or false")
        return value

    def pem(self, name: str) -> bytes:
        """Return what `name`-data holds, or the file that `name` points to; b"" for neither."""
        data = self.text(f"{name}-data")
        if data:
            try:
                return base64.b64decode(data, validate=True)
            except (binascii.Error, ValueError):
                raise ConfigurationError(self.field(f"{name}-data"), "is not base64") from None
        path = self.text(name)
        return read(self.beside(path), self.field(name)) if path else b""

    def beside(self, path: str) -> Path:
        """Return *path*, taken from the kubeconfig's own directory where it is relative."""
        return self.path.parent / Path(path).expanduser()


class Kubeconfig:
    """Clusters, users and contexts by name; of two with one name the first counts."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.current = ""
        self.clusters: dict[str, Entry] = {}
        self.users: dict[str, Entry] = {}
        self.contexts: dict[str, Entry] = {}

    def access(self, context: str, clock: Clock) -> Access:
        """Return how to reach *context*, or the current context where it is ""."""
        files = ":".join(map(str, self.paths))
        name = context or self.current
        if not name:
            raise ConfigurationError("context", f"{files} has no current-context: name one")
        chosen = self.contexts.get(name)
        if chosen is None:
            offers = ", ".join(clean(known, 60) for known in sorted(self.contexts)) or "none"
            raise ConfigurationError(
                "context", f"{files} has no context {clean(name, 80)!r}; it has: {offers}"
            )
        cluster = self._referred(chosen, "cluster", self.clusters)
        server = cluster.text("server")
        if not server:
            raise ConfigurationError(cluster.field("server"), "is missing")
        user = self._referred(chosen, "user", self.users) if chosen.text("user") else None
        ca = cluster.pem("certificate-authority")
        return Access(
            checked_server(server, cluster.field("server")),
            _credentials(user, cluster, clock) if user else Fixed(Identity()),
            ca=_decoded(ca, cluster.field("certificate-authority")),
            insecure=cluster.flag("insecure-skip-tls-verify"),
            server_name=cluster.text("tls-server-name"),
            proxy=cluster.text("proxy-url"),
            headers=_impersonation(user) if user else {},
            origin=f"{chosen.path}, context {clean(name, 80)}",
            context=name,
            namespace=chosen.text("namespace"),
        )

    def _referred(self, context: Entry, kind: str, entries: Mapping[str, Entry]) -> Entry:
        name = context.text(kind)
        if not name:
            raise ConfigurationError(context.field(kind), "is missing")
        if name not in entries:
            raise ConfigurationError(
                context.field(kind), f"names {clean(name, 80)!r}, which is not in {kind}s"
            )
        return entries[name]


def load(paths: Sequence[Path]) -> Kubeconfig:
    """Read and merge *paths*; raises `ConfigurationError` with the file and the field.

    A file that is missing is passed over as kubectl does, unless it is the only one.
    """
    merged = Kubeconfig()
    there = [path for path in paths if path.exists()] or list(paths)
    for path in there:
        content = _parsed(path)
        merged.paths.append(path)
        current = content.get("current-context") or ""
        if not isinstance(current, str):
            raise ConfigurationError(f"{path}: current-context", "must be a text")
        merged.current = merged.current or current
        for section, inner, into in (
            ("clusters", "cluster", merged.clusters),
            ("users", "user", merged.users),
            ("contexts", "context", merged.contexts),
        ):
            for name, fields in _entries(path, section, inner, content.get(section)):
                into.setdefault(name, Entry(path, section, name, fields))
    return merged


def _parsed(path: Path) -> Mapping[str, Any]:
    import yaml  # 20 ms that only a kubeconfig is worth

    content = read(path, "kubeconfig")
    if len(content) > SIZE_LIMIT:
        raise ConfigurationError("kubeconfig", f"{path} is larger than {SIZE_LIMIT} bytes")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        parsed = yaml.load(content, Loader=loader)  # noqa: S506  (a safe loader, in C)
    except yaml.YAMLError as error:
        # The error's own text quotes the line, which may hold a token.
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise ConfigurationError("kubeconfig", f"{path}{line}: is not YAML") from None
    except (ValueError, RecursionError):
        raise ConfigurationError("kubeconfig", f"{path}: is not YAML") from None
    if parsed is None:
        raise ConfigurationError("kubeconfig", f"{path} is empty")
    if not isinstance(parsed, dict):
        raise ConfigurationError("kubeconfig", f"{path} is not a kubeconfig")
    return parsed


def _entries(
    path: Path, section: str, inner: str, listed: object
) -> list[tuple[str, Mapping[str, Any]]]:
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise ConfigurationError(f"{path}: {section}", "must be a list")
    found: list[tuple[str, Mapping[str, Any]]] = []
    for number, item in enumerate(listed):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not name:
            raise ConfigurationError(f"{path}: {section}[{number}].name", "is missing")
        fields = item.get(inner) or {}
        if not isinstance(fields, dict):
            raise ConfigurationError(f"{path}: {section}[{clean(name, 80)}].{inner}", "is no map")
        found.append((name, fields))
    return found


def _decoded(pem: bytes, field: str) -> str:
    try:
        return pem.decode("ascii")
    except UnicodeDecodeError:
        raise ConfigurationError(field, "is not PEM") from None


def _credentials(user: Entry, cluster: Entry, clock: Clock) -> Credentials:
    """Pick as kubectl does: a token before a certificate, an exec plugin where there is neither."""
    if user.fields.get("auth-provider"):
        provider = user.fields["auth-provider"]
        name = provider.get("name") if isinstance(provider, dict) else None
        raise ConfigurationError(
            user.field("auth-provider"),
            f"{clean(str(name or 'it'), 40)} is not supported, nor by kubectl since 1.26: "
            "use an exec plugin (kubelogin for OIDC) or a token",
        )
    if user.text("username") or user.text("password"):
        raise ConfigurationError(
            user.field("username"), "API servers since 1.19 take no password: use a token"
        )
    if user.text("tokenFile"):
        return TokenFile(user.beside(user.text("tokenFile")), user.field("tokenFile"))
    certificate, key = user.pem("client-certificate"), user.pem("client-key")
    if bool(certificate) != bool(key):
        missing = "client-key" if certificate else "client-certificate"
        raise ConfigurationError(user.field(missing), "is missing: both are needed")
    token = user.text("token")
    if token:
        token = checked_token(token, user.field("token"))
    if token or certificate:
        return Fixed(Identity(token, certificate, key))
    plugin = user.fields.get("exec")
    return _plugin(user, cluster, plugin, clock) if plugin else Fixed(Identity())


def _plugin(user: Entry, cluster: Entry, plugin: object, clock: Clock) -> ExecPlugin:
    if not isinstance(plugin, dict):
        raise ConfigurationError(user.field("exec"), "is no map")
    inside = Entry(user.path, "exec", "", plugin)
    command, version = inside.text("command"), inside.text("apiVersion")
    if not command:
        raise ConfigurationError(user.field("exec.command"), "is missing")
    if version not in _EXEC_VERSIONS:
        raise ConfigurationError(
            user.field("exec.apiVersion"),
            f"{clean(version, 60) or 'nothing'} is not supported: {' or '.join(_EXEC_VERSIONS)}",
        )
    if inside.text("interactiveMode") == "Always":
        raise ConfigurationError(
            user.field("exec.interactiveMode"),
            "Always needs a terminal, which a station has not: use IfAvailable or a token",
        )
    arguments = plugin.get("args") or []
    variables = plugin.get("env") or []
    if not (isinstance(arguments, list) and all(isinstance(each, str) for each in arguments)):
        raise ConfigurationError(user.field("exec.args"), "must be a list of texts")
    try:
        environment = {str(each["name"]): str(each["value"]) for each in variables}
    except (TypeError, KeyError):
        raise ConfigurationError(user.field("exec.env"), "must list names and values") from None
    told = {
        name: cluster.fields[name]
        for name in ("server", "tls-server-name", "insecure-skip-tls-verify", "proxy-url")
        if cluster.fields.get(name)
    }
    authority = cluster.pem("certificate-authority")
    if authority:
        told["certificate-authority-data"] = base64.b64encode(authority).decode()
    return ExecPlugin(
        [command, *arguments],
        environment,
        version,
        user.field("exec"),
        clock,
        directory=user.path.parent,
        cluster=told if plugin.get("provideClusterInfo") is True else None,
        hint=inside.text("installHint"),
    )


def _impersonation(user: Entry) -> dict[str, str]:
    """Return the headers of `as` and `as-uid`; groups need repeated headers and are refused."""
    if user.fields.get("as-groups") or user.fields.get("as-user-extra"):
        raise ConfigurationError(user.field("as-groups"), "is not supported; `as` alone is")
    headers = {}
    if user.text("as"):
        headers["Impersonate-User"] = user.text("as")
    if user.text("as-uid"):
        headers["Impersonate-Uid"] = user.text("as-uid")
    for name, value in headers.items():
        if not value.isascii() or not value.isprintable():
            raise ConfigurationError(user.field("as"), f"cannot be sent as {name}")
    return headers
