"""The panels, one file each. A new one is its file and one line here; digits follow the order."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from console.panels.base import Panel


class PanelInfo(NamedTuple):
    """A panel by name. Its module is imported when it is first shown: the first paint is not
    held up by panels that nobody looks at yet."""

    name: str
    title: str
    module: str
    class_name: str

    def load(self) -> type[Panel]:
        """Import the panel's module and return its class."""
        found: type[Panel] = getattr(import_module(self.module), self.class_name)
        return found


PANELS: Final = (
    PanelInfo("overview", "Overview", "console.panels.overview", "OverviewPanel"),
    PanelInfo("apps", "Apps", "console.panels.apps", "AppsPanel"),
    PanelInfo("addresses", "Addresses", "console.panels.addresses", "AddressesPanel"),
    PanelInfo("tokens", "Tokens", "console.panels.tokens", "TokensPanel"),
    PanelInfo("contracts", "Contracts", "console.panels.contracts", "ContractsPanel"),
    PanelInfo("solar", "Solar", "console.panels.solar", "SolarPanel"),
    PanelInfo("ledger", "Ledger", "console.panels.ledger", "LedgerPanel"),
    PanelInfo("actions", "Actions", "console.panels.actions", "ActionsPanel"),
    PanelInfo("adapters", "Adapters", "console.panels.adapters", "AdaptersPanel"),
    PanelInfo("alarms", "Alarms", "console.panels.alarms", "AlarmsPanel"),
)


def panel_named(name: str) -> PanelInfo | None:
    """Return the panel called *name*, or the only one that begins so."""
    exact = [panel for panel in PANELS if panel.name == name.lower()]
    begun = [panel for panel in PANELS if name and panel.name.startswith(name.lower())]
    if exact:
        return exact[0]
    return begun[0] if len(begun) == 1 else None
