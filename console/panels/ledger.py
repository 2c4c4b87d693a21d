"""Ledger."""

from __future__ import annotations

from console.panels.base import Panel


class LedgerPanel(Panel):
    """To come."""

    TITLE = "Ledger"
    SORTS = False
