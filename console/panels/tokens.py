"""The tokens: who holds them, and whether identity holds both ways."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from adapters.records import App, Key, Token
from console.feed.messages import Interest
from console.panels.base import Moment
from console.panels.listing import Listing
from console.panels.onchain import OnChain
from console.panels.tables import TablesPanel
from console.rows import accounts, gauge, identity, numbers, tokens
from console.rows.cells import Cell
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, Span, line, line_width, rule

BAR = 10
"""Cells of the longest owner's bar."""


def transfer_of(token: Token) -> dict[str, str]:
    """Return what a call that hands *token* on begins with: who gets it is for a person to say."""
    return {
        "contract": token.namespace,
        "function": "transferFrom",
        "args": json.dumps([token.owner, "", token.name]),
    }


class TokensPanel(TablesPanel):
    """Who holds how many above, every token below."""

    TITLE = "Tokens"
    DEFAULT_CSS: ClassVar[str] = "TokensPanel > OneLine { height: 1; }"
    HELP = """\
IDENTITY compares what the token names (its app) with what the workload names (its token):
✔ match: each names the other. ▲ mismatch: they disagree, or two say the same. ▲ orphan: the app
that it names is not there. ◌ unclaimed: no workload names it. ? not known: the chain or a
cluster is stale or was not heard yet, so nobody can say.

{filter} filters by words or by field: state:hold state:mismatch,orphan owner:ops app:oxygen
token:#7.

The line above counts tokens by owner. HELD is how long the owner has it, MOVES how often it
changed hands; minting is the first.

Enter opens the token with its history; {call} begins a transfer; {rollback}, {logs}, {events} and
{yaml} act on the app that it names, where there is just one."""

    def listings(self) -> Sequence[Listing]:
        """Make the table."""
        self._rows = tokens.Rows(self.session.context)
        return [OnChain(self.session, "Token", self._rows, id="tokens")]

    def compose(self) -> ComposeResult:
        """Show the two lines above, and the table."""
        yield OneLine(id="tally")
        yield OneLine(id="holders")
        yield from super().compose()

    def interests(self) -> Sequence[Interest]:
        """Return tokens, and what says how far they can be trusted."""
        return (Interest("Token"), Interest("Chain"), Interest("Contract"))

    def paint(self, moment: Moment) -> None:
        """Show what changed; all of it where what is known of a whole side did."""
        changed = self._rows.look_again()
        super().paint(moment._replace(whole=moment.whole or changed))
        if moment.whole or changed or moment.dirty.keys() & {"Token", "App"}:
            self._tell()

    def app_here(self) -> App | None:
        """Return the app that the token under the cursor names, where there is just one."""
        token = self._token()
        if token is None:
            return None
        apps = identity.of_token(token, self.session.context()).apps
        return self.session.app(apps[0].key) if len(apps) == 1 else None

    def call_here(self) -> dict[str, str] | None:
        """Return a transfer of the token under the cursor."""
        token = self._token()
        return transfer_of(token) if token is not None else None

    def _token(self) -> Token | None:
        key = self.selected()
        record = self.session.store.get(key) if isinstance(key, Key) else None
        return record if isinstance(record, Token) else None

    def _tell(self) -> None:
        """Say how identity holds, and who has how many."""
        context = self.session.context()
        width = self.size.width or self.app.size.width
        found = context.store.every(Token)
        head: Line = line(("TOKENS", "title"), (f"  {numbers.count(len(found))}  ", "dim"))
        head += _spaced(tokens.tally(context))
        self.query_one("#tally", OneLine).show(rule(width, head).line)
        self.query_one("#holders", OneLine).show(_holders(tokens.holders(found), width))


def _spaced(cells: Sequence[Cell]) -> Line:
    spans: list[Span] = []
    for number, cell in enumerate(cells):
        spans += [(" · " if number else "", "dim"), (cell.text, cell.tone)]
    return line(*spans)


def _holders(found: Sequence[tokens.Holder], width: int) -> Line:
    """Return who holds how many in *width* cells, with bars in proportion to the first."""
    if not found:
        return ()
    spans: list[Span] = [(" ", "")]
    most = found[0].tokens
    for number, one in enumerate(found):
        name = accounts.who(one.address, one.name) if one.address else "not known"
        filled = gauge.pool(one.tokens, most, BAR).rstrip(gauge.FREE) or "▏"
        part = line((f" {name} ", ""), (filled, "info"), (f" {numbers.count(one.tokens)}  ", ""))
        rest = len(found) - number
        last = f" and {numbers.plural(rest, 'more owner')}"
        room = width - line_width(tuple(spans)) - (len(last) if rest > 1 else 0)
        if line_width(part) > room:
            spans.append((last, "dim"))
            break
        spans += part
    return tuple(spans)
