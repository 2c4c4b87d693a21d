"""A passphrase for a headless command: from a file descriptor or a terminal, never an argument."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys

LIMIT = 4096
"""Bytes of a passphrase at most."""


class NoPassphrase(Exception):
    """A line for a person: there is no passphrase to be had."""


async def passphrase(key: str, descriptor: int | None) -> str:
    """Return the passphrase of *key*; raises `NoPassphrase`."""
    if descriptor is not None:
        return await asyncio.to_thread(_read, descriptor)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NoPassphrase(f"the key {key} is locked and needs --passphrase-fd N, or a terminal")
    try:
        return await asyncio.to_thread(getpass.getpass, f"passphrase of the key {key}: ")
    except EOFError:
        raise NoPassphrase("no passphrase was given") from None


def _read(descriptor: int) -> str:
    """Return the first line of *descriptor*, without its end."""
    found = b""
    try:
        while len(found) < LIMIT and b"\n" not in found:
            piece = os.read(descriptor, LIMIT - len(found))
            if not piece:
                break
            found += piece
        text = found.partition(b"\n")[0].rstrip(b"\r").decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise NoPassphrase(f"--passphrase-fd {descriptor}: cannot be read: {why}") from None
    if not text:
        raise NoPassphrase(f"--passphrase-fd {descriptor}: there is nothing in it")
    return text
