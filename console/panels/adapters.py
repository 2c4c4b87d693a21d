"""The adapters, and for each thing that they watch how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from console.panels.listing import Listing
from console.panels.tables import TablesPanel
from console.rows import adapters, scopes


class AdaptersPanel(TablesPanel):
    """Adapters above, what they watch below."""

    TITLE = "Adapters"
    HELP = """\
ADAPTERS: ✔ live, ● starting, ▲ degraded, ✖ down; DETAIL says why and when it is tried again.
RST counts how often the station had to start it again.

WATCHES: each thing that an adapter lists and watches, or samples. ✔ live; ◔ stale: what it
brought is as it was then; ✖ denied: the credentials do not allow it; ◌ absent: the server has
no such resource, or it was never received.

A watch is as fresh as its last event, bookmark or heartbeat; a sampled value is stale past 1.9
of its interval (EVERY).

`colony doctor` checks reach, rights and clock skew, and says what to do."""

    def listings(self) -> Sequence[Listing]:
        """Make the two tables."""
        return [
            Listing(
                self.session, "AdapterStatus", adapters, title="ADAPTERS", most=8, id="adapters"
            ),
            Listing(self.session, "Scope", scopes, title="WATCHES", id="scopes"),
        ]
