"""A witness' HTTP server: POST /add-checkpoint of c2sp.org/tlog-witness, and nothing else.

No TLS: what is asked is public and what is answered is signed. Strangers are kept short: so many
connections at once, so many bytes, so much time.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from adapters.text import clean
from console.headless.witness_files import Known, State, WitnessFileError
from console.ledger import note, witness
from console.ledger.keys import SigningKey
from console.ledger.witness import Answer, Logs

PATH = "/add-checkpoint"
CONNECTIONS = 64
"""Connections at once; further ones are closed."""
PATIENCE = 20.0
"""Seconds that one request may take to come, and its answer to go."""


class Cosigner:
    """Answers requests, one at a time: what was seen is on the disk before an answer leaves."""

    def __init__(
        self,
        state: State,
        keys: Sequence[SigningKey],
        logs: Logs,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._state = state
        self._keys = keys
        self._logs = logs
        self._now = now
        self._turn = threading.Lock()

    def answer(self, data: bytes) -> Answer:
        """Return the answer to a request."""
        with self._turn:
            said = witness.answer(data, self._logs, self._state.seen, self._keys, self._now())
            if said.seen is None:
                return said
            try:
                signed = witness.parse(data).signed
                lines = [note.signature_of(line) for line in said.body.splitlines()]
                self._state.keep(
                    said.origin,
                    Known(
                        said.seen,
                        signed.signed_also(*lines).encode().decode(),
                        tuple(key.text for key in self._logs[said.origin]),
                    ),
                )
            except WitnessFileError as error:
                return Answer(500, "what was seen cannot be kept\n", str(error), origin=said.origin)
            return said


class Server(ThreadingHTTPServer):
    """Listens for requests; `serve_forever` in one thread, `shutdown` from another."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = CONNECTIONS

    def __init__(
        self,
        address: tuple[str, int],
        cosigner: Cosigner,
        tell: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Listen at *address*; *tell* takes a line about each request. Raises `OSError`."""
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.cosigner = cosigner
        self.tell = tell
        self.now = now
        self.deadlines: dict[Any, float] = {}
        """When each connection has to be done with what it is at."""
        super().__init__(address, _Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.server_address[:2]
        shown = host.decode() if isinstance(host, bytes | bytearray) else host
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Take a connection only while there are not too many."""
        return len(self.deadlines) < CONNECTIONS

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection its first deadline, and a thread."""
        self.deadlines[request] = self.now() + PATIENCE
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self.deadlines.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Break the connections whose time is over; called twice a second."""
        now = self.now()
        for request, until in list(self.deadlines.items()):
            if until < now:
                try:
                    request.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what broke in one line: strangers do not fill the journal."""
        error = sys.exc_info()[1]
        self.tell(f"{client_address[0]}: {clean(f'{type(error).__name__}: {error}', 200)}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "colony-witness"
    sys_version = ""
    timeout = PATIENCE
    # An answer leaves in one piece and at once: else the two ends wait 40 ms for each other.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def handle_one_request(self) -> None:
        self.server.deadlines[self.request] = self.server.now() + PATIENCE
        super().handle_one_request()

    def do_POST(self) -> None:
        if self.path != PATH:
            self._send(Answer(404, f"there is only {PATH}\n", "no such path"), close=True)
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 12):
            self._send(Answer(411, "how long is it?\n", "no length"), close=True)
            return
        if int(length) > witness.LIMIT:
            self._send(Answer(413, f"at most {witness.LIMIT} bytes\n", "too long"), close=True)
            return
        data = self.rfile.read(int(length))
        if len(data) < int(length):
            self.close_connection = True
            return
        self._send(self.server.cosigner.answer(data))

    def do_GET(self) -> None:
        self._send(Answer(405, f"POST {PATH}\n", "not a POST"), close=True)

    def _send(self, said: Answer, *, close: bool = False) -> None:
        body = said.body.encode()
        self.send_response(said.status)
        self.send_header("Content-Type", said.kind)
        self.send_header("Content-Length", str(len(body)))
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)
        about = f" {clean(said.origin, 100)}:" if said.origin else ""
        self.server.tell(
            f"{self.client_address[0]}: {said.status}{about} {clean(said.reason, 200)}"
        )

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing here: `_send` says one line of each answer."""
