"""What an app stands on, link by link: what an adapter says of it, and which link broke first.

A chain goes from the workload, which people see, down to the ground. Each adapter adds the links
that it knows of; the station puts them in the order of their `place`. So a link that joins later
finds its own place between others, and neither they nor the console change for it.
"""

import enum
from collections.abc import Mapping, Sequence
from typing import Final, Protocol, TypeVar

import msgspec

from adapters.records import Key, Record

RecordT = TypeVar("RecordT", bound=Record)

RUNS, REACHED, KNOWN, GROUND, DEEPEST = 0, 400, 600, 800, 999
"""The strands of the chain, each from its first place: what runs, how it is reached, who it is,
and the ground that all of that stands on. A link stands on what is deeper in its own strand, and
on the ground."""

PLACES: Final[Mapping[str, int]] = {
    # what runs
    "rollout": 100,
    "pods": 200,
    "node": 300,
    # how it is reached
    "address": 400,
    "announcer": 450,
    "route": 500,
    # who it is
    "token": 600,
    "owner": 650,
    "certificate": 700,
    # the ground
    "power": 900,
}
"""Where the links that are known by name stand. The gaps are for those that are not yet: a volume
is between pods and node (250), a firewall between announcer and route (475)."""


class Standing(enum.StrEnum):
    """How a link stands. MOVING is on its way to good; UNKNOWN is neither good nor the culprit."""

    GOOD = "good"
    MOVING = "moving"
    DEGRADED = "degraded"
    BROKEN = "broken"
    UNKNOWN = "unknown"

    @property
    def fails(self) -> bool:
        """Whether it can be what is wrong."""
        return self in (Standing.BROKEN, Standing.DEGRADED)


class Changed(msgspec.Struct, frozen=True):
    """Something that changed: when (seconds since the epoch), what sort of thing, and by whom.

    `key` is the record to open for it. `who` is "" where the source does not say. `seen` is that
    nobody did it: it tells of what broke, and seldom of what broke it.
    """

    at: float
    what: str
    words: str = ""
    who: str = ""
    key: Key | None = None
    seen: bool = False


class Fit(msgspec.Struct, frozen=True):
    """An action that may mend a link: its name, what it would do, and what its form begins with."""

    action: str
    words: str
    arguments: tuple[tuple[str, str], ...] = ()


class Link(msgspec.Struct, frozen=True):
    """One thing that an app stands on.

    `name` is what sort of link it is ("rollout"), `thing` which one ("revision 12"), `words` how
    it does, `details` further lines (a message, the last line of a log). `since` is when it began
    to stand so, in seconds since the epoch, and `known` what tells that ("its condition Ready");
    None is not known. `key` is the record that it is about: where that is not fresh, the station
    calls the link unknown. But where `silent` says that the news is that nothing is heard of the
    thing, that its record is not fresh takes nothing away from it.

    `begins` says that what is wrong here begins here: a program that ends with an error does so
    whatever its node does. `because` names links, in whatever strand, that explain this one where
    they fail: an address that leads to no pod does so because of the pods. `source` is the adapter
    instance; the station fills it in.
    """

    name: str
    place: int
    thing: str
    standing: Standing
    words: str = ""
    details: tuple[str, ...] = ()
    since: float | None = None
    known: str = ""
    key: Key | None = None
    silent: bool = False
    begins: bool = False
    because: tuple[str, ...] = ()
    changes: tuple[Changed, ...] = ()
    actions: tuple[Fit, ...] = ()
    source: str = ""


class World(Protocol):
    """What the station knows now, for an adapter to look things up in. It can be read from any
    thread, and is of one moment only as far as one call goes.
    """

    @property
    def now(self) -> float:
        """The colony's time in seconds since the epoch."""
        ...

    def of_kind(self, kind: type[RecordT], source: str = "") -> Sequence[RecordT]:
        """Return the latest records of the class *kind*, events too, of one source or of all."""
        ...

    def get(self, key: Key) -> Record | None:
        """Return the latest record called *key*, None where there is none."""
        ...


def strand(place: int) -> int:
    """Return the strand that *place* is in: RUNS, REACHED, KNOWN or GROUND."""
    return max(start for start in (RUNS, REACHED, KNOWN, GROUND) if start <= max(place, RUNS))


def ordered(links: Sequence[Link]) -> list[Link]:
    """Return *links* from the workload down to the ground."""
    return sorted(links, key=lambda link: (link.place, link.name, link.source, link.thing))


def explains(links: Sequence[Link], below: int, above: int) -> bool:
    """Whether the failure of the link at *below* can be why the one at *above* fails.

    It can where that one says so (`because`), or where that one stands on it and no link between
    them is known to be well, or to fail by itself: a failure that such a link lies on top of goes
    no higher. Across one of which nothing is known only what is broken is believed to reach.
    """
    cause, effect = links[below], links[above]
    if below == above or not (cause.standing.fails and effect.standing.fails):
        return False
    if cause.name in effect.because:
        return True
    if effect.begins or not _under(cause, effect):
        return False
    between = [one for one in links if _under(one, effect) and _under(cause, one)]
    if any(one.standing in _STOPS or (one.begins and one.standing.fails) for one in between):
        return False
    unknown = any(one.standing is Standing.UNKNOWN for one in between)
    return not unknown or cause.standing is Standing.BROKEN


_STOPS = frozenset({Standing.GOOD, Standing.MOVING})


def _under(deeper: Link, link: Link) -> bool:
    """Whether *link* stands on *deeper* by their places."""
    own = strand(deeper.place) in (strand(link.place), GROUND)
    return deeper.place > link.place and own


def first_broken(links: Sequence[Link]) -> int | None:
    """Return which of *links* (in their order) is the cause: None where none is known to fail.

    From the gravest failure that is nearest to the workload, which is what people see, it goes
    down for as long as something deeper explains where it stands, each time to the deepest that
    does. What is left is the lowest cause, and not the symptom on top of it.
    """
    failing = [number for number, link in enumerate(links) if link.standing.fails]
    broken = [number for number in failing if links[number].standing is Standing.BROKEN]
    if not failing:
        return None
    here = min(broken or failing, key=lambda number: links[number].place)
    passed = {here}
    while True:
        deeper = [n for n in failing if n not in passed and explains(links, n, here)]
        if not deeper:
            return here
        here = max(deeper, key=lambda number: links[number].place)
        passed.add(here)


def explained(links: Sequence[Link], cause: int) -> tuple[int, ...]:
    """Return which of *links* fail because of the one at *cause*, by way of others too."""
    found: list[int] = []
    causes = [cause]
    while causes:
        below = causes.pop()
        for above in range(len(links)):
            if above != cause and above not in found and explains(links, below, above):
                found.append(above)
                causes.append(above)
    return tuple(sorted(found))
