"""Credentials from a command, as kubeconfigs name one (`users[].user.exec`)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from adapters.clock import Clock
from adapters.contract import ConfigurationError
from adapters.kubernetes.access import Identity, checked_token
from adapters.kubernetes.times import epoch
from adapters.text import clean

TIMEOUT = 60.0
"""Seconds that a command may take: some open a browser, which nobody sits in front of here."""
EARLY = 30.0
"""Seconds before it expires at which a credential is asked for anew."""


class _Status(msgspec.Struct, rename="camel"):
    token: str = ""
    client_certificate_data: str = ""
    client_key_data: str = ""
    expiration_timestamp: str | None = None


class _ExecCredential(msgspec.Struct, rename="camel"):
    api_version: str = ""
    kind: str = ""
    status: _Status | None = None


class ExecPlugin:
    """Runs a credential plugin when there is no credential, or it expired or was refused.

    `field` names the place in the kubeconfig. The plugin gets no terminal and its standard input
    is closed: one that must ask a person fails here, and its error says so.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        api_version: str,
        field: str,
        clock: Clock,
        *,
        directory: Path | None = None,
        cluster: Mapping[str, object] | None = None,
        hint: str = "",
    ) -> None:
        self._command = command
        self._environment = environment
        self._api_version = api_version
        self._field = field
        self._clock = clock
        self._directory = directory
        self._cluster = cluster
        self._hint = hint
        self._identity: Identity | None = None
        self._lock = asyncio.Lock()

    async def identity(self) -> Identity:
        """Return a credential that has not expired."""
        async with self._lock:
            found = self._identity
            expired = (
                found is not None
                and found.expires is not None
                and self._clock.now() >= found.expires - EARLY
            )
            if found is None or expired:
                found = self._identity = await self._run()
            return found

    def forget(self) -> bool:
        """Run the command again for the next request."""
        self._identity = None
        return True

    async def _run(self) -> Identity:
        info = {
            "apiVersion": self._api_version,
            "kind": "ExecCredential",
            "spec": {"interactive": False}
            | ({"cluster": dict(self._cluster)} if self._cluster else {}),
        }
        environment = {
            **os.environ,
            **self._environment,
            "KUBERNETES_EXEC_INFO": msgspec.json.encode(info).decode(),
        }
        name = self._command[0]
        if self._directory and os.sep in name and not os.path.isabs(name):
            name = str(self._directory / name)
        try:
            process = await asyncio.create_subprocess_exec(
                name,
                *self._command[1:],
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=environment,
            )
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            hint = f"; {clean(self._hint, 200)}" if self._hint else ""
            raise self._error(f"{name} cannot be run: {reason}{hint}") from None
        try:
            async with asyncio.timeout(TIMEOUT):
                output, complaint = await process.communicate()
        except TimeoutError:
            raise self._error(f"{name} did not answer within {TIMEOUT:.0f} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            lines = complaint.decode(errors="replace").strip().splitlines() or ["no error given"]
            raise self._error(f"{name} ended with {process.returncode}: {clean(lines[-1], 200)}")
        return self._understood(name, output)

    def _understood(self, name: str, output: bytes) -> Identity:
        try:
            credential = msgspec.json.decode(output, type=_ExecCredential)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # The output may hold the token, so nothing of it is shown.
            raise self._error(f"{name} printed no ExecCredential") from None
        if credential.api_version != self._api_version:
            shown = clean(credential.api_version, 60) or "no version"
            raise self._error(f"{name} speaks {shown}, not {self._api_version}")
        status = credential.status
        if status is None or not (status.token or status.client_certificate_data):
            raise self._error(f"{name} gave neither a token nor a certificate")
        return Identity(
            token=checked_token(status.token, self._field) if status.token else "",
            certificate=status.client_certificate_data.encode(),
            key=status.client_key_data.encode(),
            expires=epoch(status.expiration_timestamp),
        )

    def _error(self, message: str) -> ConfigurationError:
        return ConfigurationError(self._field, message)
