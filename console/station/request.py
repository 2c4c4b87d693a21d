"""Understands what is asked for: which action, of which adapter instance, on which record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from adapters.contract import Action, Refused
from adapters.records import AdapterState, AdapterStatus, Quality, Record
from adapters.text import clean
from console.feed.answers import ActionInfo
from console.station import targets
from console.station.intent import Intent

TEXT_LIMIT = 65_536
"""Characters of the longest argument."""


class Offers(NamedTuple):
    """What there is now: actions by adapter instance, records by kind, and their quality."""

    actions: Callable[[], Iterable[tuple[str, Action]]]
    records: Callable[[str], Iterable[Record]]
    quality: Callable[[Record], Quality]


class Request(NamedTuple):
    """What was asked for. `target` is for people; `warning` says if the record is not fresh."""

    source: str
    action: Action
    arguments: Mapping[str, str]
    record: Record | None
    target: str
    warning: str

    def intent(self, name: str, actor: str, at: float) -> Intent:
        """Return a new intent called *name*, asked for by *actor* at the time *at*."""
        record = self.record
        return Intent(
            id=name,
            action=self.action.name,
            title=self.action.title,
            source=self.source,
            arguments=dict(self.arguments),
            target=self.target,
            key=record.key if record else None,
            target_uid=clean(record.uid) if record else "",
            actor=clean(actor),
            created=at,
            exclusive=self.action.exclusive,
            record=record,
        )


def info(source: str, action: Action) -> ActionInfo:
    """Return what `colony actions` lists of *action*."""
    return ActionInfo(
        action.name,
        action.title,
        source,
        action.significance.value,
        action.applies_to,
        tuple(action.arguments),
    )


def understand(
    name: str, arguments: Mapping[str, str], offers: Offers, whole: bool = True
) -> Request:
    """Return what `[SOURCE:]NAME` with *arguments* asks for; raises `Refused`.

    `whole` is whether the required arguments must be there.
    """
    pairs = _named(name, list(offers.actions()))
    action = pairs[0][1]
    _check(action, arguments, whole)
    record, warning = None, ""
    reference = arguments.get(action.arguments[0].name, "") if action.arguments else ""
    if action.applies_to and reference:
        records = list(offers.records(action.applies_to))
        if not records:
            _reached([source for source, _ in pairs], action.applies_to, offers)
        of = pairs[0][0] if name != action.name else ""
        record = targets.resolve(reference, records, action.applies_to, of)
        warning = _trusted(record, offers.quality(record))
        pairs = [pair for pair in pairs if pair[0] == record.source]
        if not pairs:
            what = targets.short(record)
            raise Refused(f"{clean(what)} is of {record.source}, which does not offer {name}")
    if len(pairs) > 1 and (whole or not action.applies_to):
        sources = ", ".join(f"{source}:{action.name}" for source, action in pairs)
        raise Refused(f"{action.name} is offered by several: {sources}; say which")
    source, action = pairs[0]
    target = clean(targets.short(record)) if record else ""
    return Request(source, action, arguments, record, target, warning)


def _reached(sources: Sequence[str], kind: str, offers: Offers) -> None:
    """Raise `Refused` with why none of *sources* told of any record of *kind*, if they say."""
    for status in offers.records("AdapterStatus"):
        if not isinstance(status, AdapterStatus) or status.name not in sources:
            continue
        if status.state is not AdapterState.LIVE and status.detail:
            said = f"{status.name} is {status.state}: {status.detail}"
            raise Refused(f"no {kind.lower()} is known; {clean(said, 500)}")


def _named(name: str, pairs: list[tuple[str, Action]]) -> list[tuple[str, Action]]:
    found = [pair for pair in pairs if name in (pair[1].name, f"{pair[0]}:{pair[1].name}")]
    if not found:
        known = ", ".join(sorted({action.name for _, action in pairs})) or "none now"
        raise Refused(f"no action is called {clean(name)!r}; there are: {known}")
    return found


def _check(action: Action, arguments: Mapping[str, str], whole: bool) -> None:
    known = {argument.name: argument for argument in action.arguments}
    for name, value in arguments.items():
        if name not in known:
            offers = ", ".join(known) or "none"
            raise Refused(f"{action.name} has no argument {clean(name)!r}; it has: {offers}")
        if not isinstance(value, str):
            raise Refused(f"{action.name}: {name} must be text")
        if len(value) > TEXT_LIMIT:
            raise Refused(f"{action.name}: {name} is longer than {TEXT_LIMIT} characters")
    missing = [arg.name for arg in known.values() if arg.required and not arguments.get(arg.name)]
    if whole and missing:
        raise Refused(f"{action.name} needs {', '.join(f'{name}=…' for name in missing)}")


def _trusted(record: Record, quality: Quality) -> str:
    """Return a warning where *record* is old; raises `Refused` where it cannot be relied on."""
    what = clean(targets.short(record))
    if quality is Quality.STALE:
        return f"what is known of {what} is stale"
    if quality in (Quality.NEVER, Quality.INVALID):
        raise Refused(f"what is known of {what} cannot be relied on: {quality.value}")
    return ""
