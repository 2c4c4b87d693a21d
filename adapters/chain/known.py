"""What the configuration knows by name: contracts with their ABI, and addresses."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from adapters.chain import abi, hashing
from adapters.chain.abi import Abi
from adapters.chain.settings import Settings
from adapters.contract import Refused
from adapters.text import clean


class Known(msgspec.Struct, frozen=True):
    """One configured contract: its address in EIP-55 spelling, and what it can do."""

    name: str
    address: str
    abi: Abi
    from_block: int = 0


class Names:
    """Who is behind an address, as the configuration says; contracts count too."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.addresses = {name: hashing.checksummed(text) for name, text in names.items()}
        """Addresses by name."""
        self._names = {text: name for name, text in reversed(self.addresses.items())}

    def learn(self, name: str, address: str) -> None:
        """Take up that *name* is *address* (EIP-55), where neither has a name or a place yet."""
        if self.addresses.setdefault(name, address) == address:
            self._names.setdefault(address, name)

    def of(self, address: str) -> str:
        """Return the name of *address* (EIP-55), "" where it has none."""
        return self._names.get(address, "")

    def shown(self, address: str) -> str:
        """Return the name of *address*, or the address with its middle left out."""
        return self._names.get(address) or f"{address[:8]}…{address[-4:]}"


def contracts(settings: Settings) -> dict[str, Known]:
    """Return the configured contracts by name; reads their ABIs. Raises `ConfigurationError`."""
    return {
        name: Known(
            name,
            hashing.checksummed(each.address),
            abi.load(each.abi or name, f"contracts.{name}.abi"),
            each.from_block,
        )
        for name, each in settings.contracts.items()
    }


def names(settings: Settings) -> Names:
    """Return the configured names, people's before contracts'."""
    places = {name: each.address for name, each in settings.contracts.items()}
    return Names({**places, **settings.names})


def one(known: Mapping[str, Known], name: str) -> Known:
    """Return the contract called *name*, or at that address; raises `Refused`."""
    found = known.get(name)
    if found is None and hashing.is_address(name):
        address = hashing.checksummed(name)
        found = next((each for each in known.values() if each.address == address), None)
    if found is None:
        there = ", ".join(known) or "none"
        raise Refused(f"no contract is called {clean(name)!r} here; there are: {clean(there)}")
    return found
