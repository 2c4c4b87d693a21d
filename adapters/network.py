"""What every adapter that speaks TCP needs: reasons that a person can read, and sane sockets."""

from __future__ import annotations

import errno
import os
import socket
from urllib.parse import urlsplit

from adapters.text import clean


def reason(error: BaseException, trust: str = "set ca_file") -> str:
    """Return the system's own reason for a failure of the network.

    The libraries say only "all connection attempts failed". *trust* says what to do about a
    certificate that is not trusted.
    """
    import ssl

    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({clean(seen.verify_message, 120)}): {trust}"
        if isinstance(seen, ssl.SSLError):
            return f"TLS failed ({clean(seen.reason or str(seen), 120)})"
        if isinstance(seen, OSError) and seen.errno:
            return _system_reason(seen)
        if isinstance(seen, BaseExceptionGroup):
            seen = seen.exceptions[0]
        else:
            seen = seen.__cause__ or seen.__context__
    name = type(error).__name__
    if "Timeout" in name:
        return "no answer in time"
    if name == "RemoteProtocolError":
        return "the connection was closed in the middle of an answer"
    return clean(str(error), 200) or name


def _system_reason(error: OSError) -> str:
    if error.errno == errno.ECONNREFUSED:
        return "connection refused: nothing listens there"
    number = error.errno or 0
    if number < 0 or number not in errno.errorcode:  # getaddrinfo's own numbers
        return f"the name cannot be resolved ({clean(error.strerror or str(error), 120)})"
    return os.strerror(number).lower()


def environment_proxy(server: str) -> str:
    """Return the proxy that the environment names for *server*; never one for this machine."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(server)
    host = parts.hostname or ""
    if host in ("localhost", "::1") or host.startswith("127.") or proxy_bypass(host):
        return ""
    return getproxies().get(parts.scheme, "")


def socket_options() -> list[tuple[int, int, int]]:
    """Have the kernel notice a peer that is gone within half a minute, and never send on later.

    A stream may be silent for a minute and more, and a cable that was pulled says nothing. The
    user timeout also bounds how late a request that hung can still arrive.
    """
    options = [
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    ]
    for name, value in (
        ("TCP_KEEPIDLE", 15),
        ("TCP_KEEPINTVL", 5),
        ("TCP_KEEPCNT", 3),
        ("TCP_USER_TIMEOUT", 10_000),
    ):
        if hasattr(socket, name) and os.name == "posix":
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options
