"""The signing keys of this station: V3 keystores, opened in a thread, kept in memory alone.

No key and no passphrase is ever in an error, a log or a record.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.chain import hashing
from adapters.chain.settings import Key
from adapters.contract import AdapterError, Refused
from adapters.text import clean

if TYPE_CHECKING:
    from eth_account import Account
    from eth_account.signers.local import LocalAccount

FILE_LIMIT = 65_536
"""Bytes of a keystore or a passphrase file; a keystore has about 500."""


class Keyring:
    """The configured keys by name; each is locked until its passphrase opened it."""

    def __init__(self, keys: Mapping[str, Key], secrets: Path | None) -> None:
        self._keys = keys
        self._secrets = secrets
        self._open: dict[str, LocalAccount] = {}
        self._addresses: dict[str, str] = {}
        self._opening: dict[str, asyncio.Lock] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the keys, in the order of the configuration."""
        return tuple(self._keys)

    def locked(self, name: str) -> bool:
        """Whether a passphrase is wanted from a person before *name* can sign."""
        key = self._keys.get(name)
        return key is not None and name not in self._open and not key.passphrase_file

    def path(self, name: str) -> str:
        """Return where the keystore called *name* is."""
        return str(self._place(self._keys[name].keystore))

    async def address(self, name: str) -> str:
        """Return whose key *name* is, "" where that is known only once it is open.

        Raises `Refused` where the keystore cannot be read.
        """
        if name in self._open:
            return str(self._open[name].address)
        if name not in self._addresses:
            store = await asyncio.to_thread(self._keystore, name)
            said = store.get("address")
            text = "0x" + said.removeprefix("0x") if isinstance(said, str) else ""
            self._addresses[name] = hashing.checksummed(text) if hashing.is_address(text) else ""
        return self._addresses[name]

    async def unlock(self, name: str, passphrase: str) -> str:
        """Open the key *name* and return a line on it; raises `Refused`."""
        if name not in self._keys:
            there = ", ".join(self._keys) or "none"
            raise Refused(f"no key is called {clean(name)!r}; there are: {clean(there)}")
        async with self._opening.setdefault(name, asyncio.Lock()):
            account = await asyncio.to_thread(self._opened, name, passphrase)
            self._open[name] = account
        return f"{clean(name)} is open: {account.address}"

    async def ready(self, name: str) -> None:
        """Open *name* with its passphrase file, where it has one and is not open yet."""
        key = self._keys.get(name)
        if key is None or name in self._open or not key.passphrase_file:
            return
        path = self._place(key.passphrase_file)
        said = await asyncio.to_thread(_content, path, f"keys.{name}.passphrase_file")
        await self.unlock(name, said.decode("utf-8", "replace").rstrip("\r\n"))

    async def sign(self, name: str, transaction: Mapping[str, Any]) -> tuple[bytes, str]:
        """Return the signed *transaction* to the byte, and its hash; raises `Refused`."""
        await self.ready(name)
        account = self._open.get(name)
        if account is None:
            raise Refused(f"the key {clean(name)} is locked: unlock it first")
        try:
            signed = await asyncio.to_thread(account.sign_transaction, dict(transaction))
        except Exception as error:
            # Whatever it is about, what the library says may hold what it was about.
            raise AdapterError(
                f"the key {clean(name)} did not sign: {type(error).__name__}"
            ) from None
        return bytes(signed.raw_transaction), "0x" + bytes(signed.hash).hex()

    def warnings(self, name: str) -> tuple[str, ...]:
        """Say which of the files of *name* others on this machine can read."""
        key = self._keys.get(name)
        found = []
        for text in (key.keystore, key.passphrase_file) if key else ():
            path = self._place(text) if text else None
            try:
                mode = path.stat().st_mode & 0o777 if path else 0
            except OSError:
                continue
            if mode & 0o077:
                found.append(f"{clean(str(path))} can be read by others: chmod 600 (is {mode:o})")
        return tuple(found)

    def _place(self, text: str) -> Path:
        path = Path(text).expanduser()
        return self._secrets / path if self._secrets and not path.is_absolute() else path

    def _keystore(self, name: str) -> dict[str, Any]:
        field = f"keys.{name}.keystore"
        path = self._place(self._keys[name].keystore)
        try:
            store = json.loads(_content(path, field))
        except (ValueError, RecursionError):
            store = None
        if not isinstance(store, dict) or store.get("version") != 3:
            raise Refused(f"{field}: {clean(str(path))} is no V3 keystore")
        return store

    def _opened(self, name: str, passphrase: str) -> LocalAccount:
        """Open a keystore: scrypt takes about 1.5 s."""
        store = self._keystore(name)
        Account = _accounts()
        try:
            secret = Account.decrypt(store, passphrase)
        except ValueError:
            raise Refused(f"the passphrase of {clean(name)} is wrong") from None
        except Exception as error:
            # A keystore with parts missing or unknown; its contents stay out of the line.
            raise Refused(
                f"keys.{name}.keystore cannot be opened: {type(error).__name__}"
            ) from None
        account: LocalAccount = Account.from_key(secret)
        return account


def _accounts() -> type[Account]:
    """Import eth-account, which takes 0.7 s.

    py_ecc below it raises the whole process' recursion limit to 100,000. What an endpoint answers
    could then nest so deep that the reader, written in C, overruns the stack: the limit stays.
    """
    limit = sys.getrecursionlimit()
    try:
        from eth_account import Account
    finally:
        sys.setrecursionlimit(limit)
    return Account


def _content(path: Path, field: str) -> bytes:
    try:
        with path.open("rb") as file:
            found = file.read(FILE_LIMIT + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refused(f"{field}: {clean(str(path))} cannot be read: {reason}") from None
    if len(found) > FILE_LIMIT:
        raise Refused(f"{field}: {clean(str(path))} is larger than {FILE_LIMIT} bytes")
    return found
