"""Contracts."""

from __future__ import annotations

from console.panels.base import Panel


class ContractsPanel(Panel):
    """To come."""

    TITLE = "Contracts"
    SORTS = False
