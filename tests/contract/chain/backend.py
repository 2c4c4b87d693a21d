"""What the contract tests need of the chain they run against, be it the box's or a real node."""

from __future__ import annotations

import abc
import asyncio
import enum
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import httpx
from eth_utils.address import to_checksum_address

from tests.contract.chain import abi
from tests.real.anvil import CHAIN_ID, RpcError, result

if TYPE_CHECKING:
    from fixtures.evm.server import Served
    from tests.real.anvil import Anvil

Found = TypeVar("Found")
FOUNDER, OPS, AGRI, POWER, COMMS = range(5)
"""Numbers of accounts in `Backend.accounts`. The founder deploys, mints and records."""


class Can(enum.Enum):
    """What a backend may offer; without it, the test of degraded behaviour is the one to pass."""

    SUBSCRIPTIONS = "eth_subscribe over WebSocket"
    BATCH = "several requests in one"
    FINALIZED = "a block that is called finalized"
    REORGS = "blocks that are taken away"
    WAITING = "transactions that wait for a block, and can be dropped"
    SIMULATE_V1 = "eth_simulateV1"
    TRACES = "debug_traceCall"
    ACCESS_LISTS = "eth_createAccessList"


class Backend(abc.ABC):
    """One running node with ten unlocked accounts, and what a test's own hand does on it.

    `url` is its JSON-RPC over HTTP, `ws` over WebSocket, "" where it has none. Addresses are in
    EIP-55 spelling. `identity` and `deployments` are "" until `deploy`, `anchor` until
    `deploy_anchor`.
    """

    name: ClassVar[str]
    can: ClassVar[frozenset[Can]]
    patience: ClassVar[float] = 30.0
    """How long `settle` waits, in seconds of this machine."""

    chain_id = CHAIN_ID
    url: str
    ws: str = ""
    accounts: tuple[str, ...] = ()
    identity = ""
    deployments = ""
    anchor = ""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(timeout=30.0)
        self._ids = 0

    async def open(self) -> None:
        """Learn the accounts; before anything else."""
        self.accounts = tuple(map(to_checksum_address, await self.rpc("eth_accounts")))

    async def close(self) -> None:
        """Let go of its connections."""
        await self._client.aclose()

    async def rpc(self, method: str, *params: Any) -> Any:
        """Ask the node; return the result. Raises `RpcError`."""
        self._ids += 1
        body = {"jsonrpc": "2.0", "id": self._ids, "method": method, "params": params}
        return result((await self._client.post(self.url, json=body)).json())

    # The contracts

    async def deploy(self) -> None:
        """Deploy Identity and Deployments, the founder's first and second contracts."""
        self.identity = await self._deploy("Identity")
        self.deployments = await self._deploy("Deployments")

    async def deploy_anchor(self) -> None:
        """Deploy Anchor too, the founder's next contract."""
        self.anchor = await self._deploy("Anchor")

    async def _deploy(self, contract: str) -> str:
        receipt = await self.transact(data=abi.artifact(contract)["bytecode"])
        return str(to_checksum_address(receipt["contractAddress"]))

    def address(self, contract: str) -> str:
        """Return where *contract* is."""
        places = {"Identity": self.identity, "Deployments": self.deployments}
        return {**places, "Anchor": self.anchor}[contract]

    async def read(
        self, contract: str, function: str, *arguments: Any, block: str = "latest"
    ) -> Any:
        """Return what a function answers at *block*: one value, or a tuple. Raises `RpcError`."""
        call = {
            "to": self.address(contract),
            "data": abi.calldata(contract, function, *arguments),
        }
        return abi.answer(
            contract, function, len(arguments), await self.rpc("eth_call", call, block)
        )

    async def refusal(
        self, contract: str, function: str, *arguments: Any, sender: int = FOUNDER
    ) -> abi.Call:
        """Return the error that a call reverts with; one that does not revert fails the test."""
        call = {
            "from": self.accounts[sender],
            "to": self.address(contract),
            "data": abi.calldata(contract, function, *arguments),
        }
        try:
            await self.rpc("eth_call", call, "latest")
        except RpcError as error:
            data = error.data["data"] if isinstance(error.data, dict) else error.data
            return abi.error(contract, data)
        raise AssertionError(f"{self.name}: {contract}.{function}{arguments} does not revert")

    async def send(
        self, contract: str, function: str, *arguments: Any, sender: int = FOUNDER
    ) -> dict[str, Any]:
        """Send a call and return its receipt, once it is in a block."""
        data = abi.calldata(contract, function, *arguments)
        return await self.transact(to=self.address(contract), data=data, sender=sender)

    async def transact(self, sender: int = FOUNDER, **fields: str) -> dict[str, Any]:
        """Send a transaction of these fields and return its receipt; it must not revert."""
        receipt = await self.receipt(await self.submit(sender, **fields))
        assert receipt["status"] == "0x1", receipt
        return receipt

    async def submit(self, sender: int = FOUNDER, **fields: str) -> str:
        """Send a transaction and return its hash at once."""
        fields = {"from": self.accounts[sender], **fields}
        return str(await self.rpc("eth_sendTransaction", fields))

    async def receipt(self, transaction: str) -> dict[str, Any]:
        """Wait for a receipt and return it."""

        async def probe() -> dict[str, Any] | None:
            found: dict[str, Any] | None = await self.rpc("eth_getTransactionReceipt", transaction)
            return found

        return await self.settle(probe, f"the receipt of {transaction}")

    async def mint(self, token: int, app: str = "", to: int = OPS) -> dict[str, Any]:
        """Mint *token* for account *to*, naming *app*; return the receipt."""
        return await self.send("Identity", "mint", self.accounts[to], token, app)

    async def transfer(self, token: int, sender: int, to: int) -> dict[str, Any]:
        """Have account *sender* give its *token* to account *to*; return the receipt."""
        owner, heir = self.accounts[sender], self.accounts[to]
        return await self.send("Identity", "transferFrom", owner, heir, token, sender=sender)

    async def rename(self, token: int, app: str, sender: int = OPS) -> dict[str, Any]:
        """Have *token* of account *sender* name *app*; return the receipt."""
        return await self.send("Identity", "rename", token, app, sender=sender)

    async def record(
        self,
        app: str,
        revision: int = 1,
        image: str = "colony/app:1",
        digest: bytes = b"",
        note: str = "",
    ) -> dict[str, Any]:
        """Record a deployment of *app*; without a *digest* it is not known."""
        arguments = (app, revision, image, digest.ljust(32, b"\0"), note)
        return await self.send("Deployments", "recordDeployment", *arguments)

    # The chain

    async def block(self, which: str | int = "latest") -> dict[str, Any]:
        """Return a block by its number or name."""
        name = hex(which) if isinstance(which, int) else which
        found: dict[str, Any] = await self.rpc("eth_getBlockByNumber", name, False)
        return found

    async def head(self) -> int:
        """Return the number of the last block."""
        return int(await self.rpc("eth_blockNumber"), 16)

    @abc.abstractmethod
    async def mine(self, blocks: int = 1) -> None:
        """Add empty blocks."""

    @abc.abstractmethod
    async def at(self, seconds: int) -> None:
        """Have the next block bear this time, in seconds since the Unix epoch."""

    @abc.abstractmethod
    async def reorganise(self, depth: int) -> None:
        """Replace the last *depth* blocks with as many others, empty. `Can.REORGS`."""

    @abc.abstractmethod
    async def rewind(self, depth: int) -> None:
        """Take the last *depth* blocks away, so that the head is lower. `Can.REORGS`."""

    async def take_away(self, block: int) -> None:
        """Replace *block* and all above it. `Can.REORGS`.

        A transaction may be deeper than the last block: a node mines a moment after it answers,
        and one that is mined by `mine` leaves an empty block of its own above.
        """
        await self.reorganise(await self.head() - block + 1)

    @abc.abstractmethod
    async def hold(self) -> None:
        """Make no block of a transaction by itself, until `release`. `Can.WAITING`."""

    @abc.abstractmethod
    async def release(self) -> None:
        """Make a block of what waits, and of each transaction again. `Can.WAITING`."""

    @abc.abstractmethod
    async def drop(self, transaction: str) -> None:
        """Forget a transaction that waits, as a node may. `Can.WAITING`."""

    # The node

    @abc.abstractmethod
    def kill(self) -> None:
        """End the node: every connection breaks, and no new one is taken, until `revive`."""

    @abc.abstractmethod
    async def revive(self) -> None:
        """Start the node again if it does not run, at its old address, with all that it knew."""

    async def settle(self, probe: Callable[[], Awaitable[Found | None]], what: str) -> Found:
        """Return the first true thing that *probe* returns; fail saying *what* did not come."""
        ends = time.monotonic() + self.patience
        while True:
            found = await probe()
            if found:
                return found
            assert time.monotonic() < ends, f"{self.name}: {what}: not in time"
            await asyncio.sleep(0.01)


class BoxBackend(Backend):
    """The box's node, in this process; `served` has its faults."""

    name = "box"
    can = frozenset({Can.BATCH, Can.FINALIZED, Can.REORGS, Can.WAITING, Can.SIMULATE_V1})

    def __init__(self, served: Served) -> None:
        super().__init__()
        self.served = served
        self.url = served.url

    async def mine(self, blocks: int = 1) -> None:
        """Seal empty blocks."""
        await self.served.mine(blocks)

    async def at(self, seconds: int) -> None:
        """Stop the node's clock there: each later block is a second after the one before it."""
        self.served.node.now = lambda: float(seconds)

    async def reorganise(self, depth: int) -> None:
        """Seal others in the place of blocks, at once."""
        node = self.served.node

        def replace() -> None:
            node.rewind(depth, forget=True)
            for _ in range(depth):
                node.seal()

        await self.served.do(replace)

    async def rewind(self, depth: int) -> None:
        """Take blocks off, and forget their transactions."""
        await self.served.rewind(depth, forget=True)

    async def hold(self) -> None:
        """Seal no block after a transaction."""
        self.served.node.automine = False

    async def release(self) -> None:
        """Seal what waits, and a block after each transaction again."""
        self.served.node.automine = True
        await self.served.mine()

    async def drop(self, transaction: str) -> None:
        """Take it out of the pool."""
        pool = self.served.node.pool
        await self.served.do(
            lambda: pool.remove([each for each in pool if each.hash.hex() == transaction[2:]])
        )

    def kill(self) -> None:
        """Break every connection and refuse new ones."""
        self.served.faults.refuse()

    async def revive(self) -> None:
        """Accept connections again."""
        self.served.faults.accept()


class RealBackend(Backend):
    """anvil."""

    name = "real"
    can = frozenset(Can)

    def __init__(self, node: Anvil) -> None:
        super().__init__()
        self.node = node
        self.url = node.url
        self.ws = node.ws

    async def mine(self, blocks: int = 1) -> None:
        """Add empty blocks, a second apart."""
        await self.rpc("anvil_mine", hex(blocks), "0x1")

    async def at(self, seconds: int) -> None:
        """Set the next block's time."""
        await self.rpc("evm_setNextBlockTimestamp", seconds)

    async def reorganise(self, depth: int) -> None:
        """Replace blocks with empty ones of other hashes."""
        await self.rpc("anvil_reorg", depth, [])

    async def rewind(self, depth: int) -> None:
        """Take blocks away."""
        await self.rpc("anvil_rollback", depth)

    async def hold(self) -> None:
        """Mine no transaction by itself."""
        await self.rpc("evm_setAutomine", False)

    async def release(self) -> None:
        """Mine what waits, and each transaction again."""
        await self.rpc("evm_setAutomine", True)
        await self.mine()

    async def drop(self, transaction: str) -> None:
        """Take it out of the pool."""
        await self.rpc("anvil_dropTransaction", transaction)

    def kill(self) -> None:
        """End the process."""
        self.node.kill()

    async def revive(self) -> None:
        """Start it again on its old port, with its state."""
        if self.node.runs:
            return
        self.node.launch()
        await asyncio.to_thread(self.node.wait_ready)
