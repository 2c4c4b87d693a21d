"""The alarms: what calls first, then what was seen, then what is put aside."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from adapters.records import Alarm, AlarmState, App
from console.keys import ALARM, ALL_ALARMS, Hint, hint, hints
from console.panels.listing import Listing
from console.panels.tables import TablesPanel
from console.rows import alarms
from console.session import Session


class AlarmsPanel(TablesPanel):
    """One table of all alarms, shared by everybody who watches this colony."""

    TITLE = "Alarms"
    HELP: ClassVar[str] = """\
The station watches over values by limits and raises alarms, whether a console looks or not; all
consoles share them. The number at the top is the same: "✖ 2 new of 5 alarms" means that two of five
were seen by nobody yet, "✖ 2 alarms" that none was, and the shape is that of the worst of these.
Where there is no alarm it counts what is wrong now and has not lasted long enough to be one.

The first mark says how bad: ✖ critical, ▲ warning, ◆ advisory. The second what people did about
it: ! nobody has seen it; ↓ its cause is gone and still nobody has seen it; z it is shelved; an
alarm without one was seen by whom BY names. One that was seen goes when its cause does.

VALUE is what was measured last, ◔ where that is stale or not known now: that neither raises nor
clears an alarm. "and 4 that follow from it": those are not raised, because this one explains them.
Of one rule that is raised without end, 50 stand here and one line counts
the others.

{acknowledge} acknowledges what is selected, here and on the overview: everybody sees who did.
{acknowledge-all} acknowledges all that are shown here, what the filter leaves: it asks first.
{shelve} shelves it for a while and for a reason, 24 hours at most; on one that is shelved it takes
it off again. All of it is written into the log. Enter opens the alarm: what happened to it, and the
thing that it is of.

/ filters by words or by field: severity:critical state:shelved rule:pool-full thing:oxygen

The rules, and how to change or add some, are in the README: [[colonies.NAME.alarms]]."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(session, id=id)
        self._asked: set[str] = set()

    def listings(self) -> Sequence[Listing]:
        """Make the table."""
        return [Listing(self.session, "Alarm", alarms, title="ALARMS", id="alarms")]

    def alarm_here(self) -> Alarm | None:
        """Return the alarm under the cursor."""
        key = self.selected()
        found = self.here.item(key) if key is not None else None
        return found if isinstance(found, Alarm) else None

    def app_here(self) -> App | None:
        """Return the app that the alarm under the cursor is of, None where it is of none."""
        alarm = self.alarm_here()
        return self.session.app(alarm.about) if alarm is not None else None

    def own_hints(self) -> Sequence[Hint]:
        """Return the keys of this panel alone."""
        alarm = self.alarm_here()
        if alarm is None or self.session.read_only:
            return ()
        return [*alarm_hints(alarm), *([hint(ALL_ALARMS)] if len(self.calling()) > 1 else ())]

    def calling(self) -> list[str]:
        """Return the names of the alarms shown here that call: the filter leaves others out."""
        return [alarm.name for key in self.here.keys if (alarm := self._calling(key))]

    def go_on(self, names: Sequence[str]) -> None:
        """Put the cursor on the next alarm that calls: those called *names* are being seen to.

        At once, and not when the answer is here: over a slow line the next key is there before it.
        """
        self._asked |= set(names)
        table = self.here.table
        calling = {key: alarm.name for key in table.keys if (alarm := self._calling(key))}
        self._asked &= set(calling.values())
        following = (key for key, name in calling.items() if name not in self._asked)
        if (key := next(following, None)) is not None:
            table.move_to(key)

    def _calling(self, key: Hashable) -> Alarm | None:
        found = self.here.item(key)
        return found if isinstance(found, Alarm) and alarms.calls(found) else None


def alarm_hints(alarm: Alarm) -> list[Hint]:
    """Return the keys that apply to *alarm*."""
    acknowledge, shelve = hints(*ALARM)
    if alarm.state is AlarmState.SHELVED:
        return [shelve._replace(label="unshelve")]
    return [acknowledge, shelve] if alarms.calls(alarm) else [shelve]
