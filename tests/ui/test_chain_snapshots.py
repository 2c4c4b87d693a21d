"""What the chain's panels and pages look like, to the cell."""

from __future__ import annotations

import pytest

from tests.ui.test_snapshots import TWO, Compare, made, pressing

PAGES = {
    "tokens": ("4",),
    "tokens_filtered": ("4", "slash", *"state", "colon", *"mism", "enter"),
    "token": ("4", "enter"),
    "contracts": ("5",),
    "contract": ("5", "down", "enter", "tab", "tab"),
    "ledger": ("7",),
    "ledger_held": ("7", "f", "down"),
    "entry": ("7", "down", "enter"),
    "account": ("5", "tab", "enter"),
    "chain": ("5", "shift+tab", "enter"),
}


@pytest.mark.parametrize("size", TWO, ids=str)
@pytest.mark.parametrize("page", PAGES)
def test_chain_pages(snap_compare: Compare, page: str, size: tuple[int, int]) -> None:
    assert snap_compare(made(), terminal_size=size, run_before=pressing(*PAGES[page]))
