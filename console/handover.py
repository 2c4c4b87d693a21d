"""The handover: what happened in a span of time, in order, as Markdown for whoever comes next.

Pure: entries of the log and records in, text out. What it says comes from the log; the records
only say how an action stands that the span shows no end of, and what it is called where its draft
lies before the span. Every text from outside is cleaned and escaped: whoever names a pod cannot
put a heading, a link or a picture into the report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from adapters.records import ActionStatus, LogHead
from adapters.text import clean, clean_text
from console.feed.answers import LogLeaf
from console.leaves import TEXT, Said, code, line, names, read
from console.rows import times

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#|~!&$])")
_LINK = re.compile(r"(?i)(?<=http)(s?):|(?<=www)\.|@")
_STARTS = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
_PLAIN = re.compile(r"[0-9A-Za-z+/=:._-]{1,200}")
_OPEN = ("draft", "simulated", "requested", "approved", "submitted", "included", "final")


def markdown(
    colony: str,
    head: LogHead | None,
    leaves: Sequence[LogLeaf],
    since: float,
    until: float,
    now: float,
    actions: Iterable[ActionStatus] = (),
) -> str:
    """Return the handover of *colony* from *since* to *until*, written at *now*, all in seconds.

    *leaves* are the log's entries of that span, the oldest first. *head* says where the log
    stands, None where that is not known. *actions* are those that the station tells of.
    """
    entries = [read(leaf) for leaf in leaves]
    known = {status.name: status for status in actions}
    told = {name: _name(status) for name, status in known.items()} | names(entries)
    taken = list(dict.fromkeys(said.intent for said in entries if said.intent))
    pending = [name for name in taken if _state(name, entries, known) in _OPEN]
    pending += [
        status.name
        for status in known.values()
        if status.name not in taken and not status.state.ended and _since(status) <= until
    ]
    lines = [
        f"# Handover of {escape(colony)}",
        "",
        f"From {_moment(since)} to {_moment(until)}, written {_moment(now)}.",
        "",
        "## In short",
        "",
        *_short(entries, taken, known),
        "",
        "## Still open",
        "",
        *([_open(name, told, entries, known) for name in pending] or ["- nothing"]),
        "",
        "## In order",
        "",
        *(_order(entries, told) or ["- nothing was written into the log"]),
    ]
    for name in taken:
        lines += ["", *_action(name, told, entries, known)]
    lines += ["", "## Proof", "", *_proof(head, entries)]
    return "\n".join(lines) + "\n"


def escape(text: str, limit: int = TEXT) -> str:
    """Return *text* as one line that Markdown shows as it is: no markup, no link, no list."""
    whole = clean(" ".join(text.split()), limit)
    marked = _MARKUP.sub(r"\\\1", whole)
    marked = _LINK.sub(lambda found: rf"{found.group()[:-1]}\{found.group()[-1]}", marked)
    return _STARTS.sub(
        lambda found: rf"\{found[3]}" if found[3] else rf"{found[1]}\{found[2]}", marked
    )


def _short(
    entries: Sequence[Said], taken: Sequence[str], known: dict[str, ActionStatus]
) -> list[str]:
    ends = Counter(_state(name, entries, known) for name in taken)
    told = ", ".join(f"{count} {escape(state)}" for state, count in ends.most_common())
    lines = [f"- {_many(len(taken), 'action')}" + (f": {told}" if told else "")]
    counted = (("approval", "refused approval"), ("note", "note"),
               ("alarm-ack", "acknowledged alarm"), ("alarm-shelve", "shelved alarm"))  # fmt: skip
    for event, name in counted:
        if count := sum(said.event == event for said in entries):
            lines.append(f"- {_many(count, name)}")
    broken = [said for said in entries if said.event == "break-glass"]
    lines += [
        f"- **{escape(line(said))}**, by {escape(said.actor)} at {_moment(said.at)}"
        for said in broken
    ]
    return lines


def _open(
    name: str, told: dict[str, str], entries: Sequence[Said], known: dict[str, ActionStatus]
) -> str:
    status = known.get(name)
    text = f"- {escape(told.get(name) or 'an action')} ({_plain(name)}): "
    text += escape(_state(name, entries, known))
    if status is None:
        return text
    if status.stages and status.stages[-1].until is not None:
        text += f" until {_moment(status.stages[-1].until)}"
    if status.code:
        text += f", code {_plain(status.code)}"
    return text + (f"; {escape(status.progress)}" if status.progress else "")


def _order(entries: Sequence[Said], told: dict[str, str]) -> list[str]:
    lines = []
    for said in entries:
        what = f"{escape(told.get(said.intent) or said.intent)}: " if said.intent else ""
        shown = "note" if said.event == "note" else line(said)
        named = said.actor in ("", "station") or f"by {said.actor}" in shown
        who = "" if named else f", by {escape(said.actor)}"
        if said.event == "note" and said.text("about"):
            shown += f" on {said.text('about')}"
        lines.append(f"- {_moment(said.at)} {what}{escape(shown)}{who} (entry {said.index})")
        if said.event == "note":
            lines += _quoted(said)
    return lines


def _quoted(said: Said) -> list[str]:
    """Return a note's own lines as a quotation inside its list item, a paragraph each."""
    value = said.fields.get("text")
    text = clean_text(value, TEXT) if isinstance(value, str) else ""
    quoted = [f"  > {escape(one)}" for one in text.splitlines() if one.strip()]
    return "\n  >\n".join(quoted).splitlines()


def _action(
    name: str, told: dict[str, str], entries: Sequence[Said], known: dict[str, ActionStatus]
) -> list[str]:
    own = [said for said in entries if said.intent == name]
    status = known.get(name)
    draft = next((said for said in own if said.state == "draft"), None)
    lines = [f"## {escape(told.get(name) or 'An action')}", "", f"- id: {_plain(name)}"]

    def say(what: str, text: str) -> None:
        if text:
            lines.append(f"- {what}: {text}")

    say("what", escape(status.title if status else ""))
    say("asked by", escape(draft.actor if draft else status.actor if status else ""))
    say("why", escape(draft.text("reason") if draft else status.reason if status else ""))
    given = draft.arguments if draft else status.arguments if status else ()
    say("with", ", ".join(f"{escape(key)} = {escape(value)}" for key, value in given))
    simulated = next((said for said in reversed(own) if said.state == "simulated"), None)
    if simulated is not None:
        say("simulated", escape(simulated.text("detail")))
        say("significance", escape(simulated.text("significance")))
        say("digest", f"{_plain(simulated.text('digest'))}, code {_plain(code(simulated))}")
    elif status is not None and status.digest:
        say("digest", f"{_plain(status.digest)}, code {_plain(status.code)}")
    for said in own:
        if decision := said.text("decision"):
            why = said.text("reason")
            lines.append(
                f"- {escape(decision)} by {escape(said.actor)} at {_moment(said.at)}"
                + (f": {escape(why)}" if why else "")
                + (f" — {escape(said.text('detail'))}" if said.text("detail") else "")
                + (" — **by a broken glass**" if said.fields.get("glass") else "")
            )
    last = own[-1]
    say("outcome", escape(" ".join(_outcome(name, entries, known))))
    lines.append(f"- entries: {own[0].index} to {last.index}")
    return lines


def _outcome(name: str, entries: Sequence[Said], known: dict[str, ActionStatus]) -> tuple[str, str]:
    state = _state(name, entries, known)
    last = next(
        (said for said in reversed(entries) if said.intent == name and said.event == "stage"), None
    )
    detail = last.text("detail") if last is not None and last.state == state else ""
    status = known.get(name)
    if status is not None and str(status.state) == state:
        detail = status.outcome or detail
    return (f"{state}:" if detail else state), detail


def _proof(head: LogHead | None, entries: Sequence[Said]) -> list[str]:
    if head is None:
        return ["How far the log is signed is not known."]
    lines = [f"- log {_plain(head.name)}: {_many(head.size, 'entry')}, root {_plain(head.root)}"]
    if head.signed is None:
        lines.append("- **not signed**")
    else:
        lines.append(f"- signed up to {head.signed} at {_moment(head.signed_at)}")
    for witness in head.witnesses:
        size = "not yet cosigned" if witness.size is None else f"cosigned up to {witness.size}"
        trouble = f" ({escape(witness.trouble)})" if witness.trouble else ""
        lines.append(f"- witness {escape(witness.witness)}: {size}{trouble}")
    if head.anchors:
        last = max(head.anchors, key=lambda anchor: anchor.size)
        lines.append(f"- on {escape(last.chain)} up to {last.size}: {_plain(last.transaction)}, "
                     f"block {last.block}")  # fmt: skip
    if head.trouble:
        lines.append(f"- **the log cannot be written**: {escape(head.trouble)}")
    if head.recovered:
        lines.append(f"- recovered: {escape(head.recovered)}")
    if entries:
        lines.append(f"- this is entries {entries[0].index} to {entries[-1].index}; "
                     "`colony ledger prove N` proves each")  # fmt: skip
    return lines


def _state(name: str, entries: Sequence[Said], known: dict[str, ActionStatus]) -> str:
    """Return how the action stands: as its record says, which is newer, or as the entries do."""
    if name in known:
        return str(known[name].state)
    last = next((s.state for s in reversed(entries) if s.intent == name and s.state), "")
    return last or "not known"


def _since(status: ActionStatus) -> float:
    return status.stages[0].at if status.stages else status.at or 0.0


def _name(status: ActionStatus) -> str:
    return f"{status.action} {status.target}".strip()


def _plain(text: str) -> str:
    """Return a name that a machine made as code, anything else escaped."""
    return f"`{text}`" if _PLAIN.fullmatch(text) else escape(text) or "unknown"


def _moment(at: float | None) -> str:
    return (times.iso(at) or "an unknown time").replace("T", " ")


def _many(count: int, what: str) -> str:
    if count == 1:
        return f"1 {what}"
    return f"{count:,} {what[:-1]}ies" if what.endswith("y") else f"{count:,} {what}s"
