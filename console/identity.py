"""Which station a console means: found by user, colony and a digest of the configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from console import configuration
from console.choice import Choice
from console.paths import check_socket, private_dir, runtime_dir, slug, socket_path, state_dir

DEMO = "demo"
"""What a demo's files are called by: its colony's name is the box's to say."""
DEFAULT_SCENARIO = "bad-rollout"
HOLD = "station.lock"
"""The file beside its log that a colony's station keeps locked, with its pid in it."""


class Identity(NamedTuple):
    """One station: its colony, its configuration's digest, and where its files are.

    `shared` is whether it is a service that many people use: found, never started from a console.
    `folder` holds its log of actions, `diary` is its own log file.
    """

    colony: str
    digest: str
    socket: Path
    folder: Path
    diary: Path
    shared: bool = False
    demo: bool = False

    @property
    def lock(self) -> Path:
        """The file that whoever starts this station locks meanwhile."""
        return self.socket.with_suffix(".start")

    @property
    def hold(self) -> Path:
        """The file that a colony's station keeps locked while it lives: one station a colony."""
        return self.folder / HOLD


def identify(choice: Choice, environ: Mapping[str, str] = os.environ) -> Identity:
    """Return the station that *choice* means.

    Raises `ConfigurationProblem`, and `PathError` where a directory is not safe to use.
    """
    if choice.demo:
        scenario = choice.scenario or DEFAULT_SCENARIO
        digest = configuration.digest_of([DEMO, scenario, choice.seed])
        runtime = runtime_dir(environ)
        folder = private_dir(runtime / f"{DEMO}-{digest[:12]}")
        socket = socket_path(runtime, DEMO, digest)
        return Identity(DEMO, digest, socket, folder, folder / "station.log", demo=True)
    told = configuration.read(choice.config, environ)
    colony = configuration.choose(told, choice.colony, environ)
    digest = configuration.digest(told, colony, environ)
    folder = state_dir(colony, environ)
    shared = _shared(told, colony)
    if shared is not None:
        check_socket(shared)
        return Identity(colony, digest, shared, folder, folder / "station.log", shared=True)
    socket = socket_path(runtime_dir(environ), colony, digest)
    return Identity(colony, digest, socket, folder, folder / "station.log")


def siblings(identity: Identity) -> list[Path]:
    """Return the sockets of stations of the same colony under other configurations."""
    if identity.shared or identity.demo:
        return []
    named = f"{slug(identity.colony)}-{'[0-9a-f]' * 12}.sock"
    return [path for path in sorted(identity.socket.parent.glob(named)) if path != identity.socket]


def _shared(told: configuration.Configuration, colony: str) -> Path | None:
    """Return the socket of the colony's shared station, None if it has a personal one."""
    colonies = told.tables.get("colonies", {})
    table = colonies.get(colony, {}) if isinstance(colonies, Mapping) else {}
    socket = table.get("shared", "") if isinstance(table, Mapping) else ""
    if not socket:
        return None
    if not isinstance(socket, str) or not socket.startswith("/"):
        raise configuration.ConfigurationProblem(
            f"{told.name}: colonies.{colony}.shared: must be the absolute path of a socket"
        )
    return Path(socket)
