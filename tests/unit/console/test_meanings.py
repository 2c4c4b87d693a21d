"""Every column of every table of the console says what it means, and nothing else does."""

from __future__ import annotations

import pytest

from console.rows import (
    accounts,
    actions,
    adapters,
    addresses,
    alarms,
    apps,
    batteries,
    chains,
    changes,
    contracts,
    events,
    inverters,
    ledger,
    log,
    plants,
    pods,
    pools,
    revisions,
    scopes,
    tokens,
)
from console.rows.meanings import MEANINGS, meaning

TABLES = {
    "App": apps, "Pod": pods, "Revision": revisions, "Event": events, "Pool": pools,
    "Address": addresses, "Token": tokens, "Chain": chains, "Contract": contracts,
    "Account": accounts, "Plant": plants, "Battery": batteries, "Inverter": inverters,
    "LedgerEntry": ledger, "LogEntry": log, "ActionStatus": actions, "AdapterStatus": adapters,
    "Scope": scopes, "Change": changes, "Alarm": alarms,
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_each_column_has_a_meaning(kind: str) -> None:
    keys = {column.key for column in TABLES[kind].COLUMNS} - {"mark"}
    assert keys == set(MEANINGS[kind])


def test_a_meaning_is_a_line() -> None:
    for columns in MEANINGS.values():
        for text in columns.values():
            assert text
            assert text.isprintable()
            assert len(text) <= 90
            assert not text.endswith(".")


def test_what_nobody_wrote_down_is_nothing() -> None:
    assert meaning("App", "nothing") == meaning("Nothing", "name") == ""
