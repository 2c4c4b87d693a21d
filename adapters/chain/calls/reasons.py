"""Why a call reverts and what events say, in words: names in the place of addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.chain import wording
from adapters.chain.known import Known, Names
from adapters.text import clean

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter
    from adapters.chain.calls.simulated import Log

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{40}\b")


def because(adapter: ChainAdapter, contract: Known, data: bytes) -> str:
    """Return why a call of *contract* reverted with *data*.

    What a contract calls may revert too, and its error comes through: every ABI is asked.
    """
    abis = [contract.abi, *(each.abi for each in adapter.contracts.values())]
    abi = next((each for each in abis if each.decode_error(data) is not None), contract.abi)
    return named(adapter.names, wording.reverted(abi, data))


def event(adapter: ChainAdapter, log: Log) -> tuple[str, str]:
    """Return an event's name and its values; of one that no ABI knows, its first topic."""
    here = [
        each for each in adapter.contracts.values() if each.address.lower() == log.address.lower()
    ]
    for each in [*here, *adapter.contracts.values()]:
        found = each.abi.decode_log(log.topics, log.data)
        if found is not None:
            name, _, values = wording.described(found, 400).partition("(")
            where = "" if here else f" of {clean(log.address, 42)}"
            return name + where, named(adapter.names, values.removesuffix(")"))
    topic = log.topics[0] if log.topics else "no topic"
    return f"an event of {named(adapter.names, clean(log.address, 42))}", clean(topic, 66)


def named(names: Names, text: str) -> str:
    """Return *text* with the addresses that have a name here called by it."""
    known = {address.lower(): name for name, address in reversed(names.addresses.items())}
    return _ADDRESS.sub(lambda found: known.get(found[0].lower(), found[0]), text)
