"""What belongs to what: the joins between records, by the names that they give each other.

Revisions, pods, events and addresses name their app within one source; tokens, ledger entries and
plants name theirs across sources, as people write it.
"""

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from adapters.records import (
    ActionStatus,
    Address,
    AnyRecord,
    App,
    Event,
    LedgerEntry,
    Plant,
    Pod,
    Record,
    Revision,
    Token,
)

Term: TypeAlias = tuple[Hashable, ...]
"""One way in which a record can be looked up; its first part says which."""

_CAIP19 = re.compile(r"eip155:([0-9]{1,32})/erc721:0x([0-9a-fA-F]{40})/([0-9]{1,78})")


class Asset(NamedTuple):
    """An ERC-721 token by its CAIP-19 name; `contract` is in lower case, however it was spelled."""

    chain_id: int
    contract: str
    token: str


@lru_cache(maxsize=65_536)
def parse_asset(text: str) -> Asset | None:
    """Read `eip155:CHAIN/erc721:CONTRACT/ID`; None where *text* is nothing of the sort."""
    match = _CAIP19.fullmatch(text)
    if match is None:
        return None
    chain, contract, token = match.groups()
    return Asset(int(chain), f"0x{contract.lower()}", str(int(token)))


def asset_of(token: Token) -> Asset:
    """Return what names *token* on its chain."""
    return Asset(token.chain_id, token.contract.lower(), token.name)


def asset_told(entry: LedgerEntry) -> Asset | None:
    """Return the token that *entry* bears on: named whole, or by its id within the contract."""
    if not entry.token:
        return None
    return parse_asset(entry.token) or Asset(entry.chain_id, entry.contract.lower(), entry.token)


def plain_name(app: App) -> str:
    """Return *app* as a token and a contract's event name it: `namespace/name`."""
    return f"{app.namespace}/{app.name}"


def terms(record: Record) -> tuple[Term, ...]:
    """Return how *record* can be looked up, as the store keeps it."""
    if isinstance(record, App):
        answers: Term = ("answers", plain_name(record))
        if not record.token:
            return (answers,)
        # A name that nobody can read finds nothing, but that it changed is news.
        return (answers, ("claims", parse_asset(record.token) or record.token))
    if isinstance(record, Token):
        asset = asset_of(record)
        own: tuple[Term, ...] = (("is", asset), ("of", asset.chain_id, asset.contract))
        return (*own, ("names", record.app)) if record.app != "" else own
    if isinstance(record, LedgerEntry):
        told = asset_told(record)
        found: list[Term] = [("at", record.chain_id, record.contract.lower())]
        found += [("told", each) for each in (record.app, told) if each]
        return tuple(found)
    if isinstance(record, Plant):
        return (("site", record.site or record.name),)
    kind = type(record).__name__
    return tuple((kind, record.source, record.namespace, app) for app in apps_named(record))


def counterpart(term: Term) -> Term | None:
    """Return the term of those whose join with the record of *term* stands or falls with it."""
    match term:
        case ("answers", name):
            return ("names", name)
        case ("names", name):
            return ("answers", name)
        case ("claims", asset):
            return ("is", asset)
        case ("is", asset):
            return ("claims", asset)
    return None


class Reference(NamedTuple):
    """An app as people write it: `[SOURCE:]NAMESPACE/[WORKLOAD/]NAME`; "" is what was left out."""

    source: str
    namespace: str
    workload: str
    name: str

    def names(self, app: App) -> bool:
        """Whether *app* answers to this reference."""
        return (
            self.name == app.name
            and self.namespace == app.namespace
            and self.source in ("", app.source)
            and self.workload.lower() in ("", app.workload.lower())
        )


def reference(app: App) -> str:
    """Return *app* as an action's argument names it: `SOURCE:NAMESPACE/WORKLOAD/NAME`."""
    return f"{app.source}:{app.namespace}/{app.workload}/{app.name}"


def parse_reference(text: str) -> Reference | None:
    """Read `[SOURCE:]NAMESPACE/[WORKLOAD/]NAME`; None where *text* is nothing of the sort."""
    source, colon, rest = text.strip().rpartition(":")
    parts = (rest if colon else text.strip()).split("/")
    if len(parts) not in (2, 3) or not all(parts):
        return None
    return Reference(source, parts[0], parts[1] if len(parts) == 3 else "", parts[-1])


def apps_named(record: Record) -> tuple[str, ...]:
    """Return the plain names, in the record's namespace, of the apps that *record* bears on."""
    if isinstance(record, (Revision, Pod, Event)):
        return (record.app,) if record.app else ()
    if isinstance(record, Address):
        return tuple({name.rpartition("/")[2]: None for name in record.apps})
    return ()


def bears_on(record: AnyRecord, app: App) -> bool:
    """Whether *record* is of *app*. A record that names no workload is of any that fits by name."""
    if isinstance(record, ActionStatus):
        references = [record.target, *(value for name, value in record.arguments if name == "app")]
        found = (parse_reference(text) for text in references)
        return any(reference is not None and reference.names(app) for reference in found)
    if isinstance(record, (Token, LedgerEntry)):
        told = asset_of(record) if isinstance(record, Token) else asset_told(record)
        claimed = parse_asset(app.token) if app.token else None
        return record.app == plain_name(app) or (told is not None and told == claimed)
    if isinstance(record, Plant):
        return bool(app.site) and app.site == (record.site or record.name)
    if record.source != app.source or record.namespace != app.namespace:
        return False
    if isinstance(record, Address):
        return app.name in record.apps or f"{app.workload}/{app.name}" in record.apps
    if isinstance(record, (Revision, Pod, Event)):
        return record.app == app.name and record.workload in ("", app.workload)
    return False
