"""TLS as an API server expects it: its own authority, a client certificate, as Go would check."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from adapters.contract import ConfigurationError

if TYPE_CHECKING:
    import ssl

    from adapters.kubernetes.access import Access, Identity


def context(access: Access, identity: Identity) -> ssl.SSLContext:
    """Return the TLS context for *access* as *identity*; raises `ConfigurationError`."""
    import ssl

    try:
        made = ssl.create_default_context(cadata=access.ca or None)
    except (ssl.SSLError, ValueError):
        raise ConfigurationError("certificate-authority", "is not PEM") from None
    # kubeadm's own authorities lack what Python ≥ 3.13 demands by this flag; Go does not ask.
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if access.insecure:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    if identity.certificate:
        _load(made, identity)
    return made


def _load(made: ssl.SSLContext, identity: Identity) -> None:
    """Give *made* the client certificate: ssl takes files only, so one is made for a moment."""
    import ssl

    content = identity.certificate.rstrip() + b"\n" + identity.key.rstrip() + b"\n"
    try:
        with _passing_file(content) as path:
            made.load_cert_chain(path, password=_no_password)
    except ssl.SSLError as error:
        reason = (error.reason or "not PEM").lower().replace("_", " ")
        raise ConfigurationError(
            "client-certificate", f"certificate and key cannot be used: {reason}"
        ) from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ConfigurationError("client-certificate", f"cannot be loaded: {reason}") from None


@contextlib.contextmanager
def _passing_file(content: bytes) -> Iterator[str]:
    """Lend a path that reads as *content*: in memory on Linux, else a file of ours alone."""
    if hasattr(os, "memfd_create"):
        number = os.memfd_create("colony-client-certificate", os.MFD_CLOEXEC)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            yield f"/proc/self/fd/{number}"
    else:
        with tempfile.NamedTemporaryFile() as named:
            named.write(content)
            named.flush()
            yield named.name


def _no_password() -> str:
    """Without this, OpenSSL would ask on the terminal, which is the console's."""
    raise ConfigurationError("client-key", "is encrypted: a key without a password is needed")
