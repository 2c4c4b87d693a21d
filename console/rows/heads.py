"""What is wrong with a chain's head: that it stands still, goes back, or runs after others."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.records import Chain
from console.rows import numbers, times
from console.rows.findings import Finding
from console.rows.severity import Severity

LATE, DEAD = 10.0, 60.0
"""How many of its own intervals a chain may go without a block: a warning, and an alarm."""
LATE_AT_LEAST, DEAD_AT_LEAST = 60.0, 600.0
"""Seconds below which a missing block is neither, however fast the chain was."""
RECENT = 1800.0
"""Seconds for which a reorganisation is still news."""


def of_chain(chain: Chain, now: float) -> list[Finding]:
    """Return what is wrong with *chain*."""
    return list(_findings(chain, now))


def _findings(chain: Chain, now: float) -> Iterator[Finding]:
    if chain.number is None:
        yield Finding(Severity.UNKNOWN, "no block was heard of yet")
        return
    if chain.syncing:
        yield Finding(Severity.DEGRADED, "the node is catching up")
    if chain.block_time is not None and chain.block_interval:
        silent, interval = now - chain.block_time, chain.block_interval
        text = f"stalled: no block for {times.duration(silent)}, before one in {_every(interval)}"
        if silent > max(DEAD_AT_LEAST, DEAD * interval):
            yield Finding(Severity.CRITICAL, text)
        elif silent > max(LATE_AT_LEAST, LATE * interval):
            yield Finding(Severity.DEGRADED, text)
    if chain.reorg_at is not None and 0 <= now - chain.reorg_at <= RECENT:
        lost = numbers.plural(chain.reorg_depth, "block") if chain.reorg_depth else "blocks"
        when = times.utc(chain.reorg_at, now)
        yield Finding(Severity.DEGRADED, f"{lost} reorganised away at {when}")


def _every(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else times.duration(seconds)
