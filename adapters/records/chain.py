"""An EVM chain and what the colony keeps on it: tokens, contracts and their history.

Terms are the Ethereum JSON-RPC specification's and ERC-721's. A uint256 does not fit a frame of
the feed, so token ids and amounts (in wei) are decimal texts; addresses are in EIP-55 spelling.
"""

import msgspec

from adapters.records.base import EventRecord, Record


class Chain(Record, frozen=True):
    """One chain as one node tells it; `name` is its CAIP-2 name, `eip155:ID`.

    `number` is the head's, `final` the last block that cannot be reorganised away: None where the
    node has none. `block_time` is the head's timestamp, `block_interval` the seconds between the
    last blocks. `how` is "subscription" or "polling". `base_fee` is in wei, "" before London.
    `reorgs` counts those seen since the adapter began, `reorg_depth` is the last one's in blocks.
    """

    chain_id: int = 0
    number: int | None = None
    block_hash: str = ""
    block_time: float | None = None
    block_interval: float | None = None
    final: int | None = None
    base_fee: str = ""
    how: str = ""
    client: str = ""
    peers: int | None = None
    syncing: bool | None = None
    reorgs: int = 0
    reorg_depth: int = 0
    reorg_at: float | None = None


class Parameter(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One parameter of a function or an event, in the ABI's own spelling of its type."""

    name: str
    type: str
    indexed: bool = False


class Function(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One function of a contract; `signature` is canonical: `ownerOf(uint256)`.

    `mutability` is the ABI's: pure, view, nonpayable or payable.
    """

    signature: str
    name: str
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    mutability: str = "nonpayable"

    @property
    def reads(self) -> bool:
        """Whether it is answered by a call and changes nothing."""
        return self.mutability in ("pure", "view")


class Reading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a function without arguments answers now. `value` is None where nobody knows."""

    function: str
    value: str | None = None
    error: str = ""


class Contract(Record, frozen=True):
    """One contract that the colony's configuration names.

    `deployed` is whether there is code at the address, None where that is not known. `readings`
    are its live reads at block `block`. `standard` is "ERC-721" for tokens. `actions` is what can
    be done with it.
    """

    chain_id: int = 0
    address: str = ""
    standard: str = ""
    deployed: bool | None = None
    functions: tuple[Function, ...] = ()
    events: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    block: int | None = None
    balance: str = ""
    actions: tuple[str, ...] = ()


class Token(Record, frozen=True):
    """One ERC-721 token; `name` is its id, `namespace` its contract's name here.

    `app` is the app that the token itself names (`namespace/name`): "" where it names none, None
    where that is not known. `owner_name` is who the configuration says the owner is. `since` and
    `since_block` are when the owner got it. `reconciled` is whether `ownerOf` agreed with the
    Transfer logs, None where it was not asked yet.
    """

    chain_id: int = 0
    contract: str = ""
    owner: str = ""
    owner_name: str = ""
    app: str | None = None
    since: float | None = None
    since_block: int | None = None
    transfers: int = 0
    reconciled: bool | None = None
    uri: str = ""

    @property
    def asset(self) -> str:
        """The token's CAIP-19 asset name, as a workload's `colony/token` holds it."""
        return f"eip155:{self.chain_id}/erc721:{self.contract}/{self.name}"


class Value(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One decoded value of an event: its name, its ABI type, and what a person reads."""

    name: str
    type: str
    text: str


class LedgerEntry(EventRecord, frozen=True):
    """One contract event on the chain; `name` is `BLOCKHASH/TRANSACTION/LOGINDEX`.

    `namespace` is the contract's name here, `at` the block's timestamp. `app` and `token` are what
    the event bears on, "" for neither. `sender` is the account that sent the transaction, "" where
    that was not asked. `removed` says that a reorganisation took the block away: the entry is sent
    again with it, so that nothing vanishes silently.
    """

    chain_id: int = 0
    block: int = 0
    block_hash: str = ""
    transaction: str = ""
    index: int = 0
    contract: str = ""
    event: str = ""
    values: tuple[Value, ...] = ()
    summary: str = ""
    app: str = ""
    token: str = ""
    sender: str = ""
    sender_name: str = ""
    removed: bool = False


class Account(Record, frozen=True):
    """An account that the configuration names or can sign with; `name` is its name here.

    `balance` is in wei, "" where not known. `signs` is how: "keystore", "node" (unlocked there) or
    "" for not at all; `locked` is whether a passphrase is wanted first.
    """

    chain_id: int = 0
    address: str = ""
    balance: str = ""
    nonce: int | None = None
    signs: str = ""
    locked: bool = False
