"""How far an action reaches: what its adapter said, joined with what the other adapters know.

An app is known by what it stands on; so is a token by the app that it names. What nobody knows
stays unknown: a blast radius that says "none" has been looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.contract import Blast, Preview
from adapters.records import Address, App, Record, Token
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
    return Blast(
        pods=said.pods,
        addresses=_or(said.addresses, _addresses(apps, offers.records("Address"))),
        tokens=_more(said.tokens, _tokens(apps, offers.records("Token"))),
        sites=_more(said.sites, [app.site for app in apps if app.site]),
        apps=_more(said.apps, [plain_name(app) for app in apps]),
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


def _addresses(apps: Sequence[App], records: Iterable[Record]) -> list[str]:
    found = [each for each in records if isinstance(each, Address) and each.ip]
    return [each.ip for each in found if any(bears_on(each, app) for app in apps)]


def _tokens(apps: Sequence[App], records: Iterable[Record]) -> list[str]:
    claimed = [app.token for app in apps if app.token]
    known = [each for each in records if isinstance(each, Token)]
    own = {parse_asset(each) for each in claimed}
    bearing = [each for each in known if any(bears_on(each, app) for app in apps)]
    return [*claimed, *(each.asset for each in bearing if asset_of(each) not in own)]


def _or(said: Names, joined: Sequence[str]) -> Names:
    """Return what the adapter said; of what it did not know, what was found."""
    return said if said is not None else (tuple(dict.fromkeys(joined)) or None)


def _more(said: Names, joined: Sequence[str]) -> Names:
    """Return what the adapter said and what was found; None where there is neither."""
    if said is None:
        return tuple(dict.fromkeys(joined)) or None
    return tuple(dict.fromkeys((*said, *joined)))
