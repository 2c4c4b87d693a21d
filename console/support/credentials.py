"""What looks like a credential, whoever's it is: taken out of logs, of bundles, of a crash."""

from __future__ import annotations

import re
from typing import Final

REMOVED: Final = "[removed]"

_CREDENTIAL: Final = re.compile(
    r"""(?ix)
    (\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}
    | ((?:token|passw(?:or)?d|secret|api[_-]?key|access[_-]?key(?:[_-]?id)?
          |private[_-]?key|key[_-]data|authorization|(?<![a-z])cookie|(?<![a-z])(?:pass|pwd))
       ["']?\s*[=:]\s*)
      (?:"(?:[^"\\\n]|\\.)+" | '(?:[^'\\\n]|\\.)+'
         | ["']?(?:(?:bearer|basic)\s+)?[^\s"',;&}]{2,}["']?)
    | ((?:passphrase|mnemonic)["']?\s*[=:]\s*)(?:"[^"\n]+"|'[^'\n]+'|[^"',;}\n]{2,})
    | (://)[^\s/"']+(?:/[^\s/@"']*)?(?=@)
    """
)
_PRIVATE: Final = re.compile(
    # Where the end was cut off, to the last line that can be of it.
    r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----)"
    r"(?:(?!-----)[\s\S]){0,65536}?"
    r"(-----END [A-Z0-9 ]{0,40}-----|\Z|(?=\n[^\n]*[^\nA-Za-z0-9+/=:, \t-]))"
)
_SHAPED: Final = re.compile(
    r"""(?x)
    \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?      # a JSON Web Token
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b                                     # a key's name at AWS
    | \b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-)[A-Za-z0-9_-]{16,}
    | \bLS0tLS1CRUdJT[A-Za-z0-9+/=]{8,}                                 # PEM in base64
    | (?<![A-Za-z])(?:(?!(?:the|and|was|not|are|has|for|its|with|from)\b)[a-z]{3,8}[ \t]+){11,23}
      [a-z]{3,8}(?![A-Za-z])                                     # a mnemonic phrase; no prose
    """
)
_SEGMENT: Final = re.compile(
    # Hosted nodes keep their key in the path. No name of Kubernetes' has capitals in it.
    r"(://[^\s/?#]+(?:/[^\s/?#]{1,64}){0,4}/)"
    r"(?:(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{20,}|[0-9a-f]{24,})"
    r"(?![A-Za-z0-9_-])"
)


def without_credentials(text: str) -> str:
    """Return *text* with what looks like a credential replaced."""
    text = _PRIVATE.sub(lambda m: f"{m[1]}{REMOVED}{m[2] or ''}", text)
    text = _CREDENTIAL.sub(lambda m: (m[1] or m[2] or m[3] or m[4]) + REMOVED, text)
    return _SHAPED.sub(REMOVED, _SEGMENT.sub(lambda m: m[1] + REMOVED, text))
