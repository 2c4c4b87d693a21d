"""How far an action reaches: what its adapter said, joined with what the other adapters know.

An app is known by what it stands on; so is a token by the app that it names. What nobody knows
stays unknown: a blast radius that says "none" has been looked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.contract import Blast, Preview
from adapters.records import Address, App, Token
from console.joins import asset_of, bears_on, parse_asset, plain_name
from console.station.intent import Intent
from console.station.request import Offers

Names = tuple[str, ...] | None


def joined(intent: Intent, preview: Preview, offers: Offers) -> Blast:
    """Return what *intent* reaches."""
    said = preview.blast
    apps = _apps(intent, said, offers)
    if apps is None:
        return said
    addresses = [each for each in offers.records("Address") if isinstance(each, Address)]
    tokens = [each for each in offers.records("Token") if isinstance(each, Token)]
    told = {each.source for each in addresses}  # who brings none may not know of any
    return Blast(
        pods=said.pods,
        addresses=said.addresses
        if said.addresses is not None
        else _names(_addresses(apps, addresses), all(app.source in told for app in apps)),
        tokens=_more(said.tokens, _tokens(apps, tokens), bool(tokens)),
        sites=_more(said.sites, [app.site for app in apps if app.site], True),
        apps=_more(said.apps, [plain_name(app) for app in apps], True),
    )


def _apps(intent: Intent, said: Blast, offers: Offers) -> Sequence[App] | None:
    """Return the apps that are reached, None where that is not known."""
    every = [each for each in offers.records("App") if isinstance(each, App)]
    names = set(said.apps or ())
    assets = {parse_asset(each) for each in said.tokens or ()} - {None}
    found = [
        app
        for app in every
        if app.key == intent.key
        or plain_name(app) in names
        or (app.token and parse_asset(app.token) in assets)
    ]
    for record in offers.records("Token"):
        if isinstance(record, Token) and asset_of(record) in assets and record.app:
            found += [app for app in every if plain_name(app) == record.app and app not in found]
    return found or None


def _addresses(apps: Sequence[App], known: Sequence[Address]) -> list[str]:
    return [each.ip for each in known if each.ip and any(bears_on(each, app) for app in apps)]


def _tokens(apps: Sequence[App], known: Sequence[Token]) -> list[str]:
    claimed = [app.token for app in apps if app.token]
    own = {parse_asset(each) for each in claimed}
    bearing = [each for each in known if any(bears_on(each, app) for app in apps)]
    return [*claimed, *(each.asset for each in bearing if asset_of(each) not in own)]


def _more(said: Names, joined: Sequence[str], looked: bool) -> Names:
    """Return what the adapter said and what was found beside it."""
    return _names(joined, looked) if said is None else _names((*said, *joined), True)


def _names(found: Sequence[str], looked: bool) -> Names:
    """Return what was found, once each; that there is nothing only where it could be *looked*."""
    return tuple(dict.fromkeys(found)) if found or looked else None
