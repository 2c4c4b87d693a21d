"""SHA-256 as the interpreter has it built in, which is there at once.

`hashlib` loads OpenSSL for the same digest, 3 ms of each start; the standard library's `random`
goes past it too.
"""

from __future__ import annotations

try:
    from _sha2 import sha256  # type: ignore[import-not-found,unused-ignore]  # Python 3.12
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found,no-redef,unused-ignore]
    except ImportError:
        from hashlib import sha256

__all__ = ["sha256"]
