"""What the console remembers of its tables: by section and name, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.text import clean

if TYPE_CHECKING:
    from adapters.records import Key
    from console.session import Session

MOST = 100
"""Names kept in one section; the oldest go first."""
SEARCHES = 50
"""Filters kept, to be found again by the up arrow."""
LONGEST = 1_000
"""Characters of a text that is kept at most: what is pasted can be a file."""


def kept(session: Session, section: str, name: str) -> Any:
    """Return what *section* holds under *name*, None where it holds nothing."""
    found: dict[str, Any] = session.remembered.get(section, {})
    return found.get(name)


def keep(session: Session, section: str, name: str, value: Any) -> None:
    """Keep *value* under *name*; None forgets it."""
    if isinstance(value, str) and len(value) > LONGEST:
        value = None
    before: dict[str, Any] = session.remembered.get(section, {})
    if before.get(name) == value:
        return
    found = {one: before[one] for one in before if one != name}
    if value is not None:
        found[name] = value
    session.remembered.put(section, dict(list(found.items())[-MOST:]))


def kept_key(session: Session, name: str) -> Key | None:
    """Return the row on which the cursor of the table *name* stood, None where there is none."""
    found = kept(session, "cursors", name)
    if isinstance(found, list) and len(found) == 4 and all(isinstance(one, str) for one in found):
        from adapters.records import Key

        return Key(*found)
    return None


def kept_sort(session: Session, name: str) -> tuple[str, bool] | None:
    """Return the column by which the table *name* was sorted and whether turned around."""
    found = kept(session, "sorts", name)
    if isinstance(found, list) and len(found) == 2:
        column, descending = found
        if isinstance(column, str) and isinstance(descending, bool):
            return column, descending
    return None


def searches(session: Session) -> tuple[str, ...]:
    """Return the filters that were typed, the newest first."""
    found: list[Any] = session.remembered.get("searches", [])
    return tuple(one for one in found if isinstance(one, str) and clean(one, LONGEST) == one)


def keep_search(session: Session, text: str) -> None:
    """Keep *text* as the newest filter."""
    if text.strip() and len(text) <= LONGEST:
        text = text.strip()
        rest = [one for one in searches(session) if one != text]
        session.remembered.put("searches", [text, *rest][:SEARCHES])
