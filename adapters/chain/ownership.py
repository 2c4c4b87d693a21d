"""Who owns each token of one contract: folded from its Transfer logs, and asked with `ownerOf`."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import msgspec

from adapters.chain import hashing
from adapters.chain.abi import TRANSFER
from adapters.chain.logs import Log
from adapters.chain.rpc import Rpc, RpcError

NAMED = "Named(uint256,string)"
TOKENS = 100_000
"""Tokens kept of one contract: minting is cheap where gas is."""
_OWNER_OF = "0x6352211e"
_WORD = 66
_NOBODY = "0" * 40


class Held(msgspec.Struct, frozen=True):
    """One token: its owner in EIP-55 spelling, the block it got there with, what it names.

    `app` is None where it never said. `told` is what `ownerOf` answered: None where it was not
    asked since, "" where it knows no such token.
    """

    owner: str
    block: int
    block_hash: str
    time: int | None = None
    transfers: int = 0
    app: str | None = None
    told: str | None = None

    @property
    def reconciled(self) -> bool | None:
        """Whether the contract agrees with its logs, None where it was not asked."""
        return None if self.told is None else self.told == self.owner


class Ownership:
    """The tokens of one contract, by number. `dirty` are those that changed since it was emptied.

    Each change is remembered with what it replaced, so that blocks can be taken back.
    """

    def __init__(self) -> None:
        self.tokens: dict[int, Held] = {}
        self.dirty: dict[int, None] = {}
        self.unasked: dict[int, None] = {}
        """Tokens that `ownerOf` is to be asked for."""
        self.untimed: dict[int, None] = {}
        """Tokens whose block's time is not known yet."""
        self.left_out = 0
        """Mints past the limit."""
        self._changes: deque[tuple[int, int, Held | None]] = deque()

    def transfer(self, log: Log) -> None:
        """Take one Transfer: a mint, a burn, or from one owner to another."""
        token = int(log.topics[3], 16)
        before = self.tokens.get(token)
        heir = log.topics[2][-40:]
        if heir == _NOBODY:
            self._set(log.block, token, None)
            return
        if before is None and len(self.tokens) >= TOKENS:
            self.left_out += 1
            return
        after = Held(
            hashing.address(bytes.fromhex(heir)),
            log.block,
            log.block_hash,
            log.time,
            1 if before is None else before.transfers + 1,
            None if before is None else before.app,
        )
        self._set(log.block, token, after)

    def named(self, block: int, token: int, app: str) -> None:
        """Take what a token says of itself."""
        before = self.tokens.get(token)
        if before is not None:
            self._set(block, token, msgspec.structs.replace(before, app=app))

    def asked(self, token: int, *, told: str | None = None, app: str | None = None) -> None:
        """Take what the contract answered: who owns it, what it names. It is no change."""
        before = self.tokens.get(token)
        if before is not None:
            after = msgspec.structs.replace(
                before,
                told=before.told if told is None else told,
                app=before.app if app is None else app,
            )
            if after != before:
                self.tokens[token] = after
                self.dirty[token] = None

    def timed(self, token: int, time: int) -> None:
        """Take the time of the block that a token's owner got it in."""
        self.untimed.pop(token, None)
        before = self.tokens.get(token)
        if before is not None and before.time != time:
            self.tokens[token] = msgspec.structs.replace(before, time=time)
            self.dirty[token] = None

    def undo(self, above: int) -> None:
        """Take back what blocks above that number did."""
        while self._changes and self._changes[-1][0] > above:
            _, token, before = self._changes.pop()
            if before is None:
                self.tokens.pop(token, None)
            else:
                self.tokens[token] = msgspec.structs.replace(before, told=None)
                self._note(token, before)
            self.dirty[token] = self.unasked[token] = None

    def settle(self, below: int) -> None:
        """Forget how to take back blocks below that number."""
        while self._changes and self._changes[0][0] < below:
            self._changes.popleft()

    def _set(self, block: int, token: int, after: Held | None) -> None:
        before = self.tokens.get(token)
        self._changes.append((block, token, before))
        self.dirty[token] = None
        if after is None:
            self.tokens.pop(token, None)
            self.unasked.pop(token, None)
        else:
            self.tokens[token] = after
            self.unasked[token] = None
            self._note(token, after)

    def _note(self, token: int, held: Held) -> None:
        if held.time is None:
            self.untimed[token] = None


def is_transfer(log: Log) -> bool:
    """Whether it is ERC-721's Transfer; ERC-20's has the same topic and one fewer."""
    return len(log.topics) == 4 and log.topics[0] == TRANSFER


async def owners(
    rpc: Rpc, contract: str, tokens: Sequence[int], block: str = "latest"
) -> list[str | None]:
    """Return who owns each of *tokens* at *block*, as `ownerOf` answers: EIP-55 addresses.

    "" where the contract knows no such token, None where there was no answer to go by. Raises as
    `Rpc.batch` does.
    """
    calls = [
        ("eth_call", ({"to": contract, "data": f"{_OWNER_OF}{token:064x}"}, block))
        for token in tokens
    ]
    return [_owner(answer) for answer in await rpc.batch(calls)]


def _owner(answer: object) -> str | None:
    if isinstance(answer, RpcError):
        return None if answer.revert is None else ""
    # 10,000 answers a read: cut out of the word, where a decoder would cost ten times as much.
    if not isinstance(answer, str) or len(answer) != _WORD or answer[2:26].strip("0"):
        return None
    digits = answer[-40:]
    if digits == _NOBODY:
        return ""
    try:
        return hashing.checksummed("0x" + digits)
    except ValueError:
        return None
