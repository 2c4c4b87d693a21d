"""The independent Modbus server as a process: given register images, told to fail, killed."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.real.processes import Deadline, Program, free_port

_SERVE = Path(__file__).with_name("serve.js")


class ModbusServer:
    """jsmodbus' server on `port`, its log in *directory*; *programs* is where it is installed."""

    def __init__(self, programs: Path, directory: Path) -> None:
        self.port, self._control = free_port(), free_port()
        library = programs / "node_modules" / "jsmodbus"
        command = ["node", str(_SERVE), str(library), str(self.port), str(self._control)]
        self._program = Program("modbus", command, directory)
        self._told: dict[str, Any] = {}

    def start(self) -> None:
        """Start it, and tell it what the one before was told. Only from the main thread."""
        self._program.start()
        deadline = Deadline(20.0, "the Modbus server")
        for port in (self._control, self.port):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1.0).close()
                    break
                except OSError:
                    deadline.pause(self._program)
        self.tell()

    def kill(self) -> None:
        """End it as a crash would."""
        self._program.kill()

    def images(self, images: Mapping[int, bytes], base: int) -> None:
        """Serve the registers of *images* by unit, from register *base* on."""
        units = {str(unit): {"base": base, "hex": data.hex()} for unit, data in images.items()}
        self.tell(units=units)

    def tell(self, **what: Any) -> None:
        """Change what it serves and how it fails, as serve.js says."""
        self._told |= what
        with socket.create_connection(("127.0.0.1", self._control), 5.0) as connection:
            connection.sendall(json.dumps(self._told).encode() + b"\n")
            assert connection.makefile("rb").readline() == b"ok\n"
