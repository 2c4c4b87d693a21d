"""One look at the store for the overview: what is wrong, what changed, and a line a domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from console.panels import PANELS
from console.panels.overview_changes import told
from console.rows import (
    actions,
    adapters,
    addresses,
    bringers,
    changes,
    marks,
    overview,
    pools,
    times,
)
from console.rows.chart import resampled
from console.rows.context import Context
from console.rows.gauge import spark
from console.rows.summary import Summary
from console.rows.wrong import Trouble, worst_now
from console.widgets.spans import (
    Line,
    Row,
    Span,
    fit,
    fit_line,
    line,
    line_width,
    row,
    short,
    spread,
)

_KINDS = {
    "apps": "App", "addresses": "Address", "tokens": "Token", "contracts": "Contract",
    "solar": "Plant", "ledger": "Chain",
}  # fmt: skip
"""The kind of record without which a panel has nothing to say."""
_NAMED = ("tokens", "ledger", "actions")
"""Panels whose words go without namespaces where it is narrow."""
_NONE = {
    "tokens": "no token is known", "contracts": "no contract is configured",
    "solar": "no plant is configured", "ledger": "no chain is configured",
}  # fmt: skip
"""What a line says where every adapter has spoken and none brought anything of it."""
DIGITS = {panel.name: str(number % 10) for number, panel in enumerate(PANELS, 1)}
NARROW = 100
"""Cells below which names go without their namespaces."""
SINCE = 104
"""Cells from which on what is wrong has the moment beside how long it has been so."""

APPS_TOLD = 500
"""Apps of which it is told what they became, the last of them: as many as changes are kept."""


class Parts:
    """One look at the store, and the rows that the layouts are made of: at most *most* of one."""

    def __init__(self, context: Context, most: int) -> None:
        self.context = context
        self.troubles, self.wrong = worst_now(context, most)
        self.summaries = {one.panel: one for one in overview.summaries(context)}
        self.pools = self._all("Pool", pools.sort_key("mark"))
        self.addresses = self._all("Address", addresses.sort_key("mark"))
        self.waiting = [one for one in self.addresses if not one.ip]
        self.actions = self._all("ActionStatus", actions.sort_key("mark"))
        self.adapters = self._all("AdapterStatus", adapters.sort_key("mark"))
        self.changes = told(changes.timeline(context, most_apps=APPS_TOLD), context)

    def _all(self, kind: str, key: Any) -> list[Any]:
        return sorted(self.context.store.records(kind).values(), key=key)

    # What is wrong

    @property
    def tone(self) -> str:
        """The tone of what is wrong, that of a frame where nothing is."""
        return self.troubles[0].mark.tone if self.troubles else "frame"

    def keys(self, *named: tuple[str, str]) -> Line:
        """Return the keys of *named*, pairs of an id and a word, as they are bound here."""
        spans: list[Span] = []
        for id, word in named:
            shown = self.context.keys.shown(id)
            if shown:
                spans += [("  " if spans else "", ""), (shown, "key"), (f" {word}", "dim")]
        return line(*spans)

    def wrong_keys(self) -> Line:
        """Return the keys that help with what is wrong: those of the worst."""
        if not self.troubles:
            return ()
        rolls = any(word == "roll back" for _, word in self.troubles[0].hints)
        return self.keys(
            ("why", "why"), ("open", "open"), *((("rollback", "roll back"),) if rolls else ())
        )

    def alarms(self, width: int) -> Line:
        """Return how many alarms call, for the frame of what is wrong; () where none is told of."""
        one = self.summaries.get("alarms")
        if one is None or width < SINCE or not self.has("alarms"):
            return ()
        head = line(("   ", ""), (DIGITS.get("alarms", ""), "key"), (f" {one.title}  ", "dim"))
        return (*head, *spaced(one.counts, " "))

    def known(self, kind: str) -> int:
        """Return how many records of *kind* there are."""
        return len(self.context.store.records(kind))

    def troubles_rows(self, width: int, limit: int) -> list[Row]:
        """Return what is wrong, a row each; or that nothing is, as far as anything is known."""
        if not self.troubles:
            if overview.waiting_for(self.context) or not self.adapters:
                return [row((f"{marks.IDLE} nothing is known to be wrong: {self.waits()}", "dim"))]
            return [row((f"{marks.GOOD} ", "good"), "nothing that is watched is wrong")]
        shown = self.troubles[:limit]
        longest = max(len(shortened(one.thing, width)) for one in shown)
        names = min(longest, max(20, width * 3 // 8))
        lasted = max(len(self._lasted(one)) for one in shown)
        return [self._trouble_row(one, names, lasted, width) for one in shown]

    def _lasted(self, one: Trouble) -> str:
        """Return for how long *one* has been so, "" where nobody knows."""
        return "" if one.since is None else times.duration(self.context.now - one.since)

    def _trouble_row(self, one: Trouble, names: int, lasted: int, width: int) -> Row:
        name = fit(shortened(one.thing, width), names)
        tone = "title" if one.mark.tone == "bad" else ""
        left = line((f"{one.mark.text} ", one.mark.tone), (name, tone), f"  {one.why}")
        right: Line = ()
        if one.since is not None:
            at = times.utc(one.since, self.context.now)
            since = f"  since {at}" if width >= SINCE else ""
            right = line((f"{since}  {self._lasted(one):>{lasted}}", "dim"))
        return row(*spread(left, right, width), target=one.key or one.panel or None)

    def waits(self, kind: str = "") -> str:
        """Return why there may be nothing to see yet, or nothing of *kind*."""
        for one in self._bringing(kind):
            if not one.records:
                passed = times.duration(
                    self.context.now - one.since if one.since is not None else None
                )
                why = adapters.state_text(one, self.context.now)
                return " · ".join(
                    filter(None, (f"{one.adapter} {one.name} is {one.state}, {passed}", why))
                )
        why = overview.waiting_for(self.context, kind)
        return why or ("no adapter here brings any" if self.adapters else "no adapter is known yet")

    def waits_for(self, kind: str) -> str:
        """Return which adapter that may bring *kind* brought nothing yet, "" where none waits."""
        silent = any(not one.records for one in self._bringing(kind))
        return self.waits(kind) if silent or not self.adapters else ""

    def _bringing(self, kind: str) -> list[Any]:
        """Return the adapters that may bring *kind*, the worst first; all where it is ""."""
        if not kind:
            return self.adapters
        return sorted(bringers.of(kind, self.context), key=adapters.sort_key("mark"))

    # One line a domain

    def summary_row(self, panel: str, width: int) -> Row:
        """Return the domain of *panel* in a line: its digit, its counts, what is to be said."""
        one = self.summaries[panel]
        wide = 17 if width < 90 else 26
        # What nobody brought is not counted: 0 would say that there is none.
        counts = fit_line(self._counted(one, wide) if self.has(panel) else (), wide)
        head = line((f" {DIGITS.get(panel, ' ')} ", "key"), fit(one.title, 10), " ")
        if not self.has(panel):
            kind = _KINDS.get(panel, "")
            why = self.waits_for(kind) or self._none(panel) or self.waits(kind)
            return row(*head, *counts, " ", (why, "dim"), target=panel, width=width)
        words = one.words
        if width < NARROW and panel in _NAMED:
            words = tuple(word._replace(text=short(word.text)) for word in words)
        return row(*head, *counts, " ", *spaced(words, "   "), target=panel, width=width)

    def _none(self, panel: str) -> str:
        """Return what is said of *panel* where every adapter has spoken and none brought of it."""
        on_chain = _KINDS.get(panel) in ("Token", "Contract")
        if on_chain and not bringers.of("Chain", self.context):
            return _NONE["ledger"]
        return _NONE.get(panel, "")

    def _counted(self, one: Summary, width: int) -> Line:
        """Return the counts of a summary, and after them how it went lately where that is known."""
        counts = spaced(one.counts, " ")
        room = min(12, width - line_width(counts) - 2)
        if room < 4 or not one.trend:
            return counts
        line_ = spark(resampled(one.trend, room), room, low=0.0)
        return (*fit_line(counts, width - room - 1), (line_, "info"), (" ", ""))

    def has(self, panel: str) -> bool:
        """Return whether anything of *panel* is known."""
        kind = _KINDS.get(panel, "")
        if panel == "alarms":
            # That there is none is known of those who watch only.
            return bool(self.adapters)
        return not kind or bool(self.context.store.records(kind))

    def counts(self, panel: str) -> Line:
        """Return the counts of *panel*, for a frame's corner."""
        if not self.has(panel):
            return ()
        return spaced(self.summaries[panel].counts, "  ")


def spaced(cells: Sequence[tuple[str, str]], gap: str) -> Line:
    """Return *cells* as spans, *gap* between them."""
    spans: list[Span] = []
    for cell in cells:
        if spans:
            spans.append((gap, ""))
        spans.append((cell[0], cell[1]))
    return tuple(spans)


def shortened(thing: str, width: int) -> str:
    """Return a name without the namespace in it where the screen is narrow."""
    return thing if width >= NARROW else short(thing)
