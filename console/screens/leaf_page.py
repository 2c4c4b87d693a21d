"""A log entry's page as plain data: what it says, what proves it, and the checkpoint that does."""

from __future__ import annotations

import json

from adapters.records import Key, LogHead
from adapters.text import clean
from console.bound import USUAL, Bound
from console.feed.answers import LogProof
from console.leaves import line as said_line
from console.leaves import read
from console.proving import Proved
from console.rows import log, marks, numbers, times
from console.screens.labelled import copyable, labelled
from console.widgets.spans import Row, line, row, rule, spread
from console.widgets.wrapped import wrapped

FIELDS = 60
"""Fields of an entry that are shown; all of it is in the export."""
KEY_AND_TIME = 16
"""Letters of a signature's base64 that tell the key's ID, 4 bytes, and the time, 8, if any."""


def leaf_rows(
    proof: LogProof,
    proved: Proved | None,
    head: LogHead | None,
    now: float,
    width: int,
    keys: Bound = USUAL,
) -> list[Row]:
    """Return the page of the entry that *proof* is of; *proved* is None while it is checked."""
    said = read(proof.leaf)
    rows = [*_state(proof, proved, head, width), Row(())]
    rows += wrapped(said_line(said), width - 3, "", indent=3)
    rows += [Row(()), *labelled("when", f"{times.iso(said.at) or marks.NOTHING}", "", width)]
    if said.actor:
        rows += labelled("who", said.actor, "", width)
    if said.intent:
        key = Key("station", "ActionStatus", "", said.intent)
        rows += labelled("action", said.intent, "", width, target=key, hint="enter opens it")
    rows += _proof(proof, proved, width)
    rows += _checkpoint(proof, proved, width, keys)
    rows += _content(proof, width)
    return rows


def _state(proof: LogProof, proved: Proved | None, head: LogHead | None, width: int) -> list[Row]:
    """Return how far it is proved: what the log says, and what was checked here."""
    index = proof.leaf.index
    cell = log.proof_cell(index, head)
    if proved is None:
        right = line((f"{marks.BUSY} checking ", "info"))
    elif proved.holds:
        right = line((f"{marks.GOOD} proved here ", "good"))
    else:
        right = line((f"{marks.BAD} NOT PROVED ", "bad"))
    left = line(
        (f" entry {index:,}", "title"), f"   {said_event(proof)}", (f"   {cell.text}", cell.tone)
    )
    rows = [Row(spread(left, right, width))]
    if proved is not None and not proved.holds:
        told = "What the station sent does not prove this entry. Do not trust this log as it is: "
        told += "compare it with an export, a witness or the anchor (colony ledger verify)."
        rows += wrapped(f"{marks.BAD} {told}", width - 2, "bad", indent=1, hang=2)
    return rows


def said_event(proof: LogProof) -> str:
    """Return what sort of entry it is: "stage approved", "note"."""
    said = read(proof.leaf)
    return " ".join(filter(None, (said.event, said.state)))


def _proof(proof: LogProof, proved: Proved | None, width: int) -> list[Row]:
    rows = [Row(()), rule(width, line(("PROOF", "title"), ("  checked in this console", "dim")))]
    for step in proved.steps if proved is not None else ():
        mark, tone = {
            True: (marks.GOOD, "good"), False: (marks.BAD, "bad"), None: (marks.IDLE, "dim"),
        }[step.holds]  # fmt: skip
        rows += wrapped(f"{mark} {step.said}", width - 3, tone, indent=3, hang=2)
    if proved is None:
        rows.append(row(("   checking", "dim")))
    rows += copyable("leaf hash", proof.leaf.hash, width)
    for number, one in enumerate(proof.hashes):
        rows += copyable("" if number else "to the root", one, width, "dim")
    return rows


def _checkpoint(proof: LogProof, proved: Proved | None, width: int, keys: Bound) -> list[Row]:
    rows = [Row(()), rule(width, line(("CHECKPOINT", "title")))]
    point = proved.checkpoint if proved is not None else None
    if point is not None:
        rows += labelled("log", clean(point.origin), "", width)
        rows += labelled("entries", numbers.count(point.size), "", width)
        rows += copyable("root", point.root.hex(), width)
    if proved is not None:
        for number, name in enumerate(proved.signers):
            rows += labelled("" if number else "signed by", name, "good", width)
        for number, name in enumerate(proved.others):
            hint = "its key is not known here"
            rows += labelled("" if number else "signed also by", clean(name), "", width, hint=hint)
    if proof.state:
        rows += labelled("covered", ", ".join(clean(one) for one in proof.state), "", width)
    for number, one in enumerate(proof.checkpoint.note.splitlines()):
        text = clean(_cut(one), max(20, width - 24))
        rows += labelled("" if number else "note", text, "dim", width)
    return [*rows, *labelled("", f"{keys.key('copy-text')} copies the whole note", "dim", width)]


def _cut(text: str) -> str:
    """Return a line of a note, a signature cut after its key's ID and its time.

    Nobody reads the thousands of letters that follow, and those of ML-DSA differ each time.
    """
    if not text.startswith("— "):
        return text
    name, _, blob = text.rpartition(" ")
    return f"{name} {blob[:KEY_AND_TIME]}…" if len(blob) > KEY_AND_TIME else text


def _content(proof: LogProof, width: int) -> list[Row]:
    """Return the entry itself, field by field; as it is where it is no JSON object."""
    rows = [Row(()), rule(width, line(("CONTENT", "title")))]
    if proof.leaf.data is None:
        return [*rows, row(("   retired: its hash remains, and so its proof", "dim"))]
    fields = read(proof.leaf).fields
    if not fields:
        return [*rows, *copyable("", clean(proof.leaf.data, 2000), width)]
    for name, value in list(fields.items())[:FIELDS]:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        rows += copyable(clean(str(name), 40), clean(text, 4000) or marks.NOTHING, width)
    return rows
