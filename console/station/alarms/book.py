"""The alarms themselves, by ISA-18.2's states: who raised, who has seen, what is put aside.

Raised: unacknowledged. Seen by somebody: acknowledged. Its cause gone before that: cleared unseen,
until somebody does see it. Gone after that: normal, and no record any more. Shelved: put aside
until a time, whatever happens to its cause.

At most `OF_RULE` alarms of one rule are told one by one; one more says how many there are beside.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from adapters.contract import Refused
from adapters.records import Alarm, AlarmChange, AlarmState, Key
from adapters.text import clean
from console.station.digest import instant
from console.station.hub import STATION

OF_RULE: Final = 50
"""Alarms of one rule that are told one by one."""
MOST: Final = 1_000
"""Alarms that are told one by one in all."""
HISTORY: Final = 20
"""Changes kept of one alarm, the last ones."""
REMEMBERED: Final = 500
"""Alarms whose history is kept after they are gone, for when they come back."""
PACE: Final = 5.0
"""Seconds within which a value that moves is told once."""
MORE: Final = "more"

_replace = msgspec.structs.replace


class Book:
    """All alarms by name. `publish` is given what changed, by `flush`. *now* is the epoch time."""

    def __init__(
        self,
        now: Callable[[], float],
        publish: Callable[[Iterable[Alarm], Iterable[Key]], None],
    ) -> None:
        self._now = now
        self._publish = publish
        self.alarms: dict[str, Alarm] = {}
        self.active: set[str] = set()
        """Names of alarms whose cause is there now."""
        self._hidden: dict[str, dict[str, Alarm]] = {}
        self._withdrawn: dict[str, Alarm] = {}
        self._gone: OrderedDict[str, Alarm] = OrderedDict()
        self._counts: dict[str, int] = {}
        self._told: dict[str, float] = {}
        self._dirty: dict[str, None] = {}
        self._shelved: set[str] = set()
        self._crowded: set[str] = set()
        """Rules of which it is to be said how many are not told one by one."""
        self.changed = False
        """Whether anything that is kept over a restart changed since it was set to False."""

    # What rules come to

    def raised(self, name: str, alarm: Alarm) -> None:
        """Raise the alarm *name*; *alarm* says rule, thing, about, severity, value and limit."""
        before = self.alarms.get(name)
        self.active.add(name)
        now = self._now()
        if before is not None:
            self._again(name, before, alarm, now)
            return
        back = self._withdrawn.pop(name, None)
        if back is not None:
            self._put(name, _replace(back, value=alarm.value, quality=alarm.quality))
            return
        if self._full(alarm.rule):
            self._hidden.setdefault(alarm.rule, {})[name] = alarm
            self._crowded.add(alarm.rule)
            return
        known = self._gone.pop(name, None)
        fresh = _replace(
            alarm,
            source=STATION,
            name=name,
            at=now,
            state=AlarmState.UNACKNOWLEDGED,
            since=now,
            returned=None,
            times=known.times + 1 if known else 1,
            history=known.history if known else (),
        )
        self._put(name, _said(fresh, now, "raised", "", fresh.value))

    def returned(self, name: str, text: str = "") -> None:
        """The cause of the alarm *name* is gone."""
        self.active.discard(name)
        self._withdrawn.pop(name, None)
        alarm = self.alarms.get(name)
        if alarm is None:
            self._unhide(name)
            return
        now = self._now()
        alarm = _said(_replace(alarm, returned=now, follows=0), now, "returned", "", text)
        match alarm.state:
            case AlarmState.ACKNOWLEDGED:
                self._remove(name, alarm)
            case AlarmState.UNACKNOWLEDGED:
                self._put(
                    name, _replace(alarm, state=AlarmState.CLEARED, value=text or alarm.value)
                )
            case _:
                self._put(name, alarm)

    def withdraw(self, name: str) -> None:
        """Take the alarm *name* out of sight: another one explains it. `raised` brings it back."""
        self.active.discard(name)
        alarm = self.alarms.get(name)
        if alarm is None:
            self._unhide(name)
        elif alarm.state is not AlarmState.SHELVED:
            self._withdrawn[name] = alarm
            self._drop(name)

    def update(self, name: str, monotonic: float, **said: Any) -> None:
        """Say what is known of the alarm *name* now: `value`, `quality`, `follows`."""
        alarm = self.alarms.get(name)
        if alarm is None or all(getattr(alarm, key) == value for key, value in said.items()):
            return
        steady = alarm.quality == said.get("quality", alarm.quality)
        if steady and monotonic - self._told.get(name, -PACE) < PACE:
            return
        self._told[name] = monotonic
        self.alarms[name] = _replace(alarm, **said)
        self._dirty[name] = None

    def forget(self, name: str) -> None:
        """Drop the alarm *name* without a word: what raised it is not watched any more."""
        self.active.discard(name)
        if name in self.alarms:
            self._drop(name)

    # What people do

    def may_acknowledge(self, name: str) -> Alarm:
        """Return the alarm *name*; raises `Refused` where there is nothing to acknowledge."""
        alarm = self._find(name)
        if alarm.state is AlarmState.ACKNOWLEDGED:
            raise Refused(f"{name}: {_by(alarm)} already")
        if alarm.state is AlarmState.SHELVED:
            raise Refused(f"{name} is shelved by {alarm.shelved_by}: unshelve it first")
        return alarm

    def acknowledge(self, name: str, who: str) -> Alarm | None:
        """Note that *who* has seen the alarm *name*; return it, None where it went meanwhile."""
        alarm = self.alarms.get(name)
        if alarm is None or not alarm.state.calls:
            return alarm
        now = self._now()
        alarm = _said(_replace(alarm, acked_by=who, acked_at=now), now, "acknowledged", who)
        if name in self.active:
            alarm = _replace(alarm, state=AlarmState.ACKNOWLEDGED)
            self._put(name, alarm)
        else:
            self._remove(name, alarm)
        return alarm

    def may_shelve(self, name: str) -> Alarm:
        """Return the alarm *name*; raises `Refused` where it cannot be shelved."""
        alarm = self._find(name)
        if alarm.state is AlarmState.SHELVED:
            until = instant(alarm.shelved_until or 0.0)
            raise Refused(f"{name}: {alarm.shelved_by} shelved it already, until {until}")
        return alarm

    def shelve(self, name: str, who: str, until: float, reason: str) -> Alarm | None:
        """Put the alarm *name* aside; return it, None where it went meanwhile."""
        alarm = self.alarms.get(name)
        if alarm is None:
            return None
        alarm = _replace(
            alarm,
            state=AlarmState.SHELVED,
            shelved_by=who,
            shelved_until=until,
            shelved_reason=reason,
        )
        return self._put(name, _said(alarm, self._now(), "shelved", who, reason))

    def may_unshelve(self, name: str) -> Alarm:
        """Return the alarm *name*; raises `Refused` where it is not shelved."""
        alarm = self._find(name)
        if alarm.state is not AlarmState.SHELVED:
            raise Refused(f"{name} is not shelved: it is {alarm.state}")
        return alarm

    def unshelve(self, name: str, who: str) -> Alarm | None:
        """Take the alarm *name* up again: it calls anew, or is gone if its cause is."""
        alarm = self.alarms.get(name)
        if alarm is None or alarm.state is not AlarmState.SHELVED:
            return alarm
        alarm = _replace(alarm, shelved_by="", shelved_until=None, shelved_reason="")
        alarm = _said(alarm, self._now(), "unshelved", who)
        if name in self.active:
            return self._put(name, _replace(alarm, state=AlarmState.UNACKNOWLEDGED, returned=None))
        self._remove(name, alarm)
        return alarm

    def due(self) -> list[str]:
        """Return the names of alarms whose time on the shelf is over."""
        now = self._now()
        return [n for n in self._shelved if (self.alarms[n].shelved_until or 0.0) <= now]

    # What is told and kept

    def flush(self) -> None:
        """Publish what changed."""
        for rule in sorted(self._crowded):
            self._more(rule)
        self._crowded.clear()
        if not self._dirty:
            return
        names, self._dirty = list(self._dirty), {}
        held = [self.alarms[name] for name in names if name in self.alarms]
        gone = [_key(name) for name in names if name not in self.alarms]
        self._publish(held, gone)

    def restore(self, alarms: Mapping[str, Alarm], active: Iterable[str]) -> None:
        """Take up what an earlier station kept."""
        for name, alarm in alarms.items():
            self._put(name, alarm)
        self.active = {name for name in active if name in self.alarms}
        self.changed = False

    # Inside

    def _again(self, name: str, before: Alarm, alarm: Alarm, now: float) -> None:
        if before.returned is None:
            return  # it was kept over a restart, and is so still
        before = _replace(
            before, value=alarm.value, quality=alarm.quality, since=now, returned=None,
            times=before.times + 1,
        )  # fmt: skip
        if before.state is AlarmState.CLEARED:
            before = _replace(before, state=AlarmState.UNACKNOWLEDGED)
        self._put(name, _said(before, now, "raised", "", alarm.value))

    def _full(self, rule: str) -> bool:
        return self._counts.get(rule, 0) >= OF_RULE or len(self.alarms) >= MOST

    def _more(self, rule: str) -> None:
        """Say how many alarms of *rule* are not told one by one; that there are more calls anew."""
        name, count = f"{rule}:{MORE}", len(self._hidden.get(rule, ()))
        before = self.alarms.get(name)
        if not count:
            if before is not None:
                self.returned(name, "no more of them")
            return
        value = f"{count:,} more"
        if before is None or before.returned is not None:
            self.active.add(name)
            first = next(iter(self._hidden[rule].values()))
            alarm = Alarm(rule=rule, thing=f"and {value} of {rule}", severity=first.severity,
                          value=value, limit=f"{OF_RULE} of a rule one by one")  # fmt: skip
            now = self._now()
            alarm = _replace(alarm, source=STATION, name=name, at=now, since=now)
            self._put(name, _said(alarm, now, "raised", "", value))
            return
        grew = count > int(before.value.split()[0].replace(",", ""))
        state = before.state
        if grew and state is AlarmState.ACKNOWLEDGED:
            state = AlarmState.UNACKNOWLEDGED
        self._put(name, _replace(before, value=value, thing=f"and {value} of {rule}", state=state))

    def _unhide(self, name: str) -> None:
        """The cause of an alarm that was not told one by one is gone."""
        rule = name.split(":", 1)[0]
        if self._hidden.get(rule, {}).pop(name, None) is not None:
            self._crowded.add(rule)

    def _promote(self, rule: str) -> None:
        """Tell one of *rule* by itself now that there is room."""
        waiting = self._hidden.get(rule)
        if not waiting or self._full(rule):
            return
        more = self.alarms.get(f"{rule}:{MORE}")
        name = next(iter(waiting))
        alarm = waiting.pop(name)
        self.raised(name, alarm)
        if more is not None and more.state is AlarmState.ACKNOWLEDGED:
            self.acknowledge(name, more.acked_by)
        self._crowded.add(rule)

    def _find(self, name: str) -> Alarm:
        alarm = self.alarms.get(name)
        if alarm is not None:
            return alarm
        last = self._gone.get(name)
        shown = clean(name, 120)
        if last is None:
            raise Refused(f"no alarm is called {shown!r} now; `colony alarms` lists them")
        gone = f" and its cause went at {instant(last.returned)}" if last.returned else ""
        raise Refused(f"{shown} is gone: {_by(last) if last.acked_by else 'it returned'}{gone}")

    def _put(self, name: str, alarm: Alarm) -> Alarm:
        if name not in self.alarms and not name.endswith(f":{MORE}"):
            self._counts[alarm.rule] = self._counts.get(alarm.rule, 0) + 1
        self.alarms[name] = alarm
        (self._shelved.add if alarm.state is AlarmState.SHELVED else self._shelved.discard)(name)
        self._dirty[name] = None
        self.changed = True
        return alarm

    def _remove(self, name: str, alarm: Alarm) -> None:
        """Let the alarm *name* be normal; what happened to it is remembered for a while."""
        self._gone[name] = alarm
        self._gone.move_to_end(name)
        if len(self._gone) > REMEMBERED:
            self._gone.popitem(last=False)
        self._drop(name)

    def _drop(self, name: str) -> None:
        alarm = self.alarms.pop(name)
        self._shelved.discard(name)
        self._told.pop(name, None)
        self._dirty[name] = None
        self.changed = True
        if not name.endswith(f":{MORE}"):
            self._counts[alarm.rule] -= 1
            self._promote(alarm.rule)


def _key(name: str) -> Key:
    return Key(STATION, "Alarm", "", name)


def _said(alarm: Alarm, at: float, what: str, who: str = "", text: str = "") -> Alarm:
    """Return *alarm* with one change more in its history."""
    change = AlarmChange(at, what, who, clean(text, 200))
    return _replace(alarm, history=(*alarm.history, change)[-HISTORY:])


def _by(alarm: Alarm) -> str:
    when = f" at {instant(alarm.acked_at)}" if alarm.acked_at is not None else ""
    return f"{alarm.acked_by or 'somebody'} acknowledged it{when}"
