"""Takes secrets out of what leaves: by what may be shown, by what is known, by what looks like one.

Three sieves, since each has holes. A configuration is shown by a list of what may be: a setting
that nobody thought of is counted, not shown. Values that are known to be secret (the files of the
secrets directory, settings that are not shown, variables that sound like it) are taken out
wherever they occur. And what looks like a credential goes, as in the station's own log file.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from adapters.text import clean_text
from console.support.credentials import REMOVED, without_credentials

SHORTEST: Final = 6
"""Characters from which a known value is taken out: "yes" is in too many words."""
DEEPEST: Final = 12

PLAIN: Final = frozenset(
    {
        "adapter", "context", "cluster", "namespaces", "namespace", "metallb_namespace", "site",
        "units", "origin", "production", "read_only", "shared", "record", "anchor", "default",
        "action", "target", "significance", "second_person", "break_glass", "address", "abi",
        "host", "in_cluster", "insecure", "node_accounts", "kind", "field", "name", "severity",
        "kubeconfig", "token_file", "ca_file", "client_certificate", "client_key", "keystore",
        "passphrase_file", "secrets", "tls_server_name",
    }
)  # fmt: skip
"""Settings whose text may be shown: where a secret is kept is none. Numbers always may."""
PLACES: Final = frozenset(["url", "ws", "server", "proxy"])
"""Settings that are URLs: shown without user, path and query, where hosted nodes keep their key."""
_ADDRESS: Final = re.compile("0x[0-9a-fA-F]{40}")
"""An account or a contract: public on its chain. A private key is longer."""
_COUNTED: Final = re.compile(r"\[[0-9]+ characters\]")
_SOUNDS: Final = re.compile(r"(?i)passw|secret|token|api_?key|private|credential|authori[sz]ation")


def place(url: str) -> str:
    """Return scheme, host and port of *url*: what else is in it may be a key."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return REMOVED
    if not parts.hostname:
        return REMOVED
    more = f"/{REMOVED}" if parts.path.strip("/") or parts.query or parts.username else ""
    return f"{parts.scheme}://{parts.hostname}{port}{more}"


def shown(settings: Any, field: str = "", depth: int = 0) -> Any:
    """Return *settings*, tables as TOML has them, with only what may be shown.

    The names of tables and fields stay: which settings there are is what support asks first.
    """
    if depth > DEEPEST:
        return REMOVED
    if isinstance(settings, Mapping):
        return {str(key): shown(value, str(key), depth + 1) for key, value in settings.items()}
    if isinstance(settings, Sequence) and not isinstance(settings, str):
        return [shown(value, field, depth + 1) for value in settings]
    if settings is None or isinstance(settings, (bool, int, float)):
        return REMOVED if _SOUNDS.search(field) and not isinstance(settings, bool) else settings
    text = str(settings)
    if not text:
        return ""
    if field in PLACES:
        return place(text)
    return text if _plain(field, text) else f"[{len(text)} characters]"


def _plain(field: str, text: str) -> bool:
    return field in PLAIN or _ADDRESS.fullmatch(text) is not None


def hidden(settings: Any, field: str = "", depth: int = 0) -> set[str]:
    """Return the texts in *settings* that `shown` does not show, to be taken out elsewhere."""
    if depth > DEEPEST:
        return set()
    if isinstance(settings, Mapping):
        found: set[str] = set()
        for key, value in settings.items():
            found |= hidden(value, str(key), depth + 1)
        return found
    if isinstance(settings, Sequence) and not isinstance(settings, str):
        return set().union(*(hidden(value, field, depth + 1) for value in settings))
    if settings is None or isinstance(settings, (bool, int, float)):
        return set()
    text = str(settings)
    if _plain(field, text):
        return set()
    if field in PLACES:
        parts = urlsplit(text) if "://" in text else None
        secret = (parts.password, parts.path.strip("/"), parts.query) if parts else ()
        return {one for one in secret if one}
    return {text}


def of_environment(environ: Mapping[str, str]) -> set[str]:
    """Return the values of variables that sound like a secret, or that set one of ours."""
    return {
        value
        for name, value in environ.items()
        if _SOUNDS.search(name) or name.upper().startswith("COLONY_COLONIES__")
    }


def _names_secret(field: Any, value: Any) -> bool:
    """Whether *value* is the text of a field that sounds like a secret, and not counted already."""
    if not isinstance(value, str) or not value or str(field) in PLAIN:
        return False
    return _SOUNDS.search(str(field)) is not None and _COUNTED.fullmatch(value) is None


def _forms(value: str) -> tuple[str, ...]:
    """Return *value* as it is, in a Kubernetes Secret, and in a URL."""
    if len(value) < SHORTEST:
        return ()
    data = value.encode("utf-8", "replace")
    coded = (base64.b64encode(data + end).decode().rstrip("=") for end in (b"", b"\n"))
    return (value, *coded, quote(value, safe=""))


class Sieve:
    """Takes a set of known secret values, and what looks like one, out of texts."""

    def __init__(self, values: Iterable[str]) -> None:
        words = {
            word
            for value in values
            for line in (value, *value.splitlines())
            for word in _forms(line.strip())
        }
        # The longest first: a part of a secret must not break the whole up.
        known = sorted((one for one in words if len(one) >= SHORTEST), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None
        self.removed = 0
        """How many known values were taken out so far."""

    def text(self, text: str, limit: int = 1_048_576) -> str:
        """Return *text* without them, harmless to a terminal, at most *limit* characters."""
        if self._known is not None:
            text, count = self._known.subn(REMOVED, text)
            self.removed += count
        return clean_text(without_credentials(text), limit)

    def value(self, value: Any, depth: int = 0) -> Any:
        """Return *value*, as JSON has it, without them."""
        if isinstance(value, str):
            return self.text(value, 16_384)
        if depth > DEEPEST:
            return REMOVED
        if isinstance(value, Mapping):
            return {
                self.text(str(key), 512): REMOVED if _names_secret(key, one) else
                self.value(one, depth + 1)
                for key, one in value.items()
            }  # fmt: skip
        if isinstance(value, (list, tuple)):
            return [self.value(one, depth + 1) for one in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self.text(str(value), 16_384)
