"""Where things are: the runtime directory, the state directory, the configuration file.

Standard library only: the console asks before its first paint.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from console.hashing import sha256

SOCKET_LIMIT = 103
"""Bytes of a Unix socket's path: 108 with the final NUL on Linux, 104 on the BSDs."""

_LONGEST_NAME = len("x" * 24 + "-" + "0" * 12 + ".sock")


class PathError(Exception):
    """A line for a person: a directory is not safe to use, or cannot be made."""


def slug(name: str) -> str:
    """Return *name* fit for a file name, at most 24 characters, different for different names."""
    safe = re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")
    if safe and safe == name and len(name) <= 24:
        return name
    mark = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{safe[:17]}-{mark}" if safe else mark


def private_dir(path: Path) -> Path:
    """Make *path* a directory that its owner alone enters, and return it; raises `PathError`.

    What stands there must be a directory of ours, not a link to one: in /tmp anybody may have
    put it there before us.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            pass
        found = path.lstat()
    except OSError as error:
        raise PathError(f"{path}: cannot be made: {error.strerror}") from error
    if stat.S_ISLNK(found.st_mode) or not stat.S_ISDIR(found.st_mode):
        raise PathError(f"{path}: is not a directory; remove it")
    if found.st_uid != os.geteuid():
        raise PathError(f"{path}: belongs to user {found.st_uid}, not to you; have it removed")
    if found.st_mode & 0o077:
        try:
            path.chmod(0o700)
        except OSError as error:
            raise PathError(f"{path}: others may enter it: chmod 700 {path}") from error
    return path


def runtime_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where sockets are: $XDG_RUNTIME_DIR/colony, else /tmp/colony-UID; raises `PathError`.

    A runtime directory too deep for a socket's path, or one that is not ours (after `su`), is
    passed over.
    """
    given = environ.get("XDG_RUNTIME_DIR", "")
    if given.startswith("/"):
        base = Path(given)
        fits = len(os.fsencode(base / "colony")) + 1 + _LONGEST_NAME <= SOCKET_LIMIT
        try:
            ours = base.stat().st_uid == os.geteuid()
        except OSError:
            ours = False
        if fits and ours:
            return private_dir(base / "colony")
    return private_dir(Path("/tmp") / f"colony-{os.geteuid()}")  # noqa: S108 - checked above


def state_dir(colony: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Return where *colony*'s log is kept: $XDG_STATE_HOME/colony/NAME; raises `PathError`."""
    given = environ.get("XDG_STATE_HOME", "")
    base = Path(given) if given.startswith("/") else Path.home() / ".local" / "state"
    return private_dir(private_dir(base / "colony") / slug(colony))


def config_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where a person's own configuration is: $XDG_CONFIG_HOME/colony."""
    given = environ.get("XDG_CONFIG_HOME", "")
    base = Path(given) if given.startswith("/") else Path.home() / ".config"
    return base / "colony"


def config_file(given: Path | None, environ: Mapping[str, str] = os.environ) -> tuple[Path, bool]:
    """Return the configuration file to read, and whether somebody named it.

    One that was named (*given* or $COLONY_CONFIG) must exist; the default need not.
    """
    named = given or (Path(environ["COLONY_CONFIG"]) if environ.get("COLONY_CONFIG") else None)
    if named is not None:
        return named.expanduser().absolute(), True
    return config_home(environ) / "colony.toml", False


def socket_path(directory: Path, colony: str, digest: str) -> Path:
    """Return the path of the socket of *colony*'s station; raises `PathError` if too long."""
    path = directory / f"{slug(colony)}-{digest[:12]}.sock"
    check_socket(path)
    return path


def check_socket(path: Path) -> None:
    """Raise `PathError` where *path* is longer than a socket's may be."""
    if len(os.fsencode(path)) > SOCKET_LIMIT:
        raise PathError(f"{path}: longer than the {SOCKET_LIMIT} bytes that a socket's path may be")
