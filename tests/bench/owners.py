"""10,000 ERC-721 owners read by the adapter against web3.py's batches, on one anvil, in turn.

    python -m tests.bench.owners

web3.py asks `ownerOf` of each token, in batches of 500. Ours asks the same of the same contract;
and then the whole adapter as the station runs it, from its first connection to 10,000 Token
records: owners, the apps that they name and since when, from the logs. These two have the bar.

The last line goes on until each of those was checked against `ownerOf` too. It does web3.py's
work on top of its own, so its ratio is shown and has no bar: it was 12 to 14 × when it was
written. All end with the same owners, or the run is void.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from web3 import Web3

from adapters.chain import ChainAdapter, ownership, rpc
from adapters.chain.settings import ContractAt, Settings
from adapters.contract import Context
from adapters.records import Token
from tests.bench.crowd import TOKENS, crowd, owner
from tests.bench.pty import machine, table
from tests.contract.chain import abi
from tests.contract.chain.backend import Backend
from tests.real.installed import NotInstalled

RUNS, BATCH, BAR = 3, 500, 15.0
CHECKED = "… and checked by ownerOf"


def by_web3(backend: Backend) -> tuple[float, list[str]]:
    """Read with web3.py; return seconds and the owners by token."""
    node = Web3(Web3.HTTPProvider(backend.url))
    started = time.perf_counter()
    contract = node.eth.contract(
        address=Web3.to_checksum_address(backend.identity), abi=abi.artifact("Identity")["abi"]
    )
    owners: list[str] = []
    for first in range(0, TOKENS, BATCH):
        with node.batch_requests() as batch:
            for token in range(first, first + BATCH):
                batch.add(contract.functions.ownerOf(token))
            owners += batch.execute()
    return time.perf_counter() - started, owners


async def by_batches(backend: Backend) -> tuple[float, list[str | None]]:
    """Ask `ownerOf` as the adapter does; return seconds and the owners by token."""
    node = rpc.Rpc(backend.url)
    started = time.perf_counter()
    owners = await ownership.owners(node, backend.identity, range(TOKENS))
    took = time.perf_counter() - started
    await node.close()
    return took, owners


async def by_adapter(backend: Backend) -> tuple[float, float, list[str]]:
    """Run the adapter; return seconds until all are known, until all agree, and the owners."""
    settings = Settings(url=backend.url, contracts={"Identity": ContractAt(backend.identity)})
    adapter = ChainAdapter("bench", settings, Context())
    tokens: dict[str, Token] = {}
    known = 0.0
    started = time.perf_counter()
    stream = adapter.records()
    async for batch in stream:
        tokens.update((each.name, each) for each in batch.upserts if isinstance(each, Token))
        if not known and len(tokens) == TOKENS:
            known = time.perf_counter() - started
        if known and all(each.reconciled for each in tokens.values()):
            break
    agreed = time.perf_counter() - started
    await stream.aclose()  # type: ignore[attr-defined]
    await adapter.close()
    return known, agreed, [tokens[str(token)].owner for token in range(TOKENS)]


async def measure() -> dict[str, list[float]]:
    """Return the seconds of each way, in turn; web3.py's first."""
    names = (
        f"web3.py, batches of {BATCH}",
        f"ours, batches of {rpc.BATCH}",
        "the adapter, from its logs",
        CHECKED,
    )
    taken: dict[str, list[float]] = {name: [] for name in names}
    async with crowd() as backend:
        minted = [owner(backend, token) for token in range(TOKENS)]
        for run in range(RUNS + 1):
            one, first = by_web3(backend)
            two, second = await by_batches(backend)
            three, four, third = await by_adapter(backend)
            if not first == second == third == minted:
                raise RuntimeError("the owners that were read are not those that were minted")
            if run:  # the first round loads and compiles
                for name, took in zip(names, (one, two, three, four), strict=True):
                    taken[name].append(took)
    return taken


def main() -> int:
    """Run all and print the table; 1 if the bar is not met."""
    print(*machine(), sep="\n")
    try:
        taken = asyncio.run(measure())
    except NotInstalled as error:
        print(error)
        return 1
    print(f"\n{TOKENS} owners, {RUNS} rounds in turn; seconds\n")
    (name, theirs), *ours = taken.items()
    rows = [[name, *_three(theirs), "", "", ""]]
    missed = False
    for name, times in ours:
        ratio = statistics.median(a / b for a, b in zip(theirs, times, strict=True))
        if name == CHECKED:
            rows.append([name, *_three(times), f"{ratio:.1f} ×", "none", ""])
            continue
        missed = missed or ratio < BAR
        met = "met" if ratio >= BAR else "MISSED"
        rows.append([name, *_three(times), f"{ratio:.1f} ×", f"≥ {BAR:.0f} ×", met])
    print(table(["owners", "min", "median", "max", "faster by", "bar", ""], rows))
    return int(missed)


def _three(values: list[float]) -> list[str]:
    return [f"{value:.3f}" for value in (min(values), statistics.median(values), max(values))]


if __name__ == "__main__":
    sys.exit(main())
