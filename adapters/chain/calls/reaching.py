"""What a simulated call reaches: the tokens whose owner or name it changes, and their apps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.chain import hashing
from adapters.chain.abi import TRANSFER
from adapters.chain.calls import touching
from adapters.chain.calls.simulated import Log, Simulated
from adapters.chain.known import Known
from adapters.chain.ownership import NAMED
from adapters.contract import Blast
from adapters.text import clean

_ALL = "setApprovalForAll(address,bool)"


def blast(contracts: Iterable[Known], found: Simulated) -> Blast:
    """Return the tokens, as CAIP-19 assets, and the apps; what is no part of a chain is not known.

    Of an approval for all, it is not known which tokens: all that the account has, and will have.
    """
    known = {each.address.lower(): each for each in contracts}
    tokens, apps = _read(found), list(touching.apps(found))
    for log in found.events or ():
        contract = known.get(log.address.lower())
        number = _number(contract, log)
        if contract is None or number is None:
            continue
        tokens.append((contract.address, number))
        named = contract.abi.decode_log(log.topics, log.data)
        if named is not None and named.signature == NAMED and isinstance(named.values[1], str):
            apps.append(named.values[1])
    given = found.asked.function.signature == _ALL and found.asked.values[1]
    told = found.events is not None or bool(found.seen)
    names = (
        f"eip155:{found.chain_id}/erc721:{address}/{number}"
        for address, number in dict.fromkeys(tokens)
    )
    return Blast(
        tokens=tuple(names) if told and not given else None,
        apps=tuple(clean(each) for each in dict.fromkeys(apps) if each) if told else None,
    )


def _read(found: Simulated) -> list[tuple[str, int]]:
    """Return the tokens of which a read answers something else afterwards."""
    contract = found.asked.contract
    if not contract.abi.tokens:
        return []
    return [
        (contract.address, seen.read.values[0])
        for seen in found.seen
        if seen.read.function.signature in touching.OF_TOKENS
        and seen.before != seen.after
        and not (seen.after is None and seen.read.expected is None)
    ]


def _number(contract: Known | None, log: Log) -> int | None:
    """Return the token whose owner or name *log* says that changes, None where there is none."""
    if contract is None or not contract.abi.tokens:
        return None
    at: Mapping[str, tuple[int, int]] = {TRANSFER: (4, 3), hashing.topic(NAMED): (2, 1)}
    count, position = at.get(log.topics[0].lower() if log.topics else "", (0, 0))
    if not count or len(log.topics) != count:
        return None
    try:
        return int(log.topics[position], 16)
    except ValueError:
        return None
