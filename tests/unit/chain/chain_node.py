"""A node without an EVM: blocks with logs that a test makes, behind the real JSON-RPC client."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx

from adapters.chain.abi import TRANSFER
from adapters.chain.rpc import Rpc
from tests.clocks import StandingClock

Json = dict[str, Any]
CONTRACT = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
URL = "http://node.example:8545"
EPOCH = 1_931_234_400


class FakeClock(StandingClock):
    """A standing clock that begins at the chain's first block."""

    def __init__(self, now: float = EPOCH) -> None:
        super().__init__(now)


def digest(text: str) -> str:
    """Return 32 bytes that stand for a hash of *text*."""
    return "0x" + hashlib.sha256(text.encode()).hexdigest()


def account(number: int) -> str:
    """Return an address, in lower case."""
    return f"0x{number:040x}"


def word(number: int) -> str:
    """Return a number as a topic."""
    return f"0x{number:064x}"


def transfer(token: int, giver: int, heir: int) -> Json:
    """Return ERC-721's Transfer; account 0 is nobody."""
    return {"topics": [TRANSFER, word(giver), word(heir), word(token)], "data": "0x"}


class FakeNode:
    """A chain of blocks. `branch` goes into the hashes, so that two forks have different ones."""

    def __init__(self, blocks: int = 1) -> None:
        self.blocks: list[Json] = []
        self.logs: list[list[Json]] = []
        self.chain_id = 31337
        self.most: int | None = None
        """Blocks of the largest range of logs that it answers."""
        self.calls: dict[str, str] = {}
        """Answers to eth_call by calldata; else "0x"."""
        self.asked: list[Json] = []
        self.branch = 0
        self.grow(blocks)

    @property
    def head(self) -> Json:
        return self.blocks[-1]

    def grow(self, blocks: int = 1, *logs: Json) -> None:
        """Add blocks; the first has *logs*."""
        for index in range(blocks):
            number = len(self.blocks)
            parent = self.head["hash"] if self.blocks else "0x" + "0" * 64
            own = digest(f"{parent}/{number}/{self.branch}")
            self.blocks.append(
                {
                    "number": hex(number),
                    "hash": own,
                    "parentHash": parent,
                    "timestamp": hex(EPOCH + 12 * number),
                    "baseFeePerGas": hex(7),
                }
            )
            place = enumerate(logs if index == 0 else ())
            self.logs.append([self._log(log, number, own, index) for index, log in place])

    def _log(self, log: Json, number: int, block: str, index: int) -> Json:
        return {
            "address": CONTRACT,
            "blockNumber": hex(number),
            "blockHash": block,
            "transactionHash": digest(f"{block}/{index}"),
            "logIndex": hex(index),
            "removed": False,
            **log,
        }

    def cut(self, depth: int) -> None:
        """Take the last *depth* blocks away; those that come next are others."""
        del self.blocks[len(self.blocks) - depth :]
        del self.logs[len(self.logs) - depth :]
        self.branch += 1

    def rpc(self) -> Rpc:
        """Return a client of it."""
        return Rpc(URL, transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, or a batch of them."""
        asked = json.loads(request.content)
        if isinstance(asked, list):
            return httpx.Response(200, json=[self._one(each) for each in asked])
        return httpx.Response(200, json=self._one(asked))

    def _one(self, asked: Json) -> Json:
        self.asked.append(asked)
        method, params = asked["method"], asked["params"]
        try:
            result = getattr(self, "_" + method)(*params)
        except AttributeError:
            error = {"code": -32601, "message": f"the method {method} does not exist"}
            return {"jsonrpc": "2.0", "id": asked["id"], "error": error}
        except ValueError as refusal:
            error = {"code": -32005, "message": str(refusal)}
            return {"jsonrpc": "2.0", "id": asked["id"], "error": error}
        return {"jsonrpc": "2.0", "id": asked["id"], "result": result}

    def _eth_chainId(self) -> str:
        return hex(self.chain_id)

    def _eth_getBlockByNumber(self, which: str, whole: bool) -> Json | None:
        if which == "finalized":
            raise ValueError("finalized block not found")
        number = len(self.blocks) - 1 if which == "latest" else int(which, 16)
        return self.blocks[number] if number < len(self.blocks) else None

    def _eth_getBlockByHash(self, own: str, whole: bool) -> Json | None:
        return next((block for block in self.blocks if block["hash"] == own), None)

    def _eth_syncing(self) -> bool:
        return False

    def _eth_getTransactionByHash(self, own: str) -> Json:
        return {"hash": own, "from": account(0xFEED)}

    def _eth_getLogs(self, asked: Json) -> list[Json]:
        first, last = int(asked["fromBlock"], 16), int(asked["toBlock"], 16)
        if self.most is not None and last - first + 1 > self.most:
            raise ValueError("query exceeds the range that is allowed")
        return [log for block in self.logs[first : last + 1] for log in block]

    def _eth_call(self, call: Json, block: str) -> str:
        return self.calls.get(call["data"], "0x")

    def _eth_getCode(self, address: str, block: str) -> str:
        return "0x60"

    def _eth_getBalance(self, address: str, block: str) -> str:
        return "0x0"
