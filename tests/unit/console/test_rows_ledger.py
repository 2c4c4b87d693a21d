"""Ledger entries as rows: how final they are, who they are about, and their order."""

from __future__ import annotations

import chain_records as on
import pytest

from adapters.records import App, LedgerEntry, ScopeState, Value
from console.feed.messages import Parcel
from console.rows import changes, filter, ledger
from console.rows.cells import TONES, Cell, place
from console.rows.context import Context
from console.rows.ledger import Finality
from console.store import Store

RECORDS = (
    on.entry(110, app="life-support/oxygen"), on.entry(119), on.entry(118, 1),
    on.entry(118, 2, removed=True), on.entry(90, event="", summary="", token="", sender="",
                                             sender_name="", at=None),
)  # fmt: skip


def row(entry: LedgerEntry, context: Context) -> dict[str, Cell]:
    made = ledger.cells(entry, context)
    assert len(made) == len(ledger.COLUMNS)
    assert {cell.tone for cell in made} <= {"", *TONES}
    return dict(zip((column.key for column in ledger.COLUMNS), made, strict=True))


@pytest.mark.parametrize(
    ("entry", "head", "mark", "said"),
    [
        (on.entry(118), {}, "✔", "final"),
        (on.entry(119), {}, "◌", "not final, 2"),
        (on.entry(120), {}, "◌", "not final, 1"),
        (on.entry(121), {}, "◌", "not final"),
        (on.entry(110, removed=True), {}, "✖", "removed"),
        (on.entry(110), {"final": None}, "?", "not known"),
        (on.entry(110), {"number": None, "final": None}, "?", "not known"),
        (on.entry(110), {"chain_id": 1}, "?", "not known"),
        (on.entry(110), {"source": "another"}, "?", "not known"),
    ],
)
def test_how_final_an_entry_is(
    entry: LedgerEntry, head: dict[str, object], mark: str, said: str
) -> None:
    cells = row(entry, on.context(entry, on.chain(**head)))
    assert cells["mark"].text == f"{mark} "
    assert cells["final"].text == said


def test_a_page_says_it_at_length() -> None:
    assert ledger.final_text(on.entry(120), on.chain()) == "not final, 1 block"
    assert ledger.final_text(on.entry(110), on.chain(final=None)) == "not known, 11 blocks"
    assert ledger.final_text(on.entry(removed=True), on.chain()) == "removed by a reorg"


def test_without_a_chain_nothing_is_final() -> None:
    assert ledger.finality(on.entry(), None) is Finality.UNKNOWN
    assert ledger.confirmations(on.entry(), None) is None


def test_a_removed_entry_says_so_in_words() -> None:
    cells = row(RECORDS[3], on.context(*RECORDS, on.chain()))
    assert cells["summary"] == Cell("removed: #3 agri → ops in 118", "bad")
    assert cells["event"].tone == "bad"


def test_what_was_not_decoded_or_asked_is_no_value() -> None:
    cells = row(RECORDS[4], on.context(*RECORDS, on.chain()))
    assert [cells[key].text for key in ("at", "event", "app", "by")] == [
        "—", "not decoded", "—", "—",
    ]  # fmt: skip
    values = on.entry(summary="", values=(Value("to", "address", "0x1"), Value("", "uint8", "2")))
    assert ledger.what_text(values) == "to 0x1,  2"


def test_an_entry_is_about_its_app_or_its_token() -> None:
    context = on.context(*RECORDS, on.chain())
    assert row(RECORDS[0], context)["app"].text == "oxygen"
    assert row(RECORDS[1], context)["app"].text == "#3"
    assert ledger.token_text(on.entry(token=on.asset(12))) == "#12"


def test_the_newest_are_first_and_within_a_block_the_last() -> None:
    found = sorted(RECORDS[:4], key=ledger.sort_key("at"))
    assert [(one.block, one.index) for one in found] == [(119, 0), (118, 2), (118, 1), (110, 0)]
    for column in ledger.COLUMNS:
        ordered = sorted(RECORDS, key=ledger.sort_key(column.key))
        assert sorted(reversed(RECORDS), key=ledger.sort_key(column.key)) == ordered


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("app:oxygen", 1), ("event:transfer", 4), ("contract:identity", 5), ("token:#3", 4),
        ("by:ops", 4), ("block:118", 2), ("final:removed", 1), ("-removed what:ops", 3),
    ],
)  # fmt: skip
def test_filters(text: str, count: int) -> None:
    wanted = filter.parse(text, ledger.FIELDS)
    assert not wanted.errors
    assert sum(wanted.matches(ledger.haystack(one)) for one in RECORDS) == count
    assert all(set(ledger.haystack(one)) == set(ledger.FIELDS) for one in RECORDS)


def test_stale_entries_are_dim_and_still_say_what_happened() -> None:
    context = on.context(*RECORDS, on.chain(), ledger=ScopeState.STALE)
    for entry in RECORDS:
        cells = ledger.cells(entry, context)
        assert {cell.tone for cell in cells} == {"stale"}
        assert "◔" in cells[0].text
        assert not any("stale since" in cell.text for cell in cells)


def test_columns_fit_80_cells() -> None:
    shown = [one.column.key for one in place(ledger.COLUMNS, 80)]
    assert {"mark", "at", "event", "summary", "app", "by"} <= set(shown)


def test_the_ledger_of_an_app_holds_that_of_its_token_and_of_nothing_else() -> None:
    token = on.token(3, "life-support/oxygen")
    app = on.app("oxygen", 3)
    mine = on.entry(110, token="", app="life-support/oxygen"), on.entry(112), on.entry(111)
    others = (
        on.entry(113, token="4"), on.entry(114, chain_id=1),
        on.entry(115, contract="0x" + "0" * 40), on.entry(116, token="", app="other/oxygen"),
    )  # fmt: skip
    store = on.context(*mine, *others, token, app).store
    assert [one.block for one in store.ledger_of(app)] == [112, 111, 110]
    assert [one.block for one in store.ledger_of_token(token)] == [112, 111]
    assert store.token_told(mine[1]) == token
    assert len(store.ledger_at(on.ID, on.CONTRACT.upper().replace("0X", "0x"))) == 5


def test_what_falls_out_of_the_ring_falls_out_of_the_joins() -> None:
    store = Store(ring=3)
    app = on.app("oxygen", 3)
    store.apply([Parcel("tycho", "deployments", (app,))])
    store.apply([Parcel("chain", "ledger", tuple(on.entry(n) for n in range(10)))])
    assert [one.block for one in store.ledger_of(app)] == [9, 8, 7]
    again = on.entry(8, removed=True)
    store.apply([Parcel("chain", "ledger", (again,))])
    assert store.ledger_of(app)[1].removed
    assert isinstance(store.every(App)[0], App)


def test_what_the_ledger_tells_is_in_what_changed_lately_once() -> None:
    moved = on.token(3, "life-support/oxygen", since=on.NOW - 60, since_block=119)
    untold = on.token(5, "", since=on.NOW - 90, since_block=117)
    old = on.token(6, "", since=on.NOW - 9000)
    records = (*RECORDS[:4], moved, untold, old, on.chain(reorg_at=on.NOW - 30, reorg_depth=2))
    found = changes.timeline(on.context(*records))
    said = [(one.what, one.thing, one.detail) for one in found]
    assert said[0] == ("Reorganisation", "eip155:31337", "2 blocks reorganised away")
    assert ("New owner", "Identity #5", "#5 → ops") in said
    assert sum(what == "New owner" for what, *_ in said) == 1
    assert sum(what == "Transfer" for what, *_ in said) == 4
    assert ("Transfer", "life-support/oxygen", "#3 agri → ops in 110") in said
