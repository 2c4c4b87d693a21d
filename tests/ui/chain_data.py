"""The chain of tycho as records, at the moment of `colony_data`: every state of identity once."""

from __future__ import annotations

from adapters.records import (
    Account,
    AdapterState,
    AdapterStatus,
    Chain,
    Contract,
    Function,
    LedgerEntry,
    Parameter,
    Reading,
    Scope,
    ScopeState,
    Token,
    Value,
)
from console.feed.messages import Parcel

NOW = 1_795_183_351.0
"""2026-11-20 14:02:31 UTC, as `colony_data` has it."""
MINUTE = 60.0
SOURCE = "chain"
CHAIN_ID = 1337
IDENTITY = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
DEPLOYMENTS = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"
NAMES = {
    "founder": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "ops": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "agri": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    "power": "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
}
STRANGER = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"

CHAIN = Chain(
    source=SOURCE, name=f"eip155:{CHAIN_ID}", chain_id=CHAIN_ID, number=48_211,
    block_hash="0x" + "9f" * 32, block_time=NOW - 12, block_interval=6.0, final=48_209,
    base_fee="1250000000", how="subscription", client="anvil/v1.7.1", syncing=False, reorgs=1,
    reorg_depth=1, reorg_at=NOW - 7200, at=NOW - 12, received=NOW,
)  # fmt: skip


def _function(name: str, inputs: str = "", outputs: str = "", how: str = "view") -> Function:
    def parameters(text: str) -> tuple[Parameter, ...]:
        pairs = (part.strip().partition(" ") for part in text.split(",") if part.strip())
        return tuple(Parameter(label, type_) for type_, _, label in pairs)

    types = ",".join(one.type for one in parameters(inputs))
    return Function(f"{name}({types})", name, parameters(inputs), parameters(outputs), how)


CONTRACTS = (
    Contract(
        source=SOURCE, name="Identity", chain_id=CHAIN_ID, address=IDENTITY, standard="ERC-721",
        deployed=True, balance="0", block=48_211, received=NOW,
        functions=(
            _function("name", "", "string"),
            _function("totalSupply", "", "uint256"),
            _function("appOf", "uint256 tokenId", "string"),
            _function("ownerOf", "uint256 tokenId", "address"),
            _function("tokenOf", "string app", "uint256"),
            _function("mint", "address to, uint256 tokenId, string app", how="nonpayable"),
            _function("rename", "uint256 tokenId, string app", how="nonpayable"),
            _function("transferFrom", "address from, address to, uint256 tokenId",
                      how="nonpayable"),
            _function("paused", "", "bool"),
        ),
        readings=(Reading("totalSupply()", "8"), Reading("name()", "Colony Identity"),
                  Reading("paused()")),
        events=("Transfer(address,address,uint256)", "Named(uint256,string)"),
        actions=("contract.call",),
    ),
    Contract(
        source=SOURCE, name="Deployments", chain_id=CHAIN_ID, address=DEPLOYMENTS,
        deployed=True, balance="1500000000000000000", block=48_211, received=NOW,
        functions=(
            _function("count", "", "uint256"),
            _function("recordConfiguration",
                      "string app, uint64 revision, bytes32 configDigest, string note",
                      how="nonpayable"),
        ),
        readings=(Reading("count()", "41"),), actions=("contract.call",),
    ),
)  # fmt: skip

MISSING = Contract(
    source=SOURCE, name="Permits", chain_id=CHAIN_ID, deployed=False, received=NOW,
    address="0x00000000000000000000000000000000000000Aa",
)  # fmt: skip
"""A contract that was never deployed: not among the rest, as it would be what is worst."""


def _token(number: int, app: str | None, owner: str, **more: object) -> Token:
    values: dict[str, object] = {
        "source": SOURCE, "namespace": "Identity", "name": str(number), "chain_id": CHAIN_ID,
        "contract": IDENTITY, "owner": NAMES.get(owner, owner), "app": app,
        "owner_name": owner if owner in NAMES else "", "since": NOW - 9 * 86400,
        "since_block": 100 + number, "transfers": 1, "reconciled": True, "received": NOW,
    }  # fmt: skip
    return Token(**(values | more))


TOKENS = (
    _token(1, "life-support/water-recycler", "ops"),
    _token(3, "life-support/oxygen-generator", "ops", since=NOW - 30 * 86400),
    _token(4, "life-support/co2-scrubber", "ops"),
    _token(5, "agriculture/greenhouse-control", "agri"),
    _token(7, "comms/comms-relay", "ops", since=NOW - 21 * MINUTE, since_block=48_151,
           transfers=2),
    _token(11, "", "founder"),
    _token(12, "mining/regolith-drill", "power"),
    _token(13, None, STRANGER, reconciled=None),
)  # fmt: skip


def _entry(block: int, index: int, event: str, summary: str, ago: float, **more: object
           ) -> LedgerEntry:  # fmt: skip
    hash_ = f"0x{block:064x}"
    transaction = f"0x{block * 7919 + index:064x}"
    values: dict[str, object] = {
        "source": SOURCE, "namespace": "Identity", "contract": IDENTITY, "chain_id": CHAIN_ID,
        "name": f"{hash_}/{transaction}/{index}", "block": block, "block_hash": hash_,
        "transaction": transaction, "index": index, "event": event, "summary": summary,
        "at": NOW - ago, "received": NOW, "seq": block * 10 + index, "sender": NAMES["ops"],
        "sender_name": "ops",
    }  # fmt: skip
    return LedgerEntry(**(values | more))


OXYGEN = "life-support/oxygen-generator"
ENTRIES = (
    _entry(101, 0, "Transfer", "#3 minted for founder", 30 * 86400, token="3",
           sender=NAMES["founder"], sender_name="founder"),
    _entry(48_110, 0, "Deployed", f"Deployed {OXYGEN} rev 11 colony/o2-gen:2.3.9", 3 * 86400,
           namespace="Deployments", contract=DEPLOYMENTS, app=OXYGEN),
    _entry(48_151, 0, "Transfer", "#7 agri → ops", 21 * MINUTE, token="7",
           app="comms/comms-relay", sender=NAMES["agri"], sender_name="agri",
           values=(Value("from", "address", NAMES["agri"]), Value("to", "address", NAMES["ops"]),
                   Value("tokenId", "uint256", "7"))),
    _entry(48_180, 0, "Named", "#4 names life-support/co2-scrubber", 15 * MINUTE, token="4",
           app="life-support/co2-scrubber"),
    _entry(48_206, 2, "Configured", "Configured habitat/airlock-control rev 15", 9 * MINUTE,
           namespace="Deployments", contract=DEPLOYMENTS, app="habitat/airlock-control",
           removed=True),
    _entry(48_209, 1, "Deployed", f"Deployed {OXYGEN} rev 12 colony/o2-gen:2.4.1", 4 * MINUTE,
           namespace="Deployments", contract=DEPLOYMENTS, app=OXYGEN, sender=STRANGER,
           sender_name="", values=(
               Value("app", "string", OXYGEN), Value("revision", "uint64", "12"),
               Value("image", "string", "colony/o2-gen:2.4.1"),
               Value("imageDigest", "bytes32", "0x" + "7f" * 32))),
    _entry(48_211, 0, "Transfer", "#12 founder → power", 12, token="12",
           app="mining/regolith-drill"),
)  # fmt: skip

ACCOUNTS = (
    Account(source=SOURCE, name="founder", chain_id=CHAIN_ID, address=NAMES["founder"],
            balance="9999984617200000000000", nonce=41, signs="node", received=NOW),
    Account(source=SOURCE, name="ops", chain_id=CHAIN_ID, address=NAMES["ops"],
            balance="10000000000000000000000", nonce=7, signs="keystore", locked=True,
            received=NOW),
    Account(source=SOURCE, name="agri", chain_id=CHAIN_ID, address=NAMES["agri"],
            received=NOW),
)  # fmt: skip

ADAPTER = AdapterStatus(
    source="station", name=SOURCE, adapter="chain", state=AdapterState.LIVE, since=NOW - 7200,
    last_record_at=NOW - 12, rate=0.4, records=22, actions=("contract.call",), received=NOW,
)  # fmt: skip

PARTS = {
    "heads": (CHAIN,), "contracts": CONTRACTS, "tokens": TOKENS, "ledger": ENTRIES,
    "accounts": ACCOUNTS,
}  # fmt: skip


def chain_scopes(**states: ScopeState) -> tuple[Scope, ...]:
    """Return the scopes of the chain, all live but those in *states*."""
    return tuple(
        Scope(source=SOURCE, name=name, state=states.get(name, ScopeState.LIVE),
              since=NOW - 7200, heard=NOW - 1, records=len(records), received=NOW)
        for name, records in PARTS.items()
    )  # fmt: skip


def chain_parcels() -> tuple[Parcel, ...]:
    """Return the whole chain as one snapshot a scope, and what the station says of it."""
    return (
        Parcel("station", "chain", (*chain_scopes(), ADAPTER), begin=True, end=True),
        *(
            Parcel(SOURCE, name, records, begin=True, end=True)
            for name, records in PARTS.items()
        ),
    )  # fmt: skip
