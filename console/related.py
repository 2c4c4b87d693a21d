"""What is joined to what in the console's memory: the questions that pages ask of the store."""

from __future__ import annotations

from typing import TypeVar, cast

from adapters.records import (
    ActionStatus,
    AdapterStatus,
    Address,
    AnyRecord,
    App,
    Chain,
    Contract,
    Event,
    Key,
    LedgerEntry,
    Plant,
    Pod,
    Record,
    Revision,
    Scope,
    Token,
)
from console import freshness
from console.index import Index
from console.joins import Asset, Term, asset_of, asset_told, bears_on, parse_asset, plain_name

STATION = "station"
"""The source of what the station says of itself."""
OWN_KINDS = frozenset({"Scope", "AdapterStatus", "ActionStatus", "LogHead", "LogEntry", "Alarm"})
"""The kinds of record that the station brings itself."""
RecordT = TypeVar("RecordT", bound=Record)


class Related:
    """Records by kind and by what they name. A look-up costs what it finds, not what there is."""

    def __init__(self) -> None:
        self._records: dict[str, dict[Key, AnyRecord]] = {}
        self._index = Index()

    @property
    def linked(self) -> int:
        """A number that grows whenever what tokens and apps name of each other changes."""
        return self._index.linked

    def every(self, kind: type[RecordT]) -> list[RecordT]:
        """Return all records of the class *kind*, in no order that means anything."""
        return cast("list[RecordT]", list(self._records.get(kind.__name__, {}).values()))

    def watched(self) -> list[Scope]:
        """Return what the adapters watch or sample, without the station's own scopes."""
        return [scope for scope in self.every(Scope) if scope.source != STATION]

    def anything_missing(self, now: float) -> bool:
        """Return whether something that was to come never came, though it had its time."""
        return freshness.anything_missing(self.watched(), self.every(AdapterStatus), now)

    def get(self, key: Key) -> AnyRecord | None:
        """Return the record called *key*, None where there is none."""
        return self._records.get(key.kind, {}).get(key)

    # Of an app

    def revisions_of(self, app: App) -> list[Revision]:
        """Return the revisions of *app*, newest first."""
        found = self._of(app, Revision)
        return sorted(found, key=lambda revision: revision.number, reverse=True)

    def pods_of(self, app: App) -> list[Pod]:
        """Return the pods of *app*, by name."""
        return sorted(self._of(app, Pod), key=lambda pod: pod.name)

    def events_of(self, app: App) -> list[Event]:
        """Return the events that bear on *app*, oldest first."""
        return sorted(self._of(app, Event), key=lambda event: event.last or event.received)

    def addresses_of(self, app: App) -> list[Address]:
        """Return the addresses whose Service selects *app*, by Service."""
        return sorted(self._of(app, Address), key=lambda one: (one.service, one.ip))

    def actions_of(self, app: App) -> list[ActionStatus]:
        """Return the actions taken on *app*, newest first."""
        found = [action for action in self.every(ActionStatus) if bears_on(action, app)]
        return sorted(found, key=started_at, reverse=True)

    def ledger_of(self, app: App) -> list[LedgerEntry]:
        """Return the ledger entries that bear on *app* or on the token that it names, newest
        first.
        """
        asset = parse_asset(app.token) if app.token else None
        found = dict.fromkeys(self._index.keys(("told", plain_name(app))))
        if asset is not None:
            found |= dict.fromkeys(self._index.keys(("told", asset)))
        return _newest(self._entries(found))

    def token_of(self, app: App) -> Token | None:
        """Return the token that *app* names, None where there is none."""
        asset = parse_asset(app.token) if app.token else None
        return self.token(asset) if asset is not None else None

    def plants_of(self, app: App) -> list[Plant]:
        """Return the plants at the site of *app*, by name."""
        found = self._found(Plant, ("site", app.site)) if app.site else []
        return sorted(found, key=lambda plant: plant.name)

    # Of a token

    def token(self, asset: Asset) -> Token | None:
        """Return the token called *asset*; of several chains that tell of it, any."""
        found = self._found(Token, ("is", asset))
        return found[0] if found else None

    def tokens_naming(self, name: str) -> list[Token]:
        """Return the tokens that name the app *name*, `namespace/name`."""
        return self._found(Token, ("names", name))

    def apps_claiming(self, token: Token) -> list[App]:
        """Return the apps that name *token*."""
        return self._found(App, ("claims", asset_of(token)))

    def apps_called(self, name: str) -> list[App]:
        """Return the apps that answer to *name*, `namespace/name`."""
        return self._found(App, ("answers", name))

    def ledger_of_token(self, token: Token) -> list[LedgerEntry]:
        """Return the ledger entries that bear on *token*, newest first."""
        return _newest(self._entries(self._index.keys(("told", asset_of(token)))))

    def token_told(self, entry: LedgerEntry) -> Token | None:
        """Return the token that *entry* bears on, None where it is not here."""
        asset = asset_told(entry)
        return self.token(asset) if asset is not None else None

    # Of a chain

    def ledger_at(self, chain_id: int, address: str) -> list[LedgerEntry]:
        """Return the ledger entries of the contract at *address*, newest first."""
        return _newest(self._found(LedgerEntry, ("at", chain_id, address.lower())))

    def chain_of(self, record: Record) -> Chain | None:
        """Return the chain that *record* is on, as the same adapter tells it."""
        chain_id = getattr(record, "chain_id", 0)
        found = self.every(Chain)
        own = [one for one in found if one.chain_id == chain_id and one.source == record.source]
        return own[0] if own else None

    def contract_at(self, chain_id: int, address: str) -> Contract | None:
        """Return the contract at *address*, in whatever case that is spelled."""
        lower = address.lower()
        for one in self.every(Contract):
            if one.chain_id == chain_id and one.address.lower() == lower:
                return one
        return None

    def tokens_in(self, chain_id: int, address: str) -> int:
        """Return how many tokens of the contract at *address* are here."""
        return len(self._index.keys(("of", chain_id, address.lower())))

    def _of(self, app: App, kind: type[RecordT]) -> list[RecordT]:
        found = self._found(kind, (kind.__name__, app.source, app.namespace, app.name))
        return [record for record in found if bears_on(cast("AnyRecord", record), app)]

    def _found(self, kind: type[RecordT], term: Term) -> list[RecordT]:
        records = self._records.get(kind.__name__, {})
        return cast("list[RecordT]", [records[key] for key in self._index.keys(term)])

    def _entries(self, keys: object) -> list[LedgerEntry]:
        records = self._records.get("LedgerEntry", {})
        return [cast("LedgerEntry", records[key]) for key in cast("list[Key]", keys)]


def started_at(action: ActionStatus) -> float:
    """Return when *action* began."""
    return action.stages[0].at if action.stages else action.received


def chain_order(entry: LedgerEntry) -> tuple[int, int, int]:
    """Return the key by which ledger entries stand as they came on their chain."""
    return (entry.block, entry.index, entry.seq)


def _newest(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    return sorted(entries, key=chain_order, reverse=True)
