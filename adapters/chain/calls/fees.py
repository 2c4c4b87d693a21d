"""What a transaction may cost: EIP-1559's two prices, or the one from before it."""

from __future__ import annotations

import msgspec

from adapters.chain.calls import units
from adapters.contract import Refused

HEADROOM = 1.2
"""How much more gas than was estimated a call may use: state moves between now and its block."""
PLAIN = 21_000
"""Gas of a transaction that runs no code."""
GWEI = 10**9


class Cost(msgspec.Struct, frozen=True):
    """What is offered. `price` is wei a unit of gas at most, `tip` what the block's maker gets of
    it: None on a chain from before London, where the price is what is paid.
    """

    gas: int
    price: int
    tip: int | None

    @property
    def most(self) -> int:
        """The fee at most, in wei."""
        return self.gas * self.price


def price(
    base: int | None, tip: int | None, legacy: int | None, most_gwei: float | None
) -> tuple[int, int | None]:
    """Return the price and the tip to offer, in wei a unit of gas; raises `Refused`.

    *base* is the last block's base fee, None before London; *tip* and *legacy* are the node's own
    suggestions, None where it makes none. Twice the base fee lasts six full blocks in a row. On a
    network without fees all of it is 0. *most_gwei* is the configured limit.
    """
    limit = None if most_gwei is None else int(most_gwei * GWEI)
    if base is None:
        offer = legacy or 0
        _affordable(offer, limit)
        return offer, None
    if tip is None:
        tip = max(0, (legacy or base) - base)
    _affordable(base + tip, limit)
    offer = 2 * base + tip
    return (offer if limit is None else min(offer, limit)), tip


def gas_limit(estimate: int, block_limit: int | None) -> int:
    """Return the gas to offer for a call that was estimated to use *estimate*."""
    wanted = max(PLAIN, int(estimate * HEADROOM))
    return min(wanted, block_limit) if block_limit and block_limit >= estimate else wanted


def _affordable(needed: int, limit: int | None) -> None:
    if limit is not None and needed > limit:
        raise Refused(
            f"gas costs {units.ether(needed)} a unit now, more than max_fee_gwei allows "
            f"({units.ether(limit)}): wait, or raise it"
        )


def affordable(who: str, balance: int, value: int, cost: Cost) -> None:
    """Raise `Refused`, saying what is missing, where *balance* does not cover value and fee."""
    missing = value + cost.most - balance
    if missing <= 0:
        return
    wants = f"at most {units.ether(cost.most)} of fees"
    if value:
        wants = f"{units.ether(value)} and {wants}"
    raise Refused(
        f"insufficient funds: {who} has {units.ether(balance)} and needs {wants}; "
        f"{units.ether(missing)} are missing"
    )
