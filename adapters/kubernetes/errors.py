"""What a server's refusals and a network's failures read like."""

from __future__ import annotations

import msgspec

from adapters.contract import AdapterError
from adapters.network import reason
from adapters.text import clean


class Unreachable(AdapterError):
    """There was no answer. `sent` is whether any of the request may have left."""

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class ApiError(AdapterError):
    """The server answered with an error: `code` is HTTP's, `reason` Kubernetes' own word.

    `what` is what was asked ("list pods") and `said` the server's line alone. `retry_after` is
    how many seconds the server asks to wait, None if it does not.
    """

    def __init__(
        self,
        what: str,
        said: str,
        code: int,
        reason: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{what}: {said}")
        self.what = what
        self.said = said
        self.code = code
        self.reason = reason
        self.retry_after = retry_after

    @property
    def gone(self) -> bool:
        """Whether a resourceVersion or a continue token is too old: list again."""
        return self.code == 410 or self.reason in ("Expired", "Gone")


class Cause(msgspec.Struct):
    """One of the causes in a Status."""

    message: str = ""
    field: str = ""


class Details(msgspec.Struct, rename="camel"):
    """What a Status is about."""

    causes: list[Cause] | None = None
    retry_after_seconds: int | None = None


class Status(msgspec.Struct):
    """Kubernetes' own error object."""

    kind: str = ""
    message: str | None = ""
    reason: str | None = ""
    code: int | None = None
    details: Details | None = None


_TRUST = "set ca_file, or certificate-authority in the kubeconfig"
_UNKNOWN_USER = "the server does not know this token or certificate: renew the credentials"


def api_error(code: int, body: bytes, what: str, retry_after: str = "") -> ApiError:
    """Turn an error answer to *what* ("list pods") into one line, whatever its body is."""
    try:
        status = msgspec.json.decode(body, type=Status)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        status = Status()
    if status.kind != "Status":
        return ApiError(
            what, f"HTTP {code} from something that is not a Kubernetes API server", code
        )
    message = clean(status.message or status.reason or f"HTTP {code}", 400)
    if code == 401:
        message = _UNKNOWN_USER
    waits = status.details.retry_after_seconds if status.details else None
    if waits is None and retry_after.isdigit():
        waits = int(retry_after)
    return ApiError(
        what, message, status.code or code, status.reason or "", float(waits or 0) or None
    )


def unreachable(error: Exception, server: str, *, sent: bool) -> Unreachable:
    """Turn a failure of the network into one line that names the server and the reason."""
    return Unreachable(f"{server}: {reason(error, _TRUST)}", sent=sent)
