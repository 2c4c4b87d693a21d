"""`colony watch`: JSON lines of records as they come, until interrupted."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from adapters import records
from adapters.records import Record
from console.choice import Choice
from console.feed.client import Feed
from console.feed.messages import Interest, Parcel
from console.headless.session import complain, connected, emit

USAGE = 64


def kinds() -> list[str]:
    """Return the kinds of record that there are."""
    return sorted(
        name
        for name, value in vars(records).items()
        if isinstance(value, type) and issubclass(value, Record) and name[-6:] != "Record"
    )


def line(record: Record) -> dict[str, Any]:
    """Return *record* as the JSON object that `colony watch` prints."""
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    return {"kind": record.kind, **msgspec.to_builtins(_as_dicts(fields))}


def _as_dicts(value: Any) -> Any:
    """Turn nested structs, arrays on the feed, into objects: JSON readers want the names."""
    if isinstance(value, msgspec.Struct):
        return {name: _as_dicts(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {key: _as_dicts(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_as_dicts(item) for item in value]
    return value


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print each record that comes, and each that goes, as one line of JSON."""
    known = kinds()
    wanted = options.kind or known
    unknown = [kind for kind in wanted if kind not in known]
    if unknown:
        complain(f"no kind of record is called {unknown[0]!r}; there are {', '.join(known)}")
        return USAGE
    gone = asyncio.Event()
    broken = False

    def deliver(parcels: Sequence[Parcel]) -> None:
        nonlocal broken
        try:
            for parcel in parcels:
                for record in parcel.upserts:
                    emit(line(record))
                for key in parcel.gone:
                    emit({"gone": True, **key._asdict()})
                if parcel.lost:
                    emit({"lost": parcel.lost, "source": parcel.source, "scope": parcel.scope})
        except BrokenPipeError:
            broken = True
            gone.set()

    async def work(feed: Feed) -> int:
        await feed.want([Interest(kind) for kind in wanted])
        while not (gone.is_set() or feed.closed):
            try:
                await asyncio.wait_for(gone.wait(), 1)
            except TimeoutError:
                continue
        if broken:
            raise BrokenPipeError
        complain("the station is gone")
        return 69

    return connected(choice, work, deliver)
