"""A preview as people see it: harmless text, with the lines of long values kept."""

from __future__ import annotations

import msgspec

from adapters.contract import Change, Preview
from adapters.lookalikes import explained
from adapters.text import clean, clean_struct, clean_text


def shown(preview: Preview) -> Preview:
    """Return *preview* with every string safe to put on a screen.

    What is approved and sent is the preview itself: its digest is over what was not cleaned.
    """
    return msgspec.structs.replace(
        preview,
        title=clean(preview.title),
        simulated_by=clean(preview.simulated_by),
        binds={clean(name): clean(value) for name, value in preview.binds.items()},
        changes=tuple(map(_change, preview.changes)),
        unchanged=tuple(map(clean, preview.unchanged)),
        touches=tuple(map(clean, preview.touches)),
        warnings=(*_looks_like_another(preview), *map(clean, preview.warnings)),
        command=clean_text(preview.command),
        confirm=clean(preview.confirm),
        nothing=clean(preview.nothing),
        facts=tuple((clean(name), clean_text(value)) for name, value in preview.facts),
        locked=clean(preview.locked),
        record={clean(name): clean(value) for name, value in preview.record.items()},
        because=clean(preview.because),
        blast=clean_struct(preview.blast),
    )


def _looks_like_another(preview: Preview) -> tuple[str, ...]:
    """Return a warning where what is acted on is not the name that it looks like."""
    told = clean(explained(f"{preview.title} {preview.confirm}"))
    return (f"a name here is not what it looks like: {told}",) if told else ()


def _change(change: Change) -> Change:
    before = None if change.before is None else clean_text(change.before)
    after = None if change.after is None else clean_text(change.after)
    return Change(clean(change.path), before, after)
