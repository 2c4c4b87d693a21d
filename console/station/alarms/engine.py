"""Looks at what changed, by the rules, and keeps the book.

The hub tells of every change by its key, which costs a set update; once a second the latest
record of each such key is looked at, by the rules for its kind alone. Beside these only what is
under way is looked at: values about to be an alarm, alarms, and what time alone changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from adapters.clock import Clock
from adapters.records import Alarm, App, Key, Record, ScopeState, Token
from adapters.text import NAME_LIMIT, clean
from console import freshness
from console.station.alarms import rules as watching
from console.station.alarms import values
from console.station.alarms.book import MORE, Book
from console.station.alarms.identities import JOINED, Identities
from console.station.alarms.limits import Side, Verdict, Watch
from console.station.alarms.rules import Rule
from console.station.alarms.values import Derived, Rising
from console.station.hub import STATION, Hub
from console.station.scopes import Change, ScopeEntry

EVERY: Final = 1.0
"""Seconds between two looks."""
SETTLED: Final = 600.0
"""Seconds after which what an earlier station raised, and nobody told of since, is gone."""
SLICE: Final = 1_000
"""Records looked at in one go; the rest has its turn a moment later."""
BURST: Final = 250
"""Alarms that are raised in one go; the rest has its turn a moment later."""
CALM: Final = 5
"""Looks after which what is raised, and does not change, is looked at again."""
HASTY: Final = frozenset({"ActionStatus", "AdapterStatus", "Chain"})
"""Kinds with values that time alone changes."""

Name = tuple[str, Key]
"""A rule's name and what it is raised on."""


class _Armed(NamedTuple):
    """A rule, and how its value is read. `measures` is whether its loss is an alarm of its own."""

    rule: Rule
    derived: Derived
    measures: bool


class Engine:
    """Raises and returns alarms. `offer` is told of changes, `look` is called once a second."""

    def __init__(self, hub: Hub, clock: Clock, rules: Iterable[Rule], book: Book) -> None:
        self._hub = hub
        self._clock = clock
        self._book = book
        rules = tuple(rules)
        self._armed = {
            kind: tuple(
                _Armed(rule, values.value_of(kind, rule.value), _measures(rule)) for rule in some
            )
            for kind, some in watching.by_kind(rules).items()
        }
        self._rules = {rule.name: rule for rule in rules}
        self._kinds = set(self._armed) | (JOINED if "Token" in self._armed else set())
        self._timed = [
            kind
            for kind, some in self._armed.items()
            if kind not in ("App", "ActionStatus") and any(one.derived.timed for one in some)
        ]
        self._watches: dict[Name, Watch] = {}
        self._busy: set[Name] = set()
        """Watches that something goes on with: looked at each time."""
        self._raised: dict[Name, tuple[str, Alarm]] = {}
        """What is beyond its limit now: its name in the book, and what would be told of it."""
        self._shown: set[Name] = set()
        self._freed: dict[Name, float] = {}
        """Since when what explained an alarm does not any more, in monotonic seconds."""
        self._restored: set[Name] = set()
        self._dated = {
            kind for kind, some in self._armed.items() if any(one.derived.since for one in some)
        }
        self._met: set[Key] = set()
        """Records of those kinds, which say since when they are as they are, that were seen."""
        self._dirty: set[Key] = set()
        self._rising = Rising()
        self._identities = Identities(hub)
        self._turn = 0
        self._started = clock.monotonic()
        self.unshelved: Callable[[str], object] = lambda name: book.unshelve(name, STATION)
        """Called for what was shelved long enough."""
        self.now = clock.now()

    # What is told

    def offer(self, change: Change) -> None:
        """Note which records changed."""
        if self._kinds.isdisjoint(change.scope.kinds):
            return
        self._dirty.update(change.upserts)
        if change.gone:
            self._dirty.update(change.gone)

    def restore(self, alarms: Iterable[Alarm], active: Iterable[str]) -> None:
        """Go on from what an earlier station kept; what no rule watches any more is dropped."""
        held = {}
        lit = set(active)
        for alarm in alarms:
            rule = alarm.name.split(":", 1)[0]
            if alarm.about is None or rule not in self._rules or alarm.name.endswith(f":{MORE}"):
                continue
            held[alarm.name] = alarm
            if alarm.name in lit:
                name = rule, _about(alarm.about)
                self._watches[name] = Watch(raised=True)
                self._busy.add(name)
                self._raised[name] = alarm.name, alarm
                self._shown.add(name)
                self._restored.add(name)
        self._book.restore(held, lit)

    # What is looked at

    def look(self) -> bool:
        """Look at what changed and at what is under way; publish what comes of it.

        Returns whether there was more than fits one look: the event loop has other work.
        """
        self.now = self._clock.now()
        monotonic = self._clock.monotonic()
        dirty, self._dirty = self._dirty, set()
        if len(dirty) > SLICE:
            self._dirty = set(itertools.islice(dirty, SLICE, None))
            dirty -= self._dirty
        if "Token" in self._armed:
            dirty |= self._identities.look(dirty, monotonic)
        for kind in self._timed:
            dirty.update(record.key for record in self._hub.of_kind(kind))
        for key in dirty:
            armed = self._armed.get(key.kind)
            if armed is None:
                continue
            record = self._hub.get(key)
            if record is None:
                self._vanished(key, armed)
                continue
            if isinstance(record, App):
                self._rising.note(key, record.restarts, self.now)
                self._identities.note(key, record.token)
            trusted = self._trusted(record, self._hub.scope_of(key))
            first = not trusted and key.kind in self._dated and key not in self._met
            for one in armed:
                self._step(one, key, record, trusted, monotonic, sample=True, first=first)
            if first:
                self._met.add(key)
        if self._dirty:
            self._book.flush()
            return True
        self._turn = (self._turn + 1) % CALM
        most, more = len(self._raised) + BURST, False
        for turn, name in enumerate([name for name in self._busy if name[1] not in dirty]):
            if turn % CALM == self._turn or self._is_hasty(name):
                self._again(name, monotonic)
                if len(self._raised) > most:
                    more = True
                    break
        self._explain(monotonic)
        for shelved in self._book.due():
            self.unshelved(shelved)
        self._book.flush()
        return more

    def restarts(self, app: App) -> int | None:
        """Return how many restarts of *app* were seen in the last ten minutes."""
        return self._rising.within(app.key, self.now)

    def scopes(self, source: str = "") -> list[ScopeEntry]:
        """Return the scopes of an adapter instance."""
        return self._hub.scopes(source)

    def identity(self, token: Token) -> str | None:
        """Return how *token* and its app stand, None where that is not known."""
        return self._identities.of(token)

    # Inside

    def _step(
        self,
        one: _Armed,
        key: Key,
        record: Record,
        trusted: str,
        now: float,
        *,
        sample: bool,
        first: bool = False,
    ) -> None:
        """Take in what *record* says under one rule; *trusted* is "" where that can be believed.

        *first* is whether nothing that could be believed was said of it before.
        """
        rule, limit = one.rule, one.rule.limit
        name = rule.name, _about(key)
        watch = self._watches.get(name)
        if rule.where and not rule.covers(record):
            if watch is not None:
                self._return(name, watch, "not watched any more")
            return
        if trusted:
            if watch is not None:
                watch.since = watch.lost = None
                if watch.raised:
                    self._tell(name, now, quality=trusted)
            return
        value = one.derived.read(record, self)
        if watch is None:
            if value is None or not (one.measures or limit.side(value) is Side.BEYOND):
                return
            watch = self._watches[name] = Watch()
        lasted = values.lasted(one.derived, record, value, first, self.now)
        verdict = watch.step(limit, value, now, sample=sample, lasted=lasted)
        if verdict is Verdict.RETURNED:
            self._return(name, watch, values.said(one.derived, record, value, rule.unit))
            return
        if verdict is Verdict.RAISED:
            text = values.said(one.derived, record, value, rule.unit)
            self._raise(name, rule, record, text, rule.limit_text)
        elif watch.raised:
            if value is None:
                self._tell(name, now, quality="not known")
            else:
                text = values.said(one.derived, record, value, rule.unit)
                self._tell(name, now, value=clean(text), quality="")
        if one.measures:
            self._lost(one, name, watch, record, now)
        self._keep(name, watch, one)

    def _keep(self, name: Name, watch: Watch, one: _Armed) -> None:
        """Keep what something goes on with, and of numbers that they are known."""
        if not watch.idle:
            self._busy.add(name)
            return
        self._busy.discard(name)
        if not one.measures:
            del self._watches[name]

    def _is_hasty(self, name: Name) -> bool:
        """Whether time alone may change what becomes of *name*: what is raised can wait a bit."""
        watch = self._watches[name]
        return not watch.raised or watch.lost is not None or name[1].kind in HASTY

    def _again(self, name: Name, now: float) -> None:
        """Look again at what is under way, though nothing new came of it."""
        rule_name, key = name
        rule = self._rules[rule_name]
        one = next(one for one in self._armed[rule.kind] if one.rule is rule)
        record = self._hub.get(key) if key.kind != "LogHead" else self._log()
        if record is not None:
            self._restored.discard(name)
            trusted = self._trusted(record, self._hub.scope_of(record.key))
            self._step(one, record.key, record, trusted, now, sample=False)
        elif name not in self._restored or self._is_gone(key, now):
            self._restored.discard(name)
            self._return(name, self._watches[name], "it is gone")

    def _is_gone(self, key: Key, now: float) -> bool:
        """Whether what an earlier station knew of will not come any more."""
        if now - self._started > SETTLED:
            return True
        scopes = self._hub.scopes(key.source)
        done = (ScopeState.ABSENT, ScopeState.DENIED)
        ready = bool(scopes) and all(one.complete or one.state in done for one in scopes)
        return key.source != STATION and ready and now - self._started > watching.LOST.limit.seconds

    def _log(self) -> Record | None:
        """Return where the log stands: while it could not be opened it had another name."""
        return max(self._hub.of_kind("LogHead"), key=lambda one: one.received, default=None)

    def _vanished(self, key: Key, armed: tuple[_Armed, ...]) -> None:
        if key.kind == "LogHead":
            return
        self._met.discard(key)
        self._rising.forget(key)
        self._identities.forget(key)
        for one in armed:
            name = one.rule.name, key
            watch = self._watches.get(name)
            if watch is not None:
                self._return(name, watch, "it is gone")

    def _trusted(self, record: Record, scope: ScopeEntry | None) -> str:
        """Return "" where what *record* says can be believed now, else why not."""
        if scope is None or scope.source == STATION:
            return ""
        if scope.state is not ScopeState.LIVE:
            return "stale"
        if scope.interval <= 0:
            return ""
        known = max(record.received, scope.heard or 0.0)
        late = freshness.STALE_AFTER * max(scope.interval, freshness.TOLD_EVERY)
        return "stale" if self.now - known > late else ""

    def _raise(self, name: Name, rule: Rule, record: Record, value: str, limit: str) -> None:
        thing = clean(values.thing(record), 200)
        alarm = Alarm(rule=rule.name, thing=thing, about=record.key, severity=rule.severity,
                      value=clean(value), limit=limit)  # fmt: skip
        self._raised[name] = book_name(rule.name, name[1]), alarm

    def _return(self, name: Name, watch: Watch, value: str) -> None:
        """The value of a watch is within its limit again, or there is none any more."""
        del self._watches[name]
        self._busy.discard(name)
        self._freed.pop(name, None)
        for one in (name, (watching.LOST.name + ":" + name[0], name[1])):
            held = self._raised.pop(one, None)
            if held is not None:
                self._shown.discard(one)
                self._book.returned(held[0], clean(value))

    def _tell(self, name: Name, now: float, **said: Any) -> None:
        held = self._raised.get(name)
        if held is not None and name in self._shown:
            self._book.update(held[0], now, **said)

    def _lost(self, one: _Armed, name: Name, watch: Watch, record: Record, now: float) -> None:
        """Raise that a number which was known is not, or return it."""
        lost = watching.LOST.name + ":" + name[0], name[1]
        rule = watching.LOST
        if watch.lost is not None and now - watch.lost >= rule.limit.seconds:
            if lost not in self._raised:
                limit = f"known, for {one.rule.name}"
                self._raise(lost, rule, record, "not known", limit)
                held = self._raised[lost][1]
                self._raised[lost] = book_name(lost[0], name[1]), held
        elif lost in self._raised:
            book, _ = self._raised.pop(lost)
            self._shown.discard(lost)
            self._book.returned(book, "known again")

    def _explain(self, now: float) -> None:
        """Show what nothing else explains, and hide what something does."""
        follows: dict[Name, int] = {}
        hidden, shown = [], []
        for name, (_, alarm) in self._raised.items():
            cause = self._cause(name, alarm)
            if cause is not None:
                follows[cause] = follows.get(cause, 0) + 1
                hidden.append(name)
            elif name not in self._shown:
                shown.append(name)
        for name in hidden:
            self._freed[name] = now
            if name in self._shown:
                self._shown.discard(name)
                self._book.withdraw(self._raised[name][0])
        for name in shown:
            rule = self._rules.get(name[0], watching.LOST)
            # What explained it is just gone: most of what followed goes by itself, a bit later.
            if now - self._freed.get(name, -rule.limit.seconds) >= rule.limit.seconds:
                self._freed.pop(name, None)
                self._shown.add(name)
                self._book.raised(*self._raised[name])
        for name in self._shown:
            self._book.update(self._raised[name][0], now, follows=follows.get(name, 0))

    def _cause(self, name: Name, alarm: Alarm) -> Name | None:
        """Return what is raised and explains *name*, None where nothing does."""
        rule = self._rules.get(name[0])
        if rule is None:
            rule = self._rules[name[0].split(":", 1)[1]]
        if not rule.yields_to:
            return None
        record = self._hub.get(name[1])
        places = (name[1], *(values.parents(record) if record is not None else ()))
        for place in places:
            for other in rule.yields_to:
                if (other, place) in self._raised:
                    return other, place
        return None


def _about(key: Key) -> Key:
    """Return what an alarm of the record *key* is raised on."""
    return Key(STATION, "LogHead", "", "") if key.kind == "LogHead" else key


def _measures(rule: Rule) -> bool:
    """Whether the loss of a value of *rule* is worth an alarm: of a number that something says."""
    return not rule.limit.equals and rule.value not in values.COUNTED


def book_name(rule: str, key: Key) -> str:
    """Return what people call an alarm by: RULE:SOURCE:NAMESPACE/NAME, without what is empty."""
    source = key.source if key.source != STATION else ""
    name = f"{key.namespace}/{key.name}" if key.namespace else key.name
    return clean(":".join(filter(None, (rule, source, name))), NAME_LIMIT)
