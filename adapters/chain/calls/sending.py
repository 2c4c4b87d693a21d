"""Sends a call, once, and reads the node's answer: taken, refused for certain, or in doubt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from adapters.chain.calls.nonces import Nonces
from adapters.chain.rpc import Denied, Rpc, RpcError, Unreachable
from adapters.contract import Envelope, Fate, Receipt, Reconciled, Refused

SECONDS = 20.0
"""Seconds for the node to answer; the station's own patience is longer."""
_TAKEN = ("already known", "already imported", "known transaction", "already in mempool")
"""The node has exactly these bytes: somebody between us and it sent them twice."""
_NONCE = ("nonce too low", "nonce is too low", "invalid nonce", "nonce already used")
_CERTAIN = (
    "insufficient funds",
    "underpriced",
    "max fee per gas less than block base fee",
    "intrinsic gas too",
    "exceeds block gas limit",
    "exceeds gas limit",
    "gas limit",
    "nonce too high",
    "priority fee per gas higher",
    "tip above fee cap",
    "tx fee",
    "txpool is full",
    "no signer available",
    "unknown account",
    "authentication needed",
    "could not unlock signer",
    "invalid sender",
    "invalid signature",
    "chain id",
    "chainid",
    "size limit",
    "oversized data",
)
"""What a node says only where it did not take a transaction into its pool."""

Look = Callable[[Envelope], Awaitable[Reconciled]]


async def send(rpc: Rpc, nonces: Nonces, look: Look, envelope: Envelope) -> Receipt:
    """Send *envelope*; raises `Refused` where for certain nothing was taken.

    Any other error leaves it in doubt; *look* says what is known then.
    """
    notes = envelope.notes
    slot = (notes["from"], int(notes["nonce"]), notes["intent"])
    nonces.begin(*slot, envelope)
    method = envelope.target.partition(" ")[0]
    hash = ""
    try:
        answer = await rpc.call(method, *msgspec.json.decode(envelope.body), timeout=SECONDS)
        hash = notes["hash"] or (answer if isinstance(answer, str) else "")
    except Unreachable as error:
        if error.sent:
            raise
        nonces.release(*slot)
        raise Refused(f"{error}; nothing was sent") from None
    except Denied as error:
        nonces.release(*slot)
        raise Refused(str(error)) from None
    except RpcError as error:
        if not await _taken(error, look, envelope):
            nonces.release(*slot)
            raise Refused(f"the node refused it: {error.said}") from None
        hash = notes["hash"]
        nonces.took(notes["intent"], hash)
    finally:
        nonces.sent(*slot, hash)
    which = f" as {hash}" if hash else ""
    return Receipt(f"the node took it{which}", {"hash": hash}, included=False)


async def _taken(error: RpcError, look: Look, envelope: Envelope) -> bool:
    """Whether the node has the transaction although it says no; raises *error* where in doubt."""
    said = error.said.lower()
    if any(each in said for each in _TAKEN):
        return True
    if any(each in said for each in _NONCE):
        # Our own bytes may have used it, sent twice by a proxy: then they are there.
        found = await look(envelope)
        if found.fate is Fate.NOT_SENT:
            return False
        if found.fate is Fate.UNKNOWN:
            raise error
        return True
    if error.missing or error.code == -32602 or any(each in said for each in _CERTAIN):
        return False
    raise error
