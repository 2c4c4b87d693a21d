"""How one API server is reached and as whom: what settings and kubeconfigs come down to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol
from urllib.parse import urlsplit

from adapters.contract import ConfigurationError


class Identity:
    """Who we are to the server: a bearer token, a client certificate (PEM), or neither."""

    __slots__ = ("certificate", "expires", "key", "token")

    def __init__(
        self,
        token: str = "",
        certificate: bytes = b"",
        key: bytes = b"",
        expires: float | None = None,
    ) -> None:
        self.token = token
        self.certificate = certificate
        self.key = key
        self.expires = expires

    def __repr__(self) -> str:
        """Say which sort of identity this is; never what it holds."""
        sorts = ["a token"] * bool(self.token) + ["a certificate"] * bool(self.certificate)
        return f"Identity({' and '.join(sorts) or 'anonymous'})"


class Credentials(Protocol):
    """Where an identity comes from."""

    async def identity(self) -> Identity:
        """Return the identity to use now; raises `ConfigurationError` if there is none."""
        ...

    def forget(self) -> bool:
        """The server refused the last identity. Return whether asking again may give another."""
        ...


class Fixed:
    """An identity that never changes."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def identity(self) -> Identity:
        """Return it."""
        return self._identity

    def forget(self) -> bool:
        """Asking again gives the same."""
        return False


class TokenFile:
    """A token in a file that something else renews, such as a service account's."""

    def __init__(self, path: Path, field: str) -> None:
        self._path = path
        self._field = field

    async def identity(self) -> Identity:
        """Return the token that the file holds now: a kilobyte, read for each request."""
        return Identity(token=checked_token(read(self._path, self._field).decode(), self._field))

    def forget(self) -> bool:
        """The file may hold another by now."""
        return True


class Access:
    """Everything needed to open a connection. `origin` says where it was configured."""

    __slots__ = (
        "ca",
        "context",
        "credentials",
        "headers",
        "insecure",
        "namespace",
        "origin",
        "proxy",
        "server",
        "server_name",
    )

    def __init__(
        self,
        server: str,
        credentials: Credentials,
        *,
        ca: str = "",
        insecure: bool = False,
        server_name: str = "",
        proxy: str = "",
        headers: Mapping[str, str] = MappingProxyType({}),
        origin: str = "",
        context: str = "",
        namespace: str = "",
    ) -> None:
        self.server = server
        self.credentials = credentials
        self.ca = ca
        self.insecure = insecure
        self.server_name = server_name
        self.proxy = proxy
        self.headers = headers
        self.origin = origin
        self.context = context
        self.namespace = namespace


def read(path: Path, field: str) -> bytes:
    """Return what *path* holds; an error names *field*."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigurationError(field, f"{path} cannot be read: {reason}") from None


def checked_token(text: str, field: str) -> str:
    """Return *text* without the line end that editors add; refuse what cannot be a token.

    An illegal character would come back in the HTTP library's own error, token and all.
    """
    token = text.strip()
    if not token:
        raise ConfigurationError(field, "is empty: a bearer token is expected")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigurationError(field, "holds characters that no bearer token has")
    return token


def checked_server(text: str, field: str) -> str:
    """Return the base URL *text* without a trailing slash, its path kept."""
    try:
        parts = urlsplit(text)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        port_is_good = False
    if not port_is_good or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(field, "is not a URL such as https://HOST:6443")
    if parts.username or parts.password:
        raise ConfigurationError(field, "holds a user or a password: use a token or certificate")
    if parts.query or parts.fragment:
        raise ConfigurationError(field, "has a ? or # part, which no API server's base URL has")
    return text.rstrip("/")
