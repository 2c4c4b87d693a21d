"""Tokens as rows: who holds which, which app it names, and whether that app names it back."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from adapters.records import Token
from console.joins import plain_name
from console.rows import accounts, identity, marks, numbers, sorting, times
from console.rows.cells import Cell, Column
from console.rows.context import Context, dressed, marked
from console.rows.identity import Identity, Sides, Verdict
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("token", "TOKEN", 6, least=5, priority=10),
    Column("app", "APP", 22, least=16, flex=1, priority=9),
    Column("namespace", "NAMESPACE", 14, least=12, priority=4),
    Column("owner", "OWNER", 13, least=11, priority=8),
    Column("state", "IDENTITY", 9, priority=8),
    Column("why", "WHY", 30, least=22, flex=2, priority=6),
    Column("since", "HELD", 4, align="right", priority=5),
    Column("transfers", "MOVES", 5, align="right", priority=3),
    Column("contract", "CONTRACT", 12, least=8, priority=2),
    Column("source", "SOURCE", 8, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = ("token", "app", "namespace", "owner", "state", "contract", "why", "asset", "source")
EMPTY = "No token was minted yet."
VALUES = (
    Value("token", lambda one: one.name),
    Value("asset", lambda one: one.asset),
    Value("app", lambda one: one.app),
    Value("owner", lambda one: one.owner),
    Value("owner_name", lambda one: one.owner_name),
    Value("since", lambda one: one.since, "time", also=("held", "age")),
    Value("since_block", lambda one: one.since_block, "number"),
    Value("transfers", lambda one: one.transfers, "number", also=("moves",)),
    Value("reconciled", lambda one: one.reconciled),
    Value("contract", lambda one: one.namespace),
    Value("source", lambda one: one.source),
)


def cells(token: Token, context: Context, look: Sides | None = None) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS; *look* spares asking anew how far each side is
    known.
    """
    quality, _ = context.store.quality(token)
    verdict = identity.of_token(token, context, look)
    mark = identity.mark(verdict.state)
    named = token.app is not None
    app = app_text(token, verdict)
    row = (
        Cell(f"#{token.name}"),
        Cell(app.rpartition("/")[2], "" if named else "unknown"),
        Cell(app.rpartition("/")[0] or marks.NOTHING, "dim"),
        Cell(owner_text(token), "" if token.owner else "unknown"),
        Cell(str(verdict.state), mark.tone),
        Cell(why_text(token, verdict.brief)),
        Cell(times.age(token.since, context.now)),
        Cell(numbers.count(token.transfers), "dim"),
        Cell(token.namespace, "dim"),
        Cell(token.source, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def owner_text(token: Token) -> str:
    """Return who holds *token*: the known name, else the short address."""
    return accounts.who(token.owner, token.owner_name) if token.owner else "not known"


def app_text(token: Token, verdict: Verdict) -> str:
    """Return the app that *token* names; where it names none, the one that names it."""
    if token.app:
        return token.app
    if token.app is None:
        return "not known"
    return plain_name(verdict.apps[0]) if len(verdict.apps) == 1 else marks.NOTHING


def why_text(token: Token, why: str) -> str:
    """Return *why*, after that two readings of the chain disagree on the owner if they do."""
    parts = ["ownerOf disagrees with the logs"] if token.reconciled is False else []
    return " · ".join([*parts, why] if why else parts)


class Rows:
    """Tokens as a listing wants them: to sort and to filter by their state, it must be joined.

    `look_again` is to be called before a paint; what it says of the two sides is kept until then.
    """

    COLUMNS = COLUMNS
    DEFAULT_SORT = DEFAULT_SORT
    FIELDS = FIELDS
    EMPTY = EMPTY

    def __init__(self, context: Callable[[], Context]) -> None:
        self._ask = context
        self._look: Sides | None = None
        self.VALUES = (
            *VALUES,
            Value("state", lambda one: self._verdict(one).state),
            Value("why", lambda one: why_text(one, self._verdict(one).why)),
        )

    def look_again(self) -> bool:
        """Ask how far tokens and apps are known, and return whether that changed."""
        before, self._look = self._look, identity.sides(self._ask())
        return before != self._look

    def cells(self, token: Token, context: Context) -> tuple[Cell, ...]:
        """Return one row."""
        return cells(token, context, self._look)

    def sort_key(self, column: str) -> Callable[[Token], Any]:
        """Return the key by which *column* sorts; the first column sorts the worst to the top."""
        keys: dict[str, Callable[[Token], Any]] = {
            "token": by_number,
            "app": lambda one: (sorting.told(_name(one)), by_number(one)),
            "namespace": lambda one: (sorting.told(one.app or ""), by_number(one)),
            "owner": lambda one: (
                sorting.known(_owner(one)), by_number(one)
            ),
            "since": lambda one: (
                sorting.known(None if one.since is None else -one.since), by_number(one)
            ),
            "transfers": lambda one: (-one.transfers, by_number(one)),
            "contract": lambda one: (sorting.natural(one.namespace), by_number(one)),
            "source": lambda one: (one.source, by_number(one)),
        }  # fmt: skip
        return keys.get(column, self._by_state())

    def _by_state(self) -> Callable[[Token], Any]:
        states = identity.survey(self._ask()).states
        return lambda one: (identity.RANK[states.get(one.key, Identity.UNKNOWN)], by_number(one))

    def _verdict(self, token: Token) -> Verdict:
        return identity.of_token(token, self._ask(), self._look)

    def haystack(self, token: Token) -> dict[str, str]:
        """Return what the filter looks in, by field."""
        verdict = self._verdict(token)
        return {
            "token": f"#{token.name}",
            "asset": token.asset,
            "app": token.app or "",
            "namespace": (token.app or "").rpartition("/")[0],
            "owner": f"{token.owner_name} {token.owner}",
            # "match" is in "mismatch" too: `state:hold` finds those that do alone.
            "state": "match hold" if verdict.state is Identity.MATCH else str(verdict.state),
            "contract": f"{token.namespace} {token.contract}",
            "why": why_text(token, verdict.why),
            "source": token.source,
        }


def _owner(token: Token) -> tuple[bool, Any] | None:
    """Return the key of who holds *token*: those with a name first."""
    return (not token.owner_name, sorting.natural(owner_text(token))) if token.owner else None


def _name(token: Token) -> str:
    return (token.app or "").rpartition("/")[2]


def by_number(token: Token) -> tuple[Any, ...]:
    """Return the key by which tokens stand in the order of their ids."""
    number = int(token.name) if token.name.isascii() and token.name.isdigit() else None
    return (token.namespace, sorting.known(number), token.name, token.source)


class Holder(NamedTuple):
    """An owner and how many tokens of it there are; `address` is "" where that is not known."""

    address: str
    name: str
    tokens: int


def holders(tokens: Iterable[Token]) -> list[Holder]:
    """Return who holds how many of *tokens*, who has most first."""
    counts = Counter((one.owner, one.owner_name) for one in tokens)
    found = [Holder(address, name, number) for (address, name), number in counts.items()]
    return sorted(found, key=lambda one: (-one.tokens, not one.name, one.name, one.address))


def tally(context: Context) -> tuple[Cell, ...]:
    """Return "11 hold", "1 mismatch" and so on as cells, without those that are none.

    "Hold" counts the tokens whose app names them back.
    """
    counts = identity.survey(context).counts
    words = {Identity.MATCH: "hold"}
    order = (
        Identity.MATCH, Identity.MISMATCH, Identity.ORPHAN, Identity.UNCLAIMED, Identity.UNKNOWN,
    )  # fmt: skip
    return tuple(
        Cell(f"{numbers.count(counts[state])} {words.get(state, str(state))}",
             identity.mark(state).tone)
        for state in order
        if counts.get(state)
    )  # fmt: skip
