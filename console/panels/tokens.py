"""Tokens."""

from __future__ import annotations

from console.panels.base import Panel


class TokensPanel(Panel):
    """To come."""

    TITLE = "Tokens"
    SORTS = False
