"""The station's Unix socket: who may connect, and who it is that did."""

from __future__ import annotations

import asyncio
import contextlib
import grp
import logging
import os
import pwd
import socket
import stat
import struct
from collections.abc import Callable
from pathlib import Path

from adapters.clock import Clock
from adapters.text import clean
from console.feed.messages import Hello, Welcome
from console.roles import Role
from console.station.ending import Ending
from console.station.hub import Hub
from console.station.peers import Peer
from console.station.topics import Topics

GROUP = "colony"
"""The group that may use a shared station."""
CONNECTIONS = 64
"""Connections at a time."""
BUFFER = 1024 * 1024
"""Bytes that may wait in a connection's reader."""

_log = logging.getLogger("colony.station")
_PEER = struct.Struct("3i")


class ServerError(Exception):
    """A line for a person: the socket cannot be had."""


def name_of(uid: int) -> str:
    """Return the user's name, or "uid N" for one without."""
    try:
        return clean(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return f"uid {uid}"


def peer_uid(connection: socket.socket) -> int:
    """Return the uid at the other end, as the kernel knows it (SO_PEERCRED)."""
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    return int(_PEER.unpack(told)[1])


def listen(path: Path, *, shared: bool) -> socket.socket:
    """Return a socket that listens at *path*; raises `ServerError`.

    A personal one is its owner's alone. A shared one is the group's too. One that is left there
    by a station that died is removed, one that answers is not.
    """
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.setblocking(False)
    try:
        _make_room(path)
        before = os.umask(0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        if shared:
            os.chown(path, -1, _group())
            path.chmod(0o660)
        listening.listen(CONNECTIONS)
    except OSError as error:
        listening.close()
        raise ServerError(f"{path}: cannot listen there: {error.strerror or error}") from error
    except ServerError:
        listening.close()
        raise
    return listening


def _make_room(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise ServerError(f"{path}: is not a socket; remove it")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
    raise ServerError(f"{path}: another station listens there")


def _group() -> int:
    try:
        return grp.getgrnam(GROUP).gr_gid
    except KeyError:
        raise ServerError(
            f"a shared station needs the group {GROUP!r}: groupadd --system {GROUP}"
        ) from None


class Server:
    """Accepts connections at a socket and serves each until it ends.

    `welcome` makes the answer to a Hello, and says by its mode whether that one may act.
    """

    def __init__(
        self,
        hub: Hub,
        topics: Topics,
        ending: Ending,
        clock: Clock,
        welcome: Callable[[str, int, Hello], Welcome],
        *,
        shared: bool = False,
    ) -> None:
        self._hub = hub
        self._topics = topics
        self._ending = ending
        self._clock = clock
        self._welcome = welcome
        self._shared = shared
        self._peers: dict[Peer, asyncio.Task[None] | None] = {}
        self._server: asyncio.Server | None = None
        self._path: Path | None = None
        self._inode = 0

    @property
    def attended(self) -> int:
        """How many consoles with a person before them are attached."""
        return sum(peer.attended for peer in self._peers)

    @property
    def connections(self) -> int:
        """How many connections there are."""
        return len(self._peers)

    async def start(self, listening: socket.socket, path: Path) -> None:
        """Accept at *listening*, which is bound to *path*."""
        self._path = path
        self._inode = os.lstat(path).st_ino
        self._server = await asyncio.start_unix_server(self._accept, sock=listening, limit=BUFFER)

    def leave(self) -> None:
        """Accept nobody any more, and let another station have the path."""
        if self._server is not None:
            self._server.close()
        if self._path is not None:
            with contextlib.suppress(OSError):
                if self._path.lstat().st_ino == self._inode:
                    self._path.unlink()
            self._path = None

    async def close(self, reason: str) -> None:
        """Tell every console *reason* and end its connection."""
        self.leave()
        peers = dict(self._peers)
        await asyncio.gather(*(peer.farewell(reason) for peer in peers))
        tasks = [task for task in peers.values() if task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=2.0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        uid = peer_uid(connection)
        peer = Peer(reader, writer, name_of(uid), uid, self._topics, self._clock)
        if not self._shared and uid not in (os.geteuid(), 0):
            _log.warning("%s was refused: this station is another user's", peer.who)
            await peer.farewell("this station is another user's; start your own, or a shared one")
            return
        if len(self._peers) >= CONNECTIONS:
            await peer.farewell(f"the station has {CONNECTIONS} connections already; close one")
            return
        self._peers[peer] = asyncio.current_task()
        try:
            await self._serve(peer)
        except Exception:
            _log.exception("a connection of %s failed", peer.who)
        finally:
            self._peers.pop(peer, None)
            peer.close()

    async def _serve(self, peer: Peer) -> None:
        hello = await peer.hello()
        if hello is None:
            return
        peer.attended = hello.attended
        welcome = self._welcome(peer.who, peer.uid, hello)
        peer.who, peer.role = welcome.who, Role(welcome.role)
        peer.opened_read_only = hello.read_only
        subscription = self._hub.subscribe()
        self._ending.joined()
        try:
            await peer.run(welcome, subscription)
        finally:
            self._hub.unsubscribe(subscription)
            self._ending.left(attended=peer.attended, end=peer.end)
