"""Tokens as rows: owners by name, identity in words, and sorting and filtering by both."""

from __future__ import annotations

import chain_records as on
import pytest

from adapters.records import ScopeState, Token
from console.rows import accounts, filter, tokens
from console.rows.cells import TONES, Cell, place
from console.rows.context import Context

LIFE = "life-support"
STRANGER = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"
RECORDS = (
    on.token(3, f"{LIFE}/oxygen"), on.app("oxygen", 3),
    on.token(10, f"{LIFE}/water", owner=STRANGER, owner_name=""), on.app("water", 9),
    on.token(2, "mining/drill", owner_name="power", owner="0x9", transfers=4),
    on.token(4, None, owner="", owner_name="", since=None, reconciled=None),
    on.token(11),
)  # fmt: skip
HOSTILE = "[red]bold[/] [/] \\[ \u202e ]] [@click=app.quit] 漢字"


def row(token: Token, context: Context) -> dict[str, Cell]:
    made = tokens.cells(token, context)
    assert len(made) == len(tokens.COLUMNS)
    assert {cell.tone for cell in made} <= {"", *TONES}
    return dict(zip((column.key for column in tokens.COLUMNS), made, strict=True))


def listed(context: Context) -> tuple[tokens.Rows, list[Token]]:
    rows = tokens.Rows(lambda: context)
    rows.look_again()
    return rows, context.store.every(Token)


def test_a_token_that_holds() -> None:
    cells = row(RECORDS[0], on.context(*RECORDS))
    assert cells["mark"] == Cell("✔ ", "good")
    keys = ("token", "app", "namespace", "owner", "state", "since")
    said = [cells[key].text for key in keys]
    assert said == ["#3", "oxygen", LIFE, "ops", "match", "3 d"]
    assert cells["why"].text == ""


def test_what_is_not_known_of_a_token_is_no_value() -> None:
    cells = row(RECORDS[5], on.context(*RECORDS))
    assert cells["mark"].text == "? "
    assert (cells["app"].text, cells["owner"].text) == ("not known", "not known")
    assert (cells["state"].text, cells["since"].text) == ("not known", "—")


def test_a_stranger_is_shown_by_the_ends_of_the_address() -> None:
    cells = row(RECORDS[2], on.context(*RECORDS))
    assert cells["owner"].text == "0xa0Ee…9720"
    assert (cells["state"].text, cells["why"].text) == ("mismatch", "the app names #9")
    assert accounts.whole(STRANGER) == STRANGER
    assert accounts.whole(STRANGER, "eve") == f"eve  {STRANGER}"
    assert accounts.short("") == "—"


def test_two_readings_of_the_chain_that_disagree_are_said_first() -> None:
    token = on.token(3, f"{LIFE}/oxygen", reconciled=False)
    cells = row(token, on.context(token, on.app("oxygen", 3)))
    assert cells["why"].text == "ownerOf disagrees with the logs"
    lone = on.token(3, reconciled=False)
    assert row(lone, on.context(lone, on.app("x")))["why"].text == (
        "ownerOf disagrees with the logs · no app names it"
    )


def test_stale_tokens_are_dim_throughout() -> None:
    context = on.context(*RECORDS, tokens=ScopeState.STALE)
    for token in context.store.every(Token):
        cells = tokens.cells(token, context)
        assert {cell.tone for cell in cells} == {"stale"}
        assert "◔" in cells[0].text
        assert cells[5].text == "not known"


def test_the_worst_sort_to_the_top_then_by_number() -> None:
    rows, found = listed(on.context(*RECORDS))
    order = [one.name for one in sorted(found, key=rows.sort_key("mark"))]
    assert order == ["10", "2", "11", "4", "3"]
    assert [one.name for one in sorted(found, key=rows.sort_key("token"))] == [
        "2", "3", "4", "10", "11",
    ]  # fmt: skip


def test_every_column_sorts_whatever_is_missing() -> None:
    odd = on.token("not a number"), on.token("٣"), *RECORDS
    rows, found = listed(on.context(*odd))
    for column in tokens.COLUMNS:
        ordered = sorted(found, key=rows.sort_key(column.key))
        assert sorted(reversed(found), key=rows.sort_key(column.key)) == ordered


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("owner:power", ["2"]), (f"owner:{STRANGER[:8]}", ["10"]), ("state:hold", ["3"]),
        ("state:orphan,mismatch", ["10", "2"]), ("app:oxygen", ["3"]), ("ns:life", ["10", "3"]),
        ("contract:identity -state:hold token:#1", ["10", "11"]), ("names", ["10", "2", "11", "3"]),
    ],
)  # fmt: skip
def test_filters(text: str, names: list[str]) -> None:
    rows, found = listed(on.context(*RECORDS))
    wanted = filter.parse(text, rows.FIELDS)
    assert not wanted.errors
    kept = [one.name for one in found if wanted.matches(rows.haystack(one))]
    assert sorted(kept) == sorted(names)
    assert all(set(rows.haystack(one)) == set(rows.FIELDS) for one in found)


def test_what_is_known_of_a_side_is_asked_once_a_paint() -> None:
    context = on.context(*RECORDS)
    rows = tokens.Rows(lambda: context)
    assert rows.look_again()
    assert not rows.look_again()
    on.put(context, deployments=ScopeState.STALE)
    assert rows.look_again()


def test_holders_are_counted_the_greatest_first() -> None:
    found = tokens.holders(on.context(*RECORDS).store.every(Token))
    assert [(one.name, one.tokens) for one in found] == [("ops", 2), ("power", 1), ("", 1), ("", 1)]


def test_the_tally_leaves_out_what_there_is_none_of() -> None:
    said = [cell.text for cell in tokens.tally(on.context(*RECORDS))]
    assert said == ["1 hold", "1 mismatch", "1 orphan", "1 unclaimed", "1 not known"]
    assert tokens.tally(on.context(on.app("x"))) == ()


def test_columns_fit_80_cells_with_identity_and_why() -> None:
    shown = [one.column.key for one in place(tokens.COLUMNS, 80)]
    assert shown == ["mark", "token", "app", "owner", "state", "why", "since"]


def test_hostile_text_comes_through_as_the_text_that_it_is() -> None:
    odd = on.token(HOSTILE, HOSTILE, owner=HOSTILE, owner_name=HOSTILE, uri=HOSTILE)
    context = on.context(odd, on.app("x"))
    rows, _ = listed(context)
    assert any(HOSTILE in cell.text for cell in tokens.cells(odd, context))
    assert filter.parse('"[red]bold[/]"').matches(rows.haystack(odd))
