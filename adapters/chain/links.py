"""An app's identity as links: the token that it names, and who owns that.

The workload names its token by a CAIP-19 name, the token names its app. Each side can be changed
without the other; where one of them is not known, neither a match nor a mismatch is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from adapters.contract import Changed, Fit, Link, Standing, World
from adapters.links import PLACES
from adapters.records import App, Chain, Contract, LedgerEntry, Token

_ASSET = re.compile(r"eip155:([0-9]{1,32})/erc721:(0x[0-9a-fA-F]{40})/([0-9]{1,78})")
_NAMED, _TRANSFER, _RENAME = "Named", "Transfer", "rename(uint256,string)"
_NOBODY = "0x0000000000000000000000000000000000000000"


def links(source: str, app: App, world: World) -> Sequence[Link]:
    """Return the token and its owner as the chain of the adapter *source* tells them.

    Nothing for an app that names no token of this chain and that no token of it names.
    """
    tokens = world.of_kind(Token, source)
    chains = {one.chain_id for one in world.of_kind(Chain, source)}
    chains |= {one.chain_id for one in tokens}
    asset = parse(app.token)
    named = f"{app.namespace}/{app.name}"
    naming = [one for one in tokens if one.app == named]
    if app.token and asset is None:
        # No chain can say more of it. One of them says so: the first that knows of any token.
        return [_of_none(app)] if _speaks(source, world) else []
    if asset is not None and asset[0] not in chains:
        return []
    if asset is not None:
        own = next((one for one in tokens if _asset_of(one) == asset), None)
        if own is None:
            return [_missing(app, asset, naming, source, world)]
    elif naming:
        own = naming[0]
    else:
        return []
    entries = _entries(own, named, source, world)
    return [_token(app, own, naming, entries, world), _owner(own, entries)]


def parse(text: str) -> tuple[int, str, str] | None:
    """Read a CAIP-19 name as (chain id, contract in lower case, token); None for anything else."""
    match = _ASSET.fullmatch(text)
    if match is None:
        return None
    return int(match[1]), match[2].lower(), match[3].lstrip("0") or "0"


def _asset_of(token: Token) -> tuple[int, str, str]:
    return token.chain_id, token.contract.lower(), token.name


def _speaks(source: str, world: World) -> bool:
    """Whether *source* is the one of several chains that speaks of what is of none."""
    return source == min((one.source for one in world.of_kind(Chain)), default=source)


def _of_none(app: App) -> Link:
    words = f"the app names {app.token}, which is no CAIP-19 name"
    return Link("token", PLACES["token"], "token", Standing.DEGRADED, words, key=app.key)


def _missing(
    app: App, asset: tuple[int, str, str], naming: Sequence[Token], source: str, world: World
) -> Link:
    """Return the link of an app that names a token which is not there."""
    contracts = {one.address.lower(): one for one in world.of_kind(Contract, source)}
    thing = f"#{asset[2]}"
    if asset[1] not in contracts:
        words = f"the app names {thing} of {asset[1]}, which is not watched here"
        return Link("token", PLACES["token"], thing, Standing.UNKNOWN, words)
    words = f"the app names {thing}, which is not on the chain"
    if naming:
        words += f"; {', '.join(f'#{one.name}' for one in naming)} names it"
    return Link("token", PLACES["token"], thing, Standing.BROKEN, words, key=app.key)


def _token(
    app: App, own: Token, naming: Sequence[Token], entries: Sequence[LedgerEntry], world: World
) -> Link:
    standing, words = _judged(app, own, naming, world)
    told = [one for one in entries if one.event == _NAMED and one.at is not None]
    last = max(told, key=lambda one: one.block, default=None)
    failing = standing.fails
    return Link(
        "token",
        PLACES["token"],
        f"#{own.name} of {own.namespace}",
        standing,
        words,
        since=last.at if last is not None and failing else None,
        known=f"block {last.block}, where it was last named" if last and failing else "",
        key=own.key,
        changes=_changes(one for one in entries if one.event != _TRANSFER),
        actions=_fits(app, own, world) if failing else (),
    )


def _judged(app: App, own: Token, naming: Sequence[Token], world: World) -> tuple[Standing, str]:
    named = f"{app.namespace}/{app.name}"
    if own.app is None:
        return Standing.UNKNOWN, "the app that it names was not read yet"
    apps = world.of_kind(App)
    claiming = {(one.source, one.namespace, one.workload, one.name)
                for one in apps if one.token and parse(one.token) == _asset_of(own)}  # fmt: skip
    if len(claiming) > 1:
        others = sorted(f"{one[1]}/{one[3]}" for one in claiming)
        return Standing.DEGRADED, f"{' and '.join(others)} name it"
    if not app.token and claiming:
        other = " and ".join(f"{one[1]}/{one[3]}" for one in claiming)
        return Standing.DEGRADED, f"it names {named}, which names no token; {other} names it"
    if not app.token:
        # Unclaimed is not wrong: the app has only to say so as well.
        return Standing.MOVING, f"unclaimed: it names {named}, which names no token"
    if own.app == named:
        return Standing.GOOD, "each names the other"
    other = f"; {', '.join(f'#{one.name}' for one in naming)} names this app" if naming else ""
    return Standing.DEGRADED, f"it names {own.app or 'no app'}, and not {named}{other}"


def _owner(own: Token, entries: Sequence[LedgerEntry]) -> Link:
    moved = [one for one in entries if one.event == _TRANSFER]
    who = own.owner_name or own.owner
    if not own.owner:
        standing, words = Standing.UNKNOWN, "who owns it was not read yet"
    elif own.owner == _NOBODY:
        standing, words = Standing.BROKEN, "nobody owns it: it was burned"
    elif own.reconciled is False:
        standing, words = Standing.DEGRADED, "the contract contradicts its own Transfer logs"
    else:
        standing, words = Standing.GOOD, _held(own)
    return Link(
        "owner",
        PLACES["owner"],
        who or "owner",
        standing,
        words,
        since=own.since,
        known=f"block {own.since_block}" if own.since_block is not None else "",
        key=own.key,
        changes=_changes(moved),
    )


def _held(own: Token) -> str:
    times = "once" if own.transfers == 1 else f"{own.transfers} times"
    return f"owns it; it changed hands {times}" if own.transfers > 1 else "owns it from the start"


def _entries(own: Token, named: str, source: str, world: World) -> list[LedgerEntry]:
    """Return what the ledger tells of the token or of the app, without what was taken back."""
    asset = _asset_of(own)
    found = []
    for one in world.of_kind(LedgerEntry, source):
        told = parse(one.token) or (one.chain_id, one.contract.lower(), one.token)
        if not one.removed and (one.app == named or (one.token and told == asset)):
            found.append(one)
    return found


def _changes(entries: Iterable[LedgerEntry]) -> tuple[Changed, ...]:
    return tuple(
        Changed(one.at, one.event, one.summary, one.sender_name or one.sender, one.key)
        for one in entries
        if one.at is not None
    )


def _fits(app: App, own: Token, world: World) -> tuple[Fit, ...]:
    """Return the call that makes the token name the app that names it, where there is one."""
    contract = next((one for one in world.of_kind(Contract, own.source)
                     if one.address.lower() == own.contract.lower()), None)  # fmt: skip
    named = f"{app.namespace}/{app.name}"
    if contract is None or own.app == named or not app.token:
        return ()
    if all(one.signature != _RENAME for one in contract.functions):
        return ()
    arguments = (
        ("contract", contract.name),
        ("function", _RENAME.partition("(")[0]),
        ("args", json.dumps([own.name, named])),
    )
    return (Fit("contract.call", f"have #{own.name} name {named}", arguments),)
