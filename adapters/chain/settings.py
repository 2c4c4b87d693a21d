"""The adapter's settings, as a configuration writes them."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from adapters.chain import hashing
from adapters.contract import ConfigurationError
from adapters.text import clean


class ContractAt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One contract. `abi` is a built-in contract's name or a file; "" is the contract's own name.

    `from_block` is the block that it was deployed in: history is read from there.
    """

    address: str
    abi: str = ""
    from_block: int = 0


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signing key: a V3 keystore file, and a file with its passphrase ("": it is asked for).

    Relative names are looked up in the secrets directory.
    """

    keystore: str
    passphrase_file: str = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to reach one chain through one node, and what of it to watch.

    url: the node's JSON-RPC over HTTP; a path is kept.
    ws: its WebSocket, where it has one; "" asks every `poll` seconds instead.
    chain_id: what the node must be on; nothing is read or sent on another. Left out: whatever it
        says it is on.
    token_file: a file with a bearer token for the node, read again as it changes; a relative name
        is looked up in the secrets directory.
    ca_file: the certificate authority to trust, PEM; the system's own where empty.
    contracts: the contracts to watch, by name: address, abi, from_block.
    names: known addresses, by name.
    keys: signing keys, by name: keystore, passphrase_file.
    node_accounts: let the node sign with its own unlocked accounts.
    poll: seconds between questions where there is no subscription.
    confirmations: blocks above one that make it final, where the node has no `finalized` tag;
        left out: finality is not known there.
    history: ledger entries to keep.
    page: blocks for which logs are asked at once; halved when the node refuses.
    timeout: seconds for a request.
    max_fee_gwei: a call whose fee for each unit of gas may be more than this is refused.
    """

    url: str
    ws: str = ""
    chain_id: int | None = None
    token_file: str = ""
    ca_file: str = ""
    contracts: dict[str, ContractAt] = msgspec.field(default_factory=dict)
    names: dict[str, str] = msgspec.field(default_factory=dict)
    keys: dict[str, Key] = msgspec.field(default_factory=dict)
    node_accounts: bool = False
    poll: float = 2.0
    confirmations: int | None = None
    history: int = 2000
    page: int = 2000
    timeout: float = 15.0
    max_fee_gwei: float | None = None

    def __repr__(self) -> str:
        """Name the node without its path: hosted nodes have their key there."""
        return f"Settings({named(self.url)}, contracts={sorted(self.contracts)})"

    __str__ = __repr__


def named(url: str) -> str:
    """Return how the node at *url* is called in a line for a person."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def check(settings: Settings) -> None:
    """Raise `ConfigurationError` with the field's name for what cannot be right."""
    _url(settings.url, "url", ("http", "https"))
    if settings.ws:
        _url(settings.ws, "ws", ("ws", "wss"))
    for field, lowest, highest in (
        ("poll", 0.05, 3600),
        ("timeout", 0.1, 600),
        ("history", 1, 1_000_000),
        ("page", 1, 1_000_000),
        ("confirmations", 0, 1_000_000),
        ("chain_id", 1, (1 << 63) - 1),
        ("max_fee_gwei", 0, 1e12),
    ):
        value = getattr(settings, field)
        if value is not None and not lowest <= value <= highest:
            raise ConfigurationError(field, f"must be between {lowest} and {highest}")
    places: dict[str, str] = {}
    for name, contract in settings.contracts.items():
        _address(contract.address, f"contracts.{name}.address")
        if contract.from_block < 0:
            raise ConfigurationError(f"contracts.{name}.from_block", "cannot be negative")
        other = places.setdefault(contract.address.lower(), name)
        if other != name:
            raise ConfigurationError(
                f"contracts.{name}.address", f"is the address of {clean(other)} too"
            )
    for name, text in settings.names.items():
        _address(text, f"names.{name}")


def _address(text: str, field: str) -> None:
    if not hashing.is_address(text):
        raise ConfigurationError(field, f"{clean(text, 60)!r} is no address: 0x and 40 digits")
    if hashing.mistyped(text):
        raise ConfigurationError(
            field, f"{text} is mistyped: its capitals do not match its digits (EIP-55)"
        )


def _url(text: str, field: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(text)
        good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ConfigurationError(field, f"is not a URL such as {schemes[0]}://HOST:8545")
    if parts.username or parts.password:
        raise ConfigurationError(field, "holds a user or a password: use token_file")
