"""Solar."""

from __future__ import annotations

from console.panels.base import Panel


class SolarPanel(Panel):
    """To come."""

    TITLE = "Solar"
    SORTS = False
