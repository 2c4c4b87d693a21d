"""A listing of something on a chain: where it is empty, only the chain's silence is a reason."""

from __future__ import annotations

from console.panels.base import Moment
from console.panels.listing import Listing
from console.rows.chains import why_none


class OnChain(Listing):
    """A listing that looks again where the chain's head moved: marks and counts hang on it."""

    def paint(self, moment: Moment) -> None:
        """Show what changed."""
        super().paint(moment)
        if moment.dirty.get("Chain") and not moment.whole:
            self.table.refresh_visible()

    def _why_empty(self) -> str:
        if self._filter.narrows and self._total:
            return super()._why_empty()
        return f"  {why_none(self.rows.EMPTY, self.session.context())}"
