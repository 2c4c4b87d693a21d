"""Saving a table: asks where to, and where a file is in the way whether to write over it."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from adapters.records import Record
from console import tablefile
from console.plainfile import named, out_of_reach
from console.rows import numbers, times
from console.rows.layout import title_of
from console.rows.values import Value, plain, quality_values, values_of
from console.screens.prompting import NEITHER, yes_or_no

if TYPE_CHECKING:
    from console.panels.listing import Listing
    from console.screens.tabled import TabledScreen

WHERE, OVER = "▤", "▤!"
"""The signs of the lines that take the file's name, and whether to write over it."""
SLICE = 250
"""Rows made between two looks at what else there is to do."""
SAID_EVERY = 2000
"""Rows after which it is said how far it is."""
INSTEAD = "copy it, or ssh HOST colony watch"
"""What brings the records to where a person is."""
QUALITY = (("quality", ""), ("quality_since", ""))


class Job(NamedTuple):
    """One table to save: its rows by key, as the filter leaves them, and where to."""

    listing: Listing
    keys: Sequence[Hashable]
    path: Path
    head: tablefile.Head
    over: bool


async def ask_where(screen: TabledScreen) -> None:
    """Ask for the file's name, and save."""
    if screen.confined(INSTEAD):
        return
    listing = screen.table_here()
    if listing is None:
        screen.say("there is no table here to save", "warn")
        return
    at = times.iso(screen.session.now()) or "now"
    name = tablefile.file_name(screen.session.colony, screen.table_name(), at)
    count = len(listing.keys)
    remark = f"{numbers.plural(count, 'row')}: .csv or .json   esc leaves"
    await screen.ask_line(WHERE, remark, partial(save_as, screen), name)


def save_as(screen: TabledScreen, name: str) -> str | None:
    """Save the table of *screen* as *name*; where that is there already, ask first.

    Returns what is wrong with the name, where that is no good.
    """
    if screen.confined(INSTEAD):
        return None
    listing = screen.table_here()
    if listing is None:
        return "there is no table here to save"
    if not name.strip():
        return "not saved: the file has no name"
    path = named(name.strip())
    if tablefile.format_of(path) is None:
        return f"not saved: {path.name} should end in .csv or .json"
    blocked = tablefile.in_the_way(path) or out_of_reach(path)
    if blocked:
        return f"not saved: {blocked}"
    if not tablefile.is_there(path):
        screen.save(_job(screen, listing, path, over=False))
        return None

    def answered(text: str) -> str | None:
        sure = yes_or_no(text)
        if sure is None:
            return NEITHER
        if sure:
            screen.save(_job(screen, listing, path, over=True))
        else:
            screen.say(f"not saved: {path} stays as it is")
        return None

    remark = f"{path.name} is there already: y writes over it   esc leaves it"
    screen.ask_next(OVER, remark, answered, "")
    return None


def _job(screen: TabledScreen, listing: Listing, path: Path, *, over: bool) -> Job:
    values = values_of(listing.rows)
    columns = [(one.name, one.unit) for one in values]
    if not values:
        columns = [(title_of(column).lower(), "") for column in listing.rows.COLUMNS]
    head = tablefile.Head(
        screen.session.colony, screen.table_name(), times.iso(screen.session.now()) or "",
        screen.filter_text(), (*columns, *QUALITY),
    )  # fmt: skip
    return Job(listing, tuple(listing.keys), path, head, over)


def row_values(listing: Listing, key: Hashable, values: Sequence[Value]) -> dict[str, Any] | None:
    """Return what a file has of the row *key*; None where it is gone meanwhile.

    A table that has no values says what its cells say.
    """
    item = listing.item(key)
    if item is None:
        return None
    found: dict[str, Any]
    if values:
        found = {one.name: plain(one, item) for one in values}
    else:
        cells = listing.rows.cells(item, listing.session.context())
        columns = listing.rows.COLUMNS
        found = {
            title_of(column).lower(): cell.text.strip() or None
            for column, cell in zip(columns, cells, strict=False)
        }
    record = item if isinstance(item, Record) else None
    if record is not None:
        quality, since = listing.session.store.quality(record)
        found |= quality_values(str(quality), since)
    return found


def _pieces(job: Job) -> Iterator[list[Mapping[str, Any]]]:
    values = values_of(job.listing.rows)
    for at in range(0, len(job.keys), SLICE):
        made = (row_values(job.listing, key, values) for key in job.keys[at : at + SLICE])
        yield [one for one in made if one is not None]


async def write(screen: TabledScreen, job: Job) -> None:
    """Write *job*, say how far it is, and in the end where it is. Cancelled, it leaves nothing."""
    format = tablefile.format_of(job.path) or "csv"
    made = tablefile.writer(format, job.head)
    total, done = len(job.keys), 0
    try:
        file = await asyncio.to_thread(tablefile.Beside, job.path)
    except OSError as error:
        screen.say(f"not saved: {job.path}: {error.strerror or error}", "bad")
        return
    try:
        file.write(made.begin())
        for number, piece in enumerate(_pieces(job)):
            text = made.rows(piece)
            done += len(piece)
            await asyncio.to_thread(file.write, text)
            if number * SLICE % SAID_EVERY == 0 and total > SAID_EVERY:
                screen.say(f"saving: {done:,} of {total:,} rows   esc cancels")
        file.write(made.end())
        await asyncio.to_thread(partial(file.keep, over=job.over))
    except FileExistsError:
        screen.say(f"not saved: {job.path} came meanwhile; choose another name", "warn")
    except OSError as error:
        screen.say(f"not saved: {job.path}: {error.strerror or error}", "bad")
    else:
        screen.say(f"saved: {job.path}, {numbers.plural(done, 'row')}", "good")
    finally:
        file.drop()
