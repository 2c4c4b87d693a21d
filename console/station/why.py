"""Why an app is down: what every adapter says it stands on, put together and judged.

The rule that finds the first broken link is `adapters.links.first_broken`. Here is what it is
applied to: links that are cleaned and bounded, those that nobody can trust now made unknown, and
beside the adapters' own changes what operators did.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

import msgspec

from adapters.links import (
    DEEPEST,
    Changed,
    Fit,
    Link,
    Standing,
    World,
    explained,
    first_broken,
    ordered,
)
from adapters.records import ActionState, ActionStatus, App, Key, Quality, Record
from adapters.text import clean
from console.feed.answers import Why
from console.joins import bears_on

LINKS = 24
"""Links taken of one adapter."""
CHANGES = 64
"""Changes taken of one link, and told in all: the newest."""
FITS = 8
"""Actions taken of one link, and told in all."""
DETAILS = 4
"""Further lines taken of one link."""
LONGEST = 300
"""Characters of one line; a message of Kubernetes' goes up to thousands."""
ARGUMENT = 4_096
"""Characters of an argument that a form begins with: it is not to be cut, so longer ones go."""
ARGUMENTS = 64
"""Arguments of an action at most."""
MANY = 10_000
"""Changes and actions of one link that are looked at: a list may have no end."""
FARTHEST = 1_000_000
"""The deepest place; a number beyond that is none that a message can hold."""
SLACK = 2.0
"""Seconds after a break within which something counts as before it: sources write whole seconds,
and the change that breaks a thing is often written down with what it broke."""

_NOTHING_DONE = frozenset(
    {
        ActionState.DRAFT,
        ActionState.SIMULATED,
        ActionState.REQUESTED,
        ActionState.REFUSED,
        ActionState.CANCELLED,
    }
)
_SENT = frozenset(
    {ActionState.SUBMITTED, ActionState.INCLUDED, ActionState.FINAL, ActionState.VERIFIED}
)


class Trust(Protocol):
    """How far a record can be relied on now, and since when not."""

    def __call__(self, record: Record) -> tuple[Quality, float | None]:
        """Return the quality of *record*."""
        ...


def answer(
    app: App,
    told: Iterable[tuple[str, Sequence[Link]]],
    world: World,
    trust: Trust,
    offered: Collection[str],
) -> Why:
    """Return why *app* is down: *told* is what each adapter said, *offered* the actions there are.

    A link of an adapter that gives none is no link; that an app has none at all is an answer too.
    """
    links = ordered(
        [
            _trusted(_taken(source, link), world, trust)
            for source, said in told
            for link in _some(source, said)
        ]
    )
    cause = first_broken(links)
    found = Why(app, tuple(links), world.now)
    since = None
    if cause is not None:
        since = links[cause].since
        found = msgspec.structs.replace(
            found,
            broken=cause,
            explains=explained(links, cause),
            since=since,
            known=links[cause].known if since is not None else "",
        )
    return msgspec.structs.replace(
        found,
        changes=tuple(changes(app, links, world, since)),
        actions=tuple(fits(found, offered)),
    )


def changes(app: App, links: Sequence[Link], world: World, since: float | None) -> list[Changed]:
    """Return what changed before *since* (any time where that is None), the newest first.

    An operator's own action tells more than what it left behind in the real system, so of two
    that tell of one moment and one record the first is kept.
    """
    latest = world.now if since is None else since + SLACK
    found: dict[tuple[Key | None, str, int], Changed] = {}
    for one in (*_done(app, world), *(each for link in links for each in link.changes)):
        if one.at <= latest:
            found.setdefault((one.key, one.what, int(one.at)), one)
    # Of what came as it broke, what somebody did goes before what was only seen.
    at_once = None if since is None else since - SLACK

    def order(one: Changed) -> tuple[float, bool, float, str, str]:
        at = since if at_once is not None and since is not None and one.at >= at_once else one.at
        return (-at, one.seen, -one.at, one.what, one.words)

    return sorted(found.values(), key=order)[:CHANGES]


def _done(app: App, world: World) -> Iterator[Changed]:
    """Yield what operators did to *app*: what was sent, when it was."""
    for action in world.of_kind(ActionStatus):
        if action.state in _NOTHING_DONE or not bears_on(action, app):
            continue
        sent = [stage.at for stage in action.stages if stage.state in _SENT]
        if sent:
            outcome = f": {action.outcome}" if action.outcome else ""
            words = f"{action.title or action.action} · {action.state}{outcome}"
            yield Changed(sent[0], "action", clean(words, LONGEST), action.actor, action.key)


def fits(why: Why, offered: Collection[str]) -> list[Fit]:
    """Return what may mend it: what the broken link offers first, then those that it explains,
    then other links that fail. Only what is *offered* here.
    """
    order = [] if why.broken is None else [why.broken, *why.explains]
    order += [n for n, link in enumerate(why.links) if n not in order and link.standing.fails]
    found: dict[tuple[str, tuple[tuple[str, str], ...]], Fit] = {}
    for number in order:
        for fit in why.links[number].actions:
            if fit.action in offered:
                found.setdefault((fit.action, fit.arguments), fit)
    return list(found.values())[:FITS]


def _trusted(link: Link, world: World, trust: Trust) -> Link:
    """Return *link*, as one of which nothing is known where what it is about is not fresh."""
    record = world.get(link.key) if link.key is not None else None
    if record is None or record.EVENT or link.silent or link.standing is Standing.UNKNOWN:
        return link
    quality, since = trust(record)
    if quality in (Quality.FRESH, Quality.DARK):
        return link
    last = f"last known: {link.standing}, {link.words}" if link.words else str(link.standing)
    return msgspec.structs.replace(
        link,
        standing=Standing.UNKNOWN,
        words=clean(f"{quality}; {last}", LONGEST),
        since=since,
        known="when it was last heard of" if since is not None else "",
        actions=(),
    )


def _some(source: str, said: Sequence[Link]) -> Iterator[Link]:
    """Yield as many links as are taken, and one that says that there were more."""
    yield from said[:LINKS]
    if len(said) > LINKS:
        words = f"said more than {LINKS} links: what broke may be among the rest"
        yield Link(source, DEEPEST, f"adapter {source}", Standing.UNKNOWN, words)


def _taken(source: str, link: Link) -> Link:
    """Return *link* bounded; what an adapter made wrongly is a link of which nothing is known."""
    try:
        return _bounded(source, link)
    except Exception as error:  # whatever one adapter made, the others answer
        words = clean(f"said what is no link: {error}", LONGEST)
        return Link(source, DEEPEST, f"adapter {source}", Standing.UNKNOWN, words, source=source)


def _moment(at: float | None) -> float | None:
    return float(at) if at is not None and math.isfinite(at) else None


def _bounded(source: str, link: Link) -> Link:
    """Return *link* harmless and of a bounded size, with its source in it."""
    some = islice(link.changes, MANY)
    moments = [one for one in some if _moment(one.at) is not None]
    newest = sorted(moments, key=lambda one: -one.at)[:CHANGES]
    return Link(
        name=clean(link.name, 40),
        place=max(0, min(int(link.place), FARTHEST)),
        thing=clean(link.thing, 120),
        standing=Standing(link.standing),
        words=clean(link.words, LONGEST),
        details=tuple(clean(one, LONGEST) for one in islice(link.details, DETAILS)),
        since=_moment(link.since),
        known=clean(link.known, 120),
        key=_key(link.key),
        silent=bool(link.silent),
        begins=bool(link.begins),
        because=tuple(clean(one, 40) for one in islice(link.because, LINKS)),
        changes=tuple(
            Changed(float(one.at), clean(one.what, 60), clean(one.words, LONGEST),
                    clean(one.who, 80), _key(one.key), bool(one.seen))
            for one in newest
        ),
        actions=tuple(islice(map(_fit, filter(_whole, islice(link.actions, MANY))), FITS)),
        source=source,
    )  # fmt: skip


def _fit(one: Fit) -> Fit:
    some = islice(one.arguments, ARGUMENTS)
    arguments = tuple((clean(name, 60), clean(value, ARGUMENT)) for name, value in some)
    return Fit(clean(one.action, 60), clean(one.words, LONGEST), arguments)


def _whole(one: Fit) -> bool:
    given = list(islice(one.arguments, ARGUMENTS + 1))
    return len(given) <= ARGUMENTS and all(len(value) <= ARGUMENT for _, value in given)


def _key(key: Key | None) -> Key | None:
    return None if key is None else Key(*map(clean, key))
