"""The actions: what was done to the colony, what is being done, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from console.panels.listing import Listing
from console.panels.tables import TablesPanel
from console.rows import actions


class ActionsPanel(TablesPanel):
    """One table of all actions, the newest first."""

    TITLE = "Actions"
    HELP = """\
Every action goes through the same stages: draft, simulated, approved, submitted, included,
final, verified. Submitted is not success: verified means that telemetry showed the effect.

✔ verified; ● under way; ◌ not sent, or cancelled; ✖ refused, failed, timed out or not verified;
? what became of it is not known.

A verified rollback may be followed by its record, an action of its own that says which one it is
the record of; the colony's configuration asks for it and approves it.

CODE is the first bytes of what was approved, to compare aloud.

Enter opens the action's page, where it goes on live; u undoes an action that can be undone, by
the same form, simulation and approval."""

    def listings(self) -> Sequence[Listing]:
        """Make the table."""
        return [Listing(self.session, "ActionStatus", actions, id="actions")]
