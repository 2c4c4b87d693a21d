"""The apps: every workload, how it stands and why."""

from __future__ import annotations

from collections.abc import Sequence

from console.panels.listing import Listing
from console.panels.tables import TablesPanel
from console.rows import apps


class AppsPanel(TablesPanel):
    """One table of all apps."""

    TITLE = "Apps"
    HELP = """\
The mark is the app's health: ✔ healthy, ● progressing, ▲ degraded, ✖ failed or serving nothing,
◌ scaled to none, ? not known. A second sign beside it says how far that can be trusted: ◔
stale, — never received, ! invalid.

READY is replicas ready of those wanted. REV is the orchestrator's own revision. RST counts
restarts of the pods. A — stands for what the source did not say; it is never 0.

Enter opens the app: its revisions, pods, addresses, events and actions."""

    def listings(self) -> Sequence[Listing]:
        """Make the table."""
        return [Listing(self.session, "App", apps, id="apps")]
