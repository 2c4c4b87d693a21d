"""The TLS context that HTTP and WebSocket share."""

from __future__ import annotations

import ssl
from pathlib import Path

from adapters.contract import ConfigurationError


def context(ca_file: str) -> ssl.SSLContext:
    """Return a context that trusts *ca_file*, or what the system trusts where it is ""."""
    if not ca_file:
        return ssl.create_default_context()
    path = Path(ca_file).expanduser()
    try:
        return ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "strerror", None) or "it is no PEM certificate"
        raise ConfigurationError("ca_file", f"{path} cannot be used: {reason.lower()}") from None
