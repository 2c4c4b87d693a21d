"""One record in full: every column with its title, nothing cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from adapters.records import Account, Address, AnyRecord, App, Chain, Key, app_key
from console.binding import bindings
from console.feed.messages import Interest
from console.keys import BACK, ON_APP, Hint, hints
from console.pagekeys import LISTED
from console.panels.base import GoTo, Moment, Opened
from console.rows import (
    accounts,
    adapters,
    addresses,
    amounts,
    chains,
    events,
    marks,
    pods,
    pools,
    revisions,
    scopes,
    times,
)
from console.rows.context import Context, quality_text
from console.screens.labelled import LABEL, labelled
from console.screens.page import PageScreen, came_from, show_crumbs
from console.widgets.document import Document
from console.widgets.spans import Row, fit, line, row

MODULES: dict[str, tuple[str, str, Any]] = {
    "Address": ("Addresses", "addresses", addresses),
    "Pool": ("Addresses", "addresses", pools),
    "AdapterStatus": ("Adapters", "adapters", adapters),
    "Scope": ("Adapters", "adapters", scopes),
    "Chain": ("Contracts", "contracts", chains),
    "Account": ("Contracts", "contracts", accounts),
    "Event": ("Overview", "overview", events),
    "Pod": ("Apps", "apps", pods),
    "Revision": ("Apps", "apps", revisions),
}
"""For each kind of record: where it is listed, that panel's name, and what makes its cells."""
_WHOLE = {"RST": "restarts", "REV": "revision", "N": "times seen"}
"""Titles that a column has no room to say in full; here there is."""


def record_rows(key: Key, context: Context, width: int) -> list[Row]:
    """Return the record called *key* in full; what belongs to it can be chosen."""
    record = context.store.get(key)
    if record is None:
        return [Row(()), row((f" {key.name} is gone: nothing is known of it any more.", "warn"))]
    module = MODULES[key.kind][2]
    quality, since = context.store.quality(record)
    trust = quality_text(quality, since, context.now)
    rows = [Row(())]
    exact = _exact(record)
    said = [("quality", trust or "live", "stale" if trust else "good")]
    for column, cell in zip(module.COLUMNS, module.cells(record, context), strict=True):
        whole = isinstance(record, Address) and column.key in ("announced", "apps")
        label = _WHOLE.get(column.title) or column.title.lower()
        if label and not whole and cell.text.strip() not in ("", marks.NOTHING):
            said.append((label, exact.pop(label, cell.text), cell.tone))
    said += [(label, text, "") for label, text in exact.items() if text]
    scope = context.store.scope_of(key)
    if scope is not None and scope.key != key:
        said.append(("known from", f"{scope.source} {scope.name}, {scope.state}", "dim"))
    if record.uid:
        said.append(("uid", record.uid, "dim"))
    for label, text, tone in said:
        rows += labelled(label, text, tone, width)
    if isinstance(record, Address):
        rows += _announcers(record, width)
        rows += _apps(record, context)
    return rows


def _exact(record: AnyRecord) -> dict[str, str]:
    """Return, by their labels, values that a table cuts short, and those that it leaves out."""
    if isinstance(record, Account):
        return {"address": record.address, "balance": amounts.amount(record.balance)}
    if isinstance(record, Chain):
        interval = record.block_interval
        return {
            "base fee": amounts.amount(record.base_fee),
            "head": record.block_hash,
            "a block every": times.duration(interval) if interval else "",
            "peers": "" if record.peers is None else str(record.peers),
        }
    return {}


def _announcers(address: Address, width: int) -> list[Row]:
    rows = []
    for number, one in enumerate(address.announced_by or ()):
        label = "announced by" if not number else ""
        via = "interface" if one.how == "L2" else "configured peer"
        text = addresses.announcer_text(one) + (f"   {via}" if one.via else "")
        rows += labelled(label, text, "", width)
    return rows


def _apps(address: Address, context: Context) -> list[Row]:
    rows = []
    for reference in address.apps:
        workload, _, name = reference.rpartition("/")
        key = app_key(address.source, address.namespace, workload, name)
        known = isinstance(context.store.get(key), App)
        head = line("  ", (fit("app", LABEL), "dim"))
        text = line(reference, ("   enter opens it" if known else "   not known", "dim"))
        rows.append(row(*head, *text, target=key if known else None))
    return rows


class RecordScreen(PageScreen):
    """One record, live; a key goes to where it is listed."""

    TITLE_OF_HELP = "A record"
    HELP_TEXT = """\
Everything that is known of one record, nothing cut. "known from" is the watch that brought it:
it is as fresh as that."""
    BINDINGS: ClassVar = bindings([LISTED])
    KEYS = (LISTED,)

    def interests(self) -> Sequence[Interest]:
        """Return the kind of this record: what nobody subscribes to is dropped."""
        return (Interest(self.key.kind),)

    def app_here(self) -> App | None:
        """Return the app behind an address, where there is just one."""
        record = self.session.store.get(self.key)
        if isinstance(record, Address) and len(record.apps) == 1:
            workload, _, name = record.apps[0].rpartition("/")
            return self.session.app(app_key(record.source, record.namespace, workload, name))
        return None

    def hints(self) -> list[Hint]:
        """Return the keys that apply here."""
        found = hints(BACK, LISTED)
        if self.app_here() is not None:
            found += hints(*(key for key in ON_APP if not key.acts or not self.session.read_only))
        return found

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        name = self.key.name if not self.key.namespace else f"{self.key.namespace}/{self.key.name}"
        # An Event is listed on no panel, but in tables of many things.
        at = came_from(self) if self.key.kind == "Event" else (MODULES[self.key.kind][0],)
        show_crumbs(self, *at, name)
        rows = record_rows(self.key, self.session.context(), self.wide - 1)
        self.page.show(rows)

    def action_listed(self) -> None:
        """Go to the panel that lists it."""
        self.post_message(GoTo(MODULES[self.key.kind][1], self.key))

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Open what was chosen."""
        message.stop()
        if isinstance(message.value, Key):
            self.post_message(Opened(message.value))
