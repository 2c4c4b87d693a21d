"""The Modbus TCP connection to one host: registers as bytes, failures as `Failure`.

The units behind a host share the connection, one request at a time: many gateways and inverters
take a single connection, and answer in turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from adapters.network import reason
from adapters.sunspec.failures import Excepted, Failure, Garbled, Silent, Unreachable

if TYPE_CHECKING:
    from pymodbus.client import AsyncModbusTcpClient

PIECE = 125
"""Registers that one request may ask for."""


class Link:
    """One connection, made when it is first needed and again after it was lost.

    `epoch` counts connections: behind a new one may be another device.
    """

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self.host = host
        self.port = port
        self.timeout = timeout
        self.epoch = 0
        self._client: AsyncModbusTcpClient | None = None
        self._turn = asyncio.Lock()

    async def read(self, unit: int, address: int, count: int) -> bytes:
        """Return *count* holding registers of *unit* from *address* on, two bytes each.

        Raises `Failure`: `Unreachable`, `Silent`, `Excepted` or `Garbled`.
        """
        data = bytearray()
        async with self._turn:
            for start in range(address, address + count, PIECE):
                size = min(PIECE, address + count - start)
                data += await self._ask(unit, start, size)
        return bytes(data)

    async def _ask(self, unit: int, address: int, count: int) -> bytes:
        client = await self._connected()
        from pymodbus.exceptions import ModbusException
        from pymodbus.pdu import ExceptionResponse
        from pymodbus.pdu.register_message import ReadHoldingRegistersResponse

        try:
            answer = await client.read_holding_registers(address, count=count, device_id=unit)
        except ModbusException as error:
            raise self._unanswered(client) from error
        if isinstance(answer, ExceptionResponse):
            raise Excepted(answer.exception_code)
        if not isinstance(answer, ReadHoldingRegistersResponse):
            raise Garbled("it answers something else than what was asked")
        if len(answer.registers) != count:
            raise Garbled(f"a partial answer: {len(answer.registers)} of {count} registers")
        return b"".join(register.to_bytes(2, "big") for register in answer.registers)

    def _unanswered(self, client: AsyncModbusTcpClient) -> Failure:
        if not client.connected:
            return Unreachable("the connection was closed")
        if client.ctx.recv_buffer:
            # What is left of it may still come, in the middle of another answer.
            begun = len(client.ctx.recv_buffer)
            self.close()
            return Garbled(f"a partial answer: {begun} bytes, and no more in {self.timeout:g} s")
        return Silent(f"no answer in {self.timeout:g} s")

    async def _connected(self) -> AsyncModbusTcpClient:
        client = self._client
        if client is not None and client.connected:
            return client
        self.close()
        client = self._client = self._made()
        if not await client.connect():
            self._client = None
            raise Unreachable(await self._why())
        self.epoch += 1
        return client

    def _made(self) -> AsyncModbusTcpClient:
        from pymodbus.client import AsyncModbusTcpClient

        # All that it logs it also raises, and a device that is off would fill the log.
        logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)

        def changed(connected: bool) -> None:
            if not connected:
                _fail(client, "the connection was closed")

        client = AsyncModbusTcpClient(
            self.host,
            port=self.port,
            timeout=self.timeout,
            retries=0,
            reconnect_delay=0,
            trace_connect=changed,
        )
        take = client.ctx.callback_data

        def guarded(data: bytes, addr: Any = None) -> int:
            # It raises on an answer that it cannot decode, into asyncio, which closes and logs.
            from pymodbus.exceptions import ModbusException

            try:
                return take(data, addr)
            except ModbusException:
                _fail(client, "an answer that is not Modbus, or not whole")
                return len(data)

        client.ctx.callback_data = guarded  # type: ignore[method-assign]
        return client

    async def _why(self) -> str:
        """Return why no connection can be made: pymodbus does not say."""
        try:
            async with asyncio.timeout(self.timeout):
                _, writer = await asyncio.open_connection(self.host, self.port)
        except (OSError, TimeoutError) as error:
            return reason(error)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return "the connection failed"

    def close(self) -> None:
        """Let go of the connection; `read` makes another one."""
        if self._client is not None:
            self._client.close()
            self._client = None


def _fail(client: AsyncModbusTcpClient, why: str) -> None:
    """End the wait for an answer that will not come: pymodbus itself would wait it out."""
    waiting = client.ctx.response_future
    if not waiting.done():
        failure = Unreachable(why) if not client.connected else Garbled(why)
        waiting.set_exception(failure)
        waiting.exception()  # nobody may be waiting: it is looked at here
